// Flashes and beeps as lists of numbers: test signals whose skew is known, and what only resembles them.
#include "agent/probe/clap.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "tests/support/catch.hpp"

namespace diemcau::probe {
namespace {

constexpr double kQuietDb = -62;

struct Signal {
  double fps = 25, period = 1, late = 0, flash = 0.04, beep = 0.06;
  double dark = 40, bright = 220, loud = -14;
  double begin = 3;  // s; before: neither
  bool flashesAt(double t) const { return t >= begin && std::fmod(t + 1e-6, period) < flash; }
  bool beepsAt(double t) const { return t - late >= begin && std::fmod(t - late + 1e-6, period) < beep; }
};

// Pictures and blocks of sound in the order of the stream.
struct Player {
  Clap clap;
  double next_picture = 0, next_block = 0;
  std::function<double(double)> luma, level;
  // What was told on the way, in ms; none: nothing.
  std::vector<double> told;

  void play(double until) {
    while (next_picture < until || next_block < until) {
      if (next_picture <= next_block) {
        clap.picture(next_picture, luma(next_picture));
        next_picture += 1 / fps;
      } else {
        clap.sound(next_block, level(next_block));
        next_block += BeepFinder::kBlock;
      }
      if (clap.skew_ms()) told.push_back(*clap.skew_ms());
    }
  }
  void show(const Signal& signal) {
    fps = signal.fps;
    luma = [=](double t) { return signal.flashesAt(t) ? signal.bright : signal.dark; };
    level = [=](double t) { return signal.beepsAt(t) ? signal.loud : kQuietDb; };
  }
  double fps = 25;
};

Player playing(const Signal& signal, double until) {
  Player player;
  player.show(signal);
  player.play(until);
  return player;
}

TEST_CASE("a signal that flashes and beeps tells how far the sound is from the picture") {
  struct Row {
    const char* what;
    Signal signal;
  };
  const Row rows[] = {
      {"together", {}},
      {"300 ms late", {.late = 0.3}},
      {"200 ms early", {.late = -0.2}},
      {"120 ms late, every two seconds", {.period = 2, .late = 0.12}},
      {"650 ms late, every five seconds", {.period = 5, .late = 0.65}},
      {"30 pictures a second, three of them white", {.fps = 30, .late = 0.3, .flash = 0.1, .beep = 0.12}},
      {"50 pictures a second, a click", {.fps = 50, .late = -0.1, .flash = 0.02, .beep = 0.01}},
      {"its period is no whole number of pictures", {.fps = 30, .period = 1.013, .late = 0.25}},
      {"a small flash on a light picture, a quiet beep",
       {.late = 0.3, .dark = 120, .bright = 138, .loud = -36}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Player player = playing(row.signal, row.signal.begin + 7 * row.signal.period + 2);
    REQUIRE(player.clap.skew_ms());
    CHECK(*player.clap.skew_ms() == Approx(row.signal.late * 1000).margin(30));
  }
}

TEST_CASE("five flashes are not enough, six are") {
  const Signal signal{.late = 0.3};
  CHECK(playing(signal, 7.9).told.empty());  // flashes at 3 to 7 s
  CHECK_FALSE(playing(signal, 8.6).told.empty());
  // Of a slow one four are not enough, and five are.
  const Signal slow{.period = 5, .late = 0.3, .begin = 5};
  CHECK(playing(slow, 24).told.empty());
  CHECK_FALSE(playing(slow, 26).told.empty());
}

TEST_CASE("a delay that comes while the signal is on is told after two flashes, and nothing between") {
  Player player = playing({}, 10.5);
  REQUIRE(player.clap.skew_ms());
  CHECK(*player.clap.skew_ms() == Approx(0).margin(20));
  player.show({.late = 0.3});
  player.play(12.6);  // flashes at 11 and 12 s
  CHECK(*player.clap.skew_ms() == Approx(300).margin(20));
  for (const double ms : player.told) CHECK((std::abs(ms) < 20 || std::abs(ms - 300) < 20));
  player.show({});
  player.play(20);
  CHECK(*player.clap.skew_ms() == Approx(0).margin(20));
}

TEST_CASE("two pairs of another signal do not count as the one that was on") {
  const Signal other = GENERATE(Signal{.late = 0.3, .loud = -30}, Signal{.period = 1.1, .late = 0.3});
  Player player = playing({}, 10.5);
  player.show(other);
  player.play(13.5);
  for (const double ms : player.told) CHECK(std::abs(ms) < 20);
  player.play(20);
  REQUIRE(player.clap.skew_ms());
  CHECK(*player.clap.skew_ms() == Approx(300).margin(20));
}

TEST_CASE("a flash that fades in two steps is one") {
  Player player;
  player.show({.late = 0.3});
  player.luma = [](double t) {
    return Signal{}.flashesAt(t) ? 220.0 : Signal{.flash = 0.08}.flashesAt(t) ? 95.0 : 40.0;
  };
  player.play(12);
  REQUIRE(player.clap.skew_ms());
  CHECK(*player.clap.skew_ms() == Approx(300).margin(20));
}

TEST_CASE("when the signal ends nothing is known any more") {
  Player player = playing({.late = 0.3}, 10);
  REQUIRE(player.clap.skew_ms());
  player.luma = [](double) { return 40.0; };
  player.play(13);
  CHECK(player.clap.skew_ms());
  player.play(16);
  CHECK_FALSE(player.clap.skew_ms());
}

TEST_CASE("a lost beep, and a stray bang, do not end a signal; times that begin anew do") {
  Player player = playing({.late = 0.3}, 10.5);
  REQUIRE(player.clap.skew_ms());
  SECTION("no beep") {
    player.level = [](double) { return kQuietDb; };
    player.play(11.5);
  }
  SECTION("a bang") {
    player.level = [](double t) {
      return t > 11.6 && t < 11.7 ? -5.0 : Signal{.late = 0.3}.beepsAt(t) ? -14 : kQuietDb;
    };
    player.play(12.6);
  }
  CHECK(*player.clap.skew_ms() == Approx(300).margin(20));
  player.show({.late = 0.3});
  player.play(14);
  CHECK(*player.clap.skew_ms() == Approx(300).margin(20));
  player.next_picture = player.next_block = 2;
  player.play(3);
  CHECK_FALSE(player.clap.skew_ms());
}

TEST_CASE("flashes and beeps that are no signal tell nothing") {
  std::mt19937 random(7);
  const auto somewhere = [&](double from, double to) {
    return std::uniform_real_distribution<double>(from, to)(random);
  };
  const Signal late{.late = 0.3};
  const auto within = [](const std::vector<double>& times, double t, double length) {
    return std::any_of(times.begin(), times.end(), [=](double at) { return t >= at && t < at + length; });
  };
  const auto wanderers = [&](double from, double to) {
    std::vector<double> out;
    for (double t = 3; t < 300; t += somewhere(from, to)) out.push_back(t);
    return out;
  };
  Player player;
  player.show(late);
  SECTION("flashes without beeps") {
    player.level = [](double) { return kQuietDb; };
  }
  SECTION("beeps without flashes") {
    player.luma = [](double) { return 40.0; };
  }
  SECTION("a beep for every second flash") {
    player.level = [](double t) { return Signal{.period = 2, .late = 0.3}.beepsAt(t) ? -14 : kQuietDb; };
  }
  SECTION("two beeps a flash") {
    player.level = [=](double t) {
      return late.beepsAt(t) || Signal{.late = 0.6}.beepsAt(t) ? -14 : kQuietDb;
    };
  }
  SECTION("beeps of another period") {
    player.level = [](double t) { return Signal{.period = 1.03}.beepsAt(t) ? -14 : kQuietDb; };
  }
  SECTION("beeps half a period away: neither early nor late") {
    player.level = [](double t) { return Signal{.late = 0.5}.beepsAt(t) ? -14 : kQuietDb; };
  }
  SECTION("beeps of different loudness") {
    player.level = [=](double t) { return late.beepsAt(t) ? -14 - 8 * (int(t) % 2) : kQuietDb; };
  }
  SECTION("beeps on a tone that is almost as loud") {
    player.level = [=](double t) { return late.beepsAt(t) ? -14 : -26; };
  }
  SECTION("beeps in speech") {
    player.level = [=](double t) {
      return late.beepsAt(t) ? -14 : std::fmod(t, 0.9) < 0.45 ? -20 : kQuietDb;
    };
  }
  SECTION("flashes of different height") {
    player.luma = [=](double t) { return late.flashesAt(t) ? (int(t) % 2 == 0 ? 100 : 220) : 40; };
  }
  SECTION("a picture that stays bright for long") {
    player.luma = [](double t) { return Signal{.flash = 0.3}.flashesAt(t) ? 220 : 40; };
  }
  SECTION("a cut with each beep, as in a clip to music") {
    player.luma = [](double t) { return int(t) % 2 == 0 ? 90 : 150; };
  }
  SECTION("cuts between the flashes") {
    player.luma = [=](double t) { return late.flashesAt(t) ? 220 : int(t + 0.5) % 2 == 0 ? 40 : 80; };
  }
  SECTION("six pictures a second") {
    player.fps = 6;
  }
  SECTION("photographers, each with a click of the shutter") {
    const auto flashes = wanderers(0.4, 3);
    player.luma = [=](double t) { return within(flashes, t, 0.08) ? 190 : 60; };
    player.level = [=](double t) { return within(flashes, t - 0.2, 0.03) ? -20 : kQuietDb; };
  }
  SECTION("flashes on the beat, and somebody who knocks now and then") {
    const auto knocks = wanderers(0.8, 1.2);
    player.level = [=](double t) { return within(knocks, t, 0.05) ? -20 : kQuietDb; };
  }
  SECTION("flashes on the beat, and somebody who claps to them") {
    std::vector<double> claps;
    for (double t = 3.3; t < 300; t += 1) claps.push_back(t + somewhere(-0.04, 0.04));
    player.level = [=](double t) { return within(claps, t, 0.05) ? -20 : kQuietDb; };
  }
  SECTION("flashes on the beat, and applause") {
    player.level = [&](double) { return somewhere(-45, -12); };
  }
  player.play(300);
  CAPTURE(player.told.empty() ? 0 : player.told.front());
  CHECK(player.told.empty());
}

TEST_CASE("pictures are wanted for beeps that keep time: at once, and seldom when nothing flashes") {
  Player player;
  player.show({.late = 0.3});
  double wanted_s = 0;
  const auto play = [&](double until) {
    for (double t = player.next_block + 0.5; t <= until; t += 0.5) {
      player.play(t);
      wanted_s += player.clap.wantsPictures() ? 0.5 : 0;
    }
  };
  SECTION("while there is a signal") {
    play(60);
    CHECK(wanted_s > 52);
  }
  SECTION("without flashes") {
    player.luma = [](double) { return 40.0; };
    play(600);
    CHECK(wanted_s > 6);
    CHECK(wanted_s < 40);
  }
  SECTION("applause and speech") {
    player.level = [](double t) { return std::fmod(t, 0.9) < 0.45 ? -20 : kQuietDb; };
    play(60);
    CHECK(wanted_s == 0);
  }
}

}  // namespace
}  // namespace diemcau::probe
