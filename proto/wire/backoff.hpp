// When to connect again: full jitter over a window that doubles, or over the window that the coordinator
// told. Source of the method: "full jitter", Amazon Builders' Library, "Timeouts, retries and backoff with
// jitter".
#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace diemcau::wire {

class Backoff {
 public:
  Backoff(Micros first, Micros most) : first_(first), most_(most), window_(first) {}
  // Uniform in [0, window), then doubles the window. `random` is uniform over 32 bits.
  Micros next(std::uint32_t random);
  void told(Micros window);  // by Welcome: the window to begin with from now on
  void reset();              // after a connection that held: the first window again, or the told one

 private:
  Micros first_, most_, window_;
};

}  // namespace diemcau::wire
