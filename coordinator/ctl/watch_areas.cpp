#include "coordinator/ctl/watch_areas.hpp"

#include <algorithm>
#include <map>

namespace diemcau::ctl {
namespace {

constexpr std::size_t kDeepest = 12;

// From the root down to the area itself.
std::vector<std::string> pathTo(const RosterNames& roster, std::string id) {
  std::vector<std::string> path;
  while (path.size() < kDeepest) {
    path.insert(path.begin(), id);
    const auto found = roster.areas.find(id);
    if (found == roster.areas.end() || found->second.parent_id.empty()) break;
    id = found->second.parent_id;
  }
  return path;
}

bool good(const v1::SiteView& site, AreaMeasure measure) {
  switch (measure) {
    case AreaMeasure::kStarted:
      return site.has_outcome() && site.outcome().state() == v1::Outcome::started;
    case AreaMeasure::kReady:
      return site.status().readiness().verdict() == v1::Readiness::ready;
    default:
      return site.link() == v1::LinkState::online;
  }
}

}  // namespace

AreaBars areaBars(const v1::ViewUpdate& view, const RosterNames& roster, bool launched, v1::Phase::Name phase,
                  std::size_t rows) {
  AreaBars bars;
  bars.measure = launched                                                      ? AreaMeasure::kStarted
                 : phase == v1::Phase::rehearsing || phase == v1::Phase::armed ? AreaMeasure::kReady
                                                                               : AreaMeasure::kOnline;
  std::map<std::string, std::vector<std::string>> paths;
  for (const v1::SiteView& site : view.sites()) {
    if (!paths.contains(site.area_id())) paths.emplace(site.area_id(), pathTo(roster, site.area_id()));
  }
  const auto groupOf = [&](const std::string& area, std::size_t level) {
    const auto& path = paths.at(area);
    return path[std::min(level, path.size() - 1)];
  };
  const auto groupsAt = [&](std::size_t level) {
    std::map<std::string, int> groups;
    for (const auto& [area, path] : paths) groups[groupOf(area, level)] = 1;
    return groups.size();
  };
  // The deepest level that fits; where none does, the highest that shows more than one.
  std::size_t level = 0;
  for (std::size_t one = 0; one < kDeepest; ++one) {
    const std::size_t groups = groupsAt(one);
    if (groups <= rows || (groupsAt(level) <= 1 && groups > 1)) level = one;
  }
  std::map<std::string, AreaBar> groups;
  for (const v1::SiteView& site : view.sites()) {
    if (site.waived()) continue;
    const std::string id = groupOf(site.area_id(), level);
    AreaBar& one = groups[id];
    if (one.name.empty()) one.name = roster.areaName(id);
    if (one.name.empty()) one.name = "?";
    ++one.whole;
    one.good += good(site, bars.measure) ? 1 : 0;
  }
  for (auto& [id, one] : groups) bars.rows.push_back(std::move(one));
  std::stable_sort(bars.rows.begin(), bars.rows.end(),
                   [](const AreaBar& a, const AreaBar& b) { return a.good * b.whole < b.good * a.whole; });
  if (bars.rows.size() > rows) {
    bars.left_out = bars.rows.size() - (rows - 1);
    bars.rows.resize(rows - 1);
  }
  return bars;
}

}  // namespace diemcau::ctl
