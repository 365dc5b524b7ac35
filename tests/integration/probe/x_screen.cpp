#include "tests/integration/probe/x_screen.hpp"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <fmt/format.h>

#include <cstdlib>
#include <stdexcept>

namespace diemcau::test {

struct XScreen::Link {
  Display* display;
  ~Link() { XCloseDisplay(display); }
};

XScreen::XScreen(int width, int height)
    : server_({"/usr/bin/Xvfb", "-displayfd", "1", "-screen", "0", fmt::format("{}x{}x24", width, height),
               "-nolisten", "tcp"}) {
  const auto number = server_.line();
  if (!number) throw std::runtime_error("the X server does not start: " + server_.errors());
  const std::string name = ":" + *number;
  ::setenv("DISPLAY", name.c_str(), 1);
  Display* display = XOpenDisplay(name.c_str());
  if (display == nullptr) throw std::runtime_error("no answer from the X server " + name);
  link_.reset(new Link{display});
}

XScreen::~XScreen() {
  ::unsetenv("DISPLAY");
}

std::string XScreen::pixels(int x, int y, int width, int height) const {
  XImage* image = XGetImage(link_->display, DefaultRootWindow(link_->display), x, y,
                            static_cast<unsigned>(width), static_cast<unsigned>(height), AllPlanes, ZPixmap);
  if (image == nullptr) throw std::runtime_error("no picture of the screen");
  std::string out(image->data, static_cast<std::size_t>(image->bytes_per_line * image->height));
  XDestroyImage(image);
  return out;
}

std::uint32_t XScreen::colour(int x, int y) const {
  const std::string bytes = pixels(x, y, 1, 1);
  const auto at = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]));
  };
  return at(2) << 16 | at(1) << 8 | at(0);
}

}  // namespace diemcau::test
