// What several checks need to know of a run. See checker.hpp.
#include <fmt/format.h>

#include "diemcau/v1/session.pb.h"
#include "tests/sim/checker.hpp"

namespace diemcau::sim {

Facts::Facts(const History& history, const Ending& ending) {
  std::map<std::string, int> links;
  for (const auto& event : history.events()) {
    const bool begins = event.x == 1;
    switch (event.what) {
      case What::kCentreUp:
        centre.begin(event.at);
        boots.push_back(event.at);
        break;
      case What::kCentreDown:
        centre.end(event.at);
        break;
      case What::kCentreClock:
        ahead[event.at] = event.x;
        break;
      case What::kHallUp:
        hall[event.site].begin(event.at);
        break;
      case What::kHallDown:
        hall[event.site].end(event.at);
        break;
      case What::kLinkOpened:
        links[event.site] += 2;
        if (!link[event.site].open()) link[event.site].begin(event.at);
        break;
      case What::kLinkEnded:
        // Whole only while both ends think so.
        links[event.site] -= 1;
        link[event.site].end(event.at);
        break;
      case What::kFault:
        if (event.a == "path-stall")
          begins ? stalled[event.b].begin(event.at) : stalled[event.b].end(event.at);
        if (event.a == "area-cut")
          for (const auto& [site, area] : ending.area_of)
            if (area == event.b) begins ? stalled[site].begin(event.at) : stalled[site].end(event.at);
        if (event.a == "screen")
          begins ? screen_broken[event.b].begin(event.at) : screen_broken[event.b].end(event.at);
        if (event.a == "disk-full") filled.insert(event.b);
        break;
      case What::kSessionCommitted:
        if (event.y == v1::Phase::live && go_told == 0) {
          go_told = event.at;
          go_revision = static_cast<std::uint64_t>(event.x);
          start_at = trueOf(event.z, event.at);
        }
        break;
      default:
        break;
    }
  }
}

Micros Facts::trueOf(Micros centre_time, Micros at) const {
  const auto next = ahead.upper_bound(at);
  return next == ahead.begin() ? centre_time : centre_time - std::prev(next)->second;
}

std::string lineOf(const Violation& violation) {
  return fmt::format("{} {}{} {}", violation.guarantee, formatUtc(violation.at).substr(11),
                     violation.site.empty() ? "" : " site=" + violation.site, violation.text);
}

std::vector<Violation> checkAll(const History& history, const Ending& ending) {
  std::vector<Violation> all;
  for (const auto check : {checkRecords, checkAssignments, checkLaunch, checkFreshness, checkPeers,
                           checkAlone, checkAlarms, checkTimeline}) {
    auto found = check(history, ending);
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

}  // namespace diemcau::sim
