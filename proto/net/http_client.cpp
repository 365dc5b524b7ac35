// Blocking HTTP/1.1 over a plain socket, for command lines. One request, one answer, the connection ends.
#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

#include "base/time.hpp"
#include "net/client.hpp"
#include "net/url.hpp"

namespace diemcau::net {
namespace {

constexpr std::size_t kMaxAnswer = 256 * 1024 * 1024, kMaxHead = 64 * 1024;

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  Socket& operator=(Socket&&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

class Deadline {
 public:
  explicit Deadline(unsigned seconds)
      : at_(systemClock().steady() + static_cast<Micros>(seconds) * kSecond) {}
  // False when the time is over, or the wait failed.
  bool wait(int fd, short events) const {
    for (;;) {
      const Micros left = at_ - systemClock().steady();
      if (left <= 0) return false;
      pollfd one{fd, events, 0};
      const int ready = poll(&one, 1, static_cast<int>(std::min<Micros>(left / kMillisecond + 1, 60'000)));
      if (ready > 0) return true;
      if (ready < 0 && errno != EINTR) return false;
    }
  }

 private:
  Micros at_;
};

tl::unexpected<Error> unreachable(const Url& url, std::string_view why, std::string_view why_vi) {
  return fail(ErrorCode::kUnavailable, fmt::format("{}:{} was not reached: {}", url.host, url.port, why),
              fmt::format("không liên lạc được với {}:{}: {}", url.host, url.port, why_vi));
}

tl::unexpected<Error> broken(const Url& url, std::string_view why) {
  return fail(ErrorCode::kUnavailable,
              fmt::format("the answer of {}:{} cannot be read: {}", url.host, url.port, why),
              fmt::format("không đọc được trả lời của {}:{}: {}", url.host, url.port, why));
}

Result<Socket> connectTo(const Url& url, const Deadline& deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string host = url.local() ? "127.0.0.1" : url.host;
  const int rc = getaddrinfo(host.c_str(), std::to_string(url.port).c_str(), &hints, &found);
  if (rc != 0) return unreachable(url, gai_strerror(rc), "không có tên máy này");
  int error = 0;
  bool late = false;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    Socket socket(::socket(one->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (socket.fd() < 0) {
      error = errno;
      continue;
    }
    if (::connect(socket.fd(), one->ai_addr, one->ai_addrlen) != 0 && errno != EINPROGRESS) {
      error = errno;
      continue;
    }
    late = !deadline.wait(socket.fd(), POLLOUT);
    socklen_t size = sizeof error;
    if (!late && getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0) {
      freeaddrinfo(found);
      return socket;
    }
  }
  freeaddrinfo(found);
  if (late) return unreachable(url, "no answer in time", "không trả lời kịp");
  if (error == ECONNREFUSED) {
    return unreachable(url, "connection refused; is it running?",
                       "bị từ chối; chương trình có đang chạy không?");
  }
  return unreachable(url, std::strerror(error), std::strerror(error));
}

bool sendAll(const Socket& socket, std::string_view bytes, const Deadline& deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
      if (!deadline.wait(socket.fd(), POLLOUT)) return false;
    } else {
      return false;
    }
  }
  return true;
}

// What came so far, and more on demand.
class Incoming {
 public:
  Incoming(const Socket& socket, const Deadline& deadline) : socket_(socket), deadline_(deadline) {}

  // False at the end, on failure and when the time is over.
  bool more() {
    if (buffer_.size() > kMaxAnswer + kMaxHead) return false;
    std::array<char, 64 * 1024> piece{};
    for (;;) {
      const ssize_t got = ::recv(socket_.fd(), piece.data(), piece.size(), 0);
      if (got > 0) {
        buffer_.append(piece.data(), static_cast<std::size_t>(got));
        return true;
      }
      if (got == 0) {
        ended_ = true;
        return false;
      }
      if (errno != EAGAIN && errno != EINTR) return false;
      if (!deadline_.wait(socket_.fd(), POLLIN)) return false;
    }
  }
  std::optional<std::string> line() {
    for (;;) {
      const std::size_t end = buffer_.find("\r\n", at_);
      if (end != std::string::npos) {
        std::string text = buffer_.substr(at_, end - at_);
        at_ = end + 2;
        return text;
      }
      if (buffer_.size() - at_ > kMaxHead || !more()) return std::nullopt;
    }
  }
  bool take(std::size_t count, std::string& into) {
    if (count > kMaxAnswer || into.size() + count > kMaxAnswer) return false;
    while (buffer_.size() - at_ < count) {
      if (!more()) return false;
    }
    into.append(buffer_, at_, count);
    at_ += count;
    return true;
  }
  bool takeRest(std::string& into) {
    while (more()) {
    }
    into = buffer_.substr(at_);
    return ended_ && into.size() <= kMaxAnswer;
  }

 private:
  const Socket& socket_;
  const Deadline& deadline_;
  std::string buffer_;
  std::size_t at_ = 0;
  bool ended_ = false;
};

bool takeChunks(Incoming& in, std::string& body) {
  for (;;) {
    const auto line = in.line();
    if (!line) return false;
    std::size_t size = 0;
    const std::size_t digits = std::min(line->find(';'), line->size());
    const auto [end, error] = std::from_chars(line->data(), line->data() + digits, size, 16);
    if (error != std::errc() || end == line->data()) return false;
    if (size == 0) {
      for (auto trailer = in.line(); trailer && !trailer->empty();) trailer = in.line();
      return true;
    }
    std::string line_end;
    if (!in.take(size, body) || !in.take(2, line_end) || line_end != "\r\n") return false;
  }
}

struct Head {
  int status = 0;
  std::optional<std::size_t> length;
  bool chunked = false;
  std::string content_type;
};

std::optional<Head> readHead(Incoming& in) {
  const auto first = in.line();
  if (!first || !first->starts_with("HTTP/1.") || first->size() < 12) return std::nullopt;
  Head head;
  const auto [end, error] = std::from_chars(first->data() + 9, first->data() + 12, head.status);
  if (error != std::errc() || end != first->data() + 12) return std::nullopt;
  for (;;) {
    const auto line = in.line();
    if (!line) return std::nullopt;
    if (line->empty()) return head;
    const std::size_t colon = std::min(line->find(':'), line->size());
    const std::string name = line->substr(0, colon);
    std::string value = colon < line->size() ? line->substr(colon + 1) : "";
    value.erase(0, std::min(value.find_first_not_of(" \t"), value.size()));
    if (strcasecmp(name.c_str(), "content-length") == 0) {
      std::size_t length = 0;
      if (std::from_chars(value.data(), value.data() + value.size(), length).ec != std::errc())
        return std::nullopt;
      head.length = length;
    } else if (strcasecmp(name.c_str(), "transfer-encoding") == 0) {
      head.chunked = strcasecmp(value.c_str(), "chunked") == 0;
    } else if (strcasecmp(name.c_str(), "content-type") == 0) {
      head.content_type = value;
    }
  }
}

bool lineBreakIn(std::string_view text) {
  return text.find_first_of("\r\n") != std::string_view::npos;
}

}  // namespace

Result<HttpAnswer> httpRequest(const std::string& method, const std::string& url_text,
                               const std::string& body,
                               const std::vector<std::pair<std::string, std::string>>& headers,
                               unsigned timeout_s) {
  auto url = parseUrl(url_text);
  if (!url) return tl::unexpected(url.error());
  if (url->scheme != "http") {
    return fail(ErrorCode::kInvalid, fmt::format("\"{}\": only http:// is spoken here", url_text),
                fmt::format("\"{}\": chỉ dùng được http://", url_text));
  }
  std::string request =
      fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n", method,
                  url->path, url->hostHeader(), body.size());
  for (const auto& [name, value] : headers) {
    if (lineBreakIn(name) || lineBreakIn(value)) {
      return fail(ErrorCode::kInvalid, "a header has a line break in it", "phần đầu yêu cầu có xuống dòng");
    }
    request.append(name).append(": ").append(value).append("\r\n");
  }
  request.append("\r\n").append(body);

  const Deadline deadline(timeout_s);
  auto socket = connectTo(*url, deadline);
  if (!socket) return tl::unexpected(socket.error());
  // A server may answer before it has read everything, and close: what it said is worth more than the failed
  // write.
  const bool all_sent = sendAll(*socket, request, deadline);
  Incoming in(*socket, deadline);
  auto head = readHead(in);
  for (int count = 0; head && head->status / 100 == 1 && count < 8; ++count) head = readHead(in);
  if (!head) return broken(*url, all_sent ? "no answer came in time" : "the connection ended");
  HttpAnswer answer{head->status, head->content_type, {}};
  if (method == "HEAD" || head->status == 204 || head->status == 304) return answer;
  bool whole = false;
  if (head->chunked) {
    whole = takeChunks(in, answer.body);
  } else if (head->length) {
    whole = in.take(*head->length, answer.body);
  } else {
    whole = in.takeRest(answer.body);
  }
  if (!whole) return broken(*url, "it is cut off, or larger than 256 MiB");
  return answer;
}

}  // namespace diemcau::net
