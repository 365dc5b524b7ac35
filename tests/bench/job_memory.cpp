// Memory: what the server's process holds of its own (RssAnon) for each site that is connected and idle.
//
// After all sites are connected and have said their status twice, less what it held before they came, with
// the roster in it. What the server had freed before and not given back is used first and shows in no figure:
// with few sites ours, which has read a roster, looks lighter than it is. The kernel's memory for sockets is
// not counted; it is the same for all.
#include "tests/bench/jobs.hpp"
#include "tests/bench/machine.hpp"

namespace diemcau::bench {
namespace {

constexpr Micros kSettle = 1 * kSecond;

struct Held {
  double own = 0, all = 0;
};

void noteHeld(Round& round, const Held& before) {
  const pid_t pid = round.system.pid();
  round.note("bytes_per_site", (memoryOf(pid) - before.own) / static_cast<double>(round.sites));
  round.note("resident_mib", residentOf(pid) / kMiB);
  round.note("empty_mib", before.all / kMiB);
}

}  // namespace

void memory(Round& round) {
  round.system.start();
  const auto dialect = round.system.dialect();
  Crowd crowd(*dialect, round.sites, 0, 0);
  crowd.runFor(kSettle);
  const Held before{memoryOf(round.system.pid()), residentOf(round.system.pid())};
  crowd.aim(round.system.target());
  crowd.until("all are connected", kConnectLimit, [&] { return crowd.complete(); });
  crowd.statusEvery(kSecond);
  crowd.until("two statuses of each", kStepLimit, [&] { return crowd.statuses_sent >= 2 * round.sites; });
  crowd.statusEvery(0);
  crowd.runFor(kSettle);
  noteHeld(round, before);
}

void memoryWithFleet(Round& round) {
  Ours& ours = *round.ours();
  ours.start();
  const Held before{memoryOf(ours.pid()), residentOf(ours.pid())};
  FleetRun fleet(ours);
  fleet.allConnected(kConnectLimit);
  const double from = ours.metric("diemcau_gateway_statuses_total");
  const Micros end = systemClock().steady() + kStepLimit;
  while (ours.metric("diemcau_gateway_statuses_total") < from + 2 * static_cast<double>(round.sites)) {
    endIfAsked();
    if (systemClock().steady() > end) throw Spoilt("the sites do not say their status");
  }
  noteHeld(round, before);
}

}  // namespace diemcau::bench
