// A studio's mark in the picture itself, for who has nothing but the picture: a capture card behind the
// hall's projector. Black and white cells in the upper right corner, of which each is a 72nd of the picture's
// height: a row that alternates, six rows of data, a row that alternates, and white around. It is found
// wherever the screen puts the picture, at any size that leaves a cell three pixels, and a CRC keeps what is
// damaged from being read. Pure.
//
// In the cells, from the upper left, row by row, the highest bit first: 30 bits of the briefing's number, 12
// of the picture's, 16 of the studio's clock in milliseconds, 4 of its error (the power of two above it, in
// milliseconds), CRC-16/CCITT of these. Each is turned over by a fixed pattern, so that no number makes a
// plain area.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/time.hpp"
#include "diemcau/v1/feed.pb.h"

namespace diemcau::wire {

struct PictureMark {
  std::uint32_t briefing = 0;     // 30 bits
  std::uint32_t picture = 0;      // 12 bits
  std::uint32_t made_ms = 0;      // 16 bits
  std::uint32_t clock_error = 0;  // 4 bits; 15: not known
  bool operator==(const PictureMark&) const = default;
};

// The briefing's number, of its name as it is stored everywhere (NFC, cleaned): many names have the same, and
// two that meet hardly ever.
std::uint32_t briefingNumber(std::string_view name);

PictureMark pictureMarkOf(const v1::FeedMark& mark);
// Its parts that are told in full, by the clock of whoever reads it, which is within half a minute of the
// studio's. The briefing stays empty: a number has no name.
v1::FeedMark feedMarkOf(const PictureMark& mark, Micros wall);

// `picture`: planar YUV 4:2:0 without padding, at least 64x64.
void drawPictureMark(const PictureMark& mark, std::span<std::uint8_t> picture, int width, int height);

// Luma of one picture; `step` bytes from one to the next, of which the first two hold a value that `shift`
// makes eight bits; 0: the first alone does.
struct Luma {
  const std::uint8_t* data = nullptr;
  int width = 0, height = 0;
  int stride = 0;  // bytes
  int step = 1;
  int shift = 0;
};

// Remembers where the mark was: looking there costs next to nothing.
class PictureMarkReader {
 public:
  // `search`: also look through the picture's upper right quarter when the mark is not where it was.
  std::optional<PictureMark> read(const Luma& picture, bool search);

 private:
  struct Place {
    double left, top, wide, high;  // of the first cell, pixels
  };
  std::optional<PictureMark> readAt(const Luma& picture, const Place& place) const;
  std::optional<Place> below(const Luma& picture, double left, double wide, int row) const;

  std::optional<Place> place_;
};

}  // namespace diemcau::wire
