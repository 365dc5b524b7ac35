// The times of a transport stream, on packets made by hand and on lists of times.
#include "agent/probe/ts_clock.hpp"

#include <array>
#include <cmath>

#include "tests/support/catch.hpp"

namespace diemcau::probe {
namespace {

using Packet188 = std::array<std::uint8_t, 188>;
constexpr std::uint64_t kRound = std::uint64_t{1} << 33;

std::uint64_t ticks(double s) {
  return static_cast<std::uint64_t>(std::llround(s * 90'000)) % kRound;
}

Packet188 blank(unsigned pid, std::uint8_t flags) {
  Packet188 out{};
  out[0] = 0x47;
  out[1] = static_cast<std::uint8_t>(pid >> 8 | flags);
  out[2] = static_cast<std::uint8_t>(pid);
  return out;
}

Packet188 reference(double s, unsigned pid = 256) {
  Packet188 out = blank(pid, 0);
  const std::uint64_t base = ticks(s);
  out[3] = 0x20;
  out[4] = 183;
  out[5] = 0x10;
  for (int i = 0; i < 4; ++i) out[6 + i] = static_cast<std::uint8_t>(base >> (25 - 8 * i));
  out[10] = static_cast<std::uint8_t>((base & 1) << 7);
  return out;
}

void stamp(std::uint8_t* at, std::uint64_t value, unsigned mark) {
  at[0] = static_cast<std::uint8_t>(mark << 4 | (value >> 29 & 0x0E) | 1);
  at[1] = static_cast<std::uint8_t>(value >> 22);
  at[2] = static_cast<std::uint8_t>((value >> 14 & 0xFE) | 1);
  at[3] = static_cast<std::uint8_t>(value >> 7);
  at[4] = static_cast<std::uint8_t>(value << 1 | 1);
}

Packet188 unit(unsigned pid, std::uint8_t stream, double shown_s, double decoded_s) {
  Packet188 out = blank(pid, 0x40);
  out[3] = 0x10;
  out[6] = 1;
  out[7] = stream;
  out[11] = decoded_s < shown_s ? 0xC0 : 0x80;
  out[12] = decoded_s < shown_s ? 10 : 5;
  stamp(out.data() + 13, ticks(shown_s), decoded_s < shown_s ? 3 : 2);
  if (decoded_s < shown_s) stamp(out.data() + 18, ticks(decoded_s), 1);
  return out;
}

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
