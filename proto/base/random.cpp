// libsodium's generator: it is seeded by the kernel and needs no state of ours.
#include "base/random.hpp"

#include <sodium.h>

#include <vector>

#include "base/result.hpp"

namespace diemcau {
namespace {

void ready() {
  static const bool good = sodium_init() >= 0;
  DIEMCAU_INVARIANT(good);
}

}  // namespace

std::string randomHex(std::size_t bytes) {
  if (bytes == 0) return {};
  ready();
  std::vector<unsigned char> raw(bytes);
  randombytes_buf(raw.data(), raw.size());
  std::string hex(bytes * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), raw.data(), raw.size());
  hex.resize(bytes * 2);
  return hex;
}

std::uint64_t randomU64() {
  ready();
  std::uint64_t value = 0;
  while (value == 0) randombytes_buf(&value, sizeof value);
  return value;
}

std::uint32_t randomBelow(std::uint32_t limit) {
  ready();
  return randombytes_uniform(limit);
}

}  // namespace diemcau
