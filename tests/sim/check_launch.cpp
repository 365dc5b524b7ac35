// G3: a start is never silently missed. Who can, starts at the common instant; everybody has a verdict and
// those that did not start are named within 5 s of the deadline.
#include <fmt/format.h>

#include "diemcau/v1/session.pb.h"
#include "tests/sim/checker.hpp"

namespace diemcau::sim {
namespace {

constexpr Micros kGrace = 3 * kSecond;         // start_at to the deadline, as offices know it
constexpr Micros kNamed = 5 * kSecond;         // deadline to the alarm
constexpr Micros kReturn = 10 * kSecond;       // after a restart the sites come back first
constexpr Micros kOverdue = 30 * kSecond;      // launched when the instant had passed
constexpr Micros kLook = 3 * kSecond;          // how often the console is looked at here
constexpr Micros kEarly = 100 * kMillisecond;  // bound of the clocks' errors
constexpr Micros kLate = 500 * kMillisecond;

struct State {
  std::int64_t outcome = 0, started = 0;
};

// By when there must be a verdict, given when the centre was there.
Micros dueOf(const Facts& facts) {
  Micros due = std::max(facts.start_at, facts.go_told) + kGrace + kNamed + kLook;
  if (facts.go_told - facts.start_at > kGrace) due += kOverdue;
  for (const Micros boot : facts.boots)
    if (boot > facts.go_told && boot <= due) due = std::max(due, boot + kReturn + kNamed + kLook);
  return due;
}

void verdicts(const History& history, const Ending& ending, const Facts& facts, Findings& found) {
  const Micros due = dueOf(facts);
  std::map<std::string, State> sites;
  for (const auto& [site, area] : ending.area_of) sites[site];
  std::string named;
  for (const auto& event : history.events()) {
    if (event.at > due) break;
    if (event.what == What::kVerdict) sites[event.site] = {event.x, event.y};
    if (event.what == What::kAlarmShown && event.b.starts_with("not_started/"))
      named = event.x == 1 ? event.text : "";
  }
  if (!facts.centre.any(due - kLook, due)) return;
  for (const auto& [site, state] : sites) {
    if (state.outcome == v1::Outcome::pending)
      found.add(due, site, "has no verdict 5 s after the deadline");
    else if ((state.outcome == v1::Outcome::late || state.outcome == v1::Outcome::failed) &&
             state.started == 0 && (" " + named).find(" " + site + " ") == std::string::npos)
      found.add(due, site, "did not start, and no alarm names it");
  }
}

// A hall whose clock was set before it came up, and that has spoken with nobody since, has no other clock to
// believe.
struct Watch {
  Micros set = 0, up = 0, linked = 0;
  bool blind() const { return linked < set && set < up; }
};

void screens(const History& history, const Facts& facts, Findings& found) {
  std::map<std::string, Micros> ordered, shown;
  std::map<std::string, Watch> watches;
  for (const auto& event : history.events()) {
    auto& watch = watches[event.site];
    if (event.what == What::kFault && event.a == "clock-jump") watch.set = event.at;
    if (event.what == What::kHallUp) watch.up = event.at;
    if (event.what == What::kLinkOpened) watch.linked = event.at;
    if (event.what == What::kAssigned && event.text == "live") ordered.try_emplace(event.site, event.at);
    if (event.what != What::kScreen || event.a.empty()) continue;
    if (event.at < facts.start_at - kEarly && !watch.blind())
      found.add(
          event.at, event.site,
          fmt::format("shows the feed {} ms before the common instant", (facts.start_at - event.at) / 1000));
    shown.try_emplace(event.site, event.at);
  }
  for (const auto& [site, at] : ordered) {
    const auto of = [&site = site](const auto& spans) { return spans.find(site); };
    if (at > facts.start_at - kSecond) continue;  // not in time
    const auto hall = of(facts.hall), broken = of(facts.screen_broken);
    if (hall == facts.hall.end() || !hall->second.whole(at - 5 * kSecond, facts.start_at + kLate)) continue;
    if (broken != facts.screen_broken.end() && broken->second.any(at - kSecond, facts.start_at + kLate))
      continue;
    const auto when = shown.find(site);
    if (when == shown.end() || when->second > facts.start_at + kLate)
      found.add(facts.start_at, site,
                "had the order and all it needs, and did not start at the common instant");
  }
}

}  // namespace

std::vector<Violation> checkLaunch(const History& history, const Ending& ending) {
  Findings found("G3");
  const Facts facts(history, ending);
  if (facts.go_told == 0) {
    found.add(ending.scheduled, "", "the session was never launched, though everything works again");
    return found.take();
  }
  verdicts(history, ending, facts, found);
  screens(history, facts, found);
  for (const auto& view : ending.sites_in_calm)
    if (view.status().phase() != v1::SitePhase::started || view.outcome().state() == v1::Outcome::pending)
      found.add(ending.calm, view.site_id(),
                "is " + v1::SitePhase::Name_Name(view.status().phase()) + " in calm weather, not started");
  return found.take();
}

}  // namespace diemcau::sim
