// The terminal while `diemcau watch` has it: alternate screen, no echo, and as it was at the end. Private to
// this folder.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace diemcau::ctl {

struct TerminalSize {
  std::size_t width = 80, height = 24;
};

bool isTerminal(int fd);
TerminalSize terminalSize(int fd);

class Screen {
 public:
  Screen();
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  void draw(const std::vector<std::string>& lines);
  // Waits for a key, a new size, or a signal to end. False: time to go.
  bool wait(int milliseconds);
};

}  // namespace diemcau::ctl
