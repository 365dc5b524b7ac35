// Whether the coordinator keeps up: one long round of its loop holds up every site, and is told to people
// before sites feel it. On at once, off only when nothing was long for a while, so that a machine at its
// limit is one alarm and not one a second. Pure.
#pragma once

#include <algorithm>

#include "base/time.hpp"

namespace diemcau::core {

class DelayWatch {
 public:
  static constexpr Micros kQuiet = 10 * kSecond;

  explicit DelayWatch(Micros limit) : limit_(limit) {}

  // `longest`: round of the loop since the last call.
  void note(Micros longest, Micros now) {
    if (longest > limit_) {
      worst_ = std::max(worst_, longest);
      last_ = now;
    } else if (worst_ != 0 && (now - last_ >= kQuiet || now < last_ - kQuiet)) {
      worst_ = 0;
    }
  }
  // The longest round while it lasts; 0: it keeps up.
  Micros worst() const { return worst_; }

 private:
  Micros limit_, worst_ = 0, last_ = 0;
};

}  // namespace diemcau::core
