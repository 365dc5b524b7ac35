#include "agent/probe/pacer.hpp"

namespace diemcau::probe {

Pacer::Clock::time_point Pacer::due(double stream_s, Clock::time_point now) {
  const auto span = [](double s) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(s));
  };
  const std::lock_guard lock(mutex_);
  if (!zero_) zero_ = now - span(stream_s);
  Clock::time_point at = *zero_ + span(stream_s);
  if (at < now - span(kLate) || at > now + span(kAhead)) {
    zero_ = now - span(stream_s);
    at = now;
  }
  return at < now ? now : at;
}

bool Pacer::wait(double stream_s) {
  const Clock::time_point at = due(stream_s, Clock::now());
  std::unique_lock lock(mutex_);
  return !cancelled_.wait_until(lock, at, [this] { return cancel_; });
}

void Pacer::cancel() {
  const std::lock_guard lock(mutex_);
  cancel_ = true;
  cancelled_.notify_all();
}

}  // namespace diemcau::probe
