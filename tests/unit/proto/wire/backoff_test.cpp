// Full jitter: within the window, which doubles up to its limit.
#include "wire/backoff.hpp"

#include "tests/support/catch.hpp"

using namespace diemcau;
using wire::Backoff;

namespace {
constexpr std::uint32_t kLeast = 0, kMost = 0xffffffff, kHalf = 0x80000000;
}

TEST_CASE("the wait lies in the window and the window doubles to its limit") {
  Backoff backoff(kSecond, 5 * kSecond);
  CHECK(backoff.next(kHalf) == kSecond / 2);
  CHECK(backoff.next(kHalf) == kSecond);
  CHECK(backoff.next(kHalf) == 2 * kSecond);
  CHECK(backoff.next(kHalf) == 5 * kSecond / 2);
  CHECK(backoff.next(kHalf) == 5 * kSecond / 2);
  CHECK(backoff.next(kLeast) == 0);
  const Micros longest = backoff.next(kMost);
  CHECK(longest < 5 * kSecond);
  CHECK(longest > 5 * kSecond - kMillisecond);
}

TEST_CASE("after a connection that held it begins anew") {
  Backoff backoff(kSecond, 8 * kSecond);
  for (int i = 0; i < 5; ++i) backoff.next(kHalf);
  backoff.reset();
  CHECK(backoff.next(kHalf) == kSecond / 2);
}

TEST_CASE("the window that the coordinator told is kept, also over a reset and beyond our own limit") {
  Backoff backoff(kSecond, 5 * kSecond);
  backoff.told(20 * kSecond);
  backoff.reset();
  CHECK(backoff.next(kHalf) == 10 * kSecond);
  CHECK(backoff.next(kHalf) == 10 * kSecond);
  backoff.told(2 * kSecond);
  CHECK(backoff.next(kHalf) == kSecond);
  CHECK(backoff.next(kHalf) == 2 * kSecond);
  backoff.told(0);  // nothing told
  backoff.reset();
  CHECK(backoff.next(kHalf) == kSecond);
}
