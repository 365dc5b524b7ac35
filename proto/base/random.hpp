// Ids and seeds from the system's generator. Pure parts are given theirs.
#pragma once

#include <cstdint>
#include <string>

namespace diemcau {

std::string randomHex(std::size_t bytes);
std::uint64_t randomU64();  // never 0
// Uniform in [0, limit).
std::uint32_t randomBelow(std::uint32_t limit);

}  // namespace diemcau
