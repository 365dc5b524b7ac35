#include "agent/probe/ts_pace.hpp"

#include <algorithm>

namespace diemcau::probe {
namespace {

constexpr double kUsual = 1.0;  // s between references of a stream that runs
constexpr double kHeld = 7.0;   // s: a sender that was held up for so long; less may be a leap of its clock
constexpr double kLongest = 20.0;          // s that a file may stand still; more is another recording's time
constexpr double kPace = 0.1;              // of a difference, by a reference
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
    advance(leap_->s, leap_->of_unit);
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

void TsPace::advance(double ahead, bool of_unit) {
  play_s_ += ahead;
  if (of_unit) advanced_ += ahead;
}

void TsPace::leap(double ahead, bool of_unit) {
  if (ahead >= kHeld) return advance(ahead, of_unit);
  leap_ = Leap{ahead, lost_before_, continuity_.packets(), of_unit};
}

// A clock that stands goes on as it did, and a step that makes up for it is none.
double TsPace::usual(double step) {
  if (step == 0) {
    owed_s_ += usual_s_;
    return usual_s_;
  }
  if (step > usual_s_ && owed_s_ > 0) {
    const double made_up = std::min(owed_s_, step - usual_s_);
    owed_s_ -= made_up;
    return step - made_up;
  }
  if (step > 0 && step <= kUsual) usual_s_ += kPace * (step - usual_s_);
  return step;
}

void TsPace::reference(double own_step) {
  const double step = usual(own_step);
  leap_.reset();
  if (step >= 0 && step <= kUsual) {
    play_s_ += std::max(0.0, step - advanced_);
  } else if (step > kUsual && step <= kLongest) {
    leap(std::max(0.0, step - advanced_), false);
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
  const double ahead = step - (play_s_ - unit.played);
  unit.last = now;
  // What stood or came late makes up for it later: a multiplexer keeps the last sound before a hole until the
  // first behind it.
  const bool late = !first && step >= 0 && ahead < 0 && ahead > -kLongest;
  unit.played = late ? unit.played + step : play_s_;
  if (first || step <= 0) return;
  // A hole whose first packets come before the first reference behind it.
  if (step > kUsual && step <= kLongest && ahead > kUsual && !leap_) return leap(ahead, true);
  if (step > kStep) return;
  unit.since += step;
  if (unit.since <= kOverdue || unit.since <= advanced_) return;
  play_s_ += unit.since - advanced_;
  advanced_ = unit.since;
}

}  // namespace diemcau::probe
