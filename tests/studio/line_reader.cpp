// See line_reader.hpp.
#include "tests/studio/line_reader.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/result.hpp"

namespace diemcau::studio {

namespace {
constexpr std::size_t kLongestLine = 4096;
}

LineReader::LineReader(Loop& loop, int input, std::function<void(std::string)> line)
    : loop_(loop), input_(input), stop_(::eventfd(0, EFD_CLOEXEC)), line_(std::move(line)) {
  DIEMCAU_INVARIANT(stop_ >= 0);
  thread_ = std::thread([this] { read(); });
}

LineReader::~LineReader() {
  ::eventfd_write(stop_, 1);
  thread_.join();
  ::close(stop_);
}

void LineReader::read() {
  std::array<char, 1024> bytes;
  while (true) {
    std::array<pollfd, 2> waited = {{{input_, POLLIN, 0}, {stop_, POLLIN, 0}}};
    if (::poll(waited.data(), waited.size(), -1) < 0 && errno != EINTR) return;
    if (waited[1].revents != 0) return;
    if (waited[0].revents == 0) continue;
    const auto count = ::read(input_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    take(bytes.data(), static_cast<std::size_t>(count));
  }
}

void LineReader::take(const char* bytes, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (bytes[i] != '\n') {
      if (begun_.size() < kLongestLine) begun_ += bytes[i];
      continue;
    }
    if (!begun_.empty()) loop_.post([this, line = std::move(begun_)] { line_(line); });
    begun_.clear();
  }
}

}  // namespace diemcau::studio
