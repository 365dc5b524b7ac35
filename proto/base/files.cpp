// Small files read and written whole, and addresses to listen on: the rest of base/settings.hpp.
#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>

#include "base/random.hpp"
#include "base/settings.hpp"

namespace diemcau {
namespace {

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() { shut(); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  bool shut() {
    const int fd = fd_;
    fd_ = -1;
    return fd < 0 || ::close(fd) == 0;
  }

 private:
  int fd_;
};

tl::unexpected<Error> failed(const char* act, const std::string& path, int error) {
  const ErrorCode code = error == ENOENT                     ? ErrorCode::kNotFound
                         : error == EACCES || error == EPERM ? ErrorCode::kDenied
                                                             : ErrorCode::kInternal;
  return fail(code, fmt::format("cannot {} {}: {}", act, path, std::strerror(error)));
}

bool writeAll(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t wrote = ::write(fd, content.data(), content.size());
    if (wrote < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    content.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

}  // namespace

Result<std::string> readFile(const std::string& path, std::size_t max_bytes) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) return failed("read", path, errno);
  std::string content;
  char buffer[16 * 1024];
  for (;;) {
    const ssize_t got = ::read(file.fd(), buffer, sizeof buffer);
    if (got == 0) return content;
    if (got < 0) {
      if (errno == EINTR) continue;
      return failed("read", path, errno);
    }
    if (content.size() + static_cast<std::size_t>(got) > max_bytes) {
      return fail(ErrorCode::kTooBig, fmt::format("{} is larger than {} bytes", path, max_bytes));
    }
    content.append(buffer, static_cast<std::size_t>(got));
  }
}

Done writeFileAtomically(const std::string& path, std::string_view content, unsigned mode) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  const std::string beside = path + "." + randomHex(6) + ".new";
  File file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!file.open()) return failed("write", path, errno);
  // fchmod: the mode as given, whatever the umask is.
  if (::fchmod(file.fd(), mode) != 0 || !writeAll(file.fd(), content) || ::fsync(file.fd()) != 0 ||
      !file.shut() || std::rename(beside.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(beside.c_str());
    return failed("write", path, error);
  }
  const File parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!parent.open() || ::fsync(parent.fd()) != 0) return failed("fsync the folder of", path, errno);
  return {};
}

bool ListenAddress::loopback() const {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

Result<ListenAddress> parseListen(std::string_view text) {
  const auto wrong = [&](const char* why) {
    return fail(ErrorCode::kInvalid, fmt::format("\"{}\": {}; an example is 127.0.0.1:7600 or [::1]:7600",
                                                 text.substr(0, 80), why));
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong("the port is missing");
  ListenAddress out;
  out.host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (port.empty() || error != std::errc() || end != port.data() + port.size())
    return wrong("the port is not 0-65535");
  in_addr four{};
  in6_addr six{};
  if (out.host.size() > 2 && out.host.front() == '[' && out.host.back() == ']') {
    out.host = out.host.substr(1, out.host.size() - 2);
    if (inet_pton(AF_INET6, out.host.c_str(), &six) != 1) return wrong("the host is not an IPv6 address");
  } else if (out.host != "localhost" && inet_pton(AF_INET, out.host.c_str(), &four) != 1) {
    return wrong("the host is not a numeric address");
  }
  return out;
}

}  // namespace diemcau
