// Transport packets made by hand, with times in seconds.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>

namespace diemcau::probe {

using Packet188 = std::array<std::uint8_t, 188>;
inline constexpr std::uint64_t kRound = std::uint64_t{1} << 33;

inline std::uint64_t ticks(double s) {
  return static_cast<std::uint64_t>(std::llround(s * 90'000)) % kRound;
}

inline Packet188 blank(unsigned pid, std::uint8_t flags) {
  Packet188 out{};
  out[0] = 0x47;
  out[1] = static_cast<std::uint8_t>(pid >> 8 | flags);
  out[2] = static_cast<std::uint8_t>(pid);
  return out;
}

inline Packet188 reference(double s, unsigned pid = 256) {
  Packet188 out = blank(pid, 0);
  const std::uint64_t base = ticks(s);
  out[3] = 0x20;
  out[4] = 183;
  out[5] = 0x10;
  for (int i = 0; i < 4; ++i) out[6 + i] = static_cast<std::uint8_t>(base >> (25 - 8 * i));
  out[10] = static_cast<std::uint8_t>((base & 1) << 7);
  return out;
}

inline void stamp(std::uint8_t* at, std::uint64_t value, unsigned mark) {
  at[0] = static_cast<std::uint8_t>(mark << 4 | (value >> 29 & 0x0E) | 1);
  at[1] = static_cast<std::uint8_t>(value >> 22);
  at[2] = static_cast<std::uint8_t>((value >> 14 & 0xFE) | 1);
  at[3] = static_cast<std::uint8_t>(value >> 7);
  at[4] = static_cast<std::uint8_t>(value << 1 | 1);
}

inline Packet188 unit(unsigned pid, std::uint8_t stream, double shown_s, double decoded_s) {
  Packet188 out = blank(pid, 0x40);
  out[3] = 0x10;
  out[6] = 1;
  out[7] = stream;
  out[11] = decoded_s < shown_s ? 0xC0 : 0x80;
  out[12] = decoded_s < shown_s ? 10 : 5;
  stamp(out.data() + 13, ticks(shown_s), decoded_s < shown_s ? 3 : 2);
  if (decoded_s < shown_s) stamp(out.data() + 18, ticks(decoded_s), 1);
  return out;
}

}  // namespace diemcau::probe
