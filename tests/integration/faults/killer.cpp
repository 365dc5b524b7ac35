// See killer.hpp.
#include "tests/integration/faults/killer.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>

namespace diemcau::test {

void Killer::aim(std::size_t victim, int pidfd) {
  const std::lock_guard lock(mutex_);
  const auto [held, fresh] = pidfds_.try_emplace(victim, -1);
  if (!fresh) ::close(held->second);
  held->second = ::dup(pidfd);
}

void Killer::begin(std::vector<Shot> shots) {
  finish();
  std::sort(shots.begin(), shots.end(), [](const Shot& a, const Shot& b) { return a.after < b.after; });
  stopping_ = over_ = false;
  thread_ = std::thread([this, shots = std::move(shots)] { run(shots); });
}

void Killer::run(const std::vector<Shot>& shots) {
  const auto begun = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  for (const Shot& shot : shots) {
    if (stop_.wait_until(lock, begun + std::chrono::microseconds(shot.after), [this] { return stopping_; }))
      break;
    if (const auto found = pidfds_.find(shot.victim); found != pidfds_.end())
      ::syscall(SYS_pidfd_send_signal, found->second, SIGKILL, nullptr, 0);
  }
  over_ = true;
}

bool Killer::over() const {
  const std::lock_guard lock(mutex_);
  return over_;
}

void Killer::finish() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(mutex_);
  for (const auto& [victim, fd] : pidfds_) ::close(fd);
  pidfds_.clear();
}

}  // namespace diemcau::test
