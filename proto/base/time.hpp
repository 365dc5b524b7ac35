// Time: one type for instants, clocks that tests can replace, and conversion for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace diemcau {

// Microseconds since 1970-01-01T00:00:00Z, or of a duration where the name says so.
using Micros = std::int64_t;

constexpr Micros kMillisecond = 1000;
constexpr Micros kSecond = 1000 * kMillisecond;
constexpr Micros kMinute = 60 * kSecond;
constexpr Micros kHour = 60 * kMinute;

// The wall clock and a steady clock of this machine. Pure parts never call it: they are given the time.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Micros wall() const = 0;    // UTC; may jump
  virtual Micros steady() const = 0;  // never goes back; any zero
};

const Clock& systemClock();
// By how much the wall clock may be wrong, as the kernel reckons since a time server last set it; 16 s and
// more where none does.
Micros wallClockError();

// "2026-03-01T08:00:00+07:00" or "...Z", with or without fraction of a second. Also "2026-03-01 08:00" in
// `zone`.
Result<Micros> parseTime(std::string_view text, std::string_view zone = "UTC");
std::string formatUtc(Micros at);  // 2026-03-01T01:00:00.000Z
// dd/MM/yyyy HH:mm:ss in the zone; an unknown zone is shown in UTC with "UTC" behind it.
std::string formatLocal(Micros at, std::string_view zone);
std::string formatLocalTime(Micros at, std::string_view zone);  // HH:mm:ss
bool knownZone(std::string_view zone);
// "1:05:09", "5:09", "-0:07": for countdowns.
std::string formatSpan(Micros span);

}  // namespace diemcau
