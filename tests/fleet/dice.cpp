// FNV-1a over the names, then SplitMix64 (Steele, Lea, Flood 2014).
#include "tests/fleet/dice.hpp"

namespace diemcau::fleet {
namespace {

std::uint64_t mix(std::uint64_t hash, std::string_view text) {
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return (hash ^ 0xff) * 0x100000001b3ULL;  // the end of the text counts too
}

}  // namespace

Dice::Dice(std::uint64_t seed, std::string_view who, std::string_view what)
    : state_(mix(mix(0xcbf29ce484222325ULL ^ (seed * 0x9e3779b97f4a7c15ULL), who), what)) {}

std::uint64_t Dice::next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

double Dice::unit() {
  return static_cast<double>(next() >> 11) * 0x1p-53;
}

std::int64_t Dice::between(std::int64_t least, std::int64_t most) {
  const auto span = static_cast<std::uint64_t>(most - least) + 1;
  return least + static_cast<std::int64_t>(next() % span);
}

std::string Dice::hex(std::size_t digits) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  while (out.size() < digits) {
    std::uint64_t value = next();
    for (int i = 0; i < 16 && out.size() < digits; ++i, value >>= 4) out += kDigits[value & 15];
  }
  return out;
}

}  // namespace diemcau::fleet
