// The time as one simulated site knows it.
#pragma once

#include "base/time.hpp"

namespace diemcau::fleet {

struct SiteNow {
  Micros steady = 0, wall = 0;  // the site's own clocks
  Micros coordinator = 0;       // by its offset; its own wall clock while that is not known
  bool clock_known = false;
  Micros error = 0, rtt = 0;
  bool connected = false;  // and welcomed
};

}  // namespace diemcau::fleet
