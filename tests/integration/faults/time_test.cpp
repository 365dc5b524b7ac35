// Time that does not pass as it should: stopped processes, wrong clocks, clocks that are set while everything
// runs. The wall clock that a program sees comes from libfaketime (Debian's package faketime); the steady one
// stays true.
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>

#include "base/settings.hpp"
#include "tests/integration/faults/city.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::test;

namespace {

constexpr const char* kTimeConfig =
    "[sites]\nheartbeat_ms = 1000\nreconnect_window_ms = 500\n[session]\nleast_lead_ms = 500\n"
    "start_grace_ms = 3000\nlink_grace_ms = 2000\nstale_after_ms = 4000\noffline_after_ms = 15000\n";

// A wall clock that is the test's to set; for the environment of a program.
class OtherClock {
 public:
  OtherClock() { set(0); }
  void set(Micros ahead) {
    const auto text = fmt::format("{:+.3f}\n", double(ahead) / 1e6);
    REQUIRE(writeFileAtomically(dir_ / "offset", text));
  }
  std::vector<std::string> environment() const {
    return {"LD_PRELOAD=/usr/$LIB/faketime/libfaketime.so.1", "FAKETIME_TIMESTAMP_FILE=" + (dir_ / "offset"),
            "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1", "DONT_FAKE_MONOTONIC=1"};
  }

 private:
  TempDir dir_;
};

bool canSetClocks() {
  if (kSanitized) {
    std::printf("skipped: a sanitizer and libfaketime cannot both be loaded first\n");
    return false;
  }
  return true;
}

Micros startedOf(const Json& outcome) {
  return std::stoll(outcome.value("started_us", std::string("0")));
}

}  // namespace

TEST_CASE("agents that were stopped for 5 s over the launch: named late, then there, without a second link") {
  Centre centre(kTimeConfig);
  importSites(centre, 20, {"R0", "R1", "R2"});
  const std::string id = centre.schedule(), at = "/api/v1/sessions/" + id;
  FleetProcess fleet(centre.sites(), 20, {"--ramp-ms", "0"});
  std::vector<std::unique_ptr<RealAgent>> agents;
  for (const char* name : {"R0", "R1", "R2"}) {
    agents.push_back(std::make_unique<RealAgent>(name, centre.sites(), RealAgent::Probe::kStandIn));
    agents.back()->start();
  }
  centre.act(id, "arm");
  REQUIRE(eventually([&] { return centre.get(at).json()["acked"] == 23; }));
  std::string before;
  REQUIRE(agents[0]->headcount(12, before));
  const double hellos = centre.metric("diemcau_gateway_hellos_total");
  for (std::size_t n = 0; n < 2; ++n) agents[n]->process().signal(SIGSTOP);
  const Micros stopped = systemClock().steady();
  centre.act(id, "go", {{"lead_ms", 500}});
  REQUIRE(eventually([&] { return centre.get(at).json()["started"] == 21; }));
  std::size_t worst_stale = 0;
  REQUIRE(eventually([&] {
    worst_stale = std::max<std::size_t>(worst_stale, centre.get(at).json().value("stale", 0));
    return systemClock().steady() - stopped >= 5 * kSecond;
  }));
  CHECK(worst_stale == 2);  // seen as stale while they said nothing (G4)
  const auto meanwhile = centre.get(at).json();
  CHECK(meanwhile.value("pending", 0) == 0);
  CHECK(meanwhile.value("late", 0) + meanwhile.value("failed", 0) == 2);
  for (std::size_t n = 0; n < 2; ++n) agents[n]->process().signal(SIGCONT);
  const Micros resumed = systemClock().steady();
  REQUIRE(eventually([&] {
    return std::all_of(agents.begin(), agents.end(),
                       [](auto& agent) { return agent->desk()["phase"] == "started"; });
  }));
  REQUIRE(eventually([&] { return centre.get(at).json()["online"] == 23; }));
  figure(fmt::format(
      "agents stopped for 5 s over the launch: both show the feed and are online {:.2f} s after they "
      "go on (limit 10)",
      double(systemClock().steady() - resumed) / 1e6));
  CHECK(systemClock().steady() - resumed < 10 * kSecond);
  CHECK(centre.metric("diemcau_gateway_hellos_total") - hellos <= 2);
  CHECK(agents[0]->desk()["attendance"]["headcount"]["present"] == 12);
}

TEST_CASE(
    "sites whose clocks are five minutes wrong start with the others, also when they are set at the worst "
    "time") {
  if (!canSetClocks()) return;
  Centre centre(kTimeConfig);
  importSites(centre, 0, {"R0", "R1", "R2", "R3"});
  const std::string id = centre.schedule(), at = "/api/v1/sessions/" + id;
  OtherClock ahead, behind, jumping;
  ahead.set(5 * kMinute);
  behind.set(-5 * kMinute);
  const OtherClock* clocks[] = {nullptr, &ahead, &behind, &jumping};
  std::vector<std::unique_ptr<RealAgent>> agents;
  for (std::size_t n = 0; n < 4; ++n) {
    agents.push_back(
        std::make_unique<RealAgent>(fmt::format("R{}", n), centre.sites(), RealAgent::Probe::kStandIn));
    if (clocks[n] != nullptr) agents.back()->more = clocks[n]->environment();
    agents.back()->start();
  }
  centre.act(id, "arm");
  REQUIRE(eventually([&] { return centre.get(at).json()["acked"] == 4; }));
  const auto offset = [&](const char* site) {
    const auto clock = centre.get("/api/v1/sites/" + std::string(site)).json()["status"]["clock"];
    return std::stoll(clock.value("offset_us", std::string("0")));
  };
  // They are really wrong, and know by how much.
  REQUIRE(eventually([&] { return std::abs(offset("R1") + 5 * kMinute) < kSecond; }));
  REQUIRE(eventually([&] { return std::abs(offset("R2") - 5 * kMinute) < kSecond; }));
  centre.act(id, "go", {{"lead_ms", 3000}});
  REQUIRE(eventually([&] { return agents[3]->desk()["phase"] == "starting"; }));
  jumping.set(kHour);  // set while it waits for the instant
  REQUIRE(eventually([&] { return centre.get(at).json().value("pending", 1) == 0; }));
  jumping.set(-kHour);
  const auto report = centre.get(at + "/report").json();
  const Micros start = std::stoll(report["session"]["start_at_us"].get<std::string>());
  Micros worst = 0;
  for (const auto& outcome : report["outcomes"]) {
    CAPTURE(outcome.dump());
    CHECK(outcome["state"] == "started");
    worst = std::max<Micros>(worst, std::abs(startedOf(outcome) - start));
  }
  CHECK(worst < 500 * kMillisecond);
  // What their clerks enter is dated by the coordinator's clock, and the newest counts.
  for (const int present : {30, 31}) {
    for (auto& agent : agents) {
      std::string record;
      REQUIRE(agent->headcount(present, record));
    }
  }
  REQUIRE(eventually([&] { return centre.get(at + "/attendance").json()["total"]["present"] == 4 * 31; }));
  const Micros now = systemClock().wall();
  Micros dated = 0;
  const auto attendance = centre.get(at + "/attendance").json();
  for (const auto& site : attendance["by_site"])
    dated = std::max<Micros>(dated, std::abs(std::stoll(site["at_us"].get<std::string>()) - now));
  figure(fmt::format(
      "clocks +5 min, -5 min, and one set by +1 h before the start and -1 h after it: worst start {} ms "
      "from the instant (limit 500), attendance dated right within {:.1f} s (limit 20)",
      worst / 1000, double(dated) / 1e6));
  CHECK(dated < 20 * kSecond);
}

TEST_CASE(
    "somebody sets the coordinator's clock in a live session: no site leaves, no alarm, no verdict changes") {
  if (!canSetClocks()) return;
  const int sign = GENERATE(1, -1);
  const Micros jump = sign * kHour;
  OtherClock clock;
  Centre centre(kTimeConfig, clock.environment());
  importSites(centre, 20, {"R0"});
  const std::string id = centre.schedule(), at = "/api/v1/sessions/" + id;
  FleetProcess fleet(centre.sites(), 20, {"--ramp-ms", "0"});
  RealAgent agent("R0", centre.sites(), RealAgent::Probe::kStandIn);
  agent.start();
  REQUIRE(eventually([&] { return centre.metric("diemcau_gateway_connected_sites") == 21; }));
  centre.act(id, "arm");
  REQUIRE(eventually([&] { return centre.get(at).json()["acked"] == 21; }));
  centre.act(id, "go", {{"lead_ms", 2000}});
  const double hellos = centre.metric("diemcau_gateway_hellos_total");
  clock.set(jump);  // before the start
  REQUIRE(eventually([&] { return centre.get(at).json()["started"] == 21; }));
  CHECK(centre.get(at).json()["online"] == 21);
  REQUIRE(eventually([&] { return fleet.status()["started"] == 20; }));
  fleet.ask("headcounts");
  REQUIRE(eventually([&] { return centre.get(at + "/attendance").json()["reported_sites"] == 20; }));
  CHECK(centre.get(at + "/alarms").json()["alarms"].empty());
  CHECK(centre.metric("diemcau_gateway_hellos_total") == hellos);
  const auto report = centre.get(at + "/report").json();
  for (const auto& outcome : report["outcomes"]) {
    CAPTURE(outcome.dump());
    CHECK(outcome["state"] == "started");
  }
  // When the session has ended, the clock is followed.
  CHECK(std::abs(centre.metric("diemcau_clock_ahead_seconds") * 1e6 - double(jump)) < 1e6);
  centre.act(id, "end");
  REQUIRE(eventually([&] { return std::abs(centre.metric("diemcau_clock_ahead_seconds")) < 1; }));
  REQUIRE(eventually([&] { return centre.get(at).json()["online"] == 21; }));
  figure(fmt::format(
      "coordinator's clock set by {:+} h between GO and the start: 21 of 21 started, no alarm, nobody "
      "reconnected; followed after the end",
      jump / kHour));
}

TEST_CASE("a token that lay about for more than a day makes no key, and a new one does") {
  if (!canSetClocks()) return;
  OtherClock clock;
  Centre centre("[sites]\ntls = \"on\"\nenrolment = \"required\"\n", clock.environment());
  importSites(centre, 1, {"R0"});
  const auto token = [&] {
    return centre.post("/api/v1/sites/R0/enrol").json()["tokens"][0]["token"].get<std::string>();
  };
  const auto state = [&] { return centre.get("/api/v1/sites/R0").json()["identity"]["state"]; };
  TempDir hall;
  const auto enrol = [&](const std::string& with) {
    Process agent({DIEMCAU_AGENT, "enrol", with, "--data", hall / "data"});
    return agent.wait().value_or(-1);
  };
  const std::string old = token();
  clock.set(25 * kHour);
  REQUIRE(eventually([&] { return std::abs(centre.metric("diemcau_clock_ahead_seconds")) < 1; }));
  CHECK(enrol(old) == 1);
  CHECK(state() != "enrolled");
  const auto entries = centre.get("/api/v1/audit").json()["entries"];
  CHECK(std::any_of(entries.begin(), entries.end(), [](const Json& entry) {
    return entry["act"] == "site.enrol" && entry["outcome"] == "refused" && entry["subject"] == "R0";
  }));
  CHECK(enrol(token()) == 0);
  CHECK(state() == "enrolled");
}
