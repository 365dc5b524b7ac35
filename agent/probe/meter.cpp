#include "agent/probe/meter.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "agent/core/conditions.hpp"

namespace diemcau::probe {
namespace {

constexpr Micros kGone = kSecond;  // without data for so long: gone
// A screen that is shared may send frames only when it changes, and now and then one all the same: where most
// come after a gap by the stream's own time, while sound flows and nothing is lost, that is how it sends.
constexpr Micros kRareGap = 700 * kMillisecond, kFirstGap = 4 * kSecond, kMostGap = 10 * kSecond;
constexpr unsigned kFirstFrames = 5, kGapsKept = 0x7;
constexpr int kRareGaps = 2;
// s of the stream's own time in such a gap, at least: what was only held back is a frame's time later.
constexpr double kOwnGap = 0.4;
// Marks in pictures are seen in those that are decoded, key frames perhaps, and two of them are enough.
constexpr Micros kGoneInPicture = 2500 * kMillisecond, kHeldInPicture = 900 * kMillisecond;
constexpr Micros kLongestGap = 10 * kSecond;
// After `still`, when the conditions may call it frozen: their own delay, and the time until they heard of
// it.
constexpr Micros kHeld = kSecond + 120 * kMillisecond;
// When nothing at all has come for so long, it is the feed that may be gone, and not its picture or sound.
constexpr Micros kHush = 300 * kMillisecond;
constexpr double kLongestStep = 1.0;  // s between pictures of a stream that runs
constexpr double kTimeLeap =
    0.5;  // s that a stream's time may run ahead of real time from picture to picture
constexpr double kLeastStep = 0.001;  // s: a multiplexer that is given the same time again adds a tick
constexpr double kTimeBack = 0.1;     // s that it may go back: decoding times do not

}  // namespace

void Meter::connectionOpened(Micros now) {
  std::unique_lock lock(mutex_);
  opened_at_ = now;
  first_data_ = 0;
  all_bytes_ = all_demuxed_ = 0;
  stamped_ = 0;
  stamp_step_s_.reset();
  seen_ = rare_ = 0;
  rare_gap_ = 0;
  skew_ms_ = 0;
  clap_ = Clap();
  mark_gap_ = 0;
}

void Meter::connectionEnded(Micros now, const v1::Text& problem) {
  std::unique_lock lock(mutex_);
  problem_ = problem;
  link_before_.lost += link_.lost;
  link_before_.resent += link_.resent;
  link_ = LinkStats{};
  picture_.still = picture_.was_alive = picture_.black = false;
  noteFlip(now, lock);
}

void Meter::quiet(const v1::Text& problem) {
  const std::lock_guard lock(mutex_);
  if (problem_.en().empty()) problem_ = problem;
}

void Meter::setLink(const LinkStats& stats) {
  const std::lock_guard lock(mutex_);
  link_ = stats;
}

void Meter::received(Micros now, std::size_t bytes) {
  std::unique_lock lock(mutex_);
  bytes_ += bytes;
  if (!problem_.en().empty()) problem_.Clear();
  all_bytes_ += bytes;
  if (first_data_ == 0) {
    first_data_ = now;
    if (ever_received_) ++reconnects_;
    ever_received_ = true;
  }
  last_data_ = now;
  if (!flags_.connected) noteFlip(now, lock);
}

void Meter::demuxed(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  all_demuxed_ += bytes;
}

void Meter::padding(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  padding_ += bytes;
}

void Meter::clockLate(const TsClock::Late& late) {
  const std::lock_guard lock(mutex_);
  arrival_.add(late.s, late.fresh, late.bunch_s);
}

void Meter::pictureTime(Micros now, double stamp_s) {
  const std::lock_guard lock(mutex_);
  const double passed = inSeconds(now - stamped_), step = stamp_s - stamp_s_;
  // After a silence the stream begins anew, at any time.
  if (stamped_ != 0 && passed <= kLongestStep) {
    // A file of few pictures a second is read in bursts: what steps as far as it did before does not leap.
    if (step < -kTimeBack || (stamp_step_s_ && step - passed > kTimeLeap + *stamp_step_s_)) ++time_jumps_;
    if (step >= 0 && step < kLeastStep) ++time_stands_;
    stamp_step_s_ = std::max(0.0, step);
  }
  if (stamped_ != 0) noteRare(now, passed, step);
  stamped_ = now;
  stamp_s_ = stamp_s;
}

void Meter::skew(double ms) {
  const std::lock_guard lock(mutex_);
  if (ms != skew_ms_) clap_.restart();
  skew_ms_ = ms;
}

void Meter::videoFormat(const std::string& codec, unsigned width, unsigned height) {
  const std::lock_guard lock(mutex_);
  video_codec_ = codec;
  width_ = width;
  height_ = height;
}

void Meter::videoFrame(Micros now, std::size_t bytes, double stream_s, bool discontinuity) {
  std::unique_lock lock(mutex_);
  const bool first = last_video_ < opened_at_ || last_video_ == 0;
  if (!first && (discontinuity || std::abs(stream_s - previous_pts_) > kLongestStep)) ++discontinuities_;
  // Of a transport stream its own times are known, before a demultiplexer makes others of them.
  if (stamped_ == 0 && !first) noteRare(now, inSeconds(now - last_video_), stream_s - previous_pts_);
  seen_ = std::min(seen_ + 1, kFirstFrames);
  previous_pts_ = stream_s;
  if (now - last_video_ > kSecond / 2) resumed_ = true;
  if (frames_ == 0) first_pts_ = last_pts_ = stream_s;
  first_pts_ = std::min(first_pts_, stream_s);
  last_pts_ = std::max(last_pts_, stream_s);
  ++frames_;
  video_bytes_ += bytes;
  if (!problem_.en().empty()) problem_.Clear();
  third_video_ = before_video_;
  before_video_ = last_video_;
  last_video_ = last_data_ = now;
  if (!flags_.video || !flags_.connected) noteFlip(now, lock);
}

// `gap_s`: between two that came; `own_s`: by the stream's time.
void Meter::noteRare(Micros now, double gap_s, double own_s) {
  const bool lost = link_.lost != std::exchange(rare_lost_, link_.lost);
  const Micros gap = static_cast<Micros>(gap_s * kSecond);
  const bool rare =
      gap >= kRareGap && gap <= kMostGap && std::abs(own_s) >= kOwnGap && !lost && now - last_audio_ < kGone;
  rare_ = (rare_ << 1 | (rare ? 1U : 0U)) & kGapsKept;
  if (rare && std::popcount(rare_) >= kRareGaps) rare_gap_ = std::max(rare_gap_, gap);
}

// Without a picture for so long there is none.
Micros Meter::pictureGone() const {
  if (rare_gap_ > 0) return std::max(kGone, std::min(kMostGap, rare_gap_ * 3 / 2));
  return seen_ > 0 && seen_ < kFirstFrames ? kFirstGap : kGone;
}

void Meter::picture(Micros now, const PictureVerdict& verdict, const Unevenness& uneven) {
  std::unique_lock lock(mutex_);
  if (uneven.jerk) ++jerks_;
  if (uneven.hitch) ++hitches_;
  if (verdict.follows) {
    ++pairs_;
    motion_ += verdict.share;
  }
  if (verdict.still && !picture_.still) still_at_ = now;
  picture_ = verdict;
  if (verdict.black != flags_.black || verdict.still != flags_.still) noteFlip(now, lock);
}

void Meter::pictureLevel(double t_s, double luma) {
  const std::lock_guard lock(mutex_);
  clap_.picture(t_s, luma);
}

void Meter::soundLevel(double t_s, double level_db) {
  const std::lock_guard lock(mutex_);
  clap_.sound(t_s, level_db);
}

bool Meter::wantsPictures() const {
  const std::lock_guard lock(mutex_);
  return clap_.wantsPictures();
}

void Meter::decodeErrors(unsigned count) {
  const std::lock_guard lock(mutex_);
  decode_errors_ += count;
}

void Meter::audioFormat(const std::string& codec, unsigned channels, unsigned rate) {
  const std::lock_guard lock(mutex_);
  audio_codec_ = codec;
  channels_ = channels;
  rate_ = rate;
}

void Meter::audioFrame(Micros now, std::size_t bytes) {
  std::unique_lock lock(mutex_);
  audio_bytes_ += bytes;
  before_audio_ = last_audio_;
  last_audio_ = last_data_ = now;
  if (!flags_.audio || !flags_.connected) noteFlip(now, lock);
}

void Meter::sound(const float* samples, std::size_t frames, unsigned channels, unsigned rate) {
  const std::lock_guard lock(mutex_);
  sound_.add(samples, frames, channels, rate);
}

void Meter::mark(Micros now, const v1::FeedMark& mark, Micros wall, Micros wall_error, bool in_picture) {
  std::unique_lock lock(mutex_);
  if (mark.briefing() == next_briefing_ && mark.briefing() != marked_briefing_) {
    marked_briefing_ = mark.briefing();
    ++briefings_;
  }
  next_briefing_ = mark.briefing();
  if (!marked(now) || mark.picture() != mark_.picture()) {
    mark_since_ = now;
    if (wall != 0) {
      delays_ += std::clamp<Micros>(wall - mark.made_us(), -kHour, kHour);
      ++marks_;
    }
  }
  mark_ = mark;
  if (in_picture && marked_at_ > opened_at_ && now - marked_at_ < kLongestGap)
    mark_gap_ = std::max(mark_gap_, now - marked_at_);
  marked_at_ = now;
  mark_in_picture_ = in_picture;
  delay_error_ = wall_error + mark.clock_error_ms() * kMillisecond;
  noteFlip(now, lock);
}

void Meter::heard(Micros now, const std::string& briefing) {
  std::unique_lock lock(mutex_);
  if (briefing == next_heard_) {
    if (heard_ != briefing) ++briefings_;
    heard_ = briefing;
    heard_at_ = now;
  }
  next_heard_ = briefing;
  noteFlip(now, lock);
}

bool Meter::marked(Micros now) const {
  return marked_at_ > 0 &&
         now - marked_at_ < (mark_in_picture_ ? std::max(kGoneInPicture, mark_gap_ * 3 / 2) : kGone);
}

Meter::Flags Meter::flagsAt(Micros now) const {
  const auto fresh = [now](Micros at, Micros gone = kGone) { return at > 0 && now - at < gone; };
  const Micros picture_gone = pictureGone();
  Flags out;
  out.connected = fresh(last_data_);
  // One frame alone does not flow: parsers let go of the last one long after the stream has stopped, and a
  // demultiplexer of one more picture.
  const auto flows = [&](Micros at, Micros before, Micros gone = kGone) {
    return fresh(at, gone) && before > 0 && at - before < 2 * gone;
  };
  const bool hush = now - last_data_ >= kHush;
  const bool video = flows(last_video_, before_video_, picture_gone) &&
                     (third_video_ == 0 || before_video_ - third_video_ < 2 * picture_gone);
  out.video = out.connected && (video || (hush && flags_.video));
  out.audio = out.connected && (flows(last_audio_, before_audio_) || (hush && flags_.audio));
  // Until pictures flow in this connection, and not only until the first.
  out.awaited = out.connected && !out.video && third_video_ <= opened_at_ && fresh(stamped_, kFirstGap);
  out.silent = out.audio &&
               (sound_.zeroSeconds() >= agent::kSilentZero || sound_.quietSeconds() >= agent::kSilentQuiet);
  out.black = out.video && picture_.black;
  out.still = out.video && picture_.still;
  out.held = out.still && picture_.was_alive && now - still_at_ >= kHeld;
  out.briefings = briefings_;
  out.skew = std::lround(clap_.skew_ms().value_or(0) / 50);
  out.stands =
      out.video && marked(now) && marked_at_ - mark_since_ >= (mark_in_picture_ ? kHeldInPicture : kGone);
  return out;
}

void Meter::noteFlip(Micros now, std::unique_lock<std::mutex>& lock) {
  const Flags flags = flagsAt(now);
  if (flags == flags_) return;
  flags_ = flags;
  lock.unlock();
  if (flip_) flip_();
}

void Meter::lookAtTime(Micros now) {
  std::unique_lock lock(mutex_);
  noteFlip(now, lock);
}

}  // namespace diemcau::probe
