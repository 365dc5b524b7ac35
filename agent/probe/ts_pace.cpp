#include "agent/probe/ts_pace.hpp"

#include <algorithm>

namespace diemcau::probe {
namespace {

constexpr double kUsual = 1.0;  // s between references of a stream that runs
constexpr double kHeld = 7.0;   // s: a sender that was held up for so long; less may be a leap of its clock
constexpr double kLongest = 20.0;          // s that a file may stand still; more is another recording's time
constexpr double kStep = 0.7;              // s between units of a stream that runs
constexpr std::uint64_t kLookAhead = 100;  // packets: each stream has sent one by then
constexpr double kOverdue = 0.5;           // s: references come at least ten times a second

}  // namespace

TsPace::TsPace() {
  continuity_.onMarked([this](const std::uint8_t* packet) { marked(packet); });
}

double TsPace::add(const std::uint8_t* data, std::size_t size) {
  continuity_.add(data, size);
  // A leap of the clock over which packets are missing is a hole; over which none is, a leap.
  if (leap_ && continuity_.lost() != leap_->lost) {
    play_s_ += leap_->s;
    leap_.reset();
  }
  if (leap_ && continuity_.packets() > leap_->packets + kLookAhead) leap_.reset();
  return play_s_;
}

void TsPace::marked(const std::uint8_t* packet) {
  if (const auto ticks = tsReference(packet)) {
    const unsigned pid = tsPid(packet);
    if (!clock_pid_) clock_pid_ = pid;
    if (*clock_pid_ == pid) {
      const bool first = !clock_.seen();
      const double now = clock_.add(*ticks);
      if (!first) reference(now - clock_s_);
      clock_s_ = now;
    }
  }
  if (const auto found = tsUnit(packet)) unit(*found);
}

void TsPace::reference(double step) {
  const double ahead = std::max(0.0, step - advanced_);
  leap_.reset();
  if (step >= 0 && step <= kLongest) {
    if (step <= kUsual || step >= kHeld) {
      play_s_ += ahead;
    } else {
      leap_ = Leap{ahead, lost_before_, continuity_.packets()};
    }
  }
  lost_before_ = continuity_.lost();
  advanced_ = 0;
  for (auto& [pid, unit] : units_) unit.second.since = 0;
}

// Where the stream with the references is missing, the others' own times go on.
void TsPace::unit(const TsUnit& found) {
  auto& [time, unit] = units_[found.pid];
  const bool first = !time.seen();
  const double now = time.add(found.ticks);
  const double step = now - unit.last;
  unit.last = now;
  if (first || step <= 0 || step > kStep) return;
  unit.since += step;
  if (unit.since <= kOverdue || unit.since <= advanced_) return;
  play_s_ += unit.since - advanced_;
  advanced_ = unit.since;
}

}  // namespace diemcau::probe
