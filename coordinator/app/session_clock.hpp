// The coordinator's clock, by which sessions start and links age: as the machine's wall clock when the
// program started, and from then on as steady as its steady clock. Small differences are made up for slowly.
// When somebody sets the machine's clock, that is followed at once, but not while a session runs: all its
// sites would be lost for a moment, or start an hour early or late.
#pragma once

#include "base/time.hpp"

namespace diemcau::app {

class SessionClock final : public Clock {
 public:
  static constexpr Micros kStep = kSecond;  // a larger difference: the clock was set
  static constexpr Micros kSlew = 500;      // microseconds at each follow()
  explicit SessionClock(const Clock& machine)
      : machine_(machine), offset_(machine.wall() - machine.steady()) {}

  Micros wall() const override { return machine_.steady() + offset_; }
  Micros steady() const override { return machine_.steady(); }
  // How far the machine's wall clock is ahead of this one.
  Micros ahead() const { return machine_.wall() - wall(); }
  bool wasSet() const { return ahead() > kStep || ahead() < -kStep; }
  // Some times a second. A clock that was set is followed only when `free`. True: it was, just now.
  bool follow(bool free);

 private:
  const Clock& machine_;
  Micros offset_;
};

}  // namespace diemcau::app
