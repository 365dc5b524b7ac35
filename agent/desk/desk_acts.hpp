// What a person at the site enters, from JSON to a record that may be kept: cleaned, and only what can be
// true. Pure.
#pragma once

#include <string>
#include <string_view>

#include "agent/core/book.hpp"
#include "agent/core/follower.hpp"
#include "base/result.hpp"
#include "diemcau/v1/record.pb.h"

namespace diemcau::agent {

enum class Act { kConfirm, kHeadcount, kCheckIn, kHelp, kUndo };

// "confirm", "headcount", ...; an error for anything else.
Result<Act> actNamed(std::string_view name);

// Without number, and without id unless the device gave one. Errors are for the person who entered it.
//
// A device that could not reach this program sends later what it kept: with the id that it gave it, so that
// it counts once, and with the moment on the centre's clock, as far as the device was told it. Older than
// kJustNow it is `held`.
//
// kUndo names in corrects_id a headcount or check-in that counts now; what comes back is a correction with
// what counted before.
Result<v1::Record> readAct(Act act, std::string_view body, const Follower& follower, const Book& book,
                           const Now& now);

constexpr Micros kJustNow = 10 * kSecond, kOldestHeld = 31 * 24 * kHour;

}  // namespace diemcau::agent
