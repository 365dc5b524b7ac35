#include "agent/probe/line_reader.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>

namespace diemcau::probe {

std::vector<std::string> LineReader::read() {
  std::array<char, 4096> bytes;
  const ssize_t size = ::read(fd_, bytes.data(), bytes.size());
  if (size < 0 && (errno == EINTR || errno == EAGAIN)) return {};
  if (size <= 0) {
    ended_ = true;
    return {};
  }
  begun_.append(bytes.data(), static_cast<std::size_t>(size));
  std::vector<std::string> out;
  std::size_t from = 0;
  for (std::size_t end = begun_.find('\n'); end != std::string::npos; end = begun_.find('\n', from)) {
    out.push_back(begun_.substr(from, end - from));
    if (!out.back().empty() && out.back().back() == '\r') out.back().pop_back();
    from = end + 1;
  }
  begun_.erase(0, from);
  if (begun_.size() > kLongest) ended_ = true;
  return out;
}

}  // namespace diemcau::probe
