// Proves from a history and its ending that what the design promises held (README, G1-G8). Each guarantee is
// a function of its own; what it finds names the guarantee, the site, the moment and what happened.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/world.hpp"

namespace diemcau::sim {

struct Violation {
  std::string guarantee, site, text;
  Micros at = 0;
};
std::string lineOf(const Violation& violation);

class Findings {
 public:
  explicit Findings(const char* guarantee) : guarantee_(guarantee) {}
  void add(Micros at, const std::string& site, std::string text) {
    if (found_.size() < kMost) found_.push_back({guarantee_, site, std::move(text), at});
  }
  std::vector<Violation> take() { return std::move(found_); }

 private:
  static constexpr std::size_t kMost = 20;  // of one guarantee: more say nothing new
  const char* guarantee_;
  std::vector<Violation> found_;
};

std::vector<Violation> checkRecords(const History& history, const Ending& ending);      // G1
std::vector<Violation> checkAssignments(const History& history, const Ending& ending);  // G2
std::vector<Violation> checkLaunch(const History& history, const Ending& ending);       // G3
std::vector<Violation> checkFreshness(const History& history, const Ending& ending);    // G4
std::vector<Violation> checkPeers(const History& history, const Ending& ending);        // G5
std::vector<Violation> checkAlone(const History& history, const Ending& ending);        // G6
std::vector<Violation> checkAlarms(const History& history, const Ending& ending);       // G7
// Of G8 there is today the timeline: every act of a person is an entry, in order, none lost. The audit log
// that is chained by hash is not simulated yet.
std::vector<Violation> checkTimeline(const History& history, const Ending& ending);

std::vector<Violation> checkAll(const History& history, const Ending& ending);

// What was up when: of the centre, or of a site.
class Spans {
 public:
  void begin(Micros at) { spans_.push_back({at, kOpen}); }
  void end(Micros at) {
    if (!spans_.empty() && spans_.back().second == kOpen) spans_.back().second = at;
  }
  bool open() const { return !spans_.empty() && spans_.back().second == kOpen; }
  bool whole(Micros from, Micros until) const {  // throughout
    for (const auto& [begin, end] : spans_)
      if (begin <= from && until <= end) return true;
    return false;
  }
  bool any(Micros from, Micros until) const {  // at some moment
    for (const auto& [begin, end] : spans_)
      if (begin <= until && from <= end) return true;
    return false;
  }

 private:
  static constexpr Micros kOpen = INT64_MAX;
  std::vector<std::pair<Micros, Micros>> spans_;
};

// What several checks need to know of a run.
struct Facts {
  Facts(const History& history, const Ending& ending);
  Spans centre;
  std::map<std::string, Spans> hall, link, stalled, screen_broken, live_order;
  std::set<std::string> filled;  // sites whose disk was full
  Micros go_told = 0;            // when GO was committed
  std::uint64_t go_revision = 0;
  Micros start_at = 0;
  std::vector<Micros> boots;  // of the centre
  // What the centre called `centre_time` at the moment `at`, in true time.
  Micros trueOf(Micros centre_time, Micros at) const;
  std::map<Micros, Micros> ahead;  // from when on its clock was ahead by how much
};

}  // namespace diemcau::sim
