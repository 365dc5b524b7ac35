// See picture.hpp.
#include "tests/studio/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/result.hpp"
#include "tests/studio/font.hpp"

namespace diemcau::studio {

namespace {

// 75 % bars, BT.601.
constexpr std::array<Yuv, 8> kBars = {{
    {180, 128, 128},
    {162, 44, 142},
    {131, 156, 44},
    {112, 72, 58},
    {84, 184, 198},
    {65, 100, 212},
    {35, 212, 114},
    {16, 128, 128},
}};
constexpr Yuv kBand = {30, 150, 120};
constexpr Yuv kBall = {235, 128, 128};
constexpr Yuv kBallCore = {81, 90, 240};
constexpr std::uint8_t kLetter = 235;
constexpr std::uint8_t kBlackLuma = 16;
constexpr std::uint8_t kNoColour = 128;

// Swings between -1 and 1 once in `period_s`.
double swing(Micros media, double period_s) {
  return std::sin(2 * std::numbers::pi * static_cast<double>(media) /
                  (period_s * static_cast<double>(kSecond)));
}

}  // namespace

Painter::Painter(int width, int height)
    : width_(width), height_(height), dot_(std::max(2, height / 90 / 2 * 2)) {
  DIEMCAU_INVARIANT(width >= 64 && width % 8 == 0 && height >= 64 && height % 2 == 0);
  still_.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3 / 2);
  const int bars = height_ * 2 / 3 / 2 * 2;
  for (int i = 0; i < 8; ++i) {
    const int left = width_ * i / 8 / 2 * 2;
    const int right = width_ * (i + 1) / 8 / 2 * 2;
    rectangle(still_, left, 0, right - left, bars, kBars[static_cast<std::size_t>(i)]);
  }
  rectangle(still_, 0, bars, width_, height_ - bars, kBand);
  const int step = width_ / 16 / 2 * 2;  // a grey staircase: shows a wrong black level at a glance
  for (int i = 0; i < 16; ++i) {
    rectangle(still_, i * step, bars, step, height_ / 36 / 2 * 2,
              {static_cast<std::uint8_t>(16 + i * 14), kNoColour, kNoColour});
  }
}

void Painter::rectangle(std::span<std::uint8_t> out, int x, int y, int width, int height, Yuv colour) const {
  const int stride = width_ / 2;
  std::uint8_t* u = out.data() + static_cast<std::ptrdiff_t>(width_) * height_;
  std::uint8_t* v = u + static_cast<std::ptrdiff_t>(stride) * (height_ / 2);
  for (int row = y; row < y + height; ++row) std::fill_n(out.data() + row * width_ + x, width, colour.y);
  for (int row = y / 2; row < (y + height) / 2; ++row) {
    std::fill_n(u + row * stride + x / 2, width / 2, colour.u);
    std::fill_n(v + row * stride + x / 2, width / 2, colour.v);
  }
}

void Painter::disc(std::span<std::uint8_t> out, int cx, int cy, int radius, Yuv colour) const {
  for (int row = -radius / 2 * 2; row < radius; row += 2) {
    const int half = static_cast<int>(std::sqrt(static_cast<double>(radius * radius - row * row))) / 2 * 2;
    const int x = std::clamp((cx - half) / 2 * 2, 0, width_ - 2);
    const int y = (cy + row) / 2 * 2;
    if (y < 0 || y + 2 > height_) continue;
    rectangle(out, x, y, std::min(2 * half, width_ - x), 2, colour);
  }
}

void Painter::text(std::span<std::uint8_t> out, int x, int y, int dot, std::string_view letters) const {
  for (const char letter : letters) {
    if (x + kGlyphWidth * dot > width_ || y + kGlyphHeight * dot > height_) return;
    const auto& rows = glyph(letter);
    for (int row = 0; row < kGlyphHeight; ++row) {
      for (int column = 0; column < kGlyphWidth; ++column) {
        if ((rows[static_cast<std::size_t>(row)] >> (kGlyphWidth - 1 - column) & 1) == 0) continue;
        for (int line = 0; line < dot; ++line) {
          std::fill_n(out.data() + (y + row * dot + line) * width_ + x + column * dot, dot, kLetter);
        }
      }
    }
    x += kGlyphStep * dot;
  }
}

void Painter::paint(std::span<std::uint8_t> out, Micros media, Micros wall, std::uint64_t frame) const {
  DIEMCAU_INVARIANT(out.size() == still_.size());
  std::copy(still_.begin(), still_.end(), out.begin());
  const int radius = height_ / 10;
  const int x = width_ / 2 + static_cast<int>(swing(media, 7.0) * width_ * 0.4);
  const int y = height_ / 3 + static_cast<int>(swing(media, 4.3) * height_ * 0.2);
  disc(out, x, y, radius, kBall);
  disc(out, x, y, radius * 2 / 3, kBallCore);
  const int margin = width_ / 40 / 2 * 2;
  const int top = height_ * 3 / 4;
  text(out, margin, top, dot_, burntClock(wall));
  text(out, margin, top + 9 * dot_, dot_, fmt::format("F {:07d}", frame));
}

void Painter::name(std::span<std::uint8_t> out, std::string_view feed) const {
  const int letters = static_cast<int>(std::min<std::size_t>(feed.size(), 12));
  const int x = width_ - width_ / 40 / 2 * 2 - letters * kGlyphStep * dot_;
  text(out, std::max(0, x), height_ * 3 / 4 + 9 * dot_, dot_, feed.substr(0, 12));
}

void Painter::black(std::span<std::uint8_t> out) {
  const auto luma = static_cast<std::ptrdiff_t>(out.size() / 3 * 2);
  std::fill(out.begin(), out.begin() + luma, kBlackLuma);
  std::fill(out.begin() + luma, out.end(), kNoColour);
}

std::string burntClock(Micros wall) {
  const Micros day = (wall + 7 * kHour) % (24 * kHour);
  return fmt::format("{:02d}:{:02d}:{:02d}.{:03d}", day / kHour, day / kMinute % 60, day / kSecond % 60,
                     day / kMillisecond % 1000);
}

}  // namespace diemcau::studio
