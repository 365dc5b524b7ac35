// Time in which the probe could do its work. On a machine that is busy, or asleep, no thread of it runs for a
// while, or its decoder does not come on: what has not come meanwhile still waits to be read, and says
// nothing of the feed. Safe from any thread.
#pragma once

#include <mutex>

#include "base/time.hpp"

namespace diemcau::probe {

class OwnClock final : public Clock {
 public:
  // A look is due every 100 ms; later than this it was not let run.
  static constexpr Micros kLate = 300 * kMillisecond;

  explicit OwnClock(const Clock& clock) : clock_(clock), looked_(clock.steady()), newest_(looked_) {}

  Micros wall() const override { return clock_.wall(); }
  Micros steady() const override;
  // `behind`: a decoder has been at the same piece since the last look.
  void look(bool behind);

 private:
  Micros at(Micros now) const;

  const Clock& clock_;
  mutable std::mutex mutex_;
  Micros looked_, lost_ = 0;
  mutable Micros newest_;
};

}  // namespace diemcau::probe
