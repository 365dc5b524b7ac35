// One site's share of a session's counts: the live view, what one operator may see of it, and the past count
// alike.
#pragma once

#include "diemcau/v1/view.pb.h"

namespace diemcau::core {

void tallyLink(v1::LinkState::Name link, v1::SessionView& view);
void tallyVerdict(v1::Readiness::Verdict verdict, v1::SessionView& view);
void tallyOutcome(v1::Outcome::State state, v1::SessionView& view);
void tallyAttendance(const v1::SiteAttendance& attendance, v1::SessionView& view);

}  // namespace diemcau::core
