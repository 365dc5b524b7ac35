// When a picture is to open. The agent gives the instant on the wall clock; from then on it is held on the
// steady one, because somebody may set the wall clock while the probe waits: the agent notices that within a
// tenth of a second and gives the instant anew, but by then a probe that looks at the wall clock has opened
// an hour early.
#pragma once

#include "base/time.hpp"

namespace diemcau::probe {

class ShowTime {
 public:
  ShowTime(Micros wall, const Clock& clock) : steady_(clock.steady() + (wall - clock.wall())) {}
  Micros steady() const { return steady_; }
  Micros left(const Clock& clock) const { return steady_ - clock.steady(); }

 private:
  Micros steady_;
};

}  // namespace diemcau::probe
