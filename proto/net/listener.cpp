#include "net/listener.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/log.hpp"

namespace diemcau::net {
namespace {

constexpr int kQueue = 4096;
// Of one round of the loop: everybody else gets a turn in between.
constexpr int kAtOnce = 64;

tl::unexpected<Error> cannotListen(const ListenAddress& address, int error) {
  const std::string where = fmt::format("{}:{}", address.host, address.port);
  if (error == EADDRINUSE) {
    return fail(
        ErrorCode::kConflict,
        fmt::format("cannot listen on {}: another program listens there; stop it or choose another port",
                    where),
        fmt::format("không mở được cổng {}: chương trình khác đang dùng; hãy tắt nó hoặc chọn cổng khác",
                    where));
  }
  if (error == EACCES) {
    return fail(ErrorCode::kDenied,
                fmt::format("cannot listen on {}: not permitted; ports below 1024 need a privilege", where),
                fmt::format("không mở được cổng {}: không được phép; cổng dưới 1024 cần đặc quyền", where));
  }
  return fail(ErrorCode::kInvalid, fmt::format("cannot listen on {}: {}", where, std::strerror(error)),
              fmt::format("không mở được cổng {}: {}", where, std::strerror(error)));
}

std::string numeric(const sockaddr_storage& address, bool& loopback) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    loopback = (ntohl(v4.sin_addr.s_addr) >> 24U) == 127;
    inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
  } else {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    loopback = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
    inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
  }
  return text.data();
}

// A bound and listening socket, or minus the error.
int listeningSocket(const addrinfo& where) {
  const int fd = socket(where.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (where.ai_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (bind(fd, where.ai_addr, where.ai_addrlen) == 0 && listen(fd, kQueue) == 0) return fd;
  const int error = errno;
  close(fd);
  return -error;
}

}  // namespace

struct Listener::Poll {
  uv_poll_t handle{};
  Listener* owner = nullptr;
};

Result<std::unique_ptr<Listener>> Listener::open(Loop& loop, const ListenAddress& address,
                                                 std::function<bool(const Caller&)> take) {
  std::string host = address.host == "localhost" ? "127.0.0.1" : address.host;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(address.port).c_str(), &hints, &found) != 0) {
    return fail(ErrorCode::kInvalid,
                fmt::format("cannot listen on \"{}\": a numeric address is needed, as 127.0.0.1 or [::1]",
                            address.host),
                fmt::format("không mở được \"{}\": cần địa chỉ số, như 127.0.0.1 hoặc [::1]", address.host));
  }
  const int fd = listeningSocket(*found);
  freeaddrinfo(found);
  if (fd < 0) return cannotListen(address, -fd);

  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size);
  std::unique_ptr<Listener> listener(new Listener);
  listener->fd_ = fd;
  listener->port_ = ntohs(bound.ss_family == AF_INET ? reinterpret_cast<sockaddr_in&>(bound).sin_port
                                                     : reinterpret_cast<sockaddr_in6&>(bound).sin6_port);
  listener->take_ = std::move(take);
  listener->poll_ = new Poll;
  listener->poll_->owner = listener.get();
  uv_poll_init_socket(loop.uv(), &listener->poll_->handle, fd);
  listener->poll_->handle.data = listener->poll_;
  listener->resting_ = true;
  listener->wake();
  return listener;
}

Listener::~Listener() {
  if (poll_ != nullptr) {
    poll_->owner = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(&poll_->handle),
             [](uv_handle_t* handle) { delete static_cast<Poll*>(handle->data); });
  }
  if (fd_ >= 0) ::close(fd_);
}

void Listener::rest() {
  if (resting_) return;
  resting_ = true;
  uv_poll_stop(&poll_->handle);
}

void Listener::wake() {
  if (!resting_) return;
  resting_ = false;
  uv_poll_start(&poll_->handle, UV_READABLE, [](uv_poll_t* handle, int, int) {
    auto* poll = static_cast<Poll*>(handle->data);
    if (poll->owner != nullptr) poll->owner->ready();
  });
}

void Listener::ready() {
  const Poll* alive = poll_;
  for (int count = 0; count < kAtOnce && !resting_; ++count) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    Caller caller;
    caller.fd = accept4(fd_, reinterpret_cast<sockaddr*>(&from), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (caller.fd < 0) {
      // Out of files: the queue stays as it is, and asking again at once would only burn the processor.
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        logger("net")->warn("cannot accept connections now: {}", std::strerror(errno));
        rest();
      }
      return;
    }
    const int on = 1;
    setsockopt(caller.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    caller.address = numeric(from, caller.loopback);
    sockaddr_storage reached{};
    size = sizeof reached;
    bool ours = false;
    if (getsockname(caller.fd, reinterpret_cast<sockaddr*>(&reached), &size) == 0)
      caller.reached = numeric(reached, ours);
    const bool more = take_(caller);
    if (alive->owner == nullptr) return;  // the listener ended meanwhile
    if (!more) rest();
  }
}

}  // namespace diemcau::net
