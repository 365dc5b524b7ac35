// How often the live view may be told: news waits a little, so that what happens together is told together,
// and updates take a tenth of the loop's time. What was not used of that is kept up to a limit (a leaky
// bucket), so that a moment at which everything happens is told at once. Pure.
#pragma once

#include <algorithm>

#include "base/time.hpp"

namespace diemcau::api {

class ViewBudget {
 public:
  static constexpr Micros kLeastGap = 20 * kMillisecond;
  static constexpr Micros kTimePerCost = 10;
  static constexpr Micros kMostKept = 40 * kMillisecond;

  // Updates were made from `began` until `ended`, steady.
  void spent(Micros began, Micros ended) {
    owed_ = std::max<Micros>(0, owed_ - (began - began_) / kTimePerCost) + (ended - began);
    began_ = began;
  }

  // How long news that is there now waits; never longer than `longest` after the last updates.
  Micros wait(Micros now, Micros longest) const {
    const Micros gap = std::max(kLeastGap, std::min(kTimePerCost * (owed_ - kMostKept), longest));
    return began_ == 0 ? 0 : std::max<Micros>(0, began_ + gap - now);
  }

 private:
  Micros began_ = 0;  // 0: never yet
  Micros owed_ = 0;   // what updates took beyond their share of the time since
};

}  // namespace diemcau::api
