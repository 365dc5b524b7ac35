// Which samples of a picture are looked at.
#include <vector>

#include "agent/probe/picture.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::probe {
namespace {

TEST_CASE("of a large picture every so many-th sample is looked at, and no other") {
  for (const int step : {1, 2, 3, 4}) {
    CAPTURE(step);
    const int width = 640 * step, height = 360 * step;
    std::vector<std::uint8_t> luma(static_cast<std::size_t>(width * height), 255);
    double sum = 0;
    for (int y = 0; y < height; y += step) {
      for (int x = 0; x < width; x += step) {
        const int level = 40 + x / step * 7 % 90 + y / step % 50;
        luma[static_cast<std::size_t>(y * width + x)] = static_cast<std::uint8_t>(level);
        sum += level;
      }
    }
    PictureAnalyser analyser;
    analyser.add({luma.data(), width, height, width}, 0, true, true);
    CHECK(analyser.verdict().luma == Approx(sum / (640 * 360)));
  }
}

}  // namespace
}  // namespace diemcau::probe
