// A meeting's clock does not jump with the machine's.
#include "base/held_clock.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/hand_clock.hpp"

using namespace diemcau;
using diemcau::test::HandClock;

namespace {

void pass(HandClock& machine, HeldClock& clock, Micros span, bool may_jump) {
  for (Micros step = 100 * kMillisecond; span > 0; span -= step) {
    machine.steady_at += step;
    clock.follow(may_jump);
  }
}

}  // namespace

TEST_CASE("it is the machine's clock as long as nobody sets that one") {
  HandClock machine;
  HeldClock clock(machine);
  pass(machine, clock, kHour, false);
  CHECK(clock.wall() == machine.wall());
  CHECK(clock.behind() == 0);
}

TEST_CASE("a jump waits until it may happen") {
  for (const Micros jump : {kHour, -kHour}) {
    HandClock machine;
    HeldClock clock(machine);
    const Micros before = clock.wall();
    machine.offset += jump;
    pass(machine, clock, kMinute, false);
    CHECK(clock.wall() == before + kMinute);
    CHECK(clock.behind() == jump);
    CHECK(clock.follow(true));
    CHECK(clock.wall() == machine.wall());
    CHECK_FALSE(clock.follow(true));
  }
}

TEST_CASE("a small difference is made up for slowly, and time never goes back") {
  for (const Micros difference : {200 * kMillisecond, -200 * kMillisecond}) {
    HandClock machine;
    HeldClock clock(machine);
    machine.offset += difference;
    Micros last = clock.wall();
    for (int i = 0; i < 600; ++i) {
      pass(machine, clock, 100 * kMillisecond, true);
      CHECK(clock.wall() > last);
      CHECK(std::abs(clock.wall() - last - 100 * kMillisecond) <= 60);
      last = clock.wall();
    }
    CHECK(clock.behind() != 0);
    pass(machine, clock, 10 * kMinute, true);
    CHECK(clock.behind() == 0);
  }
}
