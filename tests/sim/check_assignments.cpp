// G2: applying the same assignment twice does nothing; what a site is told cannot be undone; a site's outcome
// is known or shown as unknown.
#include <fmt/format.h>

#include "diemcau/v1/session.pb.h"
#include "tests/sim/checker.hpp"

namespace diemcau::sim {
namespace {

constexpr Micros kSettle = 5 * kSecond;

struct SiteKnown {
  std::int64_t told = 0;  // newest revision that it ever said it holds
  std::int64_t held = 0;  // newest that was delivered to it
  std::int64_t held_in_calm = 0;
  std::map<std::int64_t, std::string> contents;  // revision -> content
  std::int64_t started = 0;
};

}  // namespace

std::vector<Violation> checkAssignments(const History& history, const Ending& ending) {
  Findings found("G2");
  const Facts facts(history, ending);
  std::map<std::string, SiteKnown> sites;
  std::set<std::tuple<std::int64_t, std::string, std::int64_t>> committed;  // revision, phase, start_at
  for (const auto& event : history.events()) {
    auto& site = sites[event.site];
    switch (event.what) {
      case What::kSessionCommitted:
        committed.insert({event.x, v1::Phase::Name_Name(static_cast<v1::Phase::Name>(event.y)), event.z});
        break;
      case What::kAssigned: {
        if (!event.a.empty() && !committed.contains({event.y, event.text, event.z}))
          found.add(event.at, event.site,
                    fmt::format("was told plan {} ({}), which was never committed", event.y, event.text));
        const auto [known, fresh] = site.contents.try_emplace(event.x, event.b);
        if (!fresh && known->second != event.b)
          found.add(event.at, event.site,
                    fmt::format("revision {} names two different assignments", event.x));
        site.held = std::max(site.held, event.x);
        if (event.at < ending.looked - kSettle) site.held_in_calm = site.held;
        break;
      }
      case What::kRevisionTold:
        site.told = std::max(site.told, event.x);
        break;
      case What::kHello:
        if (event.x < site.told && !facts.filled.contains(event.site))
          found.add(
              event.at, event.site,
              fmt::format("holds revision {} though it had told {}: it was forgotten", event.x, site.told));
        break;
      case What::kVerdict:
        if (event.z != 0 && site.held < static_cast<std::int64_t>(facts.go_revision))
          found.add(event.at, event.site, "counts as having GO, which never reached it");
        if (event.y != 0 && site.started != 0 && site.started != event.y)
          found.add(event.at, event.site, "has started a second time");
        if (event.y != 0) site.started = event.y;
        break;
      default:
        break;
    }
  }
  for (const auto& view : ending.sites_in_calm) {
    const auto& site = sites[view.site_id()];
    if (static_cast<std::int64_t>(view.status().revision()) < site.held_in_calm)
      found.add(ending.looked, view.site_id(),
                fmt::format("says revision {} in calm weather, though {} was delivered",
                            view.status().revision(), site.held_in_calm));
  }
  return found.take();
}

}  // namespace diemcau::sim
