#include "agent/probe/pacer.hpp"

#include <algorithm>

namespace diemcau::probe {

double Progress::next(double stream_s) {
  double step = stream_s - last_;
  last_ = stream_s;
  if (!begun_) {
    begun_ = true;
    return at_ = stream_s;
  }
  if (step == 0) {
    step = usual_;
    owed_ += step;
  } else if (owed_ > 0 && step > usual_) {
    const double made_up = std::min(owed_, step - usual_);
    step -= made_up;
    owed_ -= made_up;
  } else if (step > 0 && step < 1) {
    usual_ = step;
  }
  return at_ += step;
}

Pacer::Clock::time_point Pacer::due(double stream_s, Clock::time_point now) {
  const auto span = [](double s) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(s));
  };
  const std::lock_guard lock(mutex_);
  if (!zero_) zero_ = now - span(stream_s);
  Clock::time_point at = *zero_ + span(stream_s);
  const bool late = at < now - span(kLate);
  // Pictures that were kept back do not move the sound, which is on time.
  late_run_ = late ? late_run_ + 1 : 0;
  const bool stray = on_time_ && now - *on_time_ < span(kLate) && late_run_ <= kStrays;
  if ((late && !stray) || at > now + span(kAhead)) {
    zero_ = now - span(stream_s);
    at = now;
  }
  if (!late) on_time_ = now;
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
