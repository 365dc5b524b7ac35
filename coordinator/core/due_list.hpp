// Who has to be looked at when, so that time costs what is due and not a walk over everybody. Pure.
#pragma once

#include <limits>
#include <queue>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace diemcau::core {

// What is listed holds this, and stays where it is.
struct DueMark {
  static constexpr Micros kNever = std::numeric_limits<Micros>::max();
  Micros at = kNever;
};

template <class One, DueMark One::*mark>
class DueList {
 public:
  // At that moment at the latest.
  void add(One& one, Micros at) {
    auto& due = (one.*mark).at;
    if (due <= at) return;
    due = at;
    queue_.emplace(at, &one);
  }
  // Takes off who is due, in the order of their moments: once each, however often they were added.
  std::vector<One*> take(Micros now) {
    std::vector<One*> out;
    for (; !queue_.empty() && queue_.top().first <= now; queue_.pop()) {
      const auto [at, one] = queue_.top();
      auto& due = (one->*mark).at;
      if (due != at) continue;  // was to be looked at earlier, and was
      due = DueMark::kNever;
      out.push_back(one);
    }
    return out;
  }

 private:
  struct Later {
    bool operator()(const std::pair<Micros, One*>& a, const std::pair<Micros, One*>& b) const {
      return a.first > b.first;
    }
  };
  std::priority_queue<std::pair<Micros, One*>, std::vector<std::pair<Micros, One*>>, Later> queue_;
};

}  // namespace diemcau::core
