#include "tests/integration/probe/wayland_screen.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace diemcau::test {
namespace {

constexpr const char* kSocket = "diemcau-test";
constexpr int kTries = 300;  // each starts a program, while the compositor starts

}  // namespace

WaylandScreen::WaylandScreen(int width, int height)
    : width_(width),
      height_(height),
      where_({"XDG_RUNTIME_DIR=" + dir_.path(), std::string("WAYLAND_DISPLAY=") + kSocket,
              "XDG_PICTURES_DIR=" + dir_.path()}) {
  const std::vector<std::string> words = {"/usr/bin/weston",
                                          "--backend=headless-backend.so",
                                          "--use-pixman",
                                          "--no-config",
                                          "--debug",
                                          "--idle-time=0",
                                          "--socket=" + std::string(kSocket),
                                          fmt::format("--width={}", width),
                                          fmt::format("--height={}", height)};
  server_ = std::make_unique<Process>(words, ProcessSetup{.input = false, .more = {where_.front()}});
  ::setenv("XDG_RUNTIME_DIR", dir_.path().c_str(), 1);
  ::setenv("WAYLAND_DISPLAY", kSocket, 1);
  shot();
}

WaylandScreen::~WaylandScreen() {
  ::unsetenv("WAYLAND_DISPLAY");
  ::unsetenv("XDG_RUNTIME_DIR");
}

std::size_t WaylandScreen::Shot::at(int x, int y) const {
  return 3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x));
}

std::uint32_t WaylandScreen::Shot::colour(int x, int y) const {
  std::uint32_t out = 0;
  for (std::size_t n = 0; n < 3; ++n) out = out << 8 | static_cast<unsigned char>(rgb_.at(at(x, y) + n));
  return out;
}

std::string WaylandScreen::Shot::pixels(int x, int y, int width, int height) const {
  std::string out;
  for (int row = y; row < y + height; ++row)
    out += rgb_.substr(at(x, row), 3 * static_cast<std::size_t>(width));
  return out;
}

// False: the compositor is not there yet.
bool WaylandScreen::take(std::string& rgb) const {
  if (Process({"/usr/bin/weston-screenshooter"}, ProcessSetup{.input = false, .more = where_}).wait() != 0)
    return false;
  for (const auto& entry : std::filesystem::directory_iterator(dir_.path())) {
    if (entry.path().extension() != ".png") continue;
    const std::string raw = dir_ / "screen.rgb";
    const auto ended = Process({"/usr/bin/ffmpeg", "-v", "error", "-y", "-i", entry.path(), "-f", "rawvideo",
                                "-pix_fmt", "rgb24", raw})
                           .wait();
    std::filesystem::remove(entry.path());
    std::ifstream in(raw, std::ios::binary);
    rgb.assign(std::istreambuf_iterator<char>(in), {});
    return ended == 0 &&
           rgb.size() == 3 * static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_);
  }
  return false;
}

WaylandScreen::Shot WaylandScreen::shot() const {
  std::string rgb;
  for (int n = 0; n < kTries; ++n)
    if (take(rgb)) return {width_, std::move(rgb)};
  throw std::runtime_error("no picture of the screen: " + server_->errors());
}

}  // namespace diemcau::test
