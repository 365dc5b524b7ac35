#include "agent/probe/decode_plan.hpp"

#include <algorithm>
#include <utility>

namespace diemcau::probe {
namespace {

constexpr double kLearn = 3;   // s at the start in which everything is decoded
constexpr double kMemory = 4;  // s of frame sizes
constexpr double kHold = 1.5;  // s that watching goes on after its last reason
constexpr double kHoldSmall =
    0.2;  // s after frames were small: those that are large again show that it moves
constexpr double kLongGroup = 2.5;     // s: key frames that are rarer say too little
constexpr std::size_t kRecent = 5;     // frames
constexpr double kCollapse = 0.35;     // of the median
constexpr double kSmall = 1.0 / 400;   // bytes a pixel: 2.3 kB at 720p, where decoding costs next to nothing
constexpr double kEmpty = kSmall / 4;  // most frames: the picture is repeated
constexpr std::size_t kWeighed = 25;   // frames
constexpr int kWeighEvery = 10;        // frames
constexpr std::size_t kLongestRun = 12;  // small frames that an encoder may need after a key frame
constexpr std::size_t kRunMargin = 2;    // frames
constexpr double kUneven = 2;            // times the usual
// Where a picture stops under a constant rate its encoder has bits to spare: a frame is small for once, and
// soon some are large. When it has brought out all there is, each is as large as the one before.
constexpr double kDip = 0.65, kSpike = 1.8;  // of the median
constexpr std::size_t kAfterDip = 8;         // frames
constexpr double kEven = 2.3;                // where frames are as uneven as that they tell nothing
constexpr std::size_t kSteady = 6;           // frames
constexpr double kSteadyWithin = 1.01;       // times
constexpr double kLookEvery = 4;   // s: a part of a group is decoded, to see damage that nothing else shows
constexpr double kLookFor = 0.24;  // s of it
// Times, from group to group. What a key frame may take depends on what its encoder has saved.
constexpr double kAlike = 1.3, kLargestAlike = 1.6, kKeyAlike = 2;
constexpr double kKeysApart = 2.05;  // s between two that are decoded, at most

bool near(std::size_t one, std::size_t other, double times) {
  return static_cast<double>(std::max(one, other)) <= times * static_cast<double>(std::min(one, other));
}

}  // namespace

void DecodePlan::disturbed() {
  disturbed_ = true;
}

bool DecodePlan::collapsed() {
  if (sizes_.size() < kWeighed) return true;
  double recent = 0;
  for (auto it = sizes_.end() - kRecent; it != sizes_.end(); ++it) recent += static_cast<double>(it->size);
  recent /= kRecent;
  if (recent < kSmall * static_cast<double>(pixels_)) return true;
  sorted_.clear();
  for (const Sized& one : sizes_) sorted_.push_back(one.size);
  const auto middle = sorted_.begin() + static_cast<std::ptrdiff_t>(sorted_.size() / 2);
  std::nth_element(sorted_.begin(), middle, sorted_.end());
  median_ = static_cast<double>(*middle);
  if (static_cast<double>(*middle) < kEmpty * static_cast<double>(pixels_)) return true;
  return recent < kCollapse * static_cast<double>(*middle);
}

// For each predicted frame.
void DecodePlan::countSmall(bool small) {
  if (since_key_ == 1) {
    std::copy_backward(small_runs_.begin(), small_runs_.end() - 1, small_runs_.end());
    small_runs_.front() = small_run_ <= kLongestRun ? small_run_ : 0;
    small_run_ = 0;
  }
  if (small && since_key_ <= small_run_ + kRecent) small_run_ = since_key_;
}

bool DecodePlan::smallAsUsual() const {
  const std::size_t usual = *std::max_element(small_runs_.begin(), small_runs_.end());
  return usual > 0 && since_key_ <= usual + kRunMargin;
}

// Where most frames only repeat, a few are far larger than most. Encoders have their own patterns: what
// counts is that this one is new, and one look a while is enough.
bool DecodePlan::uneven(double t_s) {
  if (--until_weighed_ > 0) return false;
  until_weighed_ = kWeighEvery;
  sorted_.clear();
  for (auto it = sizes_.rbegin(); it != sizes_.rend() && sorted_.size() < kWeighed; ++it)
    if (!it->small_as_usual) sorted_.push_back(it->size);
  if (sorted_.size() < kWeighed) return false;
  std::sort(sorted_.begin(), sorted_.end());
  const auto mean = [this](std::size_t from, std::size_t to) {
    double sum = 1;
    for (std::size_t i = from; i < to; ++i) sum += static_cast<double>(sorted_[i]);
    return sum / static_cast<double>(to - from);
  };
  const double now = mean(kWeighed * 4 / 5, kWeighed) / mean(0, kWeighed * 2 / 5);
  const bool grown = unevenness_ > 0 && now > kUneven * unevenness_;
  unevenness_ = unevenness_ > 0 ? 0.9 * unevenness_ + 0.1 * now : now;
  if (!grown || t_s < uneven_look_at_) return false;
  uneven_look_at_ = t_s + kLookEvery;
  return true;
}

// Where an encoder has done so lately it says nothing new.
bool DecodePlan::saves(double t_s) {
  if (since_key_ == 0) return false;
  const auto fresh = [t_s](bool now, double& last) {
    return now && t_s - std::exchange(last, t_s) > kLookEvery;
  };
  const bool shaken = fresh(this->shaken(), shaken_at_), steady = fresh(this->steady(), steady_at_);
  return shaken || steady;
}

bool DecodePlan::shaken() {
  if (unevenness_ <= 0 || unevenness_ > kEven) return false;
  const auto size = static_cast<double>(sizes_.back().size);
  since_dip_ = since_key_ > kRecent && size < kDip * median_ ? 0 : since_dip_ + 1;
  return since_dip_ <= kAfterDip && size > kSpike * median_;
}

bool DecodePlan::steady() const {
  if (since_key_ < kSteady || sizes_.size() < kWeighed) return false;
  const auto [least, most] = std::minmax_element(
      sizes_.end() - kSteady, sizes_.end(), [](const Sized& a, const Sized& b) { return a.size < b.size; });
  return static_cast<double>(most->size) <= kSteadyWithin * static_cast<double>(least->size);
}

bool DecodePlan::alike(const Group& a, const Group& b) {
  return std::min(a.frames, b.frames) >= kRecent && near(a.key, b.key, kKeyAlike) &&
         near(a.sum / a.frames, b.sum / b.frames, kAlike) && near(a.largest, b.largest, kLargestAlike);
}

bool DecodePlan::leaveOut(double t_s) const {
  return as_before_ && !every_key_ && t_s + group_s_ - decoded_key_ <= kKeysApart;
}

double DecodePlan::watchFor(double t_s, bool suspect, bool small) {
  const bool saves = this->saves(t_s);
  if (shown_ || full_ || suspect || t_s - started_at_ < kLearn) return kHold;
  if (group_s_ > kLongGroup || t_s - last_key_ > kLongGroup) return kHold;
  if (std::exchange(disturbed_, false)) return kHold;
  // What is already being looked at goes on being looked at.
  if (small && (t_s < watch_until_ || !smallAsUsual())) return kHoldSmall;
  if (saves) return kHoldSmall;
  return uneven(t_s) ? kHold : 0;
}

// First frame, or the time jumped.
void DecodePlan::begin(double t_s, bool key) {
  started_at_ = t_s;
  last_key_ = key ? t_s : -1;
  group_s_ = 0;
  watch_until_ = look_at_ = look_until_ = 0;
  shaken_at_ = steady_at_ = t_s;
  sizes_.clear();
  unevenness_ = uneven_look_at_ = 0;
  group_ = group_before_ = Group();
  as_before_ = false;
  decoded_key_ = -1;
  small_run_ = 0;
  small_runs_ = {};
}

void DecodePlan::note(double t_s, bool key, std::size_t coded_size) {
  if (key) {
    if (last_key_ >= 0) group_s_ = t_s - last_key_;
    last_key_ = t_s;
    since_key_ = 0;
    as_before_ = alike(group_, group_before_) && near(coded_size, group_.key, kKeyAlike);
    group_before_ = std::exchange(group_, Group());
    group_.key = coded_size;
    return;
  }
  ++since_key_;
  group_.sum += coded_size;
  group_.largest = std::max(group_.largest, coded_size);
  ++group_.frames;
  sizes_.push_back({t_s, coded_size, smallAsUsual()});
  while (sizes_.front().t_s < t_s - kMemory) sizes_.pop_front();
}

Decode DecodePlan::next(double t_s, bool key, std::size_t coded_size, bool suspect) {
  if (started_at_ < 0 || t_s < last_key_ || t_s > last_key_ + 60) begin(t_s, key);
  note(t_s, key, coded_size);
  if (key && t_s >= look_at_) {
    look_at_ = t_s + kLookEvery - 0.02;
    look_until_ = t_s + std::min(group_s_, kLookFor) - 0.02;
  }
  const bool small = collapsed();
  if (!key) countSmall(small);
  if (const double span = watchFor(t_s, suspect, small); span > 0)
    watch_until_ = std::max(watch_until_, t_s + span);
  const bool was = watching_;
  watching_ = t_s < std::max(watch_until_, look_until_);
  if (!watching_ && (!key || leaveOut(t_s))) return Decode::kSkip;
  if (key) decoded_key_ = t_s;
  if (!watching_) return Decode::kThis;
  return was || key ? Decode::kThis : Decode::kGroup;
}

}  // namespace diemcau::probe
