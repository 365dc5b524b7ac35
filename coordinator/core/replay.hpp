// A session at a moment of its past, out of what was written down: the trace of its sites, its timeline, its
// ledger. Pure; the folding may be done on any thread, with what it is given alone.
//
// Not kept, and so not shown: measurements (bit rate, loss, ...), readiness check by check, the sites that an
// alarm named at that moment (its worst moment is kept), receipts of texts. Times are right to about a
// second.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "coordinator/core/attendance.hpp"
#include "coordinator/core/effects.hpp"
#include "diemcau/v1/history.pb.h"
#include "diemcau/v1/session.pb.h"
#include "diemcau/v1/timeline.pb.h"

namespace diemcau::core {

using SharedRecords = std::vector<std::shared_ptr<const v1::LedgerRecord>>;

struct ReplayState {
  Micros at = 0;
  v1::Phase::Name phase = v1::Phase::draft;
  std::map<std::string, v1::SiteTrace, std::less<>> sites;
  std::vector<v1::TimelineEntry> timeline;           // up to `at`
  std::map<std::string, v1::TimelineEntry> shelves;  // by alarm: what was last said of its shelf
  Attendance attendance;
};

ReplayState replay(const ReplayRows& rows, const SharedRecords& records, Micros at);
// What can be asked for.
v1::ReplaySpan replaySpan(const ReplayRows& rows);

}  // namespace diemcau::core
