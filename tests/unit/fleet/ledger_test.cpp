// The ledger file: what every site entered, in a form that scripts can add up.
#include "tests/fleet/ledger.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/unit/fleet/fixture.hpp"

using namespace diemcau;
using namespace diemcau::fleet;
using namespace diemcau::fleet::test;

namespace {
void count(SimulatedSite& site, std::uint64_t revision, const v1::Plan& plan) {
  auto assignment = assign(revision, plan);
  *assignment.mutable_roster() = rosterOf(68);
  site.apply(assignment, at(0));
  REQUIRE(site.hurryHeadcount(at(kSecond)));
  site.tick(at(kSecond));
}
}  // namespace

TEST_CASE("sites with what they entered, and totals") {
  SimulatedSite counted("D1", plainBehaviour(), 1, {false, 50}), silent("D2", plainBehaviour(), 2, {});
  count(counted, 1, planIn(v1::Phase::live, kStart));
  counted.spool().acknowledged(2);
  const auto json = nlohmann::json::parse(ledgerJson(42, {&counted, &silent}));
  CHECK(json["seed"] == 42);
  REQUIRE(json["sites"].size() == 2);
  const auto& one = json["sites"][0];
  CHECK(one["site_id"] == "D1");
  CHECK(one["phase"] == "started");
  CHECK(one["acked"] == 2);
  CHECK(one["record_ids"].size() == counted.spool().newest());
  const auto& sitting = one["sittings"]["sang"];
  CHECK(sitting["session_id"] == "s1");
  const auto& headcount = sitting["headcount"];
  CHECK(headcount["present"].get<int>() + headcount["online"].get<int>() + headcount["excused"].get<int>() +
            headcount["absent"].get<int>() ==
        68);
  CHECK(sitting["checkins"] == counted.spool().newest() - 1);
  CHECK(json["sites"][1]["sittings"].empty());
  CHECK(json["totals"]["records"] == counted.spool().newest());
  CHECK(json["totals"]["present"] == headcount["present"]);
  CHECK(json["totals"]["checkins"] == sitting["checkins"]);
}

TEST_CASE("two sessions of a site are kept apart") {
  SimulatedSite site("D1", plainBehaviour(), 1, {});
  count(site, 1, planIn(v1::Phase::live, kStart));
  auto other = planIn(v1::Phase::live, kStart);
  other.set_session_id("s2");
  count(site, 2, other);
  const auto json = nlohmann::json::parse(ledgerJson(1, {&site}));
  const auto& sittings = json["sites"][0]["sittings"];
  REQUIRE(sittings.size() == 2);
  CHECK(sittings["s1/sang"]["session_id"] == "s1");
  CHECK(sittings["s2/sang"]["session_id"] == "s2");
}
