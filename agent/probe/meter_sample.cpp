// What a meter says of what came in: a sample each second, and a glance in between.
#include <algorithm>
#include <cmath>

#include "agent/probe/meter.hpp"

namespace diemcau::probe {
namespace {

constexpr Micros kToneGone = 9 * kSecond;  // a mark under a tone takes 3 s

std::uint32_t kbps(std::uint64_t bytes, double seconds) {
  if (seconds <= 0) return 0;
  const double value = static_cast<double>(bytes) * 8 / 1000 / seconds;
  return static_cast<std::uint32_t>(std::min(value + 0.5, 4e9));
}

// Dividing gives the number nearest to the decimal one, so that JSON stays short.
double rounded(double value, double per) {
  return std::round(value * per) / per;
}

}  // namespace

double Meter::frameRate(double span) const {
  if (span <= 0) return 0;
  if (frames_ == 0) {
    const bool between = pictureGone() > kSecond && last_video_ > before_video_ && before_video_ > opened_at_;
    return between ? 1 / std::max(span, inSeconds(last_video_ - before_video_)) : 0;
  }
  // While pictures begin to come their own times are the better measure; later it is their arrival.
  if ((span < 0.95 || resumed_) && frames_ > 2 && last_pts_ > first_pts_ && last_pts_ - first_pts_ < 3) {
    return (frames_ - 1) / (last_pts_ - first_pts_);
  }
  return frames_ / span;
}

void Meter::fillCommon(v1::HealthSample& out, Micros now, const Flags& flags) const {
  out.set_t_s(rounded(inSeconds(now - started_), 1000));
  out.set_connected(flags.connected);
  out.set_lost_packets(link_before_.lost + link_.lost);
  out.set_resent_packets(link_before_.resent + link_.resent);
  out.set_rtt_ms(flags.connected ? rounded(link_.rtt_ms, 100) : 0);
  out.set_latency_ms(flags.connected ? link_.latency_ms : 0);
  out.set_av_skew_ms(flags.connected ? rounded(clap_.skew_ms().value_or(skew_ms_), 1) : 0);
  out.set_time_jumps(time_jumps_);
  out.set_time_stands(time_stands_);
  out.set_hitches(hitches_);
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
  const double span = inSeconds(std::max<Micros>(now - from, kMillisecond));
  std::uint64_t bytes = bytes_;
  if (paced_) {
    const std::uint64_t played = video_bytes_ + audio_bytes_;
    const double overhead = all_demuxed_ > 0 && all_bytes_ > all_demuxed_
                                ? static_cast<double>(all_bytes_) / static_cast<double>(all_demuxed_)
                                : 1.0;
    bytes = static_cast<std::uint64_t>(static_cast<double>(played) * std::min(overhead, 2.0));
  } else {
    out.set_padding_kbps(kbps(padding_, span));
    if (const auto spread = arrival_.spread()) out.set_jitter_ms(rounded(*spread * 1000, 10));
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
  arrival_.endSecond();
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
    const double so_far = frameRate(std::min(0.9, inSeconds(std::max<Micros>(now - last_, kMillisecond))));
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
