// What the floor understands: a frame is a length of 4 bytes (of what follows), one letter, and a payload.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace diemcau::bench::floor {

enum class Word : char {
  kHello = 'H',    // to the floor: one byte for the role, 's' site, 'c' centre, 'v' console
  kWelcome = 'W',  // from it
  kCommand = 'C',  // from the centre, handed on to every site
  kAnswer = 'A',   // of a site to a command
  kDone = 'D',     // to the centre: every site has answered
  kStatus = 'S',   // of a site, once a second: counted
  kTick = 'T',     // to each console, five times a second: how many statuses there were
  kEvent = 'E',    // of a site, handed on to every console at once
  kRecord = 'R',   // of a site: its number (8 bytes) and the record; written down
  kAck = 'K',      // to the site: the highest number (8 bytes) that is on the disk
};

inline void append(std::string& out, Word word, std::string_view payload) {
  const auto size = static_cast<std::uint32_t>(payload.size() + 1);
  char head[5];
  std::memcpy(head, &size, 4);
  head[4] = static_cast<char>(word);
  out.append(head, sizeof head).append(payload);
}

inline std::string numberBytes(std::uint64_t number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}
inline std::uint64_t numberIn(std::string_view payload) {
  std::uint64_t number = 0;
  if (payload.size() >= sizeof number) std::memcpy(&number, payload.data(), sizeof number);
  return number;
}

// Calls `each(word, payload)` for every whole frame at the front of `in`; returns how many bytes they were.
template <class Each>
std::size_t frames(std::string_view in, Each&& each) {
  std::size_t at = 0;
  while (in.size() - at >= 5) {
    std::uint32_t size = 0;
    std::memcpy(&size, in.data() + at, 4);
    if (size == 0 || in.size() - at - 4 < size) break;
    each(static_cast<Word>(in[at + 4]), in.substr(at + 5, size - 1));
    at += 4 + size;
  }
  return at;
}

}  // namespace diemcau::bench::floor
