// Verdicts on a feed from its samples: rules with on-delay and off-delay, on numbers alone. Pure.
// A cause hides its effects: no_signal hides all others, black and no_video hide frozen and the rates, and so
// on. Delays and thresholds follow the measurements that the comments in condition_rules.cpp name.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "base/feed_address.hpp"
#include "base/time.hpp"
#include "diemcau/v1/feed.pb.h"
#include "diemcau/v1/health.pb.h"

namespace diemcau::agent {

// What is expected of a feed of this kind: of a device that picks up sound no picture, and the other way
// round; and no codecs and rates, which a broadcast has and what comes off a device has not.
v1::Profile expectedOf(FeedKind kind, v1::Profile profile);

// When sound that stays away is no pause of a talk: speakers pause for three seconds, and a gate or a mixer
// makes such a pause digital zero; a hall's own hum may be all that a microphone gives for a little longer.
inline constexpr double kSilentZero = 3.2, kSilentQuiet = 4.2;  // s

// Samples come once a second, and some come between when a flag of the picture or of the link changes; each
// carries its own t_s. Numbers of a second (rates, loudness, jerks) describe the time back to the whole
// sample before, flags the instant. What lies between counts for flags alone: its numbers are old.
class Conditions {
 public:
  // What a profile names where a feed has no picture, or no sound.
  static constexpr const char* kNone = "none";

  explicit Conditions(v1::Profile profile);
  // Once per sample, in order; replaces sample.conditions.
  void judge(v1::HealthSample& sample);

 private:
  static constexpr std::size_t kNames = v1::Condition::Name_ARRAYSIZE;
  struct Rule {
    double bad_since = -1, good_since = -1;  // t_s
    bool on = false;
  };
  struct Counted {  // what a counter that only grows gained lately
    std::uint32_t last = 0;
    std::deque<std::pair<double, std::uint32_t>> gains;  // t_s, gain
  };
  // What the feed itself did in its first seconds: the measure where no profile is given.
  struct Habit {
    std::vector<double> fps, kbps, motion, jerks;
    double usual_fps = 0, usual_kbps = 0, usual_motion = 0, usual_jerks = 0;  // once learnt
    unsigned padded = 0;  // of these seconds, filled up to a constant rate
    std::uint32_t hitches = 0;
    bool learnt = false;
  };

  bool step(v1::Condition::Name name, bool bad, double since, double on_delay, double off_delay);
  void forget(v1::Condition::Name name);
  bool on(v1::Condition::Name name) const { return rules_[static_cast<std::size_t>(name)].on; }

  void judgePresence(const v1::HealthSample& sample);
  void judgePicture(const v1::HealthSample& sample);
  void judgeSound(const v1::HealthSample& sample);
  void judgeRates(const v1::HealthSample& sample);
  void judgeDamage(const v1::HealthSample& sample);
  void judgeLine(const v1::HealthSample& sample);
  void learn(const v1::HealthSample& sample);
  // Frames a second that should be there; 0: not known yet.
  double expectedRate() const { return profile_.fps() > 0 ? profile_.fps() : habit_.usual_fps; }
  bool wantsPicture() const { return profile_.video_codec() != kNone; }
  bool wantsSound() const { return profile_.audio_codec() != kNone; }
  bool thin(const v1::HealthSample& sample) const;
  bool movesAsUsual(const v1::HealthSample& sample) const;
  double sentKbps(const v1::HealthSample& sample) const;  // 0: not known
  bool wrongFeed(const v1::HealthSample& sample) const;
  bool wrongFormat(const v1::HealthSample& sample) const;
  std::uint32_t gained(Counted& counted, std::uint32_t now_value, double window_s);
  // A rule is out while a cause for it holds.
  bool hidden(v1::Condition::Name name) const;

  v1::Profile profile_;
  std::array<Rule, kNames> rules_{};
  Counted lost_, errors_, jumps_, stands_, hitches_;
  std::uint32_t resent_ = 0;  // in the sample before
  Habit habit_;
  double t_ = 0, whole_t_ = 0;  // this sample, and the whole one before
  double connected_at_ = -1;
  double away_at_ = -1;  // when the last no_signal, no_video or no_audio held
  bool first_ = true;
  bool video_seen_ = false, audio_seen_ = false;  // in this connection
};

}  // namespace diemcau::agent
