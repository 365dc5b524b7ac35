#include "agent/probe/meter.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "agent/core/conditions.hpp"

namespace diemcau::probe {
namespace {

constexpr Micros kGone = kSecond;  // without data for so long: gone
// Marks in pictures are seen in those that are decoded, key frames perhaps, and two of them are enough.
constexpr Micros kGoneInPicture = 2500 * kMillisecond, kHeldInPicture = 900 * kMillisecond;
constexpr Micros kToneGone = 9 * kSecond;  // a mark under a tone takes 3 s
constexpr Micros kLongestGap = 10 * kSecond;
// After `still`, when the conditions may call it frozen: their own delay, and the time until they heard of
// it.
constexpr Micros kHeld = kSecond + 120 * kMillisecond;
// When nothing at all has come for so long, it is the feed that may be gone, and not its picture or sound.
constexpr Micros kHush = 300 * kMillisecond;
constexpr double kLongestStep = 1.0;  // s between pictures of a stream that runs
constexpr double kTimeLeap =
    0.5;  // s that a stream's time may run ahead of real time from picture to picture
constexpr double kTimeBack = 0.1;  // s that it may go back: decoding times do not

std::uint32_t kbps(std::uint64_t bytes, double seconds) {
  if (seconds <= 0) return 0;
  const double value = static_cast<double>(bytes) * 8 / 1000 / seconds;
  return static_cast<std::uint32_t>(std::min(value + 0.5, 4e9));
}

double seconds(Micros span) {
  return static_cast<double>(span) / kSecond;
}

// Dividing gives the number nearest to the decimal one, so that JSON stays short.
double rounded(double value, double per) {
  return std::round(value * per) / per;
}

}  // namespace

void Meter::connectionOpened(Micros now) {
  std::unique_lock lock(mutex_);
  opened_at_ = now;
  first_data_ = 0;
  all_bytes_ = all_demuxed_ = 0;
  stamped_ = 0;
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

void Meter::clockLate(double late_s, bool fresh) {
  const std::lock_guard lock(mutex_);
  if (fresh || !least_late_) least_late_ = most_late_ = late_s;
  least_late_ = std::min(*least_late_, late_s);
  most_late_ = std::max(*most_late_, late_s);
}

void Meter::pictureTime(Micros now, double stamp_s) {
  const std::lock_guard lock(mutex_);
  const double passed = seconds(now - stamped_), step = stamp_s - stamp_s_;
  // After a silence the stream begins anew, at any time.
  if (stamped_ != 0 && passed <= kLongestStep) {
    if (step < -kTimeBack || step - passed > kTimeLeap) ++time_jumps_;
    if (step == 0) ++time_stands_;
  }
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

void Meter::picture(Micros now, const PictureVerdict& verdict, bool jerk) {
  std::unique_lock lock(mutex_);
  if (jerk) ++jerks_;
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
  const auto fresh = [now](Micros at) { return at > 0 && now - at < kGone; };
  Flags out;
  out.connected = fresh(last_data_);
  // One frame alone does not flow: parsers let go of the last one long after the stream has stopped, and a
  // demultiplexer of one more picture.
  const auto flows = [&](Micros at, Micros before) {
    return fresh(at) && before > 0 && at - before < 2 * kGone;
  };
  const bool hush = now - last_data_ >= kHush;
  const bool video =
      flows(last_video_, before_video_) && (third_video_ == 0 || before_video_ - third_video_ < 2 * kGone);
  out.video = out.connected && (video || (hush && flags_.video));
  out.audio = out.connected && (flows(last_audio_, before_audio_) || (hush && flags_.audio));
  // Until pictures flow in this connection, and not only until the first.
  out.awaited = out.connected && !out.video && third_video_ <= opened_at_ && fresh(stamped_);
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

double Meter::frameRate(double span) const {
  if (frames_ == 0 || span <= 0) return 0;
  // While pictures begin to come their own times are the better measure; later it is their arrival.
  if ((span < 0.95 || resumed_) && frames_ > 2 && last_pts_ > first_pts_ && last_pts_ - first_pts_ < 3) {
    return (frames_ - 1) / (last_pts_ - first_pts_);
  }
  return frames_ / span;
}

void Meter::fillCommon(v1::HealthSample& out, Micros now, const Flags& flags) const {
  out.set_t_s(rounded(seconds(now - started_), 1000));
  out.set_connected(flags.connected);
  out.set_lost_packets(link_before_.lost + link_.lost);
  out.set_resent_packets(link_before_.resent + link_.resent);
  out.set_rtt_ms(flags.connected ? rounded(link_.rtt_ms, 100) : 0);
  out.set_latency_ms(flags.connected ? link_.latency_ms : 0);
  out.set_av_skew_ms(flags.connected ? rounded(clap_.skew_ms().value_or(skew_ms_), 1) : 0);
  out.set_time_jumps(time_jumps_);
  out.set_time_stands(time_stands_);
  out.set_decode_errors(decode_errors_);
  out.set_discontinuities(discontinuities_);
  out.set_reconnects(reconnects_);
  if (!flags.connected && !problem_.en().empty()) *out.mutable_problem() = problem_;
  out.set_picture_awaited(flags.awaited);
  if (flags.connected && !video_codec_.empty()) {
    v1::VideoHealth& video = *out.mutable_video();
    video.set_codec(video_codec_);
    video.set_width(width_);
    video.set_height(height_);
    video.set_luma(rounded(picture_.luma, 10));
    video.set_black(flags.black);
    video.set_still(flags.still);
    video.set_was_alive(flags.still && picture_.was_alive);
  }
  if (flags.video && marked(now) && !marked_briefing_.empty()) {
    out.mutable_mark()->set_briefing(marked_briefing_);
    out.mutable_mark()->set_stands(flags.stands);
    out.mutable_mark()->set_in_picture(mark_in_picture_);
  }
  if (flags.audio && !audio_codec_.empty()) {
    v1::AudioHealth& audio = *out.mutable_audio();
    audio.set_codec(audio_codec_);
    audio.set_channels(channels_);
    audio.set_sample_rate(rate_);
    if (heard_at_ > opened_at_ && now - heard_at_ < kToneGone) audio.set_mark(heard_);
    audio.set_quiet_s(rounded(sound_.quietSeconds(), 100));
    audio.set_zero_s(rounded(sound_.zeroSeconds(), 100));
  }
}

v1::HealthSample Meter::sample(Micros now) {
  const std::lock_guard lock(mutex_);
  const Flags flags = flags_ = flagsAt(now);
  v1::HealthSample out;
  fillCommon(out, now, flags);
  // A second in which the feed came counts from its first byte.
  const Micros from = std::max(last_, first_data_ > 0 ? first_data_ : last_);
  const double span = seconds(std::max<Micros>(now - from, kMillisecond));
  std::uint64_t bytes = bytes_;
  if (paced_) {
    const std::uint64_t played = video_bytes_ + audio_bytes_;
    const double overhead = all_demuxed_ > 0 && all_bytes_ > all_demuxed_
                                ? static_cast<double>(all_bytes_) / static_cast<double>(all_demuxed_)
                                : 1.0;
    bytes = static_cast<std::uint64_t>(static_cast<double>(played) * std::min(overhead, 2.0));
  } else {
    out.set_padding_kbps(kbps(padding_, span));
    if (least_late_) out.set_jitter_ms(rounded((*most_late_ - *least_late_) * 1000, 10));
  }
  out.set_bitrate_kbps(kbps(bytes, span));
  if (out.has_video()) {
    out.mutable_video()->set_fps(flags.video ? rounded(frameRate(span), 100) : 0);
    out.mutable_video()->set_bitrate_kbps(kbps(video_bytes_, span));
    out.mutable_video()->set_jerks(jerks_);
    out.mutable_video()->set_motion(pairs_ > 0 ? rounded(100 * motion_ / pairs_, 10) : 0);
  }
  if (out.has_mark() && marks_ > 0) {
    out.mutable_mark()->set_delay_ms(
        rounded(static_cast<double>(delays_) / marks_ / static_cast<double>(kMillisecond), 10));
    out.mutable_mark()->set_error_ms(rounded(static_cast<double>(delay_error_) / kMillisecond, 10));
  } else if (out.has_mark()) {  // no key frame in this second
    out.mutable_mark()->set_delay_ms(newest_.mark().delay_ms());
    out.mutable_mark()->set_error_ms(newest_.mark().error_ms());
  }
  const SoundLevels levels = sound_.take();
  if (out.has_audio()) {
    out.mutable_audio()->set_rms_dbfs(rounded(levels.rms_dbfs, 10));
    out.mutable_audio()->set_peak_dbfs(rounded(levels.peak_dbfs, 10));
    out.mutable_audio()->set_lufs(rounded(levels.lufs, 10));
    out.mutable_audio()->set_loudest_lufs(rounded(levels.loudest_lufs, 10));
    out.mutable_audio()->set_clipped(rounded(levels.clipped, 100));
  }
  bytes_ = video_bytes_ = audio_bytes_ = padding_ = 0;
  least_late_.reset();
  most_late_.reset();
  jerks_ = pairs_ = marks_ = 0;
  motion_ = 0;
  delays_ = 0;
  frames_ = 0;
  resumed_ = false;
  last_ = now;
  newest_ = out;
  return out;
}

v1::HealthSample Meter::glance(Micros now) {
  const std::lock_guard lock(mutex_);
  const Flags flags = flags_ = flagsAt(now);
  v1::HealthSample out;
  fillCommon(out, now, flags);
  out.set_between(true);
  out.set_bitrate_kbps(flags.connected ? newest_.bitrate_kbps() : 0);
  out.set_padding_kbps(flags.connected ? newest_.padding_kbps() : 0);
  out.set_jitter_ms(flags.connected ? newest_.jitter_ms() : 0);
  if (out.has_video()) {
    // A feed that has just come has no whole second yet: its frames so far.
    const double so_far = frameRate(std::min(0.9, seconds(std::max<Micros>(now - last_, kMillisecond))));
    out.mutable_video()->set_fps(!flags.video                ? 0
                                 : newest_.video().fps() > 0 ? newest_.video().fps()
                                                             : so_far);
    out.mutable_video()->set_bitrate_kbps(flags.video ? newest_.video().bitrate_kbps() : 0);
    out.mutable_video()->set_jerks(flags.video ? newest_.video().jerks() : 0);
    out.mutable_video()->set_motion(flags.video ? newest_.video().motion() : 0);
  }
  if (out.has_mark()) {
    out.mutable_mark()->set_delay_ms(newest_.mark().delay_ms());
    out.mutable_mark()->set_error_ms(newest_.mark().error_ms());
  }
  if (out.has_audio()) {
    const bool known = newest_.has_audio();
    out.mutable_audio()->set_rms_dbfs(known ? newest_.audio().rms_dbfs() : 0);
    out.mutable_audio()->set_peak_dbfs(known ? newest_.audio().peak_dbfs() : 0);
    out.mutable_audio()->set_lufs(known ? newest_.audio().lufs() : 0);
    out.mutable_audio()->set_loudest_lufs(known ? newest_.audio().loudest_lufs() : 0);
    out.mutable_audio()->set_clipped(known ? newest_.audio().clipped() : 0);
  }
  return out;
}

}  // namespace diemcau::probe
