// Lines from a file descriptor, as they come. Never blocks once the descriptor is ready.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace diemcau::probe {

class LineReader {
 public:
  static constexpr std::size_t kLongest = 64 << 10;

  explicit LineReader(int fd) : fd_(fd) {}
  // One read; the whole lines so far, without their ends. After the end, or a line that is too long, ended()
  // is true.
  std::vector<std::string> read();
  bool ended() const { return ended_; }

 private:
  const int fd_;
  std::string begun_;
  bool ended_ = false;
};

}  // namespace diemcau::probe
