// Transport packets made by hand, and what was sent read back.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/studio/transport.hpp"

namespace diemcau::studio::test {

constexpr std::uint16_t kVideoPid = 0x41;
constexpr std::uint16_t kAudioPid = 0x42;
constexpr std::uint16_t kStreamsPid = 0x20;

struct PacketPlan {
  std::uint16_t pid = kVideoPid;
  std::uint8_t counter = 0;
  bool start = false;  // a PES packet begins
  bool key = false;    // random access
  bool clock = false;
  std::uint64_t pts = 0;  // ticks of 90 kHz
  char body = 'x';
};

inline std::string packet(const PacketPlan& plan) {
  std::string out(kPacket, plan.body);
  const auto put = [&out](std::size_t at, unsigned value) { out[at] = static_cast<char>(value); };
  put(0, 0x47);
  put(1, (plan.start ? 0x40u : 0u) | plan.pid >> 8);
  put(2, plan.pid & 0xFFu);
  std::size_t at = 4;
  const bool adaptation = plan.key || plan.clock;
  put(3, (adaptation ? 0x30u : 0x10u) | plan.counter);
  if (adaptation) {
    put(4, 7);
    put(5, (plan.key ? 0x40u : 0u) | (plan.clock ? 0x10u : 0u));
    for (unsigned i = 0; i < 6; ++i) put(6 + i, 0xA0 + i);  // the clock reference
    at = 12;
  }
  if (plan.start) {
    const std::uint64_t t = plan.pts;
    const unsigned head[] = {0,
                             0,
                             1,
                             plan.pid == kVideoPid ? 0xE0u : 0xC0u,
                             0,
                             0,
                             0x80,
                             0x80,
                             5,
                             static_cast<unsigned>(0x21 | ((t >> 30 & 7) << 1)),
                             static_cast<unsigned>(t >> 22 & 0xFF),
                             static_cast<unsigned>((t >> 15 & 0x7F) << 1 | 1),
                             static_cast<unsigned>(t >> 7 & 0xFF),
                             static_cast<unsigned>((t & 0x7F) << 1 | 1)};
    for (const unsigned byte : head) put(at++, byte);
  }
  return out;
}

// A PAT that names kStreamsPid, and a packet of that PID.
inline std::string tables() {
  std::string pat = packet({.pid = kPidTables, .start = false, .body = '\xFF'});
  pat[1] = 0x40;
  const unsigned section[] = {0,    0x00, 0xB0, 0x0D, 0, 1, 0xC1, 0, 0, 0, 1, 0xE0 | kStreamsPid >> 8,
                              0x20, 1,    2,    3,    4};
  for (std::size_t i = 0; i < std::size(section); ++i) pat[4 + i] = static_cast<char>(section[i]);
  return pat + packet({.pid = kStreamsPid, .body = 'm'});
}

inline std::vector<std::string> split(std::string_view bytes) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at + kPacket <= bytes.size(); at += kPacket) {
    out.emplace_back(bytes.substr(at, kPacket));
  }
  return out;
}

inline std::uint16_t pidOf(const std::string& one) {
  return static_cast<std::uint16_t>((static_cast<unsigned char>(one[1]) & 0x1F) << 8 |
                                    static_cast<unsigned char>(one[2]));
}

inline std::map<std::uint16_t, std::size_t> countByPid(std::string_view bytes) {
  std::map<std::uint16_t, std::size_t> out;
  for (const auto& one : split(bytes)) ++out[pidOf(one)];
  return out;
}

// How often a packet with a payload does not continue the count of its PID.
inline std::size_t counterGaps(std::string_view bytes) {
  std::map<std::uint16_t, int> last;
  std::size_t gaps = 0;
  for (const auto& one : split(bytes)) {
    const int counter = one[3] & 0x0F;
    if (pidOf(one) == kPidNull || (one[3] & 0x10) == 0) continue;
    const auto found = last.find(pidOf(one));
    if (found != last.end() && (found->second + 1) % 16 != counter) ++gaps;
    last[pidOf(one)] = counter;
  }
  return gaps;
}

}  // namespace diemcau::studio::test
