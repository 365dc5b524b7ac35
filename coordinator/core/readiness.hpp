// Readiness of sites: what the measurements say, what the technicians confirmed, and the summary for "are we
// ready?". Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/time.hpp"
#include "diemcau/v1/readiness.pb.h"
#include "diemcau/v1/record.pb.h"
#include "diemcau/v1/session.pb.h"

namespace diemcau::core {

// The same to the last field.
bool sameReadiness(const v1::Readiness& a, const v1::Readiness& b);

// The newest of what a site told and what was known: its measured checks replace those before; a technician's
// confirmation stays until a newer word on the same check. True: a verdict changed, so it is worth keeping.
bool mergeReadiness(v1::Readiness& known, const v1::Readiness& told);

// The technician's sign-off: what is confirmed becomes ok; what is not confirmed stays as it was.
bool mergeSignOff(v1::Readiness& known, const v1::Record& record);

// The verdict that counts now: an answer to an older rehearsal is none, and old data of a lost site is not
// "ready".
v1::Readiness::Verdict verdictNow(const v1::Readiness* known, const v1::Session& session, bool reachable);

// Why a site is not ready, from its failed checks; empty when none failed.
v1::Text failedChecks(const v1::Readiness& readiness);
v1::Text checkText(v1::Check::Kind kind);

}  // namespace diemcau::core
