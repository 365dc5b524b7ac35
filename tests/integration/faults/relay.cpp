// See relay.hpp.
#include "tests/integration/faults/relay.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "tests/integration/faults/isolation.hpp"

namespace diemcau::test {
namespace {

constexpr std::size_t kMostChunks = 256;  // of one direction: then the sender feels it
constexpr int kTurnMs = 2;

sockaddr_in addressOf(const std::string& host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  return address;
}

int newSocket() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  return fd;
}

}  // namespace

Relay::Relay(const Leg& listen, const Leg& to) : to_(to) {
  {
    std::optional<OtherNetwork::Visit> visit;
    if (listen.network >= 0) visit.emplace(listen.network);
    listener_ = newSocket();
  }
  auto address = addressOf(listen.host, listen.port);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 512) != 0)
    throw std::runtime_error("the relay cannot listen on " + listen.host);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this, network = to.network] { run(network); });
}

Relay::~Relay() {
  stopping_ = true;
  thread_.join();
  for (auto& pair : pairs_) end(*pair);
  ::close(listener_);
}

void Relay::run(int network) {
  // What this thread opens from now on is in that namespace; what it accepts is where the listener is.
  if (network >= 0) ::setns(network, CLONE_NEWNET);
  while (!stopping_) {
    if (cut_.exchange(false))
      for (auto& pair : pairs_) end(*pair);
    std::erase_if(pairs_, [](const auto& pair) { return pair->over; });
    ::poll(nullptr, 0, kTurnMs);  // delays are far longer
    accept();
    if (stalled_) continue;
    const Micros now = systemClock().steady();
    for (auto& pair : pairs_) {
      for (const int side : {0, 1}) {
        read(*pair, side);
        write(*pair, 1 - side, now);
      }
    }
  }
}

void Relay::accept() {
  for (int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC); fd >= 0;
       fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) {
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto pair = std::make_unique<Pair>();
    pair->fd[0] = fd;
    pair->fd[1] = newSocket();
    const auto address = addressOf(to_.host, to_.port);
    ::connect(pair->fd[1], reinterpret_cast<const sockaddr*>(&address), sizeof address);
    pairs_.push_back(std::move(pair));
  }
}

void Relay::read(Pair& pair, int from) {
  auto& waiting = pair.to[1 - from];
  while (!pair.over && !pair.ended[from] && waiting.size() < kMostChunks) {
    char bytes[4096];
    const ssize_t got = ::recv(pair.fd[from], bytes, sizeof bytes, 0);
    if (got > 0) {
      waiting.push_back({systemClock().steady() + delay_, std::string(bytes, static_cast<std::size_t>(got))});
    } else if (got == 0) {
      pair.ended[from] = true;
    } else {
      if (errno != EAGAIN && errno != EINTR && errno != ENOTCONN && errno != EINPROGRESS) end(pair);
      return;
    }
  }
}

void Relay::write(Pair& pair, int to, Micros now) {
  auto& waiting = pair.to[to];
  while (!pair.over && !waiting.empty() && waiting.front().due <= now) {
    auto& bytes = waiting.front().bytes;
    const ssize_t put = ::send(pair.fd[to], bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put < 0) {
      if (errno != EAGAIN && errno != EINTR && errno != ENOTCONN) end(pair);
      return;
    }
    bytes.erase(0, static_cast<std::size_t>(put));
    if (!bytes.empty()) return;
    waiting.pop_front();
  }
  if (!pair.over && waiting.empty() && pair.ended[1 - to]) end(pair);
}

void Relay::end(Pair& pair) {
  for (int& fd : pair.fd) {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }
  pair.over = true;
}

}  // namespace diemcau::test
