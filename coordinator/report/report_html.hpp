// The report of a session as one readable page: prints well, needs no network, runs no script.
#pragma once

#include <string>

#include "coordinator/core/roster.hpp"
#include "diemcau/v1/report.pb.h"

namespace diemcau::report {

// A whole HTML document in UTF-8. Every text of a person is escaped; charts are inline SVG; style is inline
// and nothing else is loaded. The roster gives names to sites, areas and delegates; what it does not know is
// shown by its id.
std::string reportHtml(const v1::SessionReport& report, const core::Roster& roster, bool english);

}  // namespace diemcau::report
