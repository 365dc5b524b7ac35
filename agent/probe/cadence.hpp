// Whether a picture that moves moves evenly. A feed may have its whole frame rate and yet repeat pictures: it
// stands, leaps, and stands again. Knows nothing of GStreamer.
#pragma once

#include <cstdint>

namespace diemcau::probe {

// What one picture is to the one right before it.
struct Pace {
  double t_s = 0;
  bool follows = false;  // nothing was left out between the two
  bool same = false;     // the same picture again
  double moved = 0;      // share of the picture that moved, 0-1
};

class Cadence {
 public:
  // Pictures in order. True: with this one a leap out of a standing picture is complete.
  bool add(const Pace& pace);
  void reset() { *this = Cadence(); }

 private:
  double since_ = -1;  // time of the picture that is being repeated; -1: not known
  int repeats_ = 0;
  bool leapt_ = false;  // the picture before leapt: a jerk if this one stands again
};

}  // namespace diemcau::probe
