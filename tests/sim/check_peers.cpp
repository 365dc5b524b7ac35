// G5: one slow or broken peer delays nobody and costs bounded memory. Hostile peers are the fuzzers'
// business.
#include <fmt/format.h>

#include "diemcau/v1/session.pb.h"
#include "tests/sim/checker.hpp"
#include "tests/sim/network.hpp"
#include "wire/codec.hpp"

namespace diemcau::sim {
namespace {
constexpr Micros kSoon = 4 * kSecond;
constexpr Micros kSettled = 3 * kSecond;  // connected for so long: welcomed, and its first assignment had
}  // namespace

std::vector<Violation> checkPeers(const History& history, const Ending& ending) {
  Findings found("G5");
  const Facts facts(history, ending);
  struct Assigned {
    std::vector<std::pair<Micros, std::int64_t>> at;  // (when, revision)
  };
  std::map<std::string, Assigned> assigned;
  for (const auto& event : history.events()) {
    if (event.what == What::kAssigned) assigned[event.site].at.emplace_back(event.at, event.x);
    if (event.what == What::kWaits && event.x > static_cast<std::int64_t>(Network::kWindow + wire::kMaxFrame))
      found.add(event.at, event.site, fmt::format("{} bytes wait for one peer", event.x));
  }
  for (const auto& event : history.events()) {
    if (event.what != What::kSessionCommitted) continue;
    const bool planned = event.y >= v1::Phase::scheduled && event.y <= v1::Phase::ended;
    if (!planned || !facts.centre.whole(event.at - kSettled, event.at + kSoon)) continue;
    for (const auto& [site, area] : ending.area_of) {
      const auto link = facts.link.find(site);
      if (link == facts.link.end() || !link->second.whole(event.at - kSettled, event.at + kSoon)) continue;
      const auto stalled = facts.stalled.find(site);
      if (stalled != facts.stalled.end() && stalled->second.any(event.at - kSettled, event.at + kSoon))
        continue;
      bool there = false;
      for (const auto& [at, revision] : assigned[site].at)
        there = there || (at <= event.at + kSoon && revision >= event.x);
      if (!there)
        found.add(
            event.at, site,
            fmt::format("is connected, but plan {} had not reached it after {} s", event.x, kSoon / kSecond));
    }
  }
  return found.take();
}

}  // namespace diemcau::sim
