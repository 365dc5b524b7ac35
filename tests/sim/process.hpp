// A process that can end at any moment: everything that reaches it goes through enter(), and what was meant
// for an earlier life of it reaches nobody. Its timers and its clocks are here too.
#pragma once

#include <cstdint>
#include <utility>

#include "base/loop.hpp"
#include "tests/sim/calendar.hpp"

namespace diemcau::sim {

// Thrown where a process dies in the middle of what it does: between a write and its fsync.
struct Crash {
  bool power = false;  // of the whole machine: what was not synced is lost
};

class Process {
 public:
  explicit Process(Calendar& calendar) : calendar_(calendar) {}
  virtual ~Process() = default;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  bool up() const { return up_; }
  std::uint64_t life() const { return life_; }
  Calendar& calendar() { return calendar_; }

  template <class Act>
  void enter(std::uint64_t life, Act&& act) {
    if (!up_ || life != life_) return;
    try {
      act();
    } catch (const Crash& crash) {
      die(crash.power);
    }
  }
  template <class Act>
  void enter(Act&& act) {
    enter(life_, std::forward<Act>(act));
  }
  // From outside of the process.
  void die(bool power) {
    if (!up_) return;
    up_ = false;
    died(power);
  }

 protected:
  void born() {
    up_ = true;
    ++life_;
  }
  // Everything that it held in memory goes.
  virtual void died(bool power) = 0;

  Calendar& calendar_;

 private:
  bool up_ = false;
  std::uint64_t life_ = 0;
};

class ProcessTasks final : public Tasks {
 public:
  explicit ProcessTasks(Process& process) : process_(process) {}
  void post(std::function<void()> task) override;
  Timer after(Micros delay, std::function<void()> task) override;
  Timer every(Micros period, std::function<void()> task) override;

 private:
  Process& process_;
};

// A wall clock that is wrong, drifts and is set by people, and a steady one that only drifts.
class ProcessClock final : public Clock {
 public:
  explicit ProcessClock(const Calendar& calendar) : calendar_(calendar), born_(calendar.now()) {}
  Micros wall() const override { return calendar_.now() + drifted() + offset; }
  Micros steady() const override { return calendar_.now() - born_ + drifted() + 1000 * kSecond; }

  // The machine starts anew: the steady clock with it.
  void rebooted() {
    offset += drifted();
    born_ = calendar_.now();
  }

  Micros offset = 0;
  std::int64_t drift_ppm = 0;

 private:
  Micros drifted() const { return (calendar_.now() - born_) * drift_ppm / 1'000'000; }
  const Calendar& calendar_;
  Micros born_;
};

}  // namespace diemcau::sim
