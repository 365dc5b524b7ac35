// See floor.hpp.
#include "tests/bench/floor/floor.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "base/time.hpp"

namespace diemcau::bench::floor {
namespace {

constexpr int kBacklog = 4096, kEvents = 512;
constexpr Micros kTick = 200 * kMillisecond;

}  // namespace

Floor::Floor(const Setup& setup) {
  if (!setup.certificate.empty()) {
    tls_ = serverTls(setup.certificate, setup.key);
    if (!tls_) throw std::runtime_error("the certificate cannot be used: " + setup.certificate);
  }
  if (!setup.records.empty())
    records_ = ::open(setup.records.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 ||
      ::listen(listener_, kBacklog) != 0)
    throw std::runtime_error("the floor cannot listen");
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size);
  port_ = ntohs(at.sin_port);
  epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = listener_;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event);
}

Floor::~Floor() {
  ::close(listener_);
  ::close(epoll_);
  if (records_ >= 0) ::close(records_);
}

void Floor::run() {
  std::array<epoll_event, kEvents> events{};
  Micros tick_at = systemClock().steady() + kTick;
  while (true) {
    const Micros left = (tick_at - systemClock().steady()) / kMillisecond;
    const int count = ::epoll_wait(epoll_, events.data(), kEvents, left > 0 ? static_cast<int>(left) : 0);
    for (int n = 0; n < count; ++n) {
      const auto fd = static_cast<std::size_t>(events[n].data.fd);
      if (events[n].data.fd == listener_) {
        accept();
      } else if (fd < clients_.size() && clients_[fd]) {
        ready(*clients_[fd], events[n].events);
      }
    }
    if (!unwritten_.empty()) commit();
    for (const int fd : gone_) clients_[static_cast<std::size_t>(fd)].reset();
    gone_.clear();
    if (systemClock().steady() < tick_at) continue;
    tick_at = systemClock().steady() + kTick;
    tick();
  }
}

void Floor::accept() {
  while (true) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    const int yes = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (clients_.size() <= static_cast<std::size_t>(fd)) clients_.resize(static_cast<std::size_t>(fd) + 1);
    auto client = std::make_unique<Client>();
    client->line = std::make_unique<Line>(fd);
    if (tls_) client->line->secure(tls_.get(), true);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
    clients_[static_cast<std::size_t>(fd)] = std::move(client);
  }
}

void Floor::drop(Client& client) {
  if (client.role == 's') --sites_;
  client.role = 0;
  gone_.push_back(client.line->fd());
}

void Floor::ready(Client& client, std::uint32_t events) {
  Line& line = *client.line;
  if (!line.shake()) return line.broken() ? drop(client) : send(client);
  if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
    const bool open = line.fill(client.in);
    const std::size_t used =
        frames(client.in, [&](Word word, std::string_view payload) { take(client, word, payload); });
    client.in.erase(0, used);
    if (client.in.empty()) std::string().swap(client.in);
    if (!open) return drop(client);
  }
  send(client);
}

void Floor::take(Client& client, Word word, std::string_view payload) {
  switch (word) {
    case Word::kHello:
      client.role = payload.empty() ? 's' : payload.front();
      sites_ += client.role == 's';
      return append(client.line->out, Word::kWelcome, {});
    case Word::kCommand:
      waiting_ = sites_;
      return handOn('s', Word::kCommand, payload);
    case Word::kAnswer:
      if (waiting_ > 0 && --waiting_ == 0) handOn('c', Word::kDone, {});
      return;
    case Word::kStatus:
      ++statuses_;
      return;
    case Word::kEvent:
      return handOn('v', Word::kEvent, payload);
    case Word::kRecord:
      client.newest = numberIn(payload);
      unwritten_.append(payload);
      unacked_.push_back(client.line->fd());
      return;
    default:
      return;
  }
}

void Floor::handOn(char role, Word word, std::string_view payload) {
  std::string bytes;
  append(bytes, word, payload);
  for (const auto& client : clients_) {
    if (!client || client->role != role) continue;
    client->line->out.append(bytes);
    send(*client);
  }
}

void Floor::send(Client& client) {
  Line& line = *client.line;
  if (!line.out.empty() && line.shake()) line.flush();
  if (line.wantsWrite() == client.polls_write) return;
  client.polls_write = line.wantsWrite();
  epoll_event event{};
  event.events = EPOLLIN | (client.polls_write ? static_cast<std::uint32_t>(EPOLLOUT) : 0U);
  event.data.fd = line.fd();
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, line.fd(), &event);
}

// All records of one round of the loop share one write and one fsync, and only then are acknowledged.
void Floor::commit() {
  if (records_ >= 0) {
    for (std::size_t put = 0; put < unwritten_.size();) {
      const ssize_t wrote = ::write(records_, unwritten_.data() + put, unwritten_.size() - put);
      if (wrote <= 0) break;
      put += static_cast<std::size_t>(wrote);
    }
    ::fdatasync(records_);
  }
  unwritten_.clear();
  for (const int fd : unacked_) {
    auto& client = clients_[static_cast<std::size_t>(fd)];
    if (!client || client->newest == client->acked) continue;
    client->acked = client->newest;
    append(client->line->out, Word::kAck, numberBytes(client->acked));
    send(*client);
  }
  unacked_.clear();
}

void Floor::tick() {
  handOn('v', Word::kTick, numberBytes(statuses_));
}

}  // namespace diemcau::bench::floor
