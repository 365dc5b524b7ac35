// A machine's clock that stands until a test moves it.
#pragma once

#include "base/time.hpp"

namespace diemcau::test {

class HandClock final : public Clock {
 public:
  Micros wall() const override { return steady_at + offset; }
  Micros steady() const override { return steady_at; }

  Micros steady_at = 77 * kSecond, offset = 1'800'000'000 * kSecond;
};

}  // namespace diemcau::test
