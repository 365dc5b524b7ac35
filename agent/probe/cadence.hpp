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
  double shift = 0;      // by how much, levels: the mean of all of it
};

struct Unevenness {
  bool jerk = false;  // with this picture a leap out of a standing one is complete
  bool hitch =
      false;  // with this one it is known that a motion stood, leapt to where it should be, and went on
};

class Cadence {
 public:
  // Pictures in order.
  Unevenness add(const Pace& pace);
  void reset() { *this = Cadence(); }

 private:
  bool jerk(const Pace& pace, bool stood);
  bool hitch(const Pace& pace);

  double since_ = -1;  // time of the picture that is being repeated; -1: not known
  int repeats_ = 0;
  bool stood_before_ = false;   // the last picture that was another one came after a stand
  bool leapt_ = false;          // the picture before leapt: a jerk if this one stands again
  double rests_since_ = -1;     // time of the last picture that moved more than a coder may; -1: not known
  double leap_ = 0;             // shift of the leap that a hitch may be; 0: none
  int after_ = 0, moving_ = 0;  // pictures since then, and those of them that moved
  double shift_ = 0;            // their sum
};

}  // namespace diemcau::probe
