// Lines of standard input, whatever it is (a terminal, a pipe, a file), handed to the loop.
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "base/loop.hpp"

namespace diemcau::fleet {

class Input {
 public:
  // `line` is called on the loop's thread; nothing follows the end of the input.
  Input(Loop& loop, std::function<void(std::string)> line);
  ~Input();
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

 private:
  void read();
  Loop& loop_;
  std::shared_ptr<std::function<void(std::string)>>
      line_;  // gone when the reader is: late posts find nothing
  int wake_ = -1;
  std::thread thread_;
};

}  // namespace diemcau::fleet
