// See crowd.hpp.
#include "tests/bench/crowd.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "tests/bench/machine.hpp"

namespace diemcau::bench {
namespace {

// Connections under way at the same time: more would only overflow the shortest of the servers' queues (100).
constexpr std::size_t kUnderWay = 64;
constexpr Micros kAgain = 5 * kMillisecond;  // after a refusal, which is what a server that starts gives
constexpr int kTurnMs = 2, kEvents = 512;
// An address of loopback has some 28,000 ports of its own to call from.
constexpr std::uint32_t kPerAddress = 20'000;

}  // namespace

Crowd::Crowd(Dialect& dialect, std::size_t sites, std::size_t centres, std::size_t consoles)
    : dialect_(dialect), sites_(sites), consoles_(consoles), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  peers_.resize(sites + centres + consoles);
  for (std::size_t n = 0; n < peers_.size(); ++n) {
    peers_[n].role = n < sites ? Role::kSite : n < sites + centres ? Role::kCentre : Role::kConsole;
    peers_[n].number = static_cast<std::uint32_t>(n < sites             ? n
                                                  : n < sites + centres ? n - sites
                                                                        : n - sites - centres);
  }
  // Sites first, and those who look on behind them.
  for (std::size_t n = 0; n < peers_.size(); ++n) unconnected_.push_back(static_cast<std::uint32_t>(n));
  std::reverse(unconnected_.begin(), unconnected_.end());
}

Crowd::~Crowd() {
  peers_.clear();
  ::close(epoll_);
}

void Crowd::aim(const Target& target) {
  target_ = target;
  if ((target.tls || target.console_tls) && !tls_) tls_ = clientTls();
}

void Crowd::statusEvery(Micros period) {
  period_ = period;
  period_from_ = systemClock().steady();
  period_sent_ = 0;
}

void Crowd::runFor(Micros span) {
  const Micros end = systemClock().steady() + span;
  while (systemClock().steady() < end) turn();
}

void Crowd::giveUp(const std::string& what) const {
  throw Spoilt(fmt::format("{} of {} are welcomed; not in time: {}{}{}", seen.welcomed, expected(), what,
                           seen.trouble.empty() ? "" : "; ", seen.trouble));
}

void Crowd::turn() {
  endIfAsked();
  connectSome();
  std::array<epoll_event, kEvents> events{};
  const int count = ::epoll_wait(epoll_, events.data(), kEvents, kTurnMs);
  for (int n = 0; n < count; ++n) {
    Peer& peer = peers_[events[n].data.u32];
    if (peer.line) ready(peer, events[n].events);
  }
  const Micros now = systemClock().steady();
  if (period_ > 0) tellStatuses(now);
  if (pace) pace(now);
}

void Crowd::connectSome() {
  const Micros now = systemClock().steady();
  if (target_.port == 0 || now < connect_after_) return;
  while (!unconnected_.empty() && under_way_ < kUnderWay) {
    Peer& peer = peers_[unconnected_.back()];
    if (peer.role == Role::kConsole && hold_consoles_) return;
    unconnected_.pop_back();
    if (connect(peer)) continue;
    unconnected_.push_back(static_cast<std::uint32_t>(&peer - peers_.data()));
    connect_after_ = now + kAgain;
    return;
  }
}

bool Crowd::connect(Peer& peer) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) throw Spoilt("no more descriptors: ulimit -n is too low for so many sites");
  const int yes = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  // The port is chosen at connect, by both addresses.
  ::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  sockaddr_in from{}, to{};
  from.sin_family = to.sin_family = AF_INET;
  const auto index = static_cast<std::uint32_t>(&peer - peers_.data());
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + index / kPerAddress);
  ::bind(fd, reinterpret_cast<sockaddr*>(&from), sizeof from);
  const bool console = peer.role == Role::kConsole && target_.console_port != 0;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(console ? target_.console_port : target_.port);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0 && errno != EINPROGRESS) {
    ::close(fd);
    return false;
  }
  peer.line = std::make_unique<Line>(fd);
  peer.welcomed = peer.upgraded = peer.polls_write = peer.shaken = false;
  peer.waits = true;
  peer.seq = 0;
  peer.in.clear();
  peer.assembly.clear();
  ++under_way_;
  if ((console ? target_.console_tls : target_.tls) && !dialect_.tlsAfterGreeting())
    peer.line->secure(tls_.get(), false);
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT;  // writable: connected
  event.data.u32 = index;
  peer.polls_write = true;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  return true;
}

void Crowd::drop(Peer& peer) {
  if (peer.welcomed) --seen.welcomed;
  if (peer.waits) --under_way_;
  peer.waits = peer.welcomed = false;
  peer.line.reset();
  unconnected_.push_back(static_cast<std::uint32_t>(&peer - peers_.data()));
  connect_after_ = systemClock().steady() + kAgain;
}

void Crowd::welcome(Peer& peer) {
  if (peer.welcomed) return;
  peer.welcomed = true;
  peer.waits = false;
  --under_way_;
  ++seen.welcomed;
  ++seen.welcomes;
}

void Crowd::commanded(std::size_t bytes) {
  seen.last_command = systemClock().steady();
  if (seen.commanded++ == 0) seen.first_command = seen.last_command;
  seen.command_bytes = bytes;
}

void Crowd::ready(Peer& peer, std::uint32_t events) {
  Line& line = *peer.line;
  if ((events & EPOLLERR) != 0) return drop(peer);
  if (!line.shake()) return line.broken() ? drop(peer) : send(peer);
  const bool clear_first = dialect_.tlsAfterGreeting() && target_.tls && !line.secured();
  if (!peer.shaken) {
    peer.shaken = true;
    if (!clear_first) dialect_.opened(peer, *this);
  }
  if ((events & (EPOLLIN | EPOLLHUP)) != 0) {
    const std::size_t before = peer.in.size();
    const bool open = line.fill(peer.in);
    seen.bytes_in += peer.in.size() - before;
    if (clear_first) {
      if (peer.in.find("\r\n") == std::string::npos) return open ? void() : drop(peer);
      peer.in.clear();
      peer.shaken = false;
      line.secure(tls_.get(), false);
      line.shake();
      // Its words come behind the handshake.
      return send(peer);
    }
    peer.in.erase(0, dialect_.take(peer, *this));
    if (peer.in.empty()) std::string().swap(peer.in);
    if (!open || line.broken()) return drop(peer);
  }
  send(peer);
}

void Crowd::send(Peer& peer) {
  if (!peer.line) return;
  Line& line = *peer.line;
  if (!line.out.empty() && line.shake()) line.flush();
  if (line.wantsWrite() == peer.polls_write) return;
  peer.polls_write = line.wantsWrite();
  epoll_event event{};
  event.events = EPOLLIN | (peer.polls_write ? static_cast<std::uint32_t>(EPOLLOUT) : 0U);
  event.data.u32 = static_cast<std::uint32_t>(&peer - peers_.data());
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, line.fd(), &event);
}

void Crowd::tellStatuses(Micros now) {
  const auto due = static_cast<std::uint64_t>(static_cast<double>(now - period_from_) /
                                              static_cast<double>(period_) * static_cast<double>(sites_));
  // Not more than a hundredth of all between two looks at what has come.
  const std::uint64_t most = period_sent_ + std::max<std::uint64_t>(16, sites_ / 100);
  for (; period_sent_ < std::min(due, most); ++period_sent_) {
    Peer& peer = peers_[period_sent_ % sites_];
    if (!peer.welcomed) continue;
    dialect_.tellStatus(peer, 0);
    ++statuses_sent;
    send(peer);
  }
}

}  // namespace diemcau::bench
