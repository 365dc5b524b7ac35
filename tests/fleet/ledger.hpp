// What the sites entered, as JSON: the truth that the coordinator's report is compared with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/fleet/simulated_site.hpp"

namespace diemcau::fleet {

// {"seed", "totals": {sites, records, acked, present, checkins},
//  "sites": [{"site_id", "phase", "started_us", "sittings": {SITTING: {"session_id", "headcount": {present,
//  online,
//             excused, absent}, "checkins"}}, "record_ids": [...], "acked"}]}
// Where a site had several sessions, the key of a sitting is SESSION/SITTING.
std::string ledgerJson(std::uint64_t seed, const std::vector<const SimulatedSite*>& sites);

}  // namespace diemcau::fleet
