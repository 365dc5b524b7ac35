#include "wire/picture_mark.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/result.hpp"
#include "base/text.hpp"

namespace diemcau::wire {
namespace {

constexpr int kColumns = 13, kRows = 8;  // of cells; the first and the last row alternate
constexpr int kBits = kColumns * (kRows - 2);
constexpr int kHeightInCells = 72;
constexpr std::uint8_t kBlack = 16, kWhite = 235, kNoColour = 128;
constexpr std::size_t kLongestBriefing = 64;  // characters
constexpr double kLeastCell = 2.5;            // pixels
constexpr int kEdge = 60;                     // luma that makes an edge: a ringing coder does not
constexpr int kContrast = 50;
constexpr unsigned kBriefingBits = 30, kPictureBits = 12, kTimeBits = 16, kErrorBits = 4;
constexpr unsigned kPayload = kBriefingBits + kPictureBits + kTimeBits + kErrorBits;
static_assert(kPayload + 16 == kBits);
constexpr std::uint32_t kErrorUnknown = (1U << kErrorBits) - 1;

using Bits = std::array<bool, kBits>;

// White cells are ones.
bool turned(int at) {
  return (at * 7 + at / 3) % 5 < 2;
}

std::uint32_t checksum(const Bits& bits) {
  std::uint32_t crc = 0xffff;
  for (unsigned i = 0; i < kPayload; ++i) {
    const bool top = (crc >> 15 & 1) != 0;
    crc = crc << 1 & 0xffff;
    if (top != bits[i]) crc ^= 0x1021;
  }
  return crc;
}

class Writer {
 public:
  void put(std::uint32_t value, unsigned bits) {
    while (bits-- > 0) bits_[at_++] = (value >> bits & 1) != 0;
  }
  Bits bits_{};
  std::size_t at_ = 0;
};

std::uint32_t take(const Bits& bits, std::size_t& at, unsigned count) {
  std::uint32_t out = 0;
  while (count-- > 0) out = out << 1 | static_cast<std::uint32_t>(bits[at++]);
  return out;
}

Bits encoded(const PictureMark& mark) {
  Writer out;
  out.put(mark.briefing, kBriefingBits);
  out.put(mark.picture, kPictureBits);
  out.put(mark.made_ms, kTimeBits);
  out.put(mark.clock_error, kErrorBits);
  out.put(checksum(out.bits_), 16);
  for (int i = 0; i < kBits; ++i) out.bits_[static_cast<std::size_t>(i)] ^= turned(i);
  return out.bits_;
}

std::optional<PictureMark> decoded(Bits bits) {
  for (int i = 0; i < kBits; ++i) bits[static_cast<std::size_t>(i)] ^= turned(i);
  std::size_t at = 0;
  PictureMark out;
  out.briefing = take(bits, at, kBriefingBits);
  out.picture = take(bits, at, kPictureBits);
  out.made_ms = take(bits, at, kTimeBits);
  out.clock_error = take(bits, at, kErrorBits);
  if (take(bits, at, 16) != checksum(bits)) return {};
  return out;
}

int lumaAt(const Luma& picture, int x, int y) {
  x = std::clamp(x, 0, picture.width - 1);
  y = std::clamp(y, 0, picture.height - 1);
  const std::uint8_t* at = picture.data + static_cast<std::ptrdiff_t>(y) * picture.stride +
                           static_cast<std::ptrdiff_t>(x) * picture.step;
  return picture.shift == 0 ? at[0] : std::min(255, (at[0] | at[1] << 8) >> picture.shift);
}

int whole(double value) {
  return static_cast<int>(std::floor(value));
}

// Of a row that alternates, black first and last: the luma between its black and white; nothing where it is
// none.
std::optional<int> alternates(const Luma& picture, double left, double wide, int row) {
  if (row < 0 || row >= picture.height) return {};
  std::array<int, kColumns> cells{};
  int black = 0, white = 0;
  for (int c = 0; c < kColumns; ++c) {
    const int luma = lumaAt(picture, whole(left + (c + 0.5) * wide), row);
    cells[static_cast<std::size_t>(c)] = luma;
    (c % 2 == 0 ? black : white) += luma;
  }
  black /= kColumns / 2 + 1;
  white /= kColumns / 2;
  if (white - black < kContrast) return {};
  const int middle = (black + white) / 2;
  for (int c = 0; c < kColumns; ++c)
    if ((cells[static_cast<std::size_t>(c)] < middle) != (c % 2 == 0)) return {};
  return middle;
}

// Edges of one line, from left to right, as far as the last 14 matter: 13 cells of about one width between
// them, the first from white to black.
class Edges {
 public:
  // True: the last ones are the alternating row's.
  bool add(int x) {
    std::rotate(at_.begin(), at_.begin() + 1, at_.end());
    at_.back() = x;
    if (++count_ < kColumns + 1) return false;
    const double mean = width();
    if (mean < kLeastCell) return false;
    for (std::size_t i = 1; i < at_.size(); ++i) {
      const double cell = at_[i] - at_[i - 1];
      if (std::abs(cell - mean) > std::max(1.5, 0.4 * mean)) return false;
    }
    return true;
  }
  int left() const { return at_.front(); }
  double width() const { return static_cast<double>(at_.back() - at_.front()) / kColumns; }

 private:
  std::array<int, kColumns + 1> at_{};
  int count_ = 0;
};

}  // namespace

std::uint32_t briefingNumber(std::string_view name) {
  const auto clean = cleanText(name, kLongestBriefing, "mark");
  std::uint32_t hash = 2166136261U;  // FNV-1a
  for (const char letter : clean ? std::string_view(*clean) : name)
    hash = (hash ^ static_cast<std::uint8_t>(letter)) * 16777619U;
  return (hash >> kBriefingBits ^ hash) & ((1U << kBriefingBits) - 1);
}

PictureMark pictureMarkOf(const v1::FeedMark& mark) {
  PictureMark out;
  out.briefing = briefingNumber(mark.briefing());
  out.picture = static_cast<std::uint32_t>(mark.picture() & ((1U << kPictureBits) - 1));
  out.made_ms = static_cast<std::uint32_t>(static_cast<std::uint64_t>(mark.made_us() / kMillisecond) &
                                           ((1U << kTimeBits) - 1));
  while (out.clock_error < kErrorUnknown && (1U << out.clock_error) < mark.clock_error_ms())
    ++out.clock_error;
  return out;
}

v1::FeedMark feedMarkOf(const PictureMark& mark, Micros wall) {
  constexpr std::int64_t kTurn = 1 << kTimeBits;
  std::int64_t ago = (wall / kMillisecond - static_cast<std::int64_t>(mark.made_ms)) % kTurn;
  if (ago >= kTurn / 2) ago -= kTurn;
  v1::FeedMark out;
  out.set_picture(mark.picture);
  out.set_made_us((wall / kMillisecond - ago) * kMillisecond);
  out.set_clock_error_ms(1U << mark.clock_error);
  return out;
}

void drawPictureMark(const PictureMark& mark, std::span<std::uint8_t> picture, int width, int height) {
  const auto w = static_cast<std::size_t>(width), h = static_cast<std::size_t>(height);
  DIEMCAU_INVARIANT(width >= 64 && height >= 64 && picture.size() >= w * h + 2 * (w / 2) * (h / 2));
  const int cell = std::max(2, (height + kHeightInCells / 2) / kHeightInCells);
  const Bits bits = encoded(mark);
  // With one cell of white around.
  const int across = std::min(width, (kColumns + 2) * cell), down = std::min(height, (kRows + 2) * cell);
  const int left = width - across;
  for (int y = 0; y < down; ++y) {
    std::uint8_t* line = picture.data() + static_cast<std::ptrdiff_t>(y) * width + left;
    const int row = y / cell - 1;
    for (int x = 0; x < across; ++x) {
      const int column = x / cell - 1;
      bool white = true;
      if (row >= 0 && row < kRows && column >= 0 && column < kColumns) {
        const bool data = row > 0 && row < kRows - 1;
        white = data ? bits[static_cast<std::size_t>((row - 1) * kColumns + column)] : column % 2 != 0;
      }
      line[x] = white ? kWhite : kBlack;
    }
  }
  for (int plane = 0; plane < 2; ++plane) {
    std::uint8_t* colour = picture.data() + w * h + static_cast<std::size_t>(plane) * (w / 2) * (h / 2);
    for (int y = 0; y < down / 2; ++y)
      std::fill_n(colour + static_cast<std::ptrdiff_t>(y) * (width / 2) + left / 2, across / 2, kNoColour);
  }
}

std::optional<PictureMark> PictureMarkReader::readAt(const Luma& picture, const Place& place) const {
  const auto top = alternates(picture, place.left, place.wide, whole(place.top + 0.5 * place.high));
  const auto bottom =
      alternates(picture, place.left, place.wide, whole(place.top + (kRows - 0.5) * place.high));
  if (!top || !bottom) return {};
  const int middle = (*top + *bottom) / 2;
  Bits bits{};
  for (int i = 0; i < kBits; ++i) {
    const double x = place.left + (i % kColumns + 0.5) * place.wide,
                 y = place.top + (i / kColumns + 1.5) * place.high;
    int sum = 0;
    for (int part = 0; part < 9; ++part)
      sum += lumaAt(picture, whole(x + (part % 3 - 1) * place.wide / 5),
                    whole(y + (part / 3 - 1) * place.high / 5));
    bits[static_cast<std::size_t>(i)] = sum > 9 * middle;
  }
  return decoded(bits);
}

// From a line through the upper alternating row: down to the lower one, which tells the cells' height.
std::optional<PictureMarkReader::Place> PictureMarkReader::below(const Luma& picture, double left,
                                                                 double wide, int row) const {
  int top = row;
  while (row - top < 2 * wide && alternates(picture, left, wide, top - 1)) --top;
  // Cells may be twice as high as wide, or half: screens that show every picture as 4:3, or as 21:9.
  const int first = whole(top + (kRows - 2) * wide / 2), last = whole(top + 2 * kRows * wide);
  for (int y = first; y <= last && y < picture.height; ++y) {
    if (!alternates(picture, left, wide, y)) continue;
    int end = y;
    while (end - y < 2 * wide && alternates(picture, left, wide, end + 1)) ++end;
    const double high = static_cast<double>(end + 1 - top) / kRows;
    if (high < kLeastCell || end + 1 - y > 2 * high) continue;  // still in the upper one
    return Place{left, static_cast<double>(top), wide, high};
  }
  return {};
}

std::optional<PictureMark> PictureMarkReader::read(const Luma& picture, bool search) {
  if (place_) {
    if (auto mark = readAt(picture, *place_)) return mark;
  }
  if (!search) return {};
  for (int y = 0; y < picture.height / 2; y += 2) {
    Edges edges;
    bool dark = false;
    int extreme = lumaAt(picture, picture.width / 2, y);  // since the last edge
    for (int x = picture.width / 2; x < picture.width; ++x) {
      const int luma = lumaAt(picture, x, y);
      if (dark ? luma < extreme : luma > extreme) extreme = luma;
      if (std::abs(luma - extreme) < kEdge) continue;
      dark = !dark;
      extreme = luma;
      // Behind the last black cell it grows white again.
      if (!edges.add(x) || dark) continue;
      const auto place = below(picture, edges.left(), edges.width(), y);
      if (!place) continue;
      if (auto mark = readAt(picture, *place)) {
        place_ = place;
        return mark;
      }
    }
  }
  return {};
}

}  // namespace diemcau::wire
