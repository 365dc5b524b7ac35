#include "agent/probe/cadence.hpp"

namespace diemcau::probe {
namespace {

constexpr double kStood = 0.078;  // s: two repeats at 25 frames a second; a webcam of 12 in a slide has one
constexpr int kLeastRepeats = 2;
// What moves by less than a sample a picture, a slow zoom, is drawn as that too, but unevenly: so short a
// stand counts right after another.
constexpr double kLongStand = 0.19;  // s
constexpr double kSmallLeap = 0.02;  // of the picture: more than a mouse pointer or a clock
constexpr double kBigLeap = 0.10;    // motion that sets in by itself begins with less

// A hitch: longer than a slow webcam stands, and less than a person rests or a slide is shown.
constexpr double kHitch = 0.19, kLongestHitch = 1.3;  // s
constexpr double kHitchLeap = 0.015, kRests = 0.005;  // of the picture; a coder touches up what stands
// Then the motion is seen again, and the leap was that of many pictures: what begins to move by itself begins
// with less than it goes on with.
constexpr int kGoesOn = 4, kMoving = 2;  // pictures
constexpr double kAhead = 1.4;           // times the mean of these

}  // namespace

bool Cadence::jerk(const Pace& pace, bool stood) {
  const bool leapt = leapt_;
  leapt_ = false;
  if (pace.same) return leapt;
  if (!stood) return false;
  if (pace.moved >= kBigLeap) return true;
  // A smaller one counts when it stands again at once: motion that has begun would go on.
  leapt_ = pace.moved >= kSmallLeap;
  return false;
}

bool Cadence::hitch(const Pace& pace) {
  const bool rests = pace.moved < kRests;
  const double stood_s = rests || rests_since_ < 0 ? 0 : pace.t_s - rests_since_;
  if (!rests) rests_since_ = pace.t_s;
  if (stood_s >= kHitch && stood_s <= kLongestHitch && pace.moved >= kHitchLeap) {
    leap_ = pace.shift;
    after_ = moving_ = 0;
    shift_ = 0;
    return false;
  }
  if (leap_ <= 0) return false;
  shift_ += pace.shift;
  moving_ += rests ? 0 : 1;
  if (++after_ < kGoesOn) return false;
  const bool out = moving_ >= kMoving && leap_ >= kAhead * shift_ / kGoesOn;
  leap_ = 0;
  return out;
}

Unevenness Cadence::add(const Pace& pace) {
  if (!pace.follows) {
    since_ = pace.t_s;
    repeats_ = 0;
    leapt_ = stood_before_ = false;
    rests_since_ = pace.t_s;
    leap_ = 0;
    return {};
  }
  const double stood_s = repeats_ >= kLeastRepeats && since_ >= 0 ? pace.t_s - since_ : 0;
  const bool stood = stood_s >= kStood, again = stood_before_ || stood_s >= kLongStand;
  if (pace.same) {
    ++repeats_;
  } else {
    since_ = pace.t_s;
    repeats_ = 0;
    stood_before_ = stood;
  }
  return {jerk(pace, stood && again), hitch(pace)};
}

}  // namespace diemcau::probe
