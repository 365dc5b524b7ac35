// G7: a feed problem is one alarm per cause, and recovery brings no storm.
#include <fmt/format.h>

#include "diemcau/v1/health.pb.h"
#include "tests/sim/checker.hpp"

namespace diemcau::sim {
namespace {

constexpr Micros kTold = 8 * kSecond;  // after the source changed: told, gathered and looked at

struct Raised {
  Micros at;
  std::string what, sites;
};

// Most sites can tell: nothing is said of those that cannot be heard.
bool heard(const Facts& facts, const Ending& ending, Micros from, Micros until) {
  std::size_t deaf = 0;
  for (const auto& [site, area] : ending.area_of) {
    const auto stalled = facts.stalled.find(site);
    deaf += stalled != facts.stalled.end() && stalled->second.any(from - kTold, until);
  }
  return deaf * 3 < ending.area_of.size();
}

}  // namespace

std::vector<Violation> checkAlarms(const History& history, const Ending& ending) {
  Findings found("G7");
  const Facts facts(history, ending);
  std::map<std::string, Raised> raised;  // by alarm
  for (const auto& event : history.events())
    if (event.what == What::kAlarmShown)
      raised.try_emplace(event.a, Raised{facts.trueOf(event.z, event.at), event.b, event.text});
  for (std::size_t i = 0; i < history.events().size(); ++i) {
    const auto& event = history.events()[i];
    if (event.what != What::kSource || event.x == 0) continue;
    Micros over = ending.calm;
    for (std::size_t k = i + 1; k < history.events().size(); ++k)
      if (history.events()[k].what == What::kSource && history.events()[k].a == event.a) {
        over = history.events()[k].at;
        break;
      }
    const auto condition = v1::Condition::Name_Name(static_cast<v1::Condition::Name>(event.x));
    std::size_t wide = 0, narrow = 0;
    for (const auto& [id, alarm] : raised) {
      if (alarm.at < event.at || alarm.at > over + kTold || !alarm.what.starts_with("feed/") ||
          !alarm.what.ends_with("/" + condition + "/" + event.a))
        continue;
      alarm.what.starts_with("feed/source/") ? ++wide : ++narrow;
    }
    const bool steady = facts.centre.whole(event.at - 15 * kSecond, over + kTold) && over - event.at > kTold;
    if (steady && heard(facts, ending, event.at, over) && wide == 0 && facts.go_told != 0 &&
        event.at > facts.start_at)
      found.add(event.at, "", event.a + " is " + condition + " everywhere, and no alarm says so");
    if (wide > (steady ? 1 : 2) || narrow > (ending.quiet ? 0 : 3))
      found.add(event.at, "",
                fmt::format("{} is {}: one cause, but {} wide and {} narrow alarms", event.a, condition, wide,
                            narrow));
  }
  for (const auto& alarm : ending.raised_in_calm)
    found.add(ending.calm, "", "still raised in calm weather: " + alarm.text().en());
  return found.take();
}

}  // namespace diemcau::sim
