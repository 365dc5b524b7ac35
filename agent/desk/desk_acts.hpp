// What a person at the site enters, from JSON to a record that may be kept: cleaned, and only what can be
// true. Pure.
#pragma once

#include <string>
#include <string_view>

#include "agent/core/follower.hpp"
#include "base/result.hpp"
#include "diemcau/v1/record.pb.h"

namespace diemcau::agent {

enum class Act { kConfirm, kHeadcount, kCheckIn, kHelp };

// "confirm", "headcount", ...; an error for anything else.
Result<Act> actNamed(std::string_view name);

// Without id and number. Errors are for the person who entered it.
Result<v1::Record> readAct(Act act, std::string_view body, const Follower& follower, const Now& now);

}  // namespace diemcau::agent
