// See crowd.hpp.
#include "tests/integration/faults/crowd.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace diemcau::test {

Crowd::~Crowd() {
  close();
}

void Crowd::close() {
  for (Member& member : members_) {
    if (member.fd >= 0) ::close(member.fd);
    member.fd = -1;
  }
  open_ = 0;
}

bool Crowd::add(std::uint16_t port, const std::string& bytes, bool small) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  if (small) {
    const int size = 4096;
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  }
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0 && errno != EINPROGRESS) {
    ::close(fd);
    return false;
  }
  members_.push_back({fd, bytes, systemClock().steady(), 0});
  ++open_;
  return true;
}

void Crowd::send(std::size_t member, const std::string& bytes) {
  members_[member].unsent += bytes;
}

void Crowd::look() {
  std::vector<pollfd> polls;
  for (const Member& member : members_) {
    const short wanted = member.unsent.empty() ? 0 : POLLOUT;
    polls.push_back({member.ended == 0 ? member.fd : -1, static_cast<short>(wanted | POLLRDHUP), 0});
  }
  if (::poll(polls.data(), polls.size(), 0) <= 0) return;
  for (std::size_t n = 0; n < polls.size(); ++n) {
    Member& member = members_[n];
    const short now = polls[n].revents;
    if ((now & (POLLRDHUP | POLLHUP | POLLERR)) != 0) {
      member.ended = systemClock().steady();
      --open_;
    } else if ((now & POLLOUT) != 0) {
      const ssize_t put = ::send(member.fd, member.unsent.data(), member.unsent.size(), MSG_NOSIGNAL);
      if (put > 0) member.unsent.erase(0, static_cast<std::size_t>(put));
    }
  }
}

std::string upgradeRequest(const std::string& path, const std::string& protocol, std::uint16_t port) {
  return fmt::format(
      "GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Protocol: {}\r\n\r\n",
      path, port, protocol);
}

std::string clientFrame(const std::string& bytes, std::size_t announced) {
  const std::size_t size = announced == 0 ? bytes.size() : announced;
  std::string out("\x82", 1);
  if (size < 126) {
    out += static_cast<char>(0x80U | size);
  } else {
    out += static_cast<char>(0x80U | 126U);
    out += static_cast<char>(size >> 8U & 0xFFU);
    out += static_cast<char>(size & 0xFFU);
  }
  out.append(4, '\0');
  return out + bytes;
}

std::size_t raiseFileLimit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace diemcau::test
