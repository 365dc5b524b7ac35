// One instant on all clocks that a site knows. The owner reads them once per step and hands them down. Pure.
#pragma once

#include "base/time.hpp"
#include "wire/clock_offset.hpp"

namespace diemcau::agent {

struct Now {
  Micros steady = 0;
  Micros wall = 0;         // the site's own; may jump
  Micros coordinator = 0;  // best estimate; the wall clock as long as nothing better is known
  Micros error = 0;        // bound of the estimate's error; 0 when not known
  Micros rtt = 0;
  bool clock_known = false;

  Micros wallAt(Micros coordinator_time) const { return wall + (coordinator_time - coordinator); }
  Micros coordinatorAt(Micros wall_time) const { return coordinator + (wall_time - wall); }
};

inline Now instant(const wire::ClockOffset& clock, Micros steady, Micros wall) {
  Now now{.steady = steady, .wall = wall, .coordinator = wall};
  if (clock.known()) {
    now.clock_known = true;
    now.coordinator = clock.coordinatorAt(steady);
    now.error = clock.errorAt(steady);
    now.rtt = clock.lastRtt();
  }
  return now;
}

}  // namespace diemcau::agent
