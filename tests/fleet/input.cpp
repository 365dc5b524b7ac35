// A thread of its own: files and terminals cannot all be watched by the loop.
#include "tests/fleet/input.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace diemcau::fleet {
namespace {

constexpr std::size_t kMaxLine = 4096;

}  // namespace

Input::Input(Loop& loop, std::function<void(std::string)> line)
    : loop_(loop),
      line_(std::make_shared<std::function<void(std::string)>>(std::move(line))),
      wake_(eventfd(0, EFD_CLOEXEC)),
      thread_([this] { read(); }) {}

Input::~Input() {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(wake_, &one, sizeof one));
  thread_.join();
  ::close(wake_);
}

void Input::read() {
  std::string held;
  const std::weak_ptr<std::function<void(std::string)>> target = line_;
  const auto post = [&](std::string line) {
    loop_.post([target, line = std::move(line)] {
      if (const auto call = target.lock()) (*call)(line);
    });
  };
  for (;;) {
    std::array<pollfd, 2> fds{pollfd{STDIN_FILENO, POLLIN, 0}, pollfd{wake_, POLLIN, 0}};
    if (::poll(fds.data(), fds.size(), -1) < 0 && errno != EINTR) return;
    if (fds[1].revents != 0) return;
    if (fds[0].revents == 0) continue;
    std::array<char, 1024> buffer{};
    const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0) break;
    held.append(buffer.data(), static_cast<std::size_t>(got));
    for (std::size_t end = held.find('\n'); end != std::string::npos; end = held.find('\n')) {
      post(held.substr(0, end));
      held.erase(0, end + 1);
    }
    if (held.size() > kMaxLine) held.clear();
  }
  if (!held.empty()) post(std::move(held));
}

}  // namespace diemcau::fleet
