// See calendar.hpp.
#include "tests/sim/calendar.hpp"

#include <algorithm>
#include <utility>

namespace diemcau::sim {

void Calendar::at(Micros when, Task task) {
  heap_.push_back({std::max(when, now_), ++order_, std::move(task)});
  std::push_heap(heap_.begin(), heap_.end(), later);
}

void Calendar::runUntil(Micros end) {
  while (!heap_.empty() && heap_.front().when <= end) {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    auto entry = std::move(heap_.back());
    heap_.pop_back();
    now_ = entry.when;
    ++done_;
    entry.task();
  }
  now_ = end;
}

}  // namespace diemcau::sim
