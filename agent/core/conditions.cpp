// Delays, the order of causes, and whether there is a feed at all; the other rules are in
// condition_rules.cpp.
#include "agent/core/conditions.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace diemcau::agent {
namespace {

using Name = v1::Condition;

constexpr double kSlack = 0.02;      // s: samples are not exactly a second apart
constexpr double kStray = 0.3;       // s: a demultiplexer lets go of a last picture long after the others
constexpr double kStartGrace = 2.0;  // s until a feed that never came counts as absent
constexpr double kBegunLately = 3.0, kBegunGrace = 1.0;  // s
constexpr double kStreamGrace =
    3.0;  // s from the connection until a picture or sound is missed: a group of pictures
// Where packets are lost some of a picture and of sound come now and then: the loss is what is told as long
// as they do.
constexpr double kLossGrace = 3.0;         // s
constexpr double kFormatDelay = 0.5;       // s
constexpr double kLongStreamGrace = 13.0;  // s, if pictures come that need one before them: encoders begin
                                           // anew every 250, at 25 or 24 a second

}  // namespace

v1::Profile expectedOf(FeedKind kind, v1::Profile profile) {
  if (!capturesSound(kind) && !capturesPictures(kind)) return profile;
  profile.set_video_codec(capturesSound(kind) ? Conditions::kNone : "");
  profile.set_audio_codec(capturesPictures(kind) ? Conditions::kNone : "");
  profile.clear_min_bitrate_kbps();
  profile.clear_max_bitrate_kbps();
  return profile;
}

Conditions::Conditions(v1::Profile profile) : profile_(std::move(profile)) {
  if (wantsPicture()) return;
  // What a session's profile says of pictures is not for a feed that has none.
  profile_.clear_width();
  profile_.clear_height();
  profile_.clear_fps();
}

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
  // `connected` already waits a second before it turns false. A feed that has only begun is given another:
  // its first packets come when decoders are being made, on a machine that may have no time for it.
  const double delay = !was_connected ? kStartGrace : t_ - connected_at_ < kBegunLately ? kBegunGrace : 0;
  step(Name::no_signal, !sample.connected(), first_ ? 0 : t_, delay, 0);
  if (!sample.connected()) {
    if (on(Name::no_signal)) connected_at_ = -1;
    return;
  }
  const bool video = sample.has_video() && !sample.video().codec().empty() && sample.video().fps() > 0;
  const bool audio = sample.has_audio() && !sample.audio().codec().empty();
  video_seen_ = video_seen_ || video;
  audio_seen_ = audio_seen_ || audio;
  // Where packets are lost it is they that never let a whole one through; one may be lost as a feed is
  // joined.
  const bool awaited = sample.picture_awaited() && lost_.gains.size() < 2;
  const double seen_grace = on(Name::packet_loss) || sample.lost_packets() > lost_.last ? kLossGrace : 0;
  const double grace = video_seen_ ? seen_grace : awaited ? kLongStreamGrace : kStreamGrace;
  step(Name::no_video, wantsPicture() && !video, connected_at_ < t_ ? t_ : connected_at_, grace, kStray);
  step(Name::no_audio, wantsSound() && !audio, connected_at_ < t_ ? t_ : connected_at_,
       audio_seen_ ? seen_grace : kStreamGrace, 0);
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
    case Name::line_too_slow:
      return any({Name::no_signal});
    case Name::packet_loss:
      return any({Name::no_signal, Name::line_too_slow});
    case Name::high_delay:  // what does not get through waits before the line
      return any({Name::no_signal, Name::line_too_slow});
    case Name::silence:
    case Name::clipping:
      return any({Name::no_signal, Name::no_audio});
    case Name::too_quiet:
      return any({Name::no_signal, Name::no_audio, Name::silence});
    case Name::black:
    case Name::wrong_feed:
    case Name::wrong_format:
      return any({Name::no_signal, Name::no_video});
    case Name::corrupted:
      return any({Name::no_signal, Name::no_video, Name::line_too_slow, Name::packet_loss});
    case Name::timestamps:  // a damaged head of a frame holds any time
      return any({Name::no_signal, Name::line_too_slow, Name::packet_loss, Name::corrupted});
    case Name::jitter:
      return any({Name::no_signal, Name::line_too_slow, Name::packet_loss, Name::timestamps});
    case Name::av_skew:
      return any({Name::no_signal, Name::no_video, Name::no_audio, Name::timestamps});
    case Name::frozen:
      return any({Name::no_signal, Name::no_video, Name::black, Name::line_too_slow});
    case Name::low_fps:
      return any({Name::no_signal, Name::no_video, Name::line_too_slow, Name::packet_loss, Name::corrupted,
                  Name::timestamps});
    case Name::stutter:
      return any({Name::no_signal, Name::no_video, Name::black, Name::frozen, Name::line_too_slow,
                  Name::packet_loss, Name::corrupted, Name::timestamps, Name::low_fps});
    case Name::low_bitrate:
      return any({Name::no_signal, Name::no_video, Name::black, Name::frozen, Name::line_too_slow,
                  Name::packet_loss, Name::wrong_format, Name::low_fps, Name::stutter});
    default:
      return true;
  }
}

void Conditions::judge(v1::HealthSample& sample) {
  t_ = sample.t_s();
  if (first_) whole_t_ = std::max(0.0, t_ - 1);
  judgePresence(sample);
  judgeDamage(sample);
  judgeLine(sample);
  sample.set_sound_alone(!wantsPicture());
  sample.set_picture_alone(!wantsSound());
  const bool seen = sample.has_video() && !sample.picture_awaited();
  if (sample.connected() && !on(Name::no_video) && (seen || !wantsPicture())) {
    if (wantsPicture()) judgePicture(sample);
    step(Name::wrong_feed, wrongFeed(sample), t_, 0, 0);
    step(Name::wrong_format, wrongFormat(sample), t_, kFormatDelay, 0);
    // The first sample of a connection covers a part of a second.
    if (connected_at_ < t_ && !sample.between()) judgeRates(sample);
  }
  if (sample.connected() && !on(Name::no_audio) && sample.has_audio() && wantsSound()) judgeSound(sample);

  // From causes to effects: what is hidden starts anew when its cause is gone.
  constexpr std::array kOrder = {Name::no_signal,     Name::no_video,  Name::no_audio,    Name::wrong_feed,
                                 Name::line_too_slow, Name::black,     Name::frozen,      Name::silence,
                                 Name::packet_loss,   Name::corrupted, Name::timestamps,  Name::wrong_format,
                                 Name::low_fps,       Name::stutter,   Name::low_bitrate, Name::av_skew,
                                 Name::too_quiet,     Name::clipping,  Name::jitter,      Name::high_delay};
  static_assert(kOrder.size() + 1 == kNames);
  sample.clear_conditions();
  for (const v1::Condition::Name name : kOrder) {
    if (hidden(name)) forget(name);
    if (on(name)) sample.add_conditions(name);
  }
  if (on(Name::no_signal) || on(Name::no_video) || on(Name::no_audio)) away_at_ = t_;
  if (!sample.between()) whole_t_ = t_;
  first_ = false;
}

}  // namespace diemcau::agent
