// NTP's method on a site's steady clock.
#include "wire/clock_offset.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace diemcau::wire {
namespace {

constexpr double kUnknownPpm = 50;         // of an ordinary PC's crystal, until its drift was seen
constexpr double kWanderPpm = 3;           // a known drift changes with the temperature of the room
constexpr double kMaxDoubtPpm = 20;        // beyond, a measured drift is not believed
constexpr double kMaxDriftPpm = 500;       // as in NTP: no sound clock is worse
constexpr Micros kAnchorChoice = kMinute;  // a better sample within this replaces the anchor
constexpr Micros kAnchorAge = kHour;       // then the drift is measured anew
constexpr Micros kResolution = 1;
// Some 9,000 years: no clock says so, and sums of what is nearer cannot overflow.
constexpr Micros kNoTime = Micros{1} << 58;

Micros atPpm(Micros span, double ppm) {
  return static_cast<Micros>(std::ceil(static_cast<double>(std::llabs(span)) * ppm / 1e6));
}

bool isTime(Micros at) {
  return at > -kNoTime && at < kNoTime;
}

}  // namespace

void ClockOffset::add(Micros t1, Micros t2, Micros t3, Micros t4) {
  if (!isTime(t1) || !isTime(t2) || !isTime(t3) || !isTime(t4)) return;
  const Micros rtt = (t4 - t1) - (t3 - t2);
  if (t4 < t1 || t3 < t2 || rtt < 0) return;
  last_rtt_ = rtt;
  // Halves first: the sum of two differences between unrelated clocks stays far from overflow, and is exact
  // to 1 us.
  const Sample sample{(t2 - t1) / 2 + (t3 - t4) / 2, rtt / 2 + kResolution, t4};
  if (const Sample* known = best(t4)) {
    const Micros expected = carried(*known, t4);
    if (std::llabs(sample.offset - expected) > sample.bound + aged(*known, t4)) {
      count_ = next_ = 0;
      anchored_ = drift_known_ = false;
      drift_ppm_ = 0;
    }
  }
  keep(sample);
  learnDrift(sample);
}

void ClockOffset::keep(const Sample& sample) {
  samples_[next_] = sample;
  next_ = (next_ + 1) % kSamples;
  count_ = std::min(count_ + 1, kSamples);
}

void ClockOffset::learnDrift(const Sample& sample) {
  if (!anchored_ || (sample.at - anchor_.at < kAnchorChoice && sample.bound < anchor_.bound)) {
    anchor_ = sample;
    anchored_ = true;
    return;
  }
  const Micros span = sample.at - anchor_.at;
  if (span < kAnchorChoice / 2) return;
  const double doubt = static_cast<double>(sample.bound + anchor_.bound) * 1e6 / static_cast<double>(span);
  const double drift = static_cast<double>(sample.offset - anchor_.offset) * 1e6 / static_cast<double>(span);
  // A sample with a wide bound must not replace what good ones have shown, unless that has become old.
  const bool better = !drift_known_ || doubt <= doubt_ppm_ || span > kAnchorAge;
  if (doubt < kMaxDoubtPpm && std::abs(drift) < kMaxDriftPpm && better) {
    drift_ppm_ = drift;
    doubt_ppm_ = doubt;
    drift_known_ = true;
  }
  if (span > kAnchorAge) {
    anchor_ = sample;
    doubt_ppm_ = std::max(doubt_ppm_, kWanderPpm);
  }
}

bool ClockOffset::known() const {
  return count_ > 0;
}

Micros ClockOffset::coordinatorAt(Micros steady) const {
  const Sample* sample = best(steady);
  return sample == nullptr ? steady : steady + carried(*sample, steady);
}

Micros ClockOffset::steadyAt(Micros coordinator) const {
  const Sample* first = best(0);
  if (first == nullptr) return coordinator;
  // The offset depends on the steady instant, but by parts in a million: two rounds are exact.
  Micros steady = coordinator - first->offset;
  for (int round = 0; round < 3; ++round) steady += coordinator - coordinatorAt(steady);
  return steady;
}

Micros ClockOffset::errorAt(Micros steady) const {
  const Sample* sample = best(steady);
  return sample == nullptr ? 0 : aged(*sample, steady);
}

Micros ClockOffset::lastRtt() const {
  return last_rtt_;
}

double ClockOffset::driftPpm() const {
  return drift_known_ ? drift_ppm_ : 0;
}

const ClockOffset::Sample* ClockOffset::best(Micros steady) const {
  const Sample* found = nullptr;
  for (std::size_t i = 0; i < count_; ++i) {
    if (found == nullptr || aged(samples_[i], steady) < aged(*found, steady)) found = &samples_[i];
  }
  return found;
}

Micros ClockOffset::aged(const Sample& sample, Micros steady) const {
  return sample.bound + atPpm(steady - sample.at, drift_known_ ? doubt_ppm_ + kWanderPpm : kUnknownPpm);
}

Micros ClockOffset::carried(const Sample& sample, Micros steady) const {
  if (!drift_known_) return sample.offset;
  return sample.offset +
         static_cast<Micros>(std::llround(static_cast<double>(steady - sample.at) * drift_ppm_ / 1e6));
}

ClockOffset::Saved ClockOffset::save(Micros wall, Micros steady) const {
  if (!known()) return {};
  return {wall, coordinatorAt(steady) - wall, errorAt(steady), driftPpm()};
}

void ClockOffset::restore(const Saved& saved, Micros wall, Micros steady) {
  // Nothing was saved, or the wall clock is behind what it was: its age cannot be told.
  if (saved.wall <= 0 || wall < saved.wall || saved.error < 0) return;
  // A file that somebody wrote, or a disk changed; the last is not a number either.
  if (!isTime(saved.wall_offset) || !isTime(saved.error) || !(std::abs(saved.drift_ppm) <= kMaxDriftPpm))
    return;
  // The wall clock went on without us, by a crystal that may be as far off as was seen, and further.
  const Micros bound = saved.error + atPpm(wall - saved.wall, kUnknownPpm + std::abs(saved.drift_ppm));
  keep({wall + saved.wall_offset - steady, bound, steady});
}

}  // namespace diemcau::wire
