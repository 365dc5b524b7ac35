// What changed since a version, by the order of the last changes.
#include "coordinator/core/versions.hpp"

#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

std::vector<std::string> since(const Versions& versions, std::uint64_t version) {
  std::vector<std::string> out;
  versions.changed(version, [&](const std::string& id) { out.push_back(id); });
  return out;
}

using Ids = std::vector<std::string>;

TEST_CASE("each object is told once, by its last change, the oldest first") {
  Versions versions;
  CHECK(since(versions, 0).empty());
  versions.touch("a", 1);
  versions.touch("b", 2);
  versions.touch("c", 3);
  CHECK(since(versions, 0) == Ids{"a", "b", "c"});
  versions.touch("a", 4);  // the oldest
  CHECK(since(versions, 0) == Ids{"b", "c", "a"});
  versions.touch("a", 5);  // the newest
  versions.touch("c", 6);  // one between
  CHECK(since(versions, 0) == Ids{"b", "a", "c"});
  CHECK(since(versions, 5) == Ids{"c"});
  CHECK(since(versions, 4) == Ids{"a", "c"});
  CHECK(since(versions, 6).empty());
}

TEST_CASE("any course of changes is told as a table sorted by version tells it") {
  std::mt19937 random(7);
  Versions versions;
  std::map<std::string, std::uint64_t> table;
  for (std::uint64_t version = 1; version <= 3'000; ++version) {
    const auto id = std::to_string(random() % 40);
    versions.touch(id, version);
    table[id] = version;
    const std::uint64_t from = random() % (version + 1);
    std::map<std::uint64_t, std::string> expected;
    for (const auto& [one, last] : table)
      if (last > from) expected[last] = one;
    Ids ids;
    for (const auto& entry : expected) ids.push_back(entry.second);
    REQUIRE(since(versions, from) == ids);
  }
}

}  // namespace
}  // namespace diemcau::core
