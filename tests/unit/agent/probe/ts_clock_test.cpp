// The times of a transport stream, on packets made by hand and on lists of times.
#include "agent/probe/ts_clock.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/agent/probe/ts_packets.hpp"

namespace diemcau::probe {
namespace {

TEST_CASE("clock references against their arrival") {
  TsClock clock;
  const auto late = [&](double reference_s, double arrival_s, unsigned pid = 256) {
    clock.add(reference(reference_s, pid).data(), arrival_s);
    return clock.takeLate();
  };
  CHECK(late(7, 100)->fresh);
  CHECK(late(7.04, 100.04)->s == Approx(0).margin(1e-4));
  CHECK(late(7.08, 100.28)->s == Approx(0.2).margin(1e-4));
  CHECK_FALSE(late(7.12, 100.30)->fresh);
  CHECK_FALSE(late(9, 100.31, 257));  // another programme's
  CHECK_FALSE(clock.takeLate());
  for (const double jump : {6.0, 12.0}) {  // back, and forth: cannot be compared
    const auto fresh = late(jump, 100.4);
    CHECK(fresh->fresh);
    CHECK(fresh->s == 0);
  }
  SECTION("over the turn of the clock") {
    const double round = static_cast<double>(kRound) / 90'000;
    late(round - 0.04, 200);
    const auto after = late(round + 0.04, 200.08);
    CHECK_FALSE(after->fresh);
    CHECK(after->s == Approx(0).margin(1e-3));
  }
}

TEST_CASE(
    "what a sender may send at once: a piece of sound, or pictures behind one that is shown after them") {
  TsClock clock;
  double now = 7;
  const auto bunch = [&] {
    now += 0.04;
    clock.add(reference(now).data(), now);
    return clock.takeLate()->bunch_s;
  };
  for (const double shown : {5.0, 5.16, 5.08, 5.04, 5.12}) clock.add(unit(256, 0xE0, shown, shown).data(), 1);
  CHECK(bunch() == Approx(0.12).margin(1e-4));
  for (const double leapt : {9.0, 2.0}) clock.add(unit(256, 0xE0, leapt, leapt).data(), 1);
  CHECK(bunch() == Approx(0.12).margin(1e-4));
  for (const double sound : {5.0, 5.34, 5.68}) clock.add(unit(258, 0xC0, sound, sound).data(), 1);
  CHECK(bunch() == Approx(0.34).margin(1e-4));
}

TEST_CASE("the picture's decoding time, of the first picture stream") {
  TsClock clock;
  clock.add(unit(256, 0xE0, 10.08, 10).data(), 1);
  CHECK(*clock.takePictureTime() == Approx(10));
  CHECK_FALSE(clock.takePictureTime());
  clock.add(unit(256, 0xE0, 10.04, 10.04).data(), 1);
  CHECK(*clock.takePictureTime() == Approx(10.04));
  clock.add(unit(300, 0xE1, 99, 99).data(), 1);
  clock.add(unit(257, 0xC0, 10, 10).data(), 1);
  CHECK_FALSE(clock.takePictureTime());
  Packet188 damaged = unit(256, 0xE0, 11, 11);
  damaged[1] |= 0x80;
  clock.add(damaged.data(), 1);
  CHECK_FALSE(clock.takePictureTime());
}

// A programme as a multiplexer lays it: sound of 21 ms, pictures of 40 ms, the sound some time ahead.
struct Programme {
  SkewMeter meter;
  double t = 5, picture_shift = 0, sound_shift = 0, lead = 0.2;
  double next_picture = 5, next_sound = 5;
  void play(double seconds, bool picture = true, bool sound = true) {
    for (const double end = t + seconds; t < end; t += 0.005) {
      if (t >= next_picture) {
        if (picture) meter.picture(next_picture + picture_shift);
        next_picture += 0.04;
      }
      if (t >= next_sound) {
        if (sound) meter.sound(next_sound + lead + sound_shift);
        next_sound += 1024.0 / 48'000;
      }
    }
  }
};

TEST_CASE("sound and picture part when one of the two leaps") {
  Programme on_air;
  on_air.play(3);
  CHECK(on_air.meter.skew_ms() == 0);
  SECTION("the sound, late and early, and back") {
    for (const double by : {0.3, -0.3}) {
      on_air.sound_shift = by;
      on_air.play(1.5);
      CHECK(on_air.meter.skew_ms() == Approx(by * 1000).margin(25));
      on_air.sound_shift = 0;
      on_air.play(1.5);
      CHECK(on_air.meter.skew_ms() == Approx(0).margin(25));
    }
  }
  SECTION("the picture") {
    on_air.picture_shift = 0.25;
    on_air.play(1.5);
    CHECK(on_air.meter.skew_ms() == Approx(-250).margin(25));
  }
}

TEST_CASE("what parts nothing") {
  Programme on_air;
  on_air.play(3);
  SECTION("both leap, as when a sender's clock is set") {
    on_air.picture_shift = on_air.sound_shift = 4;
  }
  SECTION("sound is missing for a while") {
    on_air.play(0.6, true, false);
  }
  SECTION("pictures are missing for a while") {
    on_air.play(0.6, false, true);
  }
  SECTION("sound, and then pictures, are missing for long") {
    on_air.play(9, true, false);
    on_air.play(9);
    on_air.play(9, false, true);
  }
  SECTION("every fifth picture only") {
    for (int i = 0; i < 10; ++i) {
      on_air.play(0.16, false, true);
      on_air.play(0.04);
    }
  }
  SECTION("a multiplexer sends the sound further ahead, little by little") {
    for (int i = 0; i < 40; ++i) {
      on_air.next_sound -= 0.01;
      on_air.lead += 0.01;
      on_air.play(0.1);
    }
  }
  on_air.play(3);
  CHECK(on_air.meter.skew_ms() == 0);
}

}  // namespace
}  // namespace diemcau::probe
