// Lines of standard input, read on a thread of its own and handed to the loop: whatever standard input is, a
// pipe, a terminal, a file or nothing.
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "base/loop.hpp"

namespace diemcau::studio {

class LineReader {
 public:
  // `line` runs on the loop's thread. Lines over 4 KiB are cut there. The end of input ends the reading and
  // nothing else.
  LineReader(Loop& loop, int input, std::function<void(std::string)> line);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

 private:
  void read();
  void take(const char* bytes, std::size_t count);

  Loop& loop_;
  int input_;
  int stop_;  // an eventfd: readable when the reader must end
  std::function<void(std::string)> line_;
  std::string begun_;
  std::thread thread_;
};

}  // namespace diemcau::studio
