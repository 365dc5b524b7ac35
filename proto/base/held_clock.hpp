// A clock for a process that times people's meetings by it: it follows the machine's wall clock, but does not
// jump when somebody sets that one in the middle of a meeting. Between jumps it runs on the steady clock, and
// small differences (the machine's clock is disciplined) are made up for slowly.
#pragma once

#include "base/time.hpp"

namespace diemcau {

class HeldClock final : public Clock {
 public:
  static constexpr Micros kSmall = 500 * kMillisecond;  // more than this is a jump
  static constexpr Micros kSlowly = 2000;               // one part in this, as in NTP: 500 ppm

  explicit HeldClock(const Clock& machine);
  Micros wall() const override { return machine_.steady() + offset_; }
  Micros steady() const override { return machine_.steady(); }

  // The machine's wall clock is ahead of this one by so much.
  Micros behind() const { return machine_.wall() - wall(); }
  // Several times a second. True: it has jumped, which it does only when it may.
  bool follow(bool may_jump);

 private:
  const Clock& machine_;
  Micros offset_, followed_;
};

}  // namespace diemcau
