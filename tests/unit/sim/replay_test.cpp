// A seed decides everything: the same one plays the same run, byte for byte, and what is not broken passes.
#include <sstream>

#include "tests/sim/checker.hpp"
#include "tests/sim/quiet.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;

namespace {

std::string historyOf(std::uint64_t seed, int sites) {
  const auto run = sim::play({.seed = seed, .sites = sites});
  std::ostringstream out;
  run->history.print(out);
  return out.str();
}

}  // namespace

TEST_CASE("the same seed gives the same history, byte for byte, and another seed another one") {
  sim::silenceLogs();
  for (const std::uint64_t seed : {1, 2, 3}) {
    const auto first = historyOf(seed, 14);
    CHECK(first.size() > 50'000);
    CHECK(first == historyOf(seed, 14));
    CHECK(first != historyOf(seed + 100, 14));
  }
}

TEST_CASE("nothing is found in the seeds of bites_test when nothing is broken") {
  sim::silenceLogs();
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto run = sim::play({.seed = seed, .sites = 14});
    for (const auto& violation : sim::checkAll(run->history, run->ending))
      FAIL_CHECK("seed " << seed << ": " << sim::lineOf(violation));
  }
}

TEST_CASE("a run is a whole briefing: records, faults, a launch and a report are in it") {
  sim::silenceLogs();
  std::size_t faults = 0, records = 0, restarts = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto run = sim::play({.seed = seed, .sites = 14});
    records += run->ending.ledger.size();
    CHECK(run->ending.report.final());
    for (const auto& event : run->history.events()) {
      faults += event.what == sim::What::kFault;
      restarts += event.what == sim::What::kCentreUp;
    }
  }
  CHECK(records > 5 * 14);
  CHECK(faults > 20);
  CHECK(restarts > 5);
}
