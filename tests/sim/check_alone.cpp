// G6: losing the coordinator does not stop a session: what is shown stays, the site changes to the backup
// feed by itself, starts by the plan on its disk, and brings everything up to date afterwards.
#include <fmt/format.h>

#include "diemcau/v1/health.pb.h"
#include "tests/sim/checker.hpp"

namespace diemcau::sim {
namespace {

constexpr Micros kSwitch = 8 * kSecond;  // told after 1 s, bad for 2 s, and both are seen once in 2 s
constexpr Micros kAlone = 8 * kSecond, kLate = 700 * kMillisecond;

struct Site {
  std::string screen, order;
  bool up = false;
  Micros showing_since = 0;
};

// The automatic start that nobody else can give.
void startsAlone(const History& history, const Ending& ending, const Facts& facts, Findings& found) {
  if (!ending.auto_start || facts.centre.any(ending.scheduled - kAlone, ending.scheduled + kLate)) return;
  std::map<std::string, Micros> planned, shown;
  for (const auto& event : history.events()) {
    if (event.what == What::kAssigned && !event.a.empty()) planned.try_emplace(event.site, event.at);
    if (event.what == What::kScreen && !event.a.empty()) shown.try_emplace(event.site, event.at);
  }
  for (const auto& [site, at] : planned) {
    const auto hall = facts.hall.find(site);
    const auto broken = facts.screen_broken.find(site);
    if (at > ending.scheduled - kAlone ||
        !hall->second.whole(ending.scheduled - kAlone, ending.scheduled + kLate))
      continue;
    if (broken != facts.screen_broken.end()) continue;
    const auto when = shown.find(site);
    if (when == shown.end() || when->second > ending.scheduled + kLate)
      found.add(ending.scheduled, site,
                "did not start by the plan on its disk while the coordinator was gone");
  }
}

}  // namespace

std::vector<Violation> checkAlone(const History& history, const Ending& ending) {
  Findings found("G6");
  const Facts facts(history, ending);
  startsAlone(history, ending, facts, found);
  std::map<std::string, Site> sites;
  std::set<std::string> local;  // sites with a fault of their own on a feed
  for (const auto& event : history.events())
    if (event.what == What::kFault && event.a == "local-feed")
      local.insert(event.b.substr(0, event.b.find('/')));
  Micros main_bad = 0;
  const auto broken = [&](const std::string& id) {
    const auto screen = facts.screen_broken.find(id);
    return screen != facts.screen_broken.end() && screen->second.any(main_bad - kSecond, main_bad + kSwitch);
  };
  for (const auto& event : history.events()) {
    if (main_bad != 0 && event.at > main_bad + kSwitch) {
      for (const auto& [id, site] : sites)
        if (site.up && site.screen == "main" && site.showing_since < main_bad && !local.contains(id) &&
            !broken(id))
          found.add(event.at, id, "still shows the main feed, which is bad, though the backup is good");
      main_bad = 0;
    }
    auto& site = sites[event.site];
    switch (event.what) {
      case What::kSource:
        if (event.a == "main") main_bad = event.x == 0 ? 0 : event.at;
        break;
      case What::kHallUp:
        site.up = true;
        break;
      case What::kHallDown:
        site.up = false;
        break;
      case What::kAssigned:
        site.order = event.text;
        break;
      case What::kScreen:
        if (event.a.empty() && site.up && !site.screen.empty() &&
            (site.order == "live" || site.order == "paused"))
          found.add(event.at, event.site, "went dark in the middle of the session");
        site.screen = event.a;
        site.showing_since = event.at;
        break;
      default:
        break;
    }
  }
  if (!ending.centre_up) found.add(ending.calm, "", "the centre is not back in calm weather");
  if (!ending.script_done) found.add(history.events().back().at, "", "the operators could not finish");
  return found.take();
}

}  // namespace diemcau::sim
