// The clock of sessions, when the machine's drifts, is corrected, or is set.
#include "coordinator/app/session_clock.hpp"

#include "tests/support/catch.hpp"

using namespace diemcau;
using app::SessionClock;

namespace {

class Machine final : public Clock {
 public:
  Micros wall() const override { return wall_at; }
  Micros steady() const override { return steady_at; }
  void pass(Micros span) { wall_at += span, steady_at += span; }
  Micros wall_at = 1'800'000'000 * kSecond, steady_at = 5 * kSecond;
};

}  // namespace

TEST_CASE("it is the machine's clock while nobody touches that") {
  Machine machine;
  SessionClock clock(machine);
  machine.pass(kHour);
  CHECK(clock.wall() == machine.wall());
  CHECK_FALSE(clock.follow(true));
  CHECK(clock.wall() == machine.wall());
}

TEST_CASE("a small correction is made up for slowly, and never backwards") {
  Machine machine;
  SessionClock clock(machine);
  for (const Micros correction : {300 * kMillisecond, -300 * kMillisecond}) {
    machine.wall_at += correction;
    Micros last = clock.wall();
    for (int n = 0; n < 600; ++n) {
      machine.pass(100 * kMillisecond);
      CHECK_FALSE(clock.follow(false));
      REQUIRE(clock.wall() > last);
      REQUIRE(clock.wall() - last <= 100 * kMillisecond + SessionClock::kSlew);
      last = clock.wall();
    }
    CHECK(clock.ahead() == 0);
  }
}

TEST_CASE("a clock that was set is followed when no session runs, at once") {
  for (const Micros jump : {kHour, -kHour}) {
    Machine machine;
    SessionClock clock(machine);
    const Micros before = clock.wall();
    machine.wall_at += jump;
    CHECK(clock.wasSet());
    for (int n = 0; n < 100; ++n) {
      machine.pass(100 * kMillisecond);
      CHECK_FALSE(clock.follow(false));
    }
    CHECK(clock.wall() == before + 10 * kSecond);
    CHECK(clock.ahead() == jump);
    CHECK(clock.follow(true));
    CHECK(clock.wall() == machine.wall());
    CHECK_FALSE(clock.wasSet());
  }
}
