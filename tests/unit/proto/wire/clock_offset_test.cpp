// The clock offset against clocks that are known: a coordinator whose time is a function of the site's steady
// time, and a line with a delay each way. What must hold at every step: the true time lies within the told
// bound.
#include "wire/clock_offset.hpp"

#include <cmath>
#include <limits>

#include "tests/support/catch.hpp"

using namespace diemcau;
using wire::ClockOffset;

namespace {

struct World {
  Micros offset = 1'772'326'800 * kSecond;  // coordinator minus steady, at steady 0
  double drift_ppm = 0;

  Micros coordinator(Micros steady) const {
    return steady + offset + static_cast<Micros>(std::llround(static_cast<double>(steady) * drift_ppm / 1e6));
  }
  // A ping sent at `t1` with the given delays out and back; 200 us at the coordinator.
  void exchange(ClockOffset& clock, Micros t1, Micros out, Micros back) const {
    const Micros arrives = t1 + out, leaves = arrives + 200;
    clock.add(t1, coordinator(arrives), coordinator(leaves), leaves + back);
  }
  Micros miss(const ClockOffset& clock, Micros steady) const {
    return std::llabs(clock.coordinatorAt(steady) - coordinator(steady));
  }
};

}  // namespace

TEST_CASE("nothing is known before the first exchange") {
  const ClockOffset clock;
  CHECK_FALSE(clock.known());
  CHECK(clock.save(5, 5).wall == 0);
}

TEST_CASE("an even line gives the exact offset, an uneven one lies within half the round trip") {
  struct Row {
    Micros out, back;
  };
  for (const Row row : {Row{0, 0}, Row{500, 500}, Row{30'000, 30'000}, Row{50'000, 1'000}, Row{0, 80'000}}) {
    INFO(row.out << " us out, " << row.back << " us back");
    const World world;
    ClockOffset clock;
    world.exchange(clock, 10 * kSecond, row.out, row.back);
    REQUIRE(clock.known());
    CHECK(clock.lastRtt() == row.out + row.back);
    const Micros now = 10 * kSecond + row.out + row.back + 200;
    CHECK(world.miss(clock, now) <= clock.errorAt(now));
    CHECK(world.miss(clock, now) <= std::llabs(row.out - row.back) / 2 + 1);
    CHECK(clock.errorAt(now) <= (row.out + row.back) / 2 + 2);
  }
}

TEST_CASE("impossible samples are ignored") {
  struct Row {
    const char* what;
    Micros t1, t2, t3, t4;
  };
  for (const Row row : {Row{"the answer came before the question", 100, 5, 6, 99},
                        Row{"the coordinator sent before it received", 100, 50, 40, 200},
                        Row{"the coordinator took longer than the whole trip", 100, 0, 500, 200}}) {
    INFO(row.what);
    ClockOffset clock;
    clock.add(row.t1, row.t2, row.t3, row.t4);
    CHECK_FALSE(clock.known());
  }
}

TEST_CASE("the sample with the least bound wins, until age makes a newer one better") {
  const World world;
  ClockOffset clock;
  world.exchange(clock, 1 * kSecond, 200, 200);
  for (int i = 2; i < 8; ++i) world.exchange(clock, i * kSecond, 40'000, 10'000);
  CHECK(clock.errorAt(8 * kSecond) < 1'000);
  CHECK(world.miss(clock, 8 * kSecond) < 1'000);
  // Without news the bound grows by 50 us a second.
  const Micros later = clock.errorAt(1008 * kSecond) - clock.errorAt(8 * kSecond);
  CHECK(later == Approx(50'000).epsilon(0.01));
}

TEST_CASE("steadyAt is the inverse of coordinatorAt") {
  World world;
  world.drift_ppm = 42;
  ClockOffset clock;
  for (Micros t = kSecond; t < 200 * kSecond; t += 5 * kSecond) world.exchange(clock, t, 300, 300);
  for (const Micros steady : {200 * kSecond, 500 * kSecond, 8 * kHour}) {
    CHECK(std::llabs(clock.steadyAt(clock.coordinatorAt(steady)) - steady) <= 1);
  }
}

TEST_CASE(
    "drift is learnt, and a site that is cut off for hours still starts on time and says how sure it is") {
  struct Row {
    double drift_ppm;
    Micros delay;
  };
  for (const Row row : {Row{0, 300}, Row{37, 300}, Row{-80, 2'000}, Row{15, 20'000}}) {
    INFO(row.drift_ppm << " ppm, " << row.delay << " us each way");
    World world;
    world.drift_ppm = row.drift_ppm;
    ClockOffset clock;
    Micros now = 0;
    unsigned jitter = 7;
    for (; now < 2 * kHour; now += 5 * kSecond) {
      jitter = jitter * 1103515245U + 12345U;
      const Micros extra = jitter >> 16 & 0x3ff;
      world.exchange(clock, now, row.delay + extra, row.delay + (extra * 7) % 1000);
      const Micros after = now + 3 * row.delay + 5'000;
      REQUIRE(world.miss(clock, after) <= clock.errorAt(after));
    }
    CHECK(clock.driftPpm() == Approx(row.drift_ppm).margin(10));
    const Micros cut_for = 5 * kHour;
    const Micros then = now + cut_for;
    CHECK(world.miss(clock, then) <= clock.errorAt(then));
    // Better than an unknown crystal at 50 ppm would be.
    CHECK(clock.errorAt(then) < cut_for / 1'000'000 * 50);
  }
}

TEST_CASE("a coordinator whose clock was set is believed at once") {
  World world;
  ClockOffset clock;
  for (int i = 0; i < 20; ++i) world.exchange(clock, i * 5 * kSecond, 300, 300);
  world.offset += 3 * kSecond;
  world.exchange(clock, 100 * kSecond, 300, 300);
  CHECK(world.miss(clock, 101 * kSecond) <= clock.errorAt(101 * kSecond));
  world.offset -= 10 * kSecond;
  world.exchange(clock, 105 * kSecond, 300, 300);
  CHECK(world.miss(clock, 106 * kSecond) <= clock.errorAt(106 * kSecond));
}

TEST_CASE("one wild answer is forgotten as soon as a true one comes") {
  const World world;
  ClockOffset clock;
  for (int i = 0; i < 5; ++i) world.exchange(clock, i * 5 * kSecond, 300, 300);
  clock.add(30 * kSecond, 5, 6, 30 * kSecond + 700);
  world.exchange(clock, 35 * kSecond, 300, 300);
  CHECK(world.miss(clock, 36 * kSecond) <= clock.errorAt(36 * kSecond));
}

TEST_CASE("instants that no clock shows are no answer") {
  constexpr Micros kEnd = std::numeric_limits<Micros>::max(), kBegin = std::numeric_limits<Micros>::min();
  ClockOffset clock;
  clock.add(0, kBegin, kEnd, 10);
  clock.add(0, kEnd - 1, kEnd, 10);
  clock.add(kBegin, 0, 0, kEnd);
  CHECK_FALSE(clock.known());
  const Micros wall = 1'800'000'000 * kSecond;
  clock.restore({.wall = 1, .wall_offset = kEnd, .error = 1, .drift_ppm = 0}, wall, 0);
  clock.restore({.wall = 1, .wall_offset = 0, .error = kEnd, .drift_ppm = 0}, wall, 0);
  clock.restore({.wall = 1, .wall_offset = 0, .error = 1, .drift_ppm = -1e300}, wall, 0);
  clock.restore({.wall = 1, .wall_offset = 0, .error = 1, .drift_ppm = std::nan("")}, wall, 0);
  CHECK_FALSE(clock.known());
}

TEST_CASE("an estimate survives a restart with its age") {
  const World world;
  ClockOffset clock;
  for (int i = 0; i < 10; ++i) world.exchange(clock, i * 5 * kSecond, 300, 300);
  const Micros wall_minus_steady = 1'000'000 * kSecond;
  const Micros saved_at = 50 * kSecond;
  const auto saved = clock.save(saved_at + wall_minus_steady, saved_at);

  SECTION("an hour later, on a steady clock that begins anew") {
    ClockOffset after;
    const Micros wall = saved.wall + kHour, steady = 7 * kSecond;
    after.restore(saved, wall, steady);
    REQUIRE(after.known());
    const Micros truth = world.coordinator(saved_at + kHour);
    CHECK(std::llabs(after.coordinatorAt(steady) - truth) <= after.errorAt(steady));
    CHECK(after.errorAt(steady) >= saved.error + 180'000);
    CHECK(after.errorAt(steady) < saved.error + 400'000);
  }
  SECTION("a wall clock that went back tells no age: nothing is known") {
    ClockOffset after;
    after.restore(saved, saved.wall - 1, 0);
    CHECK_FALSE(after.known());
    after.restore({}, saved.wall, 0);
    CHECK_FALSE(after.known());
  }
  SECTION("a restored estimate that is wrong gives way to the first exchange") {
    ClockOffset after;
    auto wrong = saved;
    wrong.wall_offset += kHour;
    after.restore(wrong, saved.wall, saved_at);
    world.exchange(after, saved_at + kSecond, 300, 300);
    CHECK(world.miss(after, saved_at + 2 * kSecond) <= after.errorAt(saved_at + 2 * kSecond));
  }
}
