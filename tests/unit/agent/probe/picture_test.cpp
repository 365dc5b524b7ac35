// Verdicts on pictures made by hand: black and nearly black, slides, cuts, freezes, grain.
#include "agent/probe/picture.hpp"

#include <algorithm>
#include <functional>
#include <random>
#include <vector>

#include "tests/support/catch.hpp"

namespace diemcau::probe {
namespace {

constexpr int kWidth = 640, kHeight = 360;
constexpr double kFps = 25;

class Picture {
 public:
  explicit Picture(int level = 16) : luma_(kWidth * kHeight, static_cast<std::uint8_t>(level)) {}

  void box(int x, int y, int w, int h, int level) {
    for (int row = std::max(0, y); row < std::min(kHeight, y + h); ++row) {
      for (int column = std::max(0, x); column < std::min(kWidth, x + w); ++column)
        at(column, row) = clip(level);
    }
  }
  void noise(double sigma, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> spread(0, sigma);
    for (std::uint8_t& sample : luma_) sample = clip(static_cast<int>(sample + spread(random) + 0.5));
  }
  void mix(const Picture& other, double share) {
    for (std::size_t i = 0; i < luma_.size(); ++i)
      luma_[i] = clip(static_cast<int>(luma_[i] + share * (other.luma_[i] - luma_[i]) + 0.5));
  }
  LumaPlane plane() const { return {luma_.data(), kWidth, kHeight, kWidth}; }

 private:
  static std::uint8_t clip(int level) { return static_cast<std::uint8_t>(std::clamp(level, 0, 255)); }
  std::uint8_t& at(int x, int y) { return luma_[static_cast<std::size_t>(y * kWidth + x)]; }
  std::vector<std::uint8_t> luma_;
};

// Text-like blocks that depend on the number of the slide.
Picture slide(unsigned number, int ground = 235, int ink = 30) {
  Picture out(ground);
  std::mt19937 random(number);
  for (int line = 0; line < 9; ++line) {
    const int width = 80 + static_cast<int>(random() % 440);
    out.box(40, 30 + line * 34, width, 14, ink);
  }
  out.box(static_cast<int>(random() % 400), static_cast<int>(random() % 200), 160, 110,
          110 + int(number * 37 % 90));
  return out;
}

// A speaker's window: always in motion, in place.
void speaker(Picture& picture, int frame) {
  for (int i = 0; i < 8; ++i) {
    const int sway = static_cast<int>(12 * (1 + std::sin(frame * 0.35 + i)));
    picture.box(500 + sway, 220 + i * 14, 70, 14, 60 + i * 18);
  }
}
// A slide with a speaker's window.
Picture talk(int frame) {
  Picture out = slide(5);
  speaker(out, frame);
  return out;
}

class Watch {
 public:
  using Draw = std::function<Picture(int frame)>;
  // Frames for so long; true if `holds` was true after any of them.
  void play(double seconds, const Draw& draw) {
    const int frames = static_cast<int>(seconds * kFps + 0.5);
    for (int i = 0; i < frames; ++i, ++frame_) {
      const Picture picture = draw(frame_);
      analyser.add(picture.plane(), frame_ / kFps, frame_ % 50 == 0, true);
      ever_frozen |= analyser.verdict().still && analyser.verdict().was_alive;
      ever_black |= analyser.verdict().black;
    }
  }
  void hold(double seconds, const Picture& picture) {
    play(seconds, [&](int) { return picture; });
  }
  PictureAnalyser analyser;
  bool ever_frozen = false, ever_black = false;

 private:
  int frame_ = 0;
};

TEST_CASE("black, and what only looks like it") {
  struct Row {
    const char* name;
    Watch::Draw draw;
    bool black;
  };
  const Row rows[] = {
      {"clean black", [](int) { return Picture(16); }, true},
      {"full-range black", [](int) { return Picture(0); }, true},
      {"noisy black",
       [](int frame) {
         Picture out(17);
         out.noise(2, static_cast<unsigned>(frame));
         return out;
       },
       true},
      {"a dark slide with a line of text",
       [](int) {
         Picture out(16);
         out.box(200, 170, 120, 10, 180);
         return out;
       },
       false},
      {"a dark room",
       [](int frame) {
         Picture out(20);
         out.box(0, 200, 640, 160, 28);
         out.noise(1, static_cast<unsigned>(frame));
         return out;
       },
       false},
      {"a grey picture", [](int) { return Picture(60); }, false},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      Watch watch;
      watch.play(2, row.draw);
      CHECK(watch.analyser.verdict().black == row.black);
    }
  }
}

TEST_CASE("black must last, and ends with the first picture that is not") {
  Watch watch;
  watch.hold(1, slide(1));
  watch.hold(0.8, Picture(16));
  CHECK_FALSE(watch.ever_black);
  CHECK(watch.analyser.verdict().dark_now);
  watch.hold(0.2, Picture(16));
  CHECK(watch.analyser.verdict().black);
  watch.hold(1 / kFps, slide(1));
  CHECK_FALSE(watch.analyser.verdict().black);
}

TEST_CASE("a fade through black between scenes is not black") {
  Watch watch;
  watch.hold(1, slide(1));
  watch.play(1.2, [](int frame) { return Picture(16 + std::abs(frame - 40) * 3); });
  CHECK_FALSE(watch.ever_black);
}

TEST_CASE("a still slide is still and was never alive") {
  Watch watch;
  watch.hold(6, slide(3));
  CHECK(watch.analyser.verdict().still);
  CHECK_FALSE(watch.ever_frozen);
}

TEST_CASE("slides that follow each other by cuts are not frozen") {
  Watch watch;
  for (unsigned number = 1; number < 8; ++number) watch.hold(3, slide(number));
  CHECK(watch.analyser.verdict().still);
  CHECK_FALSE(watch.ever_frozen);
}

TEST_CASE("lines of a slide that appear one by one are not life") {
  Watch watch;
  Picture page = slide(4);
  for (int line = 0; line < 6; ++line) {
    for (int step = 1; step <= 12; ++step) {  // half a second of animation
      page.box(60, 40 + line * 50, step * 30, 20, 90);
      watch.hold(1 / kFps, page);
    }
    watch.hold(2.5, page);
  }
  CHECK_FALSE(watch.ever_frozen);
}

TEST_CASE("a picture that stops out of motion is frozen") {
  const auto scene = talk;
  Watch watch;
  watch.play(6, scene);
  CHECK_FALSE(watch.analyser.verdict().still);
  const Picture last = scene(149);
  watch.hold(0.9, last);
  CHECK_FALSE(watch.ever_frozen);
  watch.hold(0.3, last);
  CHECK(watch.analyser.verdict().still);
  CHECK(watch.analyser.verdict().was_alive);

  SECTION("and lives again with the first motion") {
    watch.play(0.2, scene);
    CHECK_FALSE(watch.analyser.verdict().still);
    CHECK_FALSE(watch.analyser.verdict().was_alive);
  }
}

TEST_CASE("a held picture that an encoder touches up is held") {
  const auto scene = talk;
  Watch watch;
  watch.play(6, scene);
  const Picture last = scene(149);
  Picture sharper = last;
  sharper.box(520, 230, 24, 16, 250);
  watch.hold(2, last);  // the next frame begins a group
  REQUIRE(watch.analyser.verdict().was_alive);
  SECTION("by a group's first picture: at no moment it seems to move") {
    watch.play(2, [&](int) {
      CHECK(watch.analyser.verdict().was_alive);
      return sharper;
    });
  }
  SECTION("by a later one: it is known again after a second") {
    watch.hold(1 / kFps, last);
    watch.hold(1, sharper);
    CHECK_FALSE(watch.analyser.verdict().still);
    watch.hold(0.2, sharper);
    CHECK(watch.analyser.verdict().was_alive);
  }
  SECTION("but one that begins to move with a group moves with the second picture of it") {
    watch.play(2 / kFps, scene);
    CHECK_FALSE(watch.analyser.verdict().still);
  }
  SECTION("and another slide is another picture") {
    watch.hold(3, slide(9));
    CHECK(watch.analyser.verdict().still);
    CHECK_FALSE(watch.analyser.verdict().was_alive);
  }
}

TEST_CASE("a speaker's window that gives way to a full slide is a cut") {
  Watch watch;
  watch.play(6, [](int frame) {
    Picture out = slide(5);
    speaker(out, frame);
    return out;
  });
  watch.hold(4, slide(9));
  CHECK(watch.analyser.verdict().still);
  CHECK_FALSE(watch.ever_frozen);
}

TEST_CASE("a speaker who gives way to a slide by a cross-fade, which is then drawn anew") {
  Watch watch;
  watch.play(6, talk);
  watch.play(1, [](int frame) {
    Picture out = talk(frame);
    out.mix(slide(9, 30, 200), (frame - 149) / 25.0);
    return out;
  });
  watch.hold(1.4, slide(9, 30, 200));
  REQUIRE(watch.analyser.verdict().still);
  REQUIRE_FALSE(watch.ever_frozen);
  Picture sharper = slide(9, 30, 200);
  sharper.box(40, 300, 80, 40, 180);
  watch.hold(3, sharper);
  CHECK(watch.analyser.verdict().still);
  CHECK_FALSE(watch.ever_frozen);
}

TEST_CASE("a speaker's window that is taken off its slide") {
  Watch watch;
  watch.play(6, [](int frame) {
    Picture out = slide(5);
    for (int i = 0; i < 12; ++i)
      out.box(520 + i * 8, 256, 8, 80, 90 + static_cast<int>(20 * std::sin(frame * 0.7 + i)));
    return out;
  });
  watch.hold(4, slide(5));
  CHECK(watch.analyser.verdict().still);
  CHECK_FALSE(watch.ever_frozen);
}

TEST_CASE("an encoder brings out the texture of what has stopped, a little at a time") {
  Watch watch;
  watch.play(6, talk);
  const Picture last = talk(149);
  const auto texture = [&](int depth, int frame) {
    Picture out = last;
    for (int i = 0; i < 16; ++i) out.box(24 + i, 328, 1, 8, 235 + (i + frame) % 2 * depth - depth / 2);
    return out;
  };
  watch.hold(0.2, last);
  SECTION("which is no motion") {
    watch.play(1, [&](int frame) { return texture(8, frame); });
    CHECK(watch.ever_frozen);
  }
  SECTION("but where a part grows brighter something moves") {
    watch.play(1.6, [&](int frame) {
      Picture out = last;
      out.box(24, 328, 16, 8, 235 - (frame - 155) * 4);
      return out;
    });
    CHECK_FALSE(watch.ever_frozen);
  }
}

TEST_CASE("a still studio with a clock") {
  const auto studio = [](int frame, bool runs) {
    Picture out = slide(6);
    const int second = runs ? frame / 25 : 6;
    for (int digit = 0; digit < 4; ++digit) {
      out.box(480 + digit * 32, 20, 28, 40, (second * 53 + digit * 71) % 200 + 20);
    }
    return out;
  };
  Watch watch;
  watch.play(7, [&](int frame) { return studio(frame, true); });
  CHECK_FALSE(watch.ever_frozen);
  watch.play(3, [&](int frame) { return studio(frame, false); });
  CHECK(watch.ever_frozen);
}

TEST_CASE("something that crosses a flat ground and stops is frozen, a mouse pointer is not") {
  struct Row {
    const char* name;
    int size;
    bool frozen;
  };
  for (const Row& row : {Row{"a ball", 90, true}, Row{"a pointer", 12, false}}) {
    DYNAMIC_SECTION(row.name) {
      const auto scene = [&](int frame) {
        Picture out(120);
        out.box(0, 0, 640, 60, 200);
        out.box(frame * 4 % 560, 150, row.size, row.size, 40);
        return out;
      };
      Watch watch;
      watch.play(6, scene);
      watch.hold(3, scene(149));
      CHECK(watch.analyser.verdict().still);
      CHECK(watch.ever_frozen == row.frozen);
    }
  }
}

TEST_CASE("grain is a live camera") {
  const auto camera = [](int frame) {
    Picture out = slide(7, 120, 60);
    out.noise(1.2, static_cast<unsigned>(frame));
    return out;
  };
  Watch watch;
  watch.play(6, camera);
  CHECK_FALSE(watch.analyser.verdict().still);
  SECTION("that holds its picture when it freezes") {
    watch.hold(2, camera(149));
    CHECK(watch.ever_frozen);
  }
}

TEST_CASE("grain that a coder brings out of a held picture is not a camera's") {
  const auto grainy = [](double sigma, int frame) {
    Picture out = slide(7, 120, 60);
    out.noise(sigma, static_cast<unsigned>(frame));
    return out;
  };
  Watch watch;
  watch.play(6, [&](int frame) { return grainy(1.8, frame); });
  REQUIRE_FALSE(watch.ever_frozen);
  SECTION("less of it than there was") {
    watch.play(1.2, [&](int frame) { return grainy(0.4, frame / 3); });
    CHECK(watch.ever_frozen);
  }
  SECTION("as much, but in one picture of five") {
    watch.play(2, [&](int frame) { return grainy(1.5, frame / 5); });
    CHECK(watch.ever_frozen);
  }
  SECTION("a camera whose every other picture repeats the one before lives") {
    watch.play(4, [&](int frame) { return grainy(1.8, frame / 2); });
    CHECK_FALSE(watch.ever_frozen);
  }
  SECTION("a camera in better light has less grain, and is none that holds") {
    for (double sigma = 1.8; sigma > 0.5; sigma *= 0.97)
      watch.play(2 / kFps, [&](int frame) { return grainy(sigma, frame); });
    watch.play(3, [&](int frame) { return grainy(0.5, frame); });
    CHECK_FALSE(watch.ever_frozen);
  }
}

TEST_CASE("the first picture of a group may pulse") {
  Watch watch;
  watch.play(6, [](int frame) {
    Picture out = slide(8);
    if (frame % 50 == 0) out.noise(6, 1);  // as coarse quantisation does
    if (frame % 50 == 0) return out;
    return slide(8);
  });
  CHECK_FALSE(watch.ever_frozen);
}

TEST_CASE("pictures left out: large frames in between count as motion") {
  PictureAnalyser analyser;
  const auto scene = talk;
  // Only the key frames, one a second; then the group in which it stops.
  for (int second = 0; second < 6; ++second) analyser.add(scene(second * 37).plane(), second, true, false);
  const Picture last = scene(5 * 37);
  for (int i = 1; i < 40; ++i) analyser.add(last.plane(), 5 + i / kFps, false, true);
  CHECK(analyser.verdict().still);
  CHECK(analyser.verdict().was_alive);
}

TEST_CASE("pictures left out: what is the same as a group ago has held since, if it goes on") {
  PictureAnalyser analyser;
  const auto scene = talk;
  for (int second = 0; second < 7; ++second) analyser.add(scene(second * 37).plane(), second, true, false);
  const Picture last = scene(6 * 37);
  analyser.add(last.plane(), 7, true, false);
  const auto watch = [&](double from_s, double to_s, int moving) {
    for (int i = 1; from_s + i / kFps < to_s; ++i)
      analyser.add(scene(6 * 37 + moving * i).plane(), from_s + i / kFps, false, true);
  };
  watch(7, 7.35, 0);
  CHECK_FALSE(analyser.verdict().still);
  SECTION("it does") {
    watch(7.32, 7.6, 0);
    CHECK(analyser.verdict().still);
    CHECK(analyser.verdict().was_alive);
  }
  SECTION("it does not: a speaker who stood as before") {
    watch(7.32, 7.6, 1);
    CHECK_FALSE(analyser.verdict().still);
    watch(7.6, 8.2, 1);
    CHECK_FALSE(analyser.verdict().still);
  }
}

TEST_CASE("a new size starts anew, and tiny pictures are left alone") {
  PictureAnalyser analyser;
  const Picture picture(16);
  for (int i = 0; i < 50; ++i) analyser.add(picture.plane(), i / kFps, false, true);
  CHECK(analyser.verdict().black);
  LumaPlane half = picture.plane();
  half.width = 320;
  half.height = 180;
  analyser.add(half, 2, true, true);
  CHECK_FALSE(analyser.verdict().black);
  LumaPlane tiny = picture.plane();
  tiny.width = tiny.height = 4;
  analyser.add(tiny, 2.04, true, true);
  CHECK_FALSE(analyser.verdict().still);
}

TEST_CASE("ten bits a sample") {
  std::vector<std::uint8_t> bytes;
  for (int i = 0; i < kWidth * kHeight; ++i) {
    bytes.push_back(0x90);  // 0x190 = 400 of 1023: 100 of 255
    bytes.push_back(0x01);
  }
  PictureAnalyser analyser;
  analyser.add({bytes.data(), kWidth, kHeight, 2 * kWidth, 2, 2}, 0, true, true);
  CHECK(analyser.verdict().luma == Approx(100));
}

}  // namespace
}  // namespace diemcau::probe
