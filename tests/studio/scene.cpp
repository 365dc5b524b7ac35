// See scene.hpp.
#include "tests/studio/scene.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <random>

#include "base/result.hpp"

namespace diemcau::studio {

namespace {

constexpr std::array<std::string_view, 10> kSceneWords = {
    "bars", "camera", "still_noise", "slide", "window", "dark_slide", "dark_room", "fade", "cuts", "clap"};
constexpr std::size_t kNoise = 1U << 18;
constexpr double kSigma = 3;
constexpr int kBlackLevel = 16;
constexpr Micros kFlash = 60 * kMillisecond;

std::uint8_t level(double value) {
  return static_cast<std::uint8_t>(std::clamp(value, 16.0, 235.0));
}

double wave(Micros media, double period_s) {
  return std::sin(2 * std::numbers::pi * static_cast<double>(media) /
                  (period_s * static_cast<double>(kSecond)));
}

// 1: full light. A second down, 0.4 s of black, a second up, then 2.6 s of picture.
double light(Micros media) {
  const double t = static_cast<double>(media % (5 * kSecond)) / static_cast<double>(kSecond);
  if (t < 1) return 1 - t;
  if (t < 1.4) return 0;
  return std::min(1.0, t - 1.4);
}

}  // namespace

std::optional<Scene> sceneNamed(std::string_view word) {
  const auto found = std::find(kSceneWords.begin(), kSceneWords.end(), word);
  if (found == kSceneWords.end()) return std::nullopt;
  return static_cast<Scene>(found - kSceneWords.begin());
}

std::string sceneWords() {
  return fmt::format("{}", fmt::join(kSceneWords, ", "));
}

ScenePainter::ScenePainter(int width, int height) : width_(width), height_(height) {
  std::mt19937 random(1);
  std::normal_distribution<double> spread(0, kSigma);
  noise_.resize(kNoise + static_cast<std::size_t>(width));
  for (auto& one : noise_)
    one = static_cast<std::int8_t>(std::lround(std::clamp(spread(random), -20.0, 20.0)));

  wall_.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  dark_room_ = wall_;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto at = static_cast<std::size_t>(y * width + x);
      const double shade = 30.0 * x / width - 20.0 * y / height;
      wall_[at] = level(110 + shade);
      dark_room_[at] = level(24 + shade / 10);
    }
  }
  for (int i = 0; i < 24; ++i) {
    const auto side = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
    box(wall_, {side(width), side(height), width / 20 + side(width / 8), height / 20 + side(height / 8)},
        60 + side(150));
  }
  slide_ = slide(7, 230, 35, 9);
  dark_slide_ = slide(3, kBlackLevel, 150, 3);
}

void ScenePainter::box(std::span<std::uint8_t> luma, Box at, int value) const {
  const int left = std::clamp(at.x, 0, width_), right = std::clamp(at.x + at.width, left, width_);
  for (int y = std::max(0, at.y); y < std::min(height_, at.y + at.height); ++y)
    std::fill_n(luma.data() + y * width_ + left, right - left, static_cast<std::uint8_t>(value));
}

// Lines of letters: boxes with gaps.
ScenePainter::Plane ScenePainter::slide(unsigned number, int ground, int ink, int lines) const {
  Plane out(wall_.size(), static_cast<std::uint8_t>(ground));
  std::mt19937 random(number);
  const int letter = std::max(4, height_ / 60);
  for (int line = 0; line < lines; ++line) {
    const int letters = 10 + static_cast<int>(random() % 30);
    for (int i = 0; i < letters; ++i) {
      if (random() % 6 == 0) continue;
      box(out, {width_ / 12 + i * letter * 3 / 2, height_ / 10 + line * letter * 4, letter, letter * 2}, ink);
    }
  }
  return out;
}

void ScenePainter::person(std::span<std::uint8_t> luma, Box room, Micros media, int value) const {
  const int wide = room.width / 6, x = room.x + room.width / 2 + static_cast<int>(wave(media, 6.1) * wide);
  const int y = room.y + room.height / 3 + static_cast<int>(wave(media, 1.7) * room.height / 40);
  box(luma, {x - wide / 2, y + wide / 2, wide, room.y + room.height - y - wide / 2}, value / 2 + 10);
  box(luma, {x - wide / 4, y - wide / 4, wide / 2, wide * 3 / 4}, value);
  const int arm = static_cast<int>(wave(media, 0.9) * room.height / 10);
  box(luma, {x + wide / 2, y + wide + arm, wide / 2, wide / 4}, value);
}

void ScenePainter::grain(std::span<std::uint8_t> luma, Box at, std::uint64_t frame, int strength) const {
  std::uint64_t state = frame * 0x9E3779B97F4A7C15U + 1;
  for (int y = at.y; y < std::min(height_, at.y + at.height); ++y) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const std::int8_t* noise = noise_.data() + (state >> 40) % kNoise;
    std::uint8_t* row = luma.data() + y * width_ + at.x;
    for (int x = 0; x < at.width; ++x)
      row[x] = static_cast<std::uint8_t>(std::clamp(row[x] + noise[x] * strength / 16, 16, 235));
  }
}

void ScenePainter::camera(std::span<std::uint8_t> luma, Micros media, std::uint64_t frame) const {
  std::copy(wall_.begin(), wall_.end(), luma.begin());
  person(luma, {0, 0, width_, height_}, media, 170);
  grain(luma, {0, 0, width_, height_}, frame, 16);
}

void ScenePainter::paint(Scene scene, std::span<std::uint8_t> out, Micros media, std::uint64_t frame) const {
  const auto luma = out.first(wall_.size());
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(wall_.size()), out.end(), std::uint8_t{128});
  const auto copy = [&](const Plane& from) { std::copy(from.begin(), from.end(), luma.begin()); };
  const Box all{0, 0, width_, height_};
  switch (scene) {
    case Scene::kBars:
      DIEMCAU_INVARIANT(false);
      return;
    case Scene::kCamera:
      return camera(luma, media, frame);
    case Scene::kStillNoise:
      copy(wall_);
      return grain(luma, all, frame, 16);
    case Scene::kSlide:
      return copy(slide_);
    case Scene::kWindow: {
      copy(slide_);
      const Box window{width_ * 3 / 4, height_ * 3 / 4, width_ / 5, height_ / 5};
      box(luma, window, 90);
      person(luma, window, media, 180);
      return grain(luma, window, frame, 12);
    }
    case Scene::kDarkSlide:
      return copy(dark_slide_);
    case Scene::kDarkRoom:
      copy(dark_room_);
      person(luma, all, media, 40);
      return grain(luma, all, frame, 8);
    case Scene::kFade: {
      camera(luma, media, frame);
      const double share = light(media);
      for (auto& one : luma) one = static_cast<std::uint8_t>(kBlackLevel + (one - kBlackLevel) * share);
      return;
    }
    case Scene::kCuts:
      return copy(slide(100 + static_cast<unsigned>(media / (2 * kSecond)), 230, 35, 9));
    case Scene::kClap: {
      const Micros since = media % kSecond;
      std::fill(luma.begin(), luma.end(), since < kFlash ? std::uint8_t{235} : std::uint8_t{50});
      const int hand = static_cast<int>(static_cast<double>(since) / static_cast<double>(kSecond) * width_);
      box(luma, {hand, height_ / 3, width_ / 20, height_ / 3}, 120);
      return grain(luma, all, frame, 16);
    }
  }
}

}  // namespace diemcau::studio
