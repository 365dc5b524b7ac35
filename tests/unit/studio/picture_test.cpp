// The picture and the sound that are made here.
#include "tests/studio/picture.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "tests/studio/font.hpp"
#include "tests/studio/scene.hpp"
#include "tests/studio/tone.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::studio {

namespace {

using Picture = std::vector<std::uint8_t>;

Picture painted(const Painter& painter, Micros media, Micros wall = 0, std::uint64_t frame = 0) {
  Picture out(painter.bytes());
  painter.paint(out, media, wall, frame);
  return out;
}

std::size_t differing(const Picture& a, const Picture& b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += a[i] != b[i];
  return count;
}

double rmsDbfs(const std::vector<std::int16_t>& samples) {
  double sum = 0;
  for (const auto sample : samples) sum += static_cast<double>(sample) * sample;
  return 10 * std::log10(sum / static_cast<double>(samples.size()) / 32768.0 / 32768.0);
}

}  // namespace

TEST_CASE("the picture moves with time, and shows clock, counter and name") {
  const Painter painter(640, 360);
  CHECK(painter.bytes() == 640 * 360 * 3 / 2);
  const auto first = painted(painter, 0);
  CHECK(differing(first, painted(painter, 0)) == 0);
  // The ball moves from frame to frame, by far more than a still picture's noise.
  CHECK(differing(first, painted(painter, 40'000)) > 200);
  CHECK(differing(first, painted(painter, 0, kMillisecond)) > 10);
  CHECK(differing(first, painted(painter, 0, 0, 1)) > 10);
  auto named = first;
  painter.name(named, "main");
  auto other = first;
  painter.name(other, "backup");
  CHECK(differing(first, named) > 100);
  CHECK(differing(named, other) > 100);
}

TEST_CASE("every size is painted inside its buffer") {
  // The address sanitizer is the judge of the rest.
  const int sizes[][2] = {{160, 90},   {176, 98},   {320, 240},  {854 / 8 * 8, 480},
                          {1280, 720}, {720, 1280}, {3840, 2160}};
  for (const auto& size : sizes) {
    CAPTURE(size[0], size[1]);
    const Painter painter(size[0], size[1]);
    for (Micros media = 0; media < 8 * kSecond; media += 1'777'777) {
      auto picture = painted(painter, media, media, 9'999'999);
      painter.name(picture, "a-very-long-name-of-a-feed");
      const auto luma = picture.begin() + static_cast<std::ptrdiff_t>(picture.size() / 3 * 2);
      const auto [least, most] = std::minmax_element(picture.begin(), luma);
      CHECK(*most <= 235);
      CHECK(*least >= 16);
    }
  }
}

TEST_CASE("black is broadcast black, in all planes") {
  Picture picture(640 * 360 * 3 / 2, 77);
  Painter::black(picture);
  CHECK(std::count(picture.begin(), picture.end(), 16) == 640 * 360);
  CHECK(std::count(picture.begin(), picture.end(), 128) == 640 * 360 / 2);
}

TEST_CASE("the burnt-in clock is Vietnam's") {
  CHECK(burntClock(0) == "07:00:00.000");
  CHECK(burntClock(17 * kHour) == "00:00:00.000");
  CHECK(burntClock(1'767'225'599'999'000) == "06:59:59.999");
}

TEST_CASE("letters are told apart") {
  const std::string known = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ:.-_ ";
  for (const char a : known) {
    for (const char b : known) {
      if (a != b) CHECK(glyph(a) != glyph(b));
    }
    CHECK(glyph(a) != glyph('?'));
  }
  CHECK(glyph('a') == glyph('A'));
}

TEST_CASE("the tone is steady in level, alive, and goes on from call to call") {
  Tone tone(440), twin(440);
  std::vector<std::int16_t> second(kSampleRate * kChannels), parts;
  tone.fill(second);
  CHECK(rmsDbfs(second) == Approx(-23).margin(1.5));
  for (int i = 0; i < 25; ++i) {
    std::vector<std::int16_t> part(1920 * kChannels);
    twin.fill(part);
    parts.insert(parts.end(), part.begin(), part.end());
  }
  CHECK(parts == second);
  const auto jump = [](const std::vector<std::int16_t>& samples) {
    int largest = 0;
    for (std::size_t i = 2; i < samples.size(); i += 2)
      largest = std::max(largest, std::abs(samples[i] - samples[i - 2]));
    return largest;
  };
  CHECK(jump(parts) < 300);  // 440 Hz at this level: no clicks
}

TEST_CASE("silence is digital zero and the tone comes back in phase") {
  Tone tone(440), twin(440);
  std::vector<std::int16_t> a(1920 * kChannels), b(1920 * kChannels);
  tone.skip(a);
  CHECK(std::all_of(a.begin(), a.end(), [](auto sample) { return sample == 0; }));
  twin.fill(b);
  tone.fill(a);
  twin.fill(b);
  CHECK(a == b);
}

TEST_CASE("the scene `clap` flashes and beeps at the same moments, once a second") {
  const ScenePainter painter(160, 90);
  std::vector<std::int16_t> sound(kSampleRate / 25 * kChannels);
  Picture picture(160 * 90 * 3 / 2);
  std::vector<std::uint64_t> flashes, beeps;
  for (std::uint64_t frame = 0; frame < 100; ++frame) {
    painter.paint(Scene::kClap, picture, static_cast<Micros>(frame) * kSecond / 25, frame);
    const auto luma = picture.begin() + 160 * 90;
    if (std::accumulate(picture.begin(), luma, 0) > 160 * 90 * 150) flashes.push_back(frame);
    fillBeeps(sound, frame * kSampleRate / 25);
    if (std::any_of(sound.begin(), sound.end(), [](auto sample) { return sample != 0; }))
      beeps.push_back(frame);
  }
  CHECK(flashes == std::vector<std::uint64_t>{0, 1, 25, 26, 50, 51, 75, 76});
  CHECK(beeps == flashes);
}

TEST_CASE("late sound is that of 300 ms ago, while it is asked for") {
  LateSound late;
  std::vector<std::int16_t> piece(kSampleRate / 10 * kChannels);
  const auto pass = [&](int number, bool is_late) {
    std::fill(piece.begin(), piece.end(), static_cast<std::int16_t>(number));
    late.pass(piece, is_late);
    CHECK(std::count(piece.begin(), piece.end(), piece.front()) == std::ptrdiff_t(piece.size()));
    return int(piece.front());
  };
  CHECK(pass(1, true) == 0);
  CHECK(pass(2, false) == 2);
  CHECK(pass(3, false) == 3);
  CHECK(pass(4, true) == 1);
  CHECK(pass(5, true) == 2);
  CHECK(pass(6, false) == 6);
}

}  // namespace diemcau::studio
