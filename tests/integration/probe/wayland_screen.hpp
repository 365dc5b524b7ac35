// A Wayland compositor of the test's own (Weston, into memory), and what is to be seen on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/process.hpp"

namespace diemcau::test {

class WaylandScreen {
 public:
  // While it lives, programs that are started show there.
  WaylandScreen(int width, int height);
  ~WaylandScreen();
  WaylandScreen(const WaylandScreen&) = delete;
  WaylandScreen& operator=(const WaylandScreen&) = delete;

  // The whole screen as it is now.
  class Shot {
   public:
    Shot(int width, std::string rgb) : width_(width), rgb_(std::move(rgb)) {}
    std::uint32_t colour(int x, int y) const;  // 0xRRGGBB
    std::string pixels(int x, int y, int width, int height) const;

   private:
    std::size_t at(int x, int y) const;
    int width_;
    std::string rgb_;
  };
  Shot shot() const;

 private:
  bool take(std::string& rgb) const;

  const int width_, height_;
  TempDir dir_;
  std::vector<std::string> where_;
  std::unique_ptr<Process> server_;
};

}  // namespace diemcau::test
