// What is another in a sample of a feed that is not well, for the stories of these tests.
#pragma once

#include "tests/unit/agent/conditions/story.hpp"

namespace diemcau::agent {

// So many seconds into a pause.
inline void silent(v1::HealthSample& s, double seconds = 10) {
  s.mutable_audio()->set_rms_dbfs(-120);
  s.mutable_audio()->set_zero_s(seconds);
  s.mutable_audio()->set_quiet_s(seconds);
}
inline void hum(v1::HealthSample& s, double seconds) {
  s.mutable_audio()->set_rms_dbfs(-66);
  s.mutable_audio()->set_quiet_s(seconds);
}
inline void black(v1::HealthSample& s) {
  s.mutable_video()->set_black(true);
}
inline void frozen(v1::HealthSample& s) {
  s.mutable_video()->set_still(true);
  s.mutable_video()->set_was_alive(true);
}
inline void slide(v1::HealthSample& s) {
  s.mutable_video()->set_still(true);
  s.set_bitrate_kbps(300);
}
inline void slow(v1::HealthSample& s) {
  s.mutable_video()->set_fps(12);
}
inline void thin(v1::HealthSample& s) {
  s.set_bitrate_kbps(900);
}
inline void pictureless(v1::HealthSample& s) {
  s.mutable_video()->set_fps(0);
}
inline void soundless(v1::HealthSample& s) {
  s.clear_audio();
}
inline void small(v1::HealthSample& s) {
  s.mutable_video()->set_height(480);
}
inline void cut(v1::HealthSample& s) {
  s = gone(s.t_s());
}

inline void marked(v1::HealthSample& s) {
  s.mutable_mark()->set_briefing("ours");
}

}  // namespace diemcau::agent
