// A screen in memory: an X server of the test's own, and what is to be seen on it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "tests/support/process.hpp"

namespace diemcau::test {

class XScreen {
 public:
  // While it lives, programs that are started show there.
  XScreen(int width, int height);
  ~XScreen();
  XScreen(const XScreen&) = delete;
  XScreen& operator=(const XScreen&) = delete;

  std::uint32_t colour(int x, int y) const;  // 0xRRGGBB
  std::string pixels(int x, int y, int width, int height) const;

 private:
  struct Link;
  Process server_;
  std::unique_ptr<Link> link_;
};

}  // namespace diemcau::test
