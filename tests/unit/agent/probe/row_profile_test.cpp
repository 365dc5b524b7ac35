// A page that was scrolled is known again, on pictures made by hand.
#include "agent/probe/row_profile.hpp"

#include <algorithm>
#include <random>

#include "agent/probe/picture.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::probe {
namespace {

constexpr std::size_t kWide = 640;
constexpr int kHigh = 360;

using Samples = std::vector<std::uint8_t>;

void box(Samples& to, int x, int y, int w, int h, int level) {
  for (int row = std::max(0, y); row < std::min(kHigh, y + h); ++row)
    std::fill_n(to.begin() + row * int(kWide) + x, w, static_cast<std::uint8_t>(level));
}
// Lines of a page, from its row `top` on.
Samples page(int top, unsigned seed = 3) {
  Samples out(kWide * kHigh, 235);
  std::mt19937 random(seed);
  for (int line = 0; line < 80; ++line) {
    const int width = 120 + static_cast<int>(random() % 440), ink = static_cast<int>(random() % 120);
    box(out, 30, line * 17 - top, width, 9, ink);
  }
  return out;
}
bool scrolled(const Samples& before, const Samples& after) {
  return RowProfile(before, kWide).scrolledTo(RowProfile(after, kWide));
}

TEST_CASE("a page moved up or down is the same page") {
  for (const int by : {3, 40, 150}) {
    CAPTURE(by);
    CHECK(scrolled(page(200), page(200 + by)));
    CHECK(scrolled(page(200 + by), page(200)));
  }
  SECTION("under a head that stays") {
    Samples before = page(200), after = page(240);
    for (Samples* one : {&before, &after}) box(*one, 0, 0, kWide, 60, 90);
    CHECK(scrolled(before, after));
  }
}

TEST_CASE("what is not scrolled") {
  const Samples before = page(200);
  CHECK_FALSE(scrolled(before, before));
  CHECK_FALSE(scrolled(before, page(200, 4)));  // another page
  Samples speaker = before, later = before;     // who sways in a part of the picture
  box(speaker, 60, 150, 140, 180, 60);
  box(later, 75, 142, 140, 180, 60);
  CHECK_FALSE(scrolled(speaker, later));
  CHECK_FALSE(RowProfile().scrolledTo(RowProfile()));
  CHECK_FALSE(RowProfile(Samples(16, 1), 4).scrolledTo(RowProfile(before, kWide)));
}

TEST_CASE("a page that was scrolled and is read now is not frozen, a film that stops is") {
  const bool film = GENERATE(false, true);
  CAPTURE(film);
  PictureAnalyser analyser;
  bool frozen = false;
  for (int frame = 0; frame < 250; ++frame) {
    const int now = std::min(frame, 150);
    Samples picture = page(film ? 0 : now);
    // A photograph in it resembles itself all the while.
    for (int strip = 0; strip < 20; ++strip)
      box(picture, 100, (film ? 60 : 200 - now) + strip * 12, 400, 12, 60 + strip * 6);
    if (film) box(picture, 120 + now % 50 * 5, 100, 60, 90, 30);
    analyser.add({picture.data(), int(kWide), kHigh, int(kWide)}, frame / 25.0, frame % 50 == 0, true);
    frozen |= analyser.verdict().still && analyser.verdict().was_alive;
  }
  CHECK(analyser.verdict().still);
  CHECK(frozen == film);
}

}  // namespace
}  // namespace diemcau::probe
