// The rules. The delays come from a labelled set of faults (docs of the probe): a fault is told within about
// two seconds, and pauses in a talk, fades, dark slides and still slides raise nothing.
#include "agent/core/conditions.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace diemcau::agent {
namespace {

using Name = v1::Condition;

constexpr double kSlack = 0.02;      // s: samples are not exactly a second apart
constexpr double kStartGrace = 2.0;  // s until a feed that never came counts as absent
constexpr double kStreamGrace =
    3.0;  // s from the connection until a picture or sound is missed: a group of pictures
constexpr double kFrozenDelay = 0.9;    // s, after the second that `still` already takes
constexpr double kSilentDb = -60;       // dBFS rms: below is silence, with hum perhaps
constexpr double kZeroDb = -90;         // dBFS peak: digital zero
constexpr double kZeroDelay = 2.0;      // s
constexpr double kSilentDelay = 3.0;    // s
constexpr double kLowRate = 0.7;        // of the expected frame rate
constexpr double kLowRateDelay = 2.0;   // s
constexpr double kLowBitrate = 0.5;     // of the profile's minimum
constexpr double kLowBitrateDelay = 3;  // s
constexpr double kFormatDelay = 0.5;    // s
constexpr double kDamageWindow = 3.0;   // s in which losses and errors are added up
constexpr double kDamageOff = 5.0;      // s: steady loss comes and goes from second to second
constexpr std::uint32_t kLostPackets = 5;
constexpr std::uint32_t kDecodeErrors = 2;
constexpr std::size_t kLearnSeconds = 10;

bool codecDiffers(const std::string& wanted, const std::string& got) {
  return !wanted.empty() && !got.empty() && wanted != got;
}

}  // namespace

Conditions::Conditions(v1::Profile profile) : profile_(std::move(profile)) {}

bool Conditions::step(v1::Condition::Name name, bool bad, double since, double on_delay, double off_delay) {
  Rule& rule = rules_[static_cast<std::size_t>(name)];
  if (bad) {
    rule.good_since = -1;
    if (rule.bad_since < 0) rule.bad_since = since;
    if (t_ - rule.bad_since >= on_delay - kSlack) rule.on = true;
  } else {
    rule.bad_since = -1;
    if (rule.on && rule.good_since < 0) rule.good_since = t_;
    if (rule.on && t_ - rule.good_since >= off_delay - kSlack) rule = Rule{};
  }
  return rule.on;
}

void Conditions::forget(v1::Condition::Name name) {
  rules_[static_cast<std::size_t>(name)] = Rule{};
}

std::uint32_t Conditions::gained(Counted& counted, std::uint32_t value, double window_s) {
  if (value > counted.last) counted.gains.emplace_back(t_, value - counted.last);
  counted.last = value;
  while (!counted.gains.empty() && counted.gains.front().first < t_ - window_s) counted.gains.pop_front();
  std::uint32_t sum = 0;
  for (const auto& [at, gain] : counted.gains) sum += gain;
  return sum;
}

void Conditions::judgePresence(const v1::HealthSample& sample) {
  if (sample.connected() && connected_at_ < 0) {
    connected_at_ = t_;
    video_seen_ = audio_seen_ = false;
  }
  const bool was_connected = connected_at_ >= 0;
  // `connected` already waits a second before it turns false.
  step(Name::no_signal, !sample.connected(), first_ ? 0 : t_, was_connected ? 0 : kStartGrace, 0);
  if (!sample.connected()) {
    if (on(Name::no_signal)) connected_at_ = -1;
    return;
  }
  const bool video = sample.has_video() && !sample.video().codec().empty() && sample.video().fps() > 0;
  const bool audio = sample.has_audio() && !sample.audio().codec().empty();
  video_seen_ = video_seen_ || video;
  audio_seen_ = audio_seen_ || audio;
  step(Name::no_video, !video, connected_at_ < t_ ? t_ : connected_at_, video_seen_ ? 0 : kStreamGrace, 0);
  step(Name::no_audio, !audio, connected_at_ < t_ ? t_ : connected_at_, audio_seen_ ? 0 : kStreamGrace, 0);
}

void Conditions::judgePicture(const v1::HealthSample& sample) {
  const v1::VideoHealth& video = sample.video();
  // `black` and `still` already wait for about a second of pictures.
  step(Name::black, video.black(), t_, 0, 0);
  step(Name::frozen, video.still() && video.was_alive(), t_, kFrozenDelay, 0);
  step(Name::wrong_format, wrongFormat(sample), t_, kFormatDelay, 0);
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
  const bool zero = audio.peak_dbfs() <= kZeroDb && audio.rms_dbfs() <= kZeroDb;
  const bool quiet = audio.rms_dbfs() < kSilentDb;
  step(Name::silence, quiet, last_t_, zero ? kZeroDelay : kSilentDelay, 0);
}

void Conditions::learnRate(const v1::HealthSample& sample) {
  if (own_rate_ > 0 || profile_.fps() > 0 || sample.video().fps() <= 0 || t_ - last_t_ < 0.5) return;
  first_rates_.push_back(sample.video().fps());
  if (first_rates_.size() < kLearnSeconds) return;
  const auto middle = first_rates_.begin() + static_cast<std::ptrdiff_t>(first_rates_.size() / 2);
  std::nth_element(first_rates_.begin(), middle, first_rates_.end());
  own_rate_ = *middle;
}

void Conditions::judgeRates(const v1::HealthSample& sample) {
  learnRate(sample);
  const double expected = profile_.fps() > 0 ? profile_.fps() : own_rate_;
  const bool slow = expected > 0 && sample.video().fps() < kLowRate * expected;
  step(Name::low_fps, slow, last_t_, kLowRateDelay, 1);
  // A still slide is cheap and no fault: the bit rate is judged only while the picture moves.
  const double least = kLowBitrate * profile_.min_bitrate_kbps();
  const bool thin = least > 0 && !sample.video().still() && sample.bitrate_kbps() < least;
  step(Name::low_bitrate, thin, last_t_, kLowBitrateDelay, 2);
}

void Conditions::judgeDamage(const v1::HealthSample& sample) {
  const std::uint32_t lost = gained(lost_, sample.lost_packets(), kDamageWindow);
  const std::uint32_t errors = gained(errors_, sample.decode_errors(), kDamageWindow);
  if (!sample.connected()) return;
  step(Name::packet_loss, lost >= kLostPackets || lost_.gains.size() > 1, t_, 0, kDamageOff);
  step(Name::corrupted, errors >= kDecodeErrors, t_, 0, kDamageOff);
}

bool Conditions::hidden(v1::Condition::Name name) const {
  const auto any = [this](std::initializer_list<v1::Condition::Name> causes) {
    return std::any_of(causes.begin(), causes.end(), [this](v1::Condition::Name cause) { return on(cause); });
  };
  switch (name) {
    case Name::no_signal:
      return false;
    case Name::no_video:
    case Name::no_audio:
    case Name::packet_loss:
      return any({Name::no_signal});
    case Name::silence:
      return any({Name::no_signal, Name::no_audio});
    case Name::black:
    case Name::wrong_format:
      return any({Name::no_signal, Name::no_video});
    case Name::corrupted:
      return any({Name::no_signal, Name::no_video, Name::packet_loss});
    case Name::frozen:
      return any({Name::no_signal, Name::no_video, Name::black});
    case Name::low_fps:
      return any({Name::no_signal, Name::no_video, Name::packet_loss, Name::corrupted});
    case Name::low_bitrate:
      return any({Name::no_signal, Name::no_video, Name::black, Name::frozen, Name::packet_loss,
                  Name::wrong_format, Name::low_fps});
    default:
      return true;
  }
}

void Conditions::judge(v1::HealthSample& sample) {
  t_ = sample.t_s();
  if (first_) last_t_ = std::max(0.0, t_ - 1);
  judgePresence(sample);
  judgeDamage(sample);
  if (sample.connected() && !on(Name::no_video) && sample.has_video()) {
    judgePicture(sample);
    if (connected_at_ < t_) judgeRates(sample);  // the first sample of a connection covers a part of a second
  }
  if (sample.connected() && !on(Name::no_audio) && sample.has_audio()) judgeSound(sample);

  // From causes to effects: what is hidden starts anew when its cause is gone.
  constexpr std::array kOrder = {Name::no_signal,    Name::no_video, Name::no_audio,    Name::black,
                                 Name::frozen,       Name::silence,  Name::packet_loss, Name::corrupted,
                                 Name::wrong_format, Name::low_fps,  Name::low_bitrate, Name::line_too_slow};
  sample.clear_conditions();
  for (const v1::Condition::Name name : kOrder) {
    if (hidden(name)) forget(name);
    if (on(name)) sample.add_conditions(name);
  }
  last_t_ = t_;
  first_ = false;
}

}  // namespace diemcau::agent
