// The rules. The delays come from a labelled set of faults (docs of the probe): a fault is told within about
// two seconds, and pauses in a talk, fades, dark slides and still slides raise nothing.
#include <algorithm>

#include "agent/core/conditions.hpp"

namespace diemcau::agent {
namespace {

using Name = v1::Condition;

constexpr double kFrozenDelay = 0.9;    // s, after the second that `still` already takes
constexpr double kSoundBack = 0.6;      // s: without a pause so long for a while, it is no single knock
constexpr double kSilenceOff = 0.8;     // s
constexpr double kLowRate = 0.7;        // of the expected frame rate
constexpr double kLowRateDelay = 2.0;   // s
constexpr double kCounted = 3;          // frames a second: a feed of less by itself keeps to no rate
constexpr double kLowBitrate = 0.5;     // of the profile's minimum, or of a constant rate
constexpr double kLowBitrateDelay = 3;  // s
constexpr double kDamageWindow = 3.0;   // s in which losses and errors are added up
constexpr double kDamageOff = 5.0;      // s: steady loss comes and goes from second to second
constexpr std::uint32_t kLostPackets = 5;
constexpr double kAwayFor = 2.2;   // s: told, and counted, once a second
constexpr double kAwayFelt = 4.0;  // s: a group of pictures, and what a decoder holds back
constexpr std::uint32_t kDecodeErrors = 2;
constexpr std::size_t kLearnSeconds = 10;

// A rate that is not kept constant follows the picture: it is low only against a picture that moves as
// before.
constexpr double kOwnBitrate = 0.4;   // of the feed's own
constexpr double kOwnMotion = 0.6;    // of the feed's own
constexpr double kLeastMotion = 2.0;  // %: below, hardly anything costs bits

// Of what is sent, on a line on which packets were asked for again and are lost all the same in every second:
// less is a line that cannot carry the feed. Where nothing can be asked for again it is not told from losses.
constexpr double kCarried = 0.8;
constexpr double kStarvedDelay = 3.0, kStarvedOff = 5.0;

// A webcam's 12 frames a second in a slide hold for one frame and are no jerks; five a second are plain to
// see.
constexpr std::uint32_t kJerks = 3;  // a second
constexpr double kJerkyHabit = 2;    // a feed that has always been so is shared from a screen
constexpr double kStutterDelay = 2.0, kStutterOff = 2.0;
// A picture that stands for longer, and moves evenly between, hitches: twice by chance, three times no more.
constexpr std::uint32_t kHitches = 3, kHitchingHabit = 4;
constexpr double kHitchWindow = 4.5;  // s

// EBU R 128 aims at -23 LUFS and ITU-R BS.1770 counts nothing below -70 LUFS: halfway, rounded. A pause of
// the talk with a room's noise is shorter than the delay.
constexpr double kQuietLufs = -46;
constexpr double kQuietDelay = 6.0, kQuietOff = 2.0;
// EBU R 128 allows peaks up to -1 dBTP; speech that is driven into the stop touches it in far more than this.
constexpr double kClipped = 0.5;  // % of the samples
constexpr double kClippedDelay = 2.0, kClippedOff = 4.0;

// ITU-R BT.1359-1: acceptable is sound that comes 90 ms early to 185 ms late.
constexpr double kSoundEarly = -90, kSoundLate = 185;  // ms
constexpr double kSkewOff = 2.0;  // no delay: the measure itself waits until it is certain

// ITU-T G.114: 150 ms one way and a talk still flows. SRT resends within its latency: a round trip that is
// longer leaves no time for it.
constexpr double kRoundTrip = 300;  // ms
constexpr double kRoundTripDelay = 4.0, kRoundTripOff = 5.0;
// More than SRT's default latency of 120 ms, which players take for their own buffers too, with room for a
// sender that is busy now and then.
constexpr double kJitter = 150;  // ms
constexpr double kJitterDelay = 3.0, kJitterOff = 4.0;

constexpr double kTimeWindow = 3.0;  // s
constexpr double kTimeOff = 5.0;
constexpr std::uint32_t kTimeStands = 5;  // pictures

bool codecDiffers(const std::string& wanted, const std::string& got) {
  return !wanted.empty() && wanted != Conditions::kNone && !got.empty() && wanted != got;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

void Conditions::judgePicture(const v1::HealthSample& sample) {
  const v1::VideoHealth& video = sample.video();
  // `black` and `still` already wait for about a second of pictures.
  step(Name::black, video.black(), t_, 0, 0);
  // Marks know what pictures alone leave open: a still slide that lives, and one that nobody sends any more.
  if (sample.has_mark()) {
    // One in the picture lives in it: with it nothing that comes is still.
    const bool held = sample.mark().in_picture() && video.still() && video.was_alive();
    step(Name::frozen, sample.mark().stands() || held, t_, 0, 0);
  } else {
    step(Name::frozen, video.still() && video.was_alive(), t_, kFrozenDelay, 0);
  }
}

// By what is seen, or heard under the test tone.
bool Conditions::wrongFeed(const v1::HealthSample& sample) const {
  if (profile_.mark().empty()) return false;
  const bool seen = wantsPicture() && sample.has_mark() && sample.mark().briefing() != profile_.mark();
  const bool heard =
      wantsSound() && !sample.audio().mark().empty() && sample.audio().mark() != profile_.mark();
  return seen || heard;
}

bool Conditions::wrongFormat(const v1::HealthSample& sample) const {
  const v1::VideoHealth& video = sample.video();
  if (codecDiffers(profile_.video_codec(), video.codec())) return true;
  if (profile_.width() != 0 && video.width() != 0 && profile_.width() != video.width()) return true;
  if (profile_.height() != 0 && video.height() != 0 && profile_.height() != video.height()) return true;
  return codecDiffers(profile_.audio_codec(), sample.audio().codec());
}

void Conditions::judgeSound(const v1::HealthSample& sample) {
  const v1::AudioHealth& audio = sample.audio();
  const bool silent = audio.zero_s() >= kSilentZero || audio.quiet_s() >= kSilentQuiet;
  step(Name::silence, silent || (on(Name::silence) && audio.quiet_s() >= kSoundBack), t_, 0, kSilenceOff);
  const bool apart = sample.av_skew_ms() < kSoundEarly || sample.av_skew_ms() > kSoundLate;
  step(Name::av_skew, wantsPicture() && apart, t_, 0, kSkewOff);
  if (sample.between()) return;
  step(Name::too_quiet, audio.loudest_lufs() < kQuietLufs, whole_t_, kQuietDelay, kQuietOff);
  step(Name::clipping, audio.clipped() >= kClipped, whole_t_, kClippedDelay, kClippedOff);
}

void Conditions::learn(const v1::HealthSample& sample) {
  if (habit_.learnt || !wantsPicture() || sample.video().fps() <= 0 || t_ - whole_t_ < 0.5) return;
  habit_.fps.push_back(sample.video().fps());
  habit_.kbps.push_back(sample.bitrate_kbps());
  habit_.jerks.push_back(sample.video().jerks());
  if (sample.video().motion() > 0) habit_.motion.push_back(sample.video().motion());
  if (sample.padding_kbps() > 0) ++habit_.padded;
  if (habit_.fps.size() < kLearnSeconds) return;
  habit_.usual_fps = median(habit_.fps);
  habit_.usual_kbps = median(habit_.kbps);
  habit_.usual_motion = median(habit_.motion);
  habit_.usual_jerks = median(habit_.jerks);
  habit_.hitches = sample.hitches();
  habit_.learnt = true;
}

bool Conditions::thin(const v1::HealthSample& sample) const {
  const double kbps = sample.bitrate_kbps();
  // A still slide is cheap and no fault: the bit rate is judged only while the picture moves.
  if (profile_.min_bitrate_kbps() > 0)
    return !sample.video().still() && kbps < kLowBitrate * profile_.min_bitrate_kbps();
  if (!habit_.learnt) return false;
  // A rate that was filled up to be constant was a promise, whatever the picture.
  if (habit_.padded + 1 >= kLearnSeconds) return kbps < kLowBitrate * habit_.usual_kbps;
  return kbps < kOwnBitrate * habit_.usual_kbps && movesAsUsual(sample);
}

bool Conditions::movesAsUsual(const v1::HealthSample& sample) const {
  return !sample.video().still() && habit_.usual_motion >= kLeastMotion &&
         sample.video().motion() >= kOwnMotion * habit_.usual_motion;
}

// What the sender sends now, as far as that is known: a constant rate, or what is promised or usual while the
// picture moves.
double Conditions::sentKbps(const v1::HealthSample& sample) const {
  const bool as_usual = habit_.learnt && (habit_.padded + 1 >= kLearnSeconds || movesAsUsual(sample));
  return std::max<double>(as_usual ? habit_.usual_kbps : 0,
                          sample.video().still() ? 0 : profile_.min_bitrate_kbps());
}

void Conditions::judgeRates(const v1::HealthSample& sample) {
  learn(sample);
  const bool slow = expectedRate() >= kCounted && sample.video().fps() < kLowRate * expectedRate();
  step(Name::low_fps, slow, whole_t_, kLowRateDelay, 1);
  step(Name::low_bitrate, thin(sample), whole_t_, kLowBitrateDelay, 2);
  const bool jerky = habit_.learnt && habit_.usual_jerks < kJerkyHabit && sample.video().jerks() >= kJerks;
  const bool hitching = gained(hitches_, sample.hitches(), kHitchWindow) >= kHitches && habit_.learnt &&
                        habit_.hitches < kHitchingHabit;
  step(Name::stutter, jerky || hitching, whole_t_, hitching ? 0 : kStutterDelay, kStutterOff);
}

void Conditions::judgeDamage(const v1::HealthSample& sample) {
  const bool loses = sample.lost_packets() > lost_.last && sample.resent_packets() > resent_;
  resent_ = sample.resent_packets();
  // Where a stream or all of them have just been away, the packets of that time are missing: no other fault.
  const bool was_away = away_at_ >= 0 && t_ - away_at_ <= kAwayFor && !on(Name::packet_loss);
  if (was_away) lost_.last = sample.lost_packets();
  // The pictures that then come need some of those that did not, until the next one that begins anew.
  if (away_at_ >= 0 && t_ - away_at_ <= kAwayFelt && !on(Name::corrupted))
    errors_.last = sample.decode_errors();
  const std::uint32_t lost = gained(lost_, sample.lost_packets(), kDamageWindow);
  const std::uint32_t errors = gained(errors_, sample.decode_errors(), kDamageWindow);
  // Where sound and picture are apart because one of them was moved, it leaps when it comes back.
  if (on(Name::av_skew)) jumps_.last = sample.time_jumps();
  const std::uint32_t jumps = gained(jumps_, sample.time_jumps(), kTimeWindow);
  const std::uint32_t stands = gained(stands_, sample.time_stands(), kTimeWindow);
  if (!sample.connected()) return;
  const bool starved = loses && sample.bitrate_kbps() < kCarried * sentKbps(sample);
  if (!sample.between()) step(Name::line_too_slow, starved, whole_t_, kStarvedDelay, kStarvedOff);
  // A single packet is a fault where the picture shows it, and the cause of what it shows.
  const bool felt = lost > 0 && errors >= kDecodeErrors;
  step(Name::packet_loss, lost >= kLostPackets || lost_.gains.size() > 1 || felt, t_, 0, kDamageOff);
  step(Name::corrupted, errors >= kDecodeErrors, t_, 0, kDamageOff);
  step(Name::timestamps, jumps > 0 || stands >= kTimeStands, t_, 0, kTimeOff);
}

void Conditions::judgeLine(const v1::HealthSample& sample) {
  if (!sample.connected()) return;
  const double most =
      sample.latency_ms() > 0 ? std::min<double>(kRoundTrip, sample.latency_ms()) : kRoundTrip;
  step(Name::high_delay, sample.rtt_ms() > most, t_, kRoundTripDelay, kRoundTripOff);
  if (!sample.between())
    step(Name::jitter, sample.jitter_ms() >= kJitter, whole_t_, kJitterDelay, kJitterOff);
}

}  // namespace diemcau::agent
