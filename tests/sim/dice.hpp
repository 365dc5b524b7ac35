// All chance of one run: streams of numbers that follow from the seed and a name, so that one part that
// throws once more changes nothing for the others. splitmix64 (Steele, Lea, Flood: "Fast splittable
// pseudorandom number generators", 2014).
#pragma once

#include <cstdint>
#include <string_view>

#include "base/time.hpp"

namespace diemcau::sim {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }
  std::uint64_t below(std::uint64_t limit) { return limit == 0 ? 0 : next() % limit; }
  Micros between(Micros least, Micros most) {
    return least + static_cast<Micros>(below(static_cast<std::uint64_t>(most - least) + 1));
  }
  bool percent(std::uint64_t chance) { return below(100) < chance; }

  // Another stream, by name.
  Dice fork(std::string_view name) const {
    std::uint64_t hash = 14695981039346656037ULL ^ state_;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    Dice other(hash);
    other.next();
    return other;
  }

 private:
  std::uint64_t state_;
};

}  // namespace diemcau::sim
