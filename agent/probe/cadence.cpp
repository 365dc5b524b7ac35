#include "agent/probe/cadence.hpp"

namespace diemcau::probe {
namespace {

constexpr double kStood = 0.078;  // s: two repeats at 25 frames a second; a webcam of 12 in a slide has one
constexpr int kLeastRepeats = 2;
constexpr double kSmallLeap = 0.02;  // of the picture: more than a mouse pointer or a clock
constexpr double kBigLeap = 0.10;    // motion that sets in by itself begins with less

}  // namespace

bool Cadence::add(const Pace& pace) {
  const bool leapt = leapt_;
  leapt_ = false;
  if (!pace.follows) {
    since_ = pace.t_s;
    repeats_ = 0;
    return false;
  }
  if (pace.same) {
    ++repeats_;
    return leapt;
  }
  const bool stood = repeats_ >= kLeastRepeats && since_ >= 0 && pace.t_s - since_ >= kStood;
  since_ = pace.t_s;
  repeats_ = 0;
  if (!stood) return false;
  if (pace.moved >= kBigLeap) return true;
  // A smaller one counts when it stands again at once: motion that has begun would go on.
  leapt_ = pace.moved >= kSmallLeap;
  return false;
}

}  // namespace diemcau::probe
