// A probe that was not let run does not take that for a feed that is gone.
#include "agent/probe/own_clock.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/hand_clock.hpp"

namespace diemcau::probe {
namespace {

constexpr Micros kLook = 100 * kMillisecond;

// Looks at their time for so long.
void run(test::HandClock& machine, OwnClock& clock, Micros span, bool behind = false) {
  for (; span > 0; span -= kLook) {
    machine.steady_at += kLook;
    clock.look(behind);
  }
}

TEST_CASE("while it runs, its time is the machine's") {
  test::HandClock machine;
  OwnClock clock(machine);
  run(machine, clock, 5 * kSecond);
  CHECK(clock.steady() == machine.steady_at);
  machine.steady_at += 250 * kMillisecond;  // no look is always at its time
  CHECK(clock.steady() == machine.steady_at);
  clock.look(false);
  CHECK(clock.steady() == machine.steady_at);
  CHECK(clock.wall() == machine.wall());
}

TEST_CASE("a machine that sleeps, or has no time for it, takes none of its own, whoever wakes first") {
  test::HandClock machine;
  OwnClock clock(machine);
  run(machine, clock, kSecond);
  const Micros before = clock.steady();
  machine.steady_at += 5 * kSecond;
  SECTION("a thread that reads") {
    CHECK(clock.steady() == before + OwnClock::kLate);
  }
  SECTION("the look") {}
  clock.look(false);
  CHECK(clock.steady() == before + OwnClock::kLate);
  run(machine, clock, kSecond);
  CHECK(clock.steady() == before + OwnClock::kLate + kSecond);
}

TEST_CASE("while a decoder does not come on its time stands, and never goes back") {
  test::HandClock machine;
  OwnClock clock(machine);
  run(machine, clock, kSecond);
  const Micros before = clock.steady();
  machine.steady_at += kLook;
  CHECK(clock.steady() == before + kLook);
  clock.look(true);
  CHECK(clock.steady() == before + kLook);
  run(machine, clock, kSecond, true);
  CHECK(clock.steady() == before + kLook);
  run(machine, clock, kSecond);
  CHECK(clock.steady() == before + kSecond);
}

}  // namespace
}  // namespace diemcau::probe
