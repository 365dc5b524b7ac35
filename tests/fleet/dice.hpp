// Chance by seed: the same seed, site and purpose give the same throws, on any machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace diemcau::fleet {

class Dice {
 public:
  Dice(std::uint64_t seed, std::string_view who, std::string_view what);

  std::uint64_t next();
  double unit();  // [0, 1)
  // Uniform from `least` to `most`, both included.
  std::int64_t between(std::int64_t least, std::int64_t most);
  bool chance(double percent) { return unit() * 100 < percent; }
  std::string hex(std::size_t digits);

 private:
  std::uint64_t state_;
};

}  // namespace diemcau::fleet
