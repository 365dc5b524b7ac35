// The test picture: colour bars, a ball in motion, a clock with milliseconds, the feed's name and a frame
// counter. Painted in planar YUV 4:2:0 onto a copy of the still part, because drawing bars anew costs more
// than encoding. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace diemcau::studio {

struct Yuv {
  std::uint8_t y, u, v;
};

class Painter {
 public:
  // Width a multiple of 8, height even: the planes then have no padding.
  Painter(int width, int height);

  std::size_t bytes() const { return still_.size(); }

  // What all feeds share: bars, ball, clock, counter. `media` is the time since the first frame.
  void paint(std::span<std::uint8_t> out, Micros media, Micros wall, std::uint64_t frame) const;
  // The feed's name, onto a painted picture.
  void name(std::span<std::uint8_t> out, std::string_view feed) const;
  static void black(std::span<std::uint8_t> out);

 private:
  void rectangle(std::span<std::uint8_t> out, int x, int y, int width, int height, Yuv colour) const;
  void disc(std::span<std::uint8_t> out, int cx, int cy, int radius, Yuv colour) const;
  void text(std::span<std::uint8_t> out, int x, int y, int dot, std::string_view letters) const;

  int width_;
  int height_;
  int dot_;  // size of one dot of a letter, even
  std::vector<std::uint8_t> still_;
};

// "HH:MM:SS.mmm" in Vietnam's time (UTC+7, no daylight saving), as burnt in.
std::string burntClock(Micros wall);

}  // namespace diemcau::studio
