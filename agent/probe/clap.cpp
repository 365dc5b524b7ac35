#include "agent/probe/clap.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace diemcau::probe {
namespace {

constexpr std::size_t kCertainPairs = 6;      // pairs that make a signal
constexpr std::size_t kCertainSlowPairs = 5;  // of one that is slow: nobody keeps so long a beat
constexpr double kSlow = 3;                   // s from flash to flash
constexpr std::size_t kMovedPairs = 2;        // pairs by which one that is known has moved
constexpr std::size_t kHeardBeeps = 3;        // beeps that may be a signal's
constexpr double kShortestPeriod = 0.7, kLongestPeriod = 6.5;  // s from flash to flash
constexpr double kReach = 0.7;                                 // s from a flash to its beep
constexpr double kReachShare = 0.45;                           // of the time from flash to flash
constexpr double kBeat = 0.008;       // s by which beeps may be off their beat: a block, and a little
constexpr double kAgree = 0.05;       // s by which pairs may differ: a picture's length, and a block's
constexpr double kAlikeFlash = 0.35;  // of the highest
constexpr double kAlikeBeep = 6;      // dB
constexpr double kOverPeriods = 5.5;  // periods without a pair, and the signal has ended
constexpr double kLookPeriods = 7.5;  // periods in which a signal would have been found
constexpr double kSoundAhead = 1;     // s by which the sound may be ahead of the picture in the stream
constexpr double kBetweenLooks = 60,
                 kMostBetweenLooks = 960;  // s from one look that found nothing to the next
constexpr double kBackwards = 0.2;         // s: the stream begins anew

// A stray leaves its time alone; true: it is none.
bool keep(const Leap& leap, std::deque<Leap>& leaps, std::size_t most, double& stray_s) {
  if (leap.stray) {
    stray_s = leap.t_s;
    return false;
  }
  leaps.push_back(leap);
  if (leaps.size() > most) leaps.pop_front();
  return true;
}

// The mean step of times that are all a step apart; none where one is not.
std::optional<double> beat(const std::vector<Leap>& leaps, double tolerance) {
  const double steps = static_cast<double>(leaps.size() - 1);
  const double mean = (leaps.back().t_s - leaps.front().t_s) / steps;
  if (mean < kShortestPeriod || mean > kLongestPeriod) return {};
  for (std::size_t i = 1; i < leaps.size(); ++i)
    if (std::abs(leaps[i].t_s - leaps[i - 1].t_s - mean) > tolerance) return {};
  return mean;
}

std::pair<double, double> sizes(const std::vector<Leap>& leaps) {
  const auto [least, most] = std::minmax_element(
      leaps.begin(), leaps.end(), [](const Leap& a, const Leap& b) { return a.size < b.size; });
  return {least->size, most->size};
}

std::vector<Leap> newest(const std::deque<Leap>& leaps, std::size_t count) {
  return {leaps.end() - static_cast<std::ptrdiff_t>(std::min(count, leaps.size())), leaps.end()};
}

}  // namespace

void Clap::forgetAll() {
  *this = Clap();
}

void Clap::restart() {
  flashes_.clear();
  beeps_.clear();
  signal_.reset();
  skew_ms_.reset();
}

void Clap::picture(double t_s, double luma) {
  if (t_s < picture_s_ - kBackwards) forgetAll();
  picture_s_ = t_s;
  if (const auto leap = flash_finder_.add(t_s, luma)) keep(*leap, flashes_, kCertainPairs, stray_picture_s_);
  judge();
}

void Clap::sound(double t_s, double level_db) {
  if (t_s < sound_s_ - kBackwards) forgetAll();
  sound_s_ = t_s;
  const auto leap = beep_finder_.add(t_s, level_db);
  if (leap && keep(*leap, beeps_, 4 * kCertainPairs, stray_sound_s_)) lookForPictures(t_s);
  judge();
}

// The last flashes, each with its beep, and not one beep more.
std::optional<Clap::Pairs> Clap::pairs(std::size_t count) const {
  if (flashes_.size() < count) return {};
  const auto flashes = newest(flashes_, count);
  const auto period = beat(flashes, kAgree);
  if (!period) return {};
  const double reach = std::min(kReach, kReachShare * *period);
  const double from = flashes.front().t_s - reach, to = flashes.back().t_s + reach;
  if (stray_picture_s_ >= from || stray_sound_s_ >= from) return {};
  std::vector<Leap> beeps;
  for (const Leap& beep : beeps_)
    if (beep.t_s >= from && beep.t_s <= to) beeps.push_back(beep);
  if (beeps.size() != count || !beat(beeps, kBeat)) return {};
  const auto [dimmest, brightest] = sizes(flashes);
  const auto [softest, loudest] = sizes(beeps);
  if (brightest - dimmest > kAlikeFlash * brightest || loudest - softest > kAlikeBeep) return {};
  std::vector<double> apart;
  for (std::size_t i = 0; i < count; ++i) apart.push_back(beeps[i].t_s - flashes[i].t_s);
  std::sort(apart.begin(), apart.end());
  if (apart.back() - apart.front() > kAgree || apart.back() > reach || apart.front() < -reach) return {};
  return Pairs{*beat(beeps, kBeat), loudest, (apart[(count - 1) / 2] + apart[count / 2]) / 2};
}

std::optional<Clap::Pairs> Clap::certain() const {
  if (const auto found = pairs(kCertainPairs)) return found;
  const auto found = pairs(kCertainSlowPairs);
  return found && found->period_s >= kSlow ? found : std::nullopt;
}

// The signal that is on, and its sound later or earlier than it was.
std::optional<Clap::Pairs> Clap::moved() const {
  if (!signal_) return {};
  const auto found = pairs(kMovedPairs);
  const bool same = found && std::abs(found->period_s - signal_->period_s) <= kBeat &&
                    std::abs(found->level_db - signal_->level_db) <= kAlikeBeep;
  return same ? found : std::nullopt;
}

void Clap::judge() {
  if (signal_ && std::max(picture_s_, sound_s_) > signal_s_ + kOverPeriods * signal_->period_s) {
    signal_.reset();
    skew_ms_.reset();
  }
  if (flashes_.size() < kMovedPairs || flashes_.back().t_s <= judged_s_) return;
  const double at = flashes_.back().t_s;
  const double reach = std::min(kReach, kReachShare * (at - (flashes_.end() - 2)->t_s));
  if (std::min(picture_s_, beep_finder_.settled_s()) <= at + reach) return;
  judged_s_ = at;
  auto found = certain();
  if (!found) found = moved();
  if (!found) return;
  signal_ = found;
  signal_s_ = at;
  skew_ms_ = found->skew_s * 1000;
}

void Clap::lookForPictures(double t_s) {
  const auto beeps = newest(beeps_, kHeardBeeps);
  if (beeps.size() < kHeardBeeps || stray_sound_s_ >= beeps.front().t_s) return;
  const auto period = beat(beeps, kBeat);
  const auto [softest, loudest] = sizes(beeps);
  if (!period || loudest - softest > kAlikeBeep) return;
  if (signal_) {
    pause_s_ = 0;
    look_until_ = t_s + kLookPeriods * *period;
  } else if (t_s >= next_look_) {
    pause_s_ = std::clamp(2 * pause_s_, kBetweenLooks, kMostBetweenLooks);
    look_until_ = t_s + kLookPeriods * *period + kSoundAhead;
    next_look_ = look_until_ + pause_s_;
  }
}

}  // namespace diemcau::probe
