// One run: a city, its centre, its people and its weather, from the seed alone.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "diemcau/v1/report.pb.h"
#include "diemcau/v1/view.pb.h"
#include "tests/sim/history.hpp"
#include "tests/sim/mutation.hpp"

namespace diemcau::sim {

struct RunOptions {
  std::uint64_t seed = 1;
  int sites = 100;
  Mutation mutation = Mutation::kNone;
};

// What was there at the end: in calm weather before the session ended, and after everything.
struct Ending {
  bool centre_up = false, script_done = false, auto_start = false, quiet = false;
  Micros scheduled = 0, calm = 0, looked = 0;  // looked: when the calm was looked at
  std::vector<v1::Alarm> raised_in_calm;
  std::vector<v1::SiteView> sites_in_calm;
  std::map<std::string, std::uint32_t> unsent;  // by site, at the end
  std::map<std::string, std::string> area_of;
  std::vector<v1::LedgerRecord> ledger;
  std::vector<v1::TimelineEntry> timeline;
  v1::SessionReport report;
  std::uint64_t events = 0;
  double seconds = 0;  // virtual
};

struct Run {
  explicit Run(const Calendar& calendar) : history(calendar) {}
  History history;
  Ending ending;
};

// The calendar ends with the call: the history keeps its own times.
std::unique_ptr<Run> play(const RunOptions& options);

}  // namespace diemcau::sim
