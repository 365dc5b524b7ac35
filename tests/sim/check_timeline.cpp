// G8, as far as it exists: every act of a person is on the timeline with the name given, and the timeline
// only grows.
#include <fmt/format.h>

#include "tests/sim/checker.hpp"

namespace diemcau::sim {

std::vector<Violation> checkTimeline(const History& history, const Ending& ending) {
  Findings found("G8");
  std::int64_t newest = 0;
  std::vector<const Event*> entries;
  for (const auto& event : history.events()) {
    if (event.what == What::kEntryCommitted) {
      if (event.x != newest + 1)
        found.add(event.at, event.site, fmt::format("entry {} follows entry {}", event.x, newest));
      newest = event.x;
      entries.push_back(&event);
    }
    if (event.what != What::kActTold || event.b.empty()) continue;
    bool there = false;
    for (auto entry = entries.rbegin(); entry != entries.rend() && (*entry)->at >= event.x && !there; ++entry)
      there = (*entry)->a == event.b && (*entry)->b == event.a;
    if (!there)
      found.add(event.at, "", event.a + " was told that it is done, but no entry says so: " + event.text);
  }
  if (ending.timeline.size() != entries.size())
    found.add(history.events().back().at, "",
              fmt::format("{} entries were committed, {} are there", entries.size(), ending.timeline.size()));
  return found.take();
}

}  // namespace diemcau::sim
