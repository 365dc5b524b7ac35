// The launch: when to start, and how each site fared (G3). Pure.
//
// A site's outcome follows the instant at which it showed the feed, by its own word on the coordinator's
// clock, not the moment at which that word arrived: a site that was cut off and started by the plan on its
// disk started, and says so when it is back.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "coordinator/core/by_id.hpp"
#include "coordinator/core/links.hpp"
#include "diemcau/v1/report.pb.h"
#include "diemcau/v1/session.pb.h"
#include "diemcau/v1/status.pb.h"

namespace diemcau::core {

struct LaunchTimes {
  Micros least_lead = 2 * kSecond;
  Micros most_lead = 30 * kSecond;
  Micros grace = 3 * kSecond;             // from start_at to the deadline
  Micros tolerance = 500 * kMillisecond;  // started this much after start_at: late
};

// From GO to start_at: 2 s and four times the p99 round trip, so that the order, its acknowledgement and one
// repeat of both fit before it; within least and most.
Micros leadFor(const std::vector<Micros>& round_trips, const LaunchTimes& times);

// What a status changes of an outcome. False: nothing. `go_revision`: of the plan that said GO; a status from
// before it acknowledges nothing.
bool noteStatus(v1::Outcome& outcome, const v1::Session& session, const v1::Status& status,
                std::uint64_t go_revision, Micros now, const LaunchTimes& times);

// The verdict on a site that has not reported by the deadline: failed where it cannot, late where it still
// may, with the reason. `status` may be null.
void judge(v1::Outcome& outcome, const v1::Session& session, const Link& link, v1::LinkState::Name state,
           const v1::Status* status);

using Outcomes = ById<v1::Outcome>;

// `connected`: the sites that were connected at GO; they are what last_ack_ms is about.
v1::LaunchReport launchReport(const v1::Session& session, const Outcomes& outcomes,
                              const std::set<std::string, std::less<>>& connected);

// The value that `share` (0-1) of the values do not exceed (nearest rank); 0 when there are none. Sorts.
double percentile(std::vector<double>& values, double share);

}  // namespace diemcau::core
