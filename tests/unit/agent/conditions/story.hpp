// A feed's story, second by second, and what the rules tell of it.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/conditions.hpp"

namespace diemcau::agent {

using Names = std::vector<std::string>;

inline v1::Profile hdProfile() {
  v1::Profile profile;
  profile.set_video_codec("h264");
  profile.set_width(1280);
  profile.set_height(720);
  profile.set_fps(25);
  profile.set_min_bitrate_kbps(2000);
  profile.set_audio_codec("aac");
  return profile;
}

inline v1::HealthSample well(double t) {
  v1::HealthSample out;
  out.set_t_s(t);
  out.set_connected(true);
  out.set_bitrate_kbps(3000);
  out.mutable_video()->set_codec("h264");
  out.mutable_video()->set_width(1280);
  out.mutable_video()->set_height(720);
  out.mutable_video()->set_fps(25);
  out.mutable_audio()->set_codec("aac");
  out.mutable_audio()->set_rms_dbfs(-20);
  out.mutable_audio()->set_peak_dbfs(-10);
  return out;
}

inline v1::HealthSample gone(double t) {
  v1::HealthSample out;
  out.set_t_s(t);
  return out;
}

// Plays a story through the rules and keeps what was told.
class Story {
 public:
  explicit Story(v1::Profile profile = hdProfile()) : conditions_(std::move(profile)) {}

  Names tell(v1::HealthSample sample) {
    conditions_.judge(sample);
    Names names;
    for (const int name : sample.conditions()) {
      names.push_back(v1::Condition::Name_Name(static_cast<v1::Condition::Name>(name)));
    }
    t_ = sample.t_s();
    return names;
  }

  using Change = std::function<void(v1::HealthSample&)>;
  // `seconds` samples, one a second; the names told by the last.
  Names play(int seconds, const Change& change = {}) {
    Names names;
    for (int i = 0; i < seconds; ++i) {
      v1::HealthSample sample = well(t_ + 1);
      if (change) change(sample);
      names = tell(sample);
    }
    return names;
  }
  // Nothing is told in any of so many samples.
  bool silent(int seconds, const Change& change = {}) {
    for (int i = 0; i < seconds; ++i)
      if (!play(1, change).empty()) return false;
    return true;
  }
  // Seconds from the first bad sample until `name` is told; none within `limit`.
  std::optional<int> secondsUntil(const std::string& name, const Change& change, int limit = 15) {
    for (int i = 0; i < limit; ++i) {
      const Names names = play(1, change);
      if (std::find(names.begin(), names.end(), name) != names.end()) return i;
    }
    return {};
  }
  double now() const { return t_; }

 private:
  Conditions conditions_;
  double t_ = 0;
};

}  // namespace diemcau::agent
