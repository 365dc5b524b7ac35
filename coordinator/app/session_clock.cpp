// See session_clock.hpp.
#include "coordinator/app/session_clock.hpp"

#include <algorithm>

namespace diemcau::app {

bool SessionClock::follow(bool free) {
  if (!wasSet()) {
    offset_ += std::clamp(ahead(), -kSlew, kSlew);
    return false;
  }
  if (free) offset_ += ahead();
  return free;
}

}  // namespace diemcau::app
