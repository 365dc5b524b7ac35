// G4: nothing is shown as well on old data.
#include <fmt/format.h>

#include "diemcau/v1/view.pb.h"
#include "tests/sim/checker.hpp"

namespace diemcau::sim {
namespace {
constexpr Micros kStale = 15 * kSecond, kOffline = 30 * kSecond;
constexpr Micros kSlack =
    4 * kSecond;  // the history hears once a second, and looks at the console each 2.5 s
}  // namespace

std::vector<Violation> checkFreshness(const History& history, const Ending& ending) {
  Findings found("G4");
  struct Site {
    Micros heard = 0;
    std::int64_t shown = v1::LinkState::never;
    Micros since = 0;
  };
  std::map<std::string, Site> sites;
  bool up = false;
  Micros end = history.events().empty() ? 0 : history.events().back().at;
  // What was shown of this site until now.
  const auto judge = [&](const std::string& id, const Site& site, Micros now) {
    if (!up) return;
    const Micros from = std::max(site.heard, site.since);
    if (site.shown == v1::LinkState::online && site.heard != 0 && now - site.heard > kStale + kSlack &&
        now > from)
      found.add(now, id,
                fmt::format("is shown as online after {} s of silence", (now - site.heard) / kSecond));
    if (site.shown == v1::LinkState::stale && site.heard != 0 && now - site.heard > kOffline + kSlack)
      found.add(now, id,
                fmt::format("is shown as stale after {} s of silence", (now - site.heard) / kSecond));
  };
  for (const auto& event : history.events()) {
    auto& site = sites[event.site];
    switch (event.what) {
      case What::kHeard:
        judge(event.site, site, event.at);
        site.heard = event.at;
        break;
      case What::kShown:
        judge(event.site, site, event.at);
        site.shown = event.x;
        site.since = event.at;
        break;
      case What::kCentreDown:
        for (const auto& [id, one] : sites)
          if (!id.empty()) judge(id, one, event.at);
        up = false;
        break;
      case What::kCentreUp:
        up = true;
        for (auto& [id, one] : sites) one.shown = v1::LinkState::never;
        break;
      default:
        break;
    }
  }
  for (const auto& [id, one] : sites)
    if (!id.empty()) judge(id, one, end);
  for (const auto& view : ending.sites_in_calm)
    if (view.link() != v1::LinkState::online)
      found.add(ending.calm, view.site_id(), "is not online in calm weather");
  return found.take();
}

}  // namespace diemcau::sim
