// How unevenly a stream arrives: the spread of its clock references' lateness, second by second. A sender
// that waits for the sound, which it sends in pieces of some tenths of a second, or for a picture that is
// shown after those behind it, bunches its packets by as much on the best line: what a run's first seconds
// spread, up to such a bunch, is its habit and is taken off. Pure.
#pragma once

#include <optional>
#include <vector>

namespace diemcau::probe {

class Arrival {
 public:
  // A reference came `late_s` after its time. `fresh`: the first of a run; `bunch_s`: TsClock::Late's.
  void add(double late_s, bool fresh, double bunch_s);
  // In this second so far, in s; none: nothing came.
  std::optional<double> spread() const;
  void endSecond();

 private:
  double habit() const;

  std::optional<double> least_, most_;
  double bunch_ = 0;
  std::vector<double> first_;  // spreads of the run's first seconds
};

}  // namespace diemcau::probe
