// The coordinator's clock as seen from a site: offset and a bound of its error, from four-timestamp
// exchanges.
//
// Method: NTP (RFC 5905, section 8): offset = ((t2 - t1) + (t3 - t4)) / 2, round trip = (t4 - t1) - (t3 -
// t2); the true offset lies within half the round trip. Of the newest samples the one with the least bound,
// aged by the drift seen (at least 50 ppm until it is known), wins. Steady times, so that a jump of the
// site's wall clock changes nothing.
//
// Drift is the slope between an anchor sample and the best present one, believed once the two bounds leave
// less than 20 ppm of doubt; from then on the offset is carried forward along it and the bound grows by the
// doubt alone. A sample that the older ones exclude means that the coordinator's clock was set: the older
// ones are forgotten.
#pragma once

#include <array>
#include <cstddef>

#include "base/time.hpp"

namespace diemcau::wire {

class ClockOffset {
 public:
  // All in us; t1, t4 on the site's steady clock, t2, t3 on the coordinator's. Impossible samples are
  // ignored.
  void add(Micros t1, Micros t2, Micros t3, Micros t4);

  bool known() const;
  // The coordinator's time at the site's steady instant, and the bound of its error.
  Micros coordinatorAt(Micros steady) const;
  Micros steadyAt(Micros coordinator) const;
  Micros errorAt(Micros steady) const;
  Micros lastRtt() const;
  double driftPpm() const;

  // For the site's disk: an estimate tied to the wall clock, good after a restart of the agent with its age
  // and a drift bound added. `wall` and `steady` are now.
  struct Saved {
    Micros wall = 0;         // when it was saved
    Micros wall_offset = 0;  // coordinator minus the site's wall clock
    Micros error = 0;
    double drift_ppm = 0;
  };
  Saved save(Micros wall, Micros steady) const;
  void restore(const Saved& saved, Micros wall, Micros steady);

 private:
  struct Sample {
    Micros offset = 0, bound = 0, at = 0;
  };
  static constexpr std::size_t kSamples = 16;
  std::array<Sample, kSamples> samples_{};
  std::size_t count_ = 0, next_ = 0;
  Sample anchor_{};
  bool anchored_ = false;
  double drift_ppm_ = 0, doubt_ppm_ = 0;
  bool drift_known_ = false;
  Micros last_rtt_ = 0;
  const Sample* best(Micros steady) const;
  Micros aged(const Sample& sample, Micros steady) const;
  Micros carried(const Sample& sample, Micros steady) const;
  void keep(const Sample& sample);
  void learnDrift(const Sample& sample);
};

}  // namespace diemcau::wire
