// The checker bites: each way of breaking what the product stands on is caught, by the guarantee that it
// breaks and within the seeds that are stated here. The breaking is done by the simulated store, disk,
// network, probes or settings (tests/sim/mutation.hpp); the same seeds pass when nothing is broken
// (replay_test.cpp).
#include "tests/sim/checker.hpp"
#include "tests/sim/quiet.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using sim::Mutation;

namespace {

constexpr int kSites = 14;

// The first seed that finds it; 0: none of them does.
std::uint64_t caughtBy(Mutation mutation, const std::string& guarantee, std::uint64_t first,
                       std::uint64_t seeds) {
  sim::silenceLogs();
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    const auto run = sim::play({.seed = seed, .sites = kSites, .mutation = mutation});
    for (const auto& violation : sim::checkAll(run->history, run->ending))
      if (violation.guarantee == guarantee) return seed;
  }
  return 0;
}

struct Row {
  Mutation mutation;
  const char* guarantee;
  std::uint64_t seeds;
  std::uint64_t first = 1;
};

void bites(const Row& row) {
  INFO(sim::wordOf(row.mutation) << " breaks " << row.guarantee << ", within " << row.seeds << " seeds");
  CHECK(caughtBy(row.mutation, row.guarantee, row.first, row.seeds) != 0);
}

}  // namespace

TEST_CASE("G1 is broken by an acknowledgement before the commit") {
  bites({Mutation::kAckBeforeCommit, "G1", 10});
}
TEST_CASE("G1 is broken by a store that forgets what it committed") {
  bites({Mutation::kStoreForgets, "G1", 10});
}
TEST_CASE("G1 is broken by a record that is applied twice") {
  bites({Mutation::kStoreKeepsTwice, "G1", 10});
}
TEST_CASE("G1 is broken by a site's disk that syncs nothing") {
  bites({Mutation::kNoFsync, "G1", 100});
}
// What is lost before it was sent is lost; most of what was sent is found again under a new epoch, so that
// not many seeds show it.
TEST_CASE("G1 is broken by a lost page of the spool") {
  bites({Mutation::kLostPage, "G1", 400});
}
TEST_CASE("G1 is broken by record numbers that begin again after a restart") {
  bites({Mutation::kNumbersAgain, "G1", 200});
}
TEST_CASE("G2 is broken by what is carried out before its commit") {
  bites({Mutation::kCarryOutBeforeCommit, "G2", 10});
}
TEST_CASE("G2 is broken by a coordinator that forgets its revision") {
  bites({Mutation::kStoreDropsRevision, "G2", 20});
}
TEST_CASE("G2 is broken by a site that forgets its assignment") {
  bites({Mutation::kForgetsAssignment, "G2", 10});
}
TEST_CASE("G3 is broken by GO that is applied when it arrives") {
  bites({Mutation::kShowsAtOnce, "G3", 3});
}
TEST_CASE("G3 is broken when nobody is ever late") {
  bites({Mutation::kNoVerdict, "G3", 10});
}
TEST_CASE("G3 is broken by a coordinator whose time jumps in the middle of a session") {
  // The clock must be set in the few seconds that matter: not many seeds do that.
  bites({Mutation::kFollowsClock, "G3", 10, 85});
}
TEST_CASE("G4 is broken when stale is shown as online") {
  bites({Mutation::kStaleIsOnline, "G4", 10});
}
TEST_CASE("G5 is broken by a slow peer that blocks the others") {
  bites({Mutation::kSlowPeerBlocks, "G5", 20});
}
TEST_CASE("G6 is broken by a screen that goes dark with the link") {
  bites({Mutation::kHidesWithoutLink, "G6", 10});
}
TEST_CASE("G7 is broken by an alarm for each site") {
  bites({Mutation::kAlarmPerSite, "G7", 20});
}
TEST_CASE("G8 is broken by an act without an entry on the timeline") {
  bites({Mutation::kNoTimeline, "G8", 2});
}
