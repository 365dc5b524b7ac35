// See held_clock.hpp.
#include "base/held_clock.hpp"

#include <algorithm>
#include <cstdlib>

namespace diemcau {

HeldClock::HeldClock(const Clock& machine)
    : machine_(machine), offset_(machine.wall() - machine.steady()), followed_(machine.steady()) {}

bool HeldClock::follow(bool may_jump) {
  const Micros away = behind(), passed = machine_.steady() - followed_;
  if (std::abs(away) <= kSmall) {
    const Micros step = passed / kSlowly;
    if (step == 0) return false;  // too soon: what is left of it is kept for the next call
    offset_ += std::clamp(away, -step, step);
    followed_ += step * kSlowly;
    return false;
  }
  followed_ = machine_.steady();
  if (!may_jump) return false;
  offset_ += away;
  return true;
}

}  // namespace diemcau
