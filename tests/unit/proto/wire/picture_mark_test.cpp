// A studio's mark in the picture: what a screen, a scaler and a coder do to it, and what must never be read
// as one.
#include "wire/picture_mark.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/support/catch.hpp"

namespace diemcau::wire {
namespace {

struct Picture {
  int width = 0, height = 0;
  std::vector<std::uint8_t> bytes;

  Picture(int w, int h, std::uint8_t luma = 90)
      : width(w), height(h), bytes(static_cast<std::size_t>(w) * static_cast<std::size_t>(h) * 3 / 2, luma) {}
  std::uint8_t& at(int x, int y) {
    return bytes[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
  }
  std::uint8_t at(int x, int y) const { return const_cast<Picture*>(this)->at(x, y); }
  Luma luma() const { return {bytes.data(), width, height, width, 1, 0}; }
};

// A crude, repeatable source of noise.
class Noise {
 public:
  explicit Noise(unsigned seed) : state_(seed * 2654435761U + 1) {}
  unsigned next() { return (state_ = state_ * 1664525U + 1013904223U) >> 8; }
  int around(int most) { return static_cast<int>(next() % static_cast<unsigned>(2 * most + 1)) - most; }

 private:
  unsigned state_;
};

// Text, edges, stripes: what slides are made of.
Picture slide(int width, int height, unsigned seed) {
  Picture out(width, height, 210);
  Noise noise(seed);
  for (int i = 0; i < 400; ++i) {
    const int x = static_cast<int>(noise.next()) % width, y = static_cast<int>(noise.next()) % height;
    const int wide = 1 + static_cast<int>(noise.next() % 40), high = 1 + static_cast<int>(noise.next() % 40);
    const auto level = static_cast<std::uint8_t>(noise.next());
    for (int row = y; row < std::min(height, y + high); ++row)
      for (int column = x; column < std::min(width, x + wide); ++column) out.at(column, row) = level;
  }
  return out;
}

// Bilinear, into a box of another picture.
void scale(const Picture& from, Picture& to, int left, int top, int width, int height) {
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double sx = std::clamp((x + 0.5) * from.width / width - 0.5, 0.0, from.width - 1.0),
                   sy = std::clamp((y + 0.5) * from.height / height - 0.5, 0.0, from.height - 1.0);
      const int x0 = static_cast<int>(sx), y0 = static_cast<int>(sy);
      const int x1 = std::min(x0 + 1, from.width - 1), y1 = std::min(y0 + 1, from.height - 1);
      const double fx = sx - x0, fy = sy - y0;
      const double value = (1 - fy) * ((1 - fx) * from.at(x0, y0) + fx * from.at(x1, y0)) +
                           fy * ((1 - fx) * from.at(x0, y1) + fx * from.at(x1, y1));
      to.at(left + x, top + y) = static_cast<std::uint8_t>(value + 0.5);
    }
  }
}

void spoil(Picture& picture, int strength, double contrast, int level, unsigned seed) {
  Noise noise(seed);
  for (std::uint8_t& luma : picture.bytes)
    luma = static_cast<std::uint8_t>(
        std::clamp((luma - 128) * contrast + level + noise.around(strength), 0.0, 255.0));
}

PictureMark someMark(unsigned seed) {
  Noise noise(seed);
  return {noise.next() & 0x3fffffffU, noise.next() & 4095U, noise.next() & 65535U, noise.next() & 15U};
}

TEST_CASE("a mark is read where it was drawn, in every size of a picture") {
  for (const auto& [width, height] : {std::pair(320, 180), std::pair(640, 360), std::pair(854, 480),
                                      std::pair(1280, 720), std::pair(1920, 1080), std::pair(1024, 768)}) {
    CAPTURE(width, height);
    for (unsigned seed = 1; seed <= 20; ++seed) {
      Picture picture = slide(width, height, seed);
      PictureMarkReader reader;
      CHECK_FALSE(reader.read(picture.luma(), true));
      drawPictureMark(someMark(seed), picture.bytes, width, height);
      CHECK(reader.read(picture.luma(), true) == someMark(seed));
    }
  }
}

TEST_CASE("what screens and scalers do to it: other sizes, bars around, weak contrast, noise") {
  struct Row {
    int from_width, from_height, to_width, to_height, left, top, width, height;
  };
  const Row rows[] = {{1920, 1080, 640, 360, 0, 0, 640, 360},    {1280, 720, 640, 360, 0, 0, 640, 360},
                      {640, 360, 1920, 1080, 0, 0, 1920, 1080},  {1920, 1080, 1280, 800, 0, 40, 1280, 720},
                      {1280, 720, 1024, 768, 0, 96, 1024, 576},  {1280, 720, 1024, 768, 0, 0, 1024, 768},
                      {1920, 1080, 1280, 720, 13, 7, 1201, 699}, {1280, 720, 1920, 1080, 240, 0, 1440, 1080}};
  for (const Row& row : rows) {
    for (unsigned seed = 1; seed <= 6; ++seed) {
      CAPTURE(row.from_width, row.to_width, row.to_height, row.left, row.top, row.width, seed);
      Picture picture = slide(row.from_width, row.from_height, seed);
      drawPictureMark(someMark(seed), picture.bytes, row.from_width, row.from_height);
      Picture screen(row.to_width, row.to_height, 0);
      scale(picture, screen, row.left, row.top, row.width, row.height);
      spoil(screen, 14, seed % 2 == 0 ? 0.6 : 1.1, 120, seed);
      PictureMarkReader reader;
      CHECK(reader.read(screen.luma(), true) == someMark(seed));
    }
  }
}

TEST_CASE("it is found anew where the picture moved, and only when it may be searched") {
  Picture picture = slide(1280, 720, 1);
  drawPictureMark(someMark(1), picture.bytes, 1280, 720);
  Picture whole(1280, 800, 0), small(1280, 800, 0);
  scale(picture, whole, 0, 40, 1280, 720);
  scale(picture, small, 100, 90, 1080, 608);
  PictureMarkReader reader;
  CHECK_FALSE(reader.read(whole.luma(), false));
  CHECK(reader.read(whole.luma(), true));
  CHECK(reader.read(whole.luma(), false) == someMark(1));
  CHECK_FALSE(reader.read(small.luma(), false));
  CHECK(reader.read(small.luma(), true) == someMark(1));
}

TEST_CASE("packed and deep pictures") {
  Picture picture = slide(640, 360, 3);
  drawPictureMark(someMark(3), picture.bytes, 640, 360);
  std::vector<std::uint8_t> packed(640 * 360 * 2), deep(640 * 360 * 2);
  for (std::size_t i = 0; i < 640 * 360; ++i) {
    packed[2 * i] = picture.bytes[i];
    packed[2 * i + 1] = 77;
    const int ten = picture.bytes[i] * 4 + 3;
    deep[2 * i] = static_cast<std::uint8_t>(ten);
    deep[2 * i + 1] = static_cast<std::uint8_t>(ten >> 8);
  }
  CHECK(PictureMarkReader().read({packed.data(), 640, 360, 1280, 2, 0}, true) == someMark(3));
  CHECK(PictureMarkReader().read({deep.data(), 640, 360, 1280, 2, 2}, true) == someMark(3));
}

TEST_CASE("damage is not read as another mark, and nothing else is read as one") {
  int read = 0;
  for (unsigned seed = 1; seed <= 400; ++seed) {
    Picture picture = slide(640, 360, seed % 5);
    drawPictureMark(someMark(seed), picture.bytes, 640, 360);
    Noise noise(seed);
    // Boxes over it, as a speaker's window or a menu has.
    for (int i = 0; i < 3; ++i) {
      const int x = 560 + static_cast<int>(noise.next() % 76), y = static_cast<int>(noise.next() % 46);
      for (int row = y; row < y + 4; ++row)
        for (int column = x; column < x + 4; ++column)
          picture.at(column, row) = static_cast<std::uint8_t>(noise.next());
    }
    const auto mark = PictureMarkReader().read(picture.luma(), true);
    if (!mark) continue;
    ++read;
    CHECK(*mark == someMark(seed));
  }
  CHECK(read > 10);  // some boxes hit what is not looked at
  CHECK(read < 390);
  for (unsigned seed = 1; seed <= 60; ++seed) {
    CHECK_FALSE(PictureMarkReader().read(slide(640, 360, seed).luma(), true));
    Picture stripes(640, 360);
    const int wide = 3 + static_cast<int>(seed % 20);
    for (int y = 0; y < 360; ++y)
      for (int x = 0; x < 640; ++x) stripes.at(x, y) = x / wide % 2 == 0 ? 16 : 235;
    CHECK_FALSE(PictureMarkReader().read(stripes.luma(), true));
    Picture grain(320, 180);
    spoil(grain, 120, 1, 128, seed);
    CHECK_FALSE(PictureMarkReader().read(grain.luma(), true));
  }
}

TEST_CASE("the time in a mark, by clocks that differ, over its turn") {
  const Micros wall = 1'795'730'000'123'000;
  for (const Micros ago : {0L, 40L, 3'000L, 30'000L, -20L, -5'000L, 32'000L, -32'000L}) {
    v1::FeedMark made;
    made.set_briefing("Giao ban");
    made.set_picture(70'000);
    made.set_made_us(wall - ago * kMillisecond);
    made.set_clock_error_ms(5);
    const v1::FeedMark read = feedMarkOf(pictureMarkOf(made), wall);
    CHECK(read.made_us() == made.made_us());
    CHECK(read.picture() == 70'000 % 4096);
    CHECK(read.clock_error_ms() == 8);
    CHECK(read.briefing().empty());
  }
  v1::FeedMark unsure;
  unsure.set_clock_error_ms(16'000);
  CHECK(feedMarkOf(pictureMarkOf(unsure), wall).clock_error_ms() >= 16'000);
}

TEST_CASE("briefings have their own numbers") {
  CHECK(briefingNumber("Giao ban") != briefingNumber("Giao bạn"));
  // Typed letter by letter and composed: one name.
  CHECK(briefingNumber("Giao ba\u0323n") == briefingNumber("Giao b\u1ea1n"));
  CHECK(briefingNumber("") != briefingNumber("a"));
  CHECK(briefingNumber("Giao ban tháng 11") < (1U << 30));
}

}  // namespace
}  // namespace diemcau::wire
