// The one string that a technician pastes: "diemcau1." and base64url of an EnrolmentToken with a check sum
// behind it, so that half a string, or one with a letter lost, is told from a wrong one.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "diemcau/v1/enrolment.pb.h"

namespace diemcau::wire {

std::string writeToken(const v1::EnrolmentToken& token);
Result<v1::EnrolmentToken> readToken(std::string_view text);

}  // namespace diemcau::wire
