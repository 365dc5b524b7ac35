// Random ids: right form, and not twice the same.
#include "base/random.hpp"

#include <set>

#include "base/result.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;

TEST_CASE("randomHex is hex of twice the length and does not repeat") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = randomHex(16);
    REQUIRE(id.size() == 32);
    REQUIRE(id.find_first_not_of("0123456789abcdef") == std::string::npos);
    seen.insert(id);
  }
  CHECK(seen.size() == 1000);
  CHECK(randomHex(0).empty());
}

TEST_CASE("randomU64 is never 0 and randomBelow stays below") {
  std::set<std::uint64_t> seen;
  bool hit[5] = {};
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t value = randomU64();
    REQUIRE(value != 0);
    seen.insert(value);
    const std::uint32_t below = randomBelow(5);
    REQUIRE(below < 5);
    hit[below] = true;
  }
  CHECK(seen.size() == 1000);
  for (const bool each : hit) CHECK(each);
}

TEST_CASE("every error code has its own word") {
  std::set<std::string> words;
  for (const ErrorCode code :
       {ErrorCode::kInvalid, ErrorCode::kDenied, ErrorCode::kNotFound, ErrorCode::kConflict,
        ErrorCode::kTooBig, ErrorCode::kUnavailable, ErrorCode::kInternal}) {
    words.insert(errorWord(code));
  }
  CHECK(words.size() == 7);
  CHECK(words.count("not_found") == 1);
}
