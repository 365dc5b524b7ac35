#include "tests/integration/probe/slow_line.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <queue>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace diemcau::test {
namespace {

constexpr std::size_t kDatagram = 65'536;
constexpr Micros kMostWaiting = 200 * kMillisecond;

sockaddr_in loopback(int port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(static_cast<std::uint16_t>(port));
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return out;
}

struct Held {
  Micros due;
  std::uint64_t number;  // those that are due together keep their order
  bool to_sender;
  std::string bytes;
};

}  // namespace

SlowLine::SlowLine(int to_port, Micros delay, double kbps) : delay_(delay), kbps_(kbps) {
  near_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  far_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  wake_ = ::eventfd(0, EFD_CLOEXEC);
  auto here = loopback(0);
  const auto there = loopback(to_port);
  socklen_t size = sizeof here;
  if (::bind(near_, reinterpret_cast<sockaddr*>(&here), sizeof here) != 0 ||
      ::getsockname(near_, reinterpret_cast<sockaddr*>(&here), &size) != 0 ||
      ::connect(far_, reinterpret_cast<const sockaddr*>(&there), sizeof there) != 0)
    throw std::runtime_error("no line");
  port_ = ntohs(here.sin_port);
  thread_ = std::thread([this] { run(); });
}

SlowLine::~SlowLine() {
  const std::uint64_t one = 1;
  (void)!::write(wake_, &one, sizeof one);
  thread_.join();
  for (const int fd : {near_, far_, wake_}) ::close(fd);
}

// When a datagram of the sender is through; 0: it is lost.
Micros SlowLine::dueFromSender(std::size_t bytes) {
  const Micros now = systemClock().steady();
  if (kbps_ <= 0) return now + delay_;
  busy_until_ = std::max(busy_until_, now);
  if (busy_until_ - now > kMostWaiting) return 0;
  busy_until_ += static_cast<Micros>(static_cast<double>(bytes) * 8000 / kbps_);
  return busy_until_ + delay_;
}

void SlowLine::run() {
  const auto later = [](const Held& a, const Held& b) {
    return std::pair(a.due, a.number) > std::pair(b.due, b.number);
  };
  std::priority_queue<Held, std::vector<Held>, decltype(later)> held(later);
  std::uint64_t number = 0;
  std::array<char, kDatagram> buffer;
  sockaddr_in caller{};
  while (true) {
    const Micros now = systemClock().steady();
    for (; !held.empty() && held.top().due <= now; held.pop()) {
      const auto& [due, place, to_sender, bytes] = held.top();
      if (to_sender)
        (void)!::send(far_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      else
        (void)!::sendto(near_, bytes.data(), bytes.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&caller),
                        sizeof caller);
    }
    const int wait = held.empty() ? -1 : static_cast<int>((held.top().due - now) / kMillisecond) + 1;
    std::array<pollfd, 3> fds{{{near_, POLLIN, 0}, {far_, POLLIN, 0}, {wake_, POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), wait) < 0) continue;
    if (fds[2].revents != 0) return;
    for (std::size_t i = 0; i < 2; ++i) {
      socklen_t size = sizeof caller;
      ssize_t got = 0;
      while ((got = i == 0 ? ::recvfrom(near_, buffer.data(), buffer.size(), 0,
                                        reinterpret_cast<sockaddr*>(&caller), &size)
                           : ::recv(far_, buffer.data(), buffer.size(), 0)) >= 0)
        if (const Micros due =
                i == 0 ? systemClock().steady() + delay_ : dueFromSender(static_cast<std::size_t>(got));
            due != 0)
          held.push({due, ++number, i == 0, std::string(buffer.data(), static_cast<std::size_t>(got))});
    }
  }
}

}  // namespace diemcau::test
