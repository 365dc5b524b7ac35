#include "agent/probe/own_clock.hpp"

#include <algorithm>

namespace diemcau::probe {

Micros OwnClock::at(Micros now) const {
  newest_ = std::max(newest_, std::min(now, looked_ + kLate) - lost_);
  return newest_;
}

Micros OwnClock::steady() const {
  const std::lock_guard lock(mutex_);
  return at(clock_.steady());
}

void OwnClock::look(bool behind) {
  const std::lock_guard lock(mutex_);
  const Micros now = clock_.steady();
  at(now);
  lost_ += behind ? now - looked_ : std::max<Micros>(0, now - looked_ - kLate);
  looked_ = now;
}

}  // namespace diemcau::probe
