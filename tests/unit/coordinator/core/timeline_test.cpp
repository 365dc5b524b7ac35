// The timeline: numbers without gaps, the newest of each session kept, and which objects changed since a
// version.
#include "coordinator/core/timeline.hpp"

#include "base/text.hpp"
#include "coordinator/core/versions.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

TEST_CASE("entries are numbered without gaps, across restarts too") {
  Timeline timeline;
  StoreBatch batch;
  for (int i = 0; i < 5; ++i)
    timeline.add({"session.updated", i % 2 == 0 ? "p" : "q", "", "Lan"}, text("a", "b"), 10 + i, batch);
  REQUIRE(batch.timeline.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) CHECK(batch.timeline[i].seq() == i + 1);
  CHECK(timeline.of("p").size() == 3);
  CHECK(timeline.of("p").front().actor() == "Lan");
  CHECK(timeline.of("none").empty());
  Timeline after;
  for (const auto& entry : batch.timeline) after.restore(entry);
  StoreBatch more;
  CHECK(after.add({"session.updated", "q"}, text("", ""), 99, more).seq() == 6);
  CHECK(after.of("q").size() == 3);
  CHECK(after.of("q").back().actor() == kSystem);
}

TEST_CASE("only the newest are kept, the store has them all") {
  Timeline timeline;
  StoreBatch batch;
  const auto count = Timeline::kKeptPerSession + 10;
  for (std::size_t i = 0; i < count; ++i) timeline.add({"x", "p"}, text("", ""), 1, batch);
  CHECK(batch.timeline.size() == count);
  CHECK(timeline.of("p").size() == Timeline::kKeptPerSession);
  CHECK(timeline.of("p").front().seq() == 11);
  const auto newest = timeline.after(0, "", 100);
  REQUIRE(newest.size() == 100);
  CHECK(newest.back()->seq() == count);
  CHECK(newest.front()->seq() == count - 99);
  CHECK(timeline.after(count - 3, "p", 100).size() == 3);
  CHECK(timeline.after(count, "p", 100).empty());
}

TEST_CASE("an object is one entry, however often it changes") {
  Versions versions;
  for (std::uint64_t version = 1; version <= 1'000; ++version)
    versions.touch(version % 2 == 0 ? "a" : "b", version);
  versions.touch("c", 1'001);
  std::vector<std::string> changed;
  versions.changed(0, [&](const std::string& id) { changed.push_back(id); });
  CHECK(changed == std::vector<std::string>{"b", "a", "c"});
  changed.clear();
  versions.changed(999, [&](const std::string& id) { changed.push_back(id); });
  CHECK(changed == std::vector<std::string>{"a", "c"});
  CHECK(versions.of("a") == 1'000);
  CHECK(versions.of("none") == 0);
}

}  // namespace
}  // namespace diemcau::core
