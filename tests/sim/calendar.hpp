// Virtual time: what happens when. Two things of the same instant happen in the order in which they were
// entered.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/time.hpp"

namespace diemcau::sim {

class Calendar {
 public:
  using Task = std::function<void()>;

  Micros now() const { return now_; }
  void at(Micros when, Task task);
  void after(Micros delay, Task task) { at(now_ + delay, std::move(task)); }
  // Everything up to and including `end`.
  void runUntil(Micros end);
  std::uint64_t done() const { return done_; }

 private:
  struct Entry {
    Micros when;
    std::uint64_t order;
    Task task;
  };
  static bool later(const Entry& a, const Entry& b) {
    return a.when != b.when ? a.when > b.when : a.order > b.order;
  }
  Micros now_ = 1'800'000'000 * kSecond;
  std::uint64_t order_ = 0, done_ = 0;
  std::vector<Entry> heap_;
};

}  // namespace diemcau::sim
