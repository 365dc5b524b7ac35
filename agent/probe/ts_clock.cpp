#include "agent/probe/ts_clock.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace diemcau::probe {
namespace {

constexpr double kTicks = 90'000;
constexpr std::uint64_t kRound = std::uint64_t{1} << 33;
constexpr double kLongestRun = 1.0;  // s between references; more is a break, not lateness
constexpr double kLeap = 0.06;       // s beyond the usual step: no frame's length
constexpr double kMostLeap = 10.0;   // s: more is another stream's time
constexpr double kFresh = 0.5;       // s
constexpr double kMostTurned = 0.7;  // s: sixteen pictures of 25 a second
constexpr std::size_t kSteps = 9;
constexpr std::size_t kLeads = 40;  // pieces of sound: most of a second of AAC
constexpr std::size_t kLeastLeads = 4;
constexpr double kSettle = 0.8;   // s
constexpr double kAgrees = 0.25;  // of the leap, by which the lead may miss it

double median(const std::deque<double>& values) {
  std::vector<double> sorted(values.begin(), values.end());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  return *middle;
}

void keep(std::deque<double>& values, double value, std::size_t most) {
  values.push_back(value);
  if (values.size() > most) values.pop_front();
}

std::uint64_t ticksAt(const std::uint8_t* p) {
  return std::uint64_t{p[0] & 0x0EU} << 29 | std::uint64_t{p[1]} << 22 | std::uint64_t{p[2] & 0xFEU} << 14 |
         std::uint64_t{p[3]} << 7 | std::uint64_t{p[4]} >> 1;
}

}  // namespace

std::optional<double> SkewMeter::leap(Stream& stream, double t_s) {
  const double step = t_s - stream.last;
  const bool seen = stream.seen;
  stream.seen = true;
  stream.last = t_s;
  if (!seen) return {};
  if (stream.steps.size() < kSteps / 2) {
    keep(stream.steps, step, kSteps);
    return {};
  }
  const double beyond = step - median(stream.steps);
  keep(stream.steps, step, kSteps);
  if (std::abs(beyond) < kLeap || std::abs(beyond) > kMostLeap) return {};
  return beyond;
}

void SkewMeter::leapt(double expected_change) {
  if (!settling_ && lead_.size() < kLeastLeads) return;  // the stream has only begun
  // Both may leap, one right after the other: together they part by the difference.
  if (!settling_) {
    before_ = median(lead_);
    expected_ = 0;
  }
  expected_ += expected_change;
  lead_.clear();
  settling_ = true;
  settled_.reset();
}

void SkewMeter::settle(double sound_s) {
  if (!settling_) return;
  if (!settled_) settled_ = sound_s + kSettle;
  if (sound_s < *settled_ || lead_.size() < kLeastLeads) return;
  settling_ = false;
  const double change = median(lead_) - before_;
  if (std::abs(expected_) >= kLeap && std::abs(change - expected_) <= kAgrees * std::abs(expected_))
    skew_ms_ = std::clamp(skew_ms_ + change * 1000, -10'000.0, 10'000.0);
}

void SkewMeter::picture(double t_s) {
  if (const auto by = leap(picture_, t_s)) leapt(-*by);
  fresh_ = sound_.last;
}

void SkewMeter::sound(double t_s) {
  if (const auto by = leap(sound_, t_s)) leapt(*by);
  // While pictures are missing the sound runs away from the last of them.
  if (!picture_.seen || t_s - fresh_ > kFresh) return;
  keep(lead_, t_s - picture_.last, kLeads);
  settle(t_s);
}

double SkewMeter::soundStep() const {
  return sound_.steps.empty() ? 0 : median(sound_.steps);
}

double TsTime::add(std::uint64_t ticks) {
  if (seen_) {
    std::int64_t step = static_cast<std::int64_t>((ticks - last_) & (kRound - 1));
    if (step >= static_cast<std::int64_t>(kRound / 2)) step -= static_cast<std::int64_t>(kRound);
    sum_ += step;
  } else {
    sum_ = static_cast<std::int64_t>(ticks);
  }
  seen_ = true;
  last_ = ticks;
  return static_cast<double>(sum_) / kTicks;
}

unsigned tsPid(const std::uint8_t* packet) {
  return (packet[1] & 0x1FU) << 8 | packet[2];
}

std::optional<std::uint64_t> tsReference(const std::uint8_t* packet) {
  const bool adaptation = (packet[3] & 0x20) != 0 && packet[4] > 0;
  if ((packet[1] & 0x80) != 0 || !adaptation || packet[4] < 7 || (packet[5] & 0x10) == 0) return {};
  return std::uint64_t{packet[6]} << 25 | std::uint64_t{packet[7]} << 17 | std::uint64_t{packet[8]} << 9 |
         std::uint64_t{packet[9]} << 1 | std::uint64_t{packet[10]} >> 7;
}

std::optional<TsUnit> tsUnit(const std::uint8_t* packet) {
  if ((packet[1] & 0x80) != 0 || (packet[1] & 0x40) == 0 || (packet[3] & 0x10) == 0) return {};
  const std::size_t at = 4 + ((packet[3] & 0x20) != 0 ? std::size_t{packet[4]} + 1 : 0);
  if (at + 19 > 188) return {};
  const std::uint8_t* head = packet + at;
  if (head[0] != 0 || head[1] != 0 || head[2] != 1 || (head[7] & 0x80) == 0) return {};
  const bool picture = (head[3] & 0xF0) == 0xE0;
  const bool sound = (head[3] & 0xE0) == 0xC0 || head[3] == 0xBD;  // 0xBD: AC-3, Opus
  if (!picture && !sound) return {};
  const bool decoding = (head[7] & 0x40) != 0 && head[8] >= 10;
  return TsUnit{tsPid(packet), picture, ticksAt(head + (decoding ? 14 : 9)), ticksAt(head + 9)};
}

void TsClock::add(const std::uint8_t* packet, double arrival_s) {
  if (const auto ticks = tsReference(packet)) reference(tsPid(packet), *ticks, arrival_s);
  if (const auto found = tsUnit(packet)) unit(*found);
}

void TsClock::reference(unsigned pid, std::uint64_t ticks, double arrival_s) {
  if (!clock_pid_) clock_pid_ = pid;
  if (*clock_pid_ != pid) return;
  const double now = clock_.add(ticks);
  const bool fresh = !running_ || now <= last_clock_ || now - last_clock_ > kLongestRun;
  running_ = true;
  last_clock_ = now;
  if (fresh) base_ = arrival_s - now;
  late_ =
      Late{arrival_s - now - base_, fresh || (late_ && late_->fresh), std::max(skew_.soundStep(), turned_)};
}

void TsClock::unit(const TsUnit& unit) {
  auto& counts = unit.picture ? picture_pid_ : sound_pid_;
  if (!counts) counts = unit.pid;
  if (*counts != unit.pid) return;  // a second language, sign language
  if (unit.picture) {
    noteOrder(unit.shown);
    picture_time_ = picture_.add(unit.ticks);
    skew_.picture(*picture_time_);
  } else {
    skew_.sound(sound_.add(unit.ticks));
  }
}

// A sender that waits until a picture is to be shown sends those that come before it right behind it.
void TsClock::noteOrder(std::uint64_t shown) {
  const std::uint64_t before = latest_shown_ ? (*latest_shown_ - shown) & (kRound - 1) : 0;
  const double turned = static_cast<double>(before) / kTicks;
  if (before == 0 || turned > kMostTurned) {  // later than all; or the time leapt
    latest_shown_ = shown;
  } else if (turned > turned_) {
    turned_ = turned;
  }
}

std::optional<TsClock::Late> TsClock::takeLate() {
  return std::exchange(late_, std::nullopt);
}

std::optional<double> TsClock::takePictureTime() {
  return std::exchange(picture_time_, std::nullopt);
}

}  // namespace diemcau::probe
