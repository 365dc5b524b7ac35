// The schedule is on the sites' disks: with the coordinator killed before a scheduled start, the sites start
// on time all the same, also those whose agents were killed and came back meanwhile; and when the coordinator
// is back, it is told everything.
#include <fmt/format.h>

#include <algorithm>
#include <csignal>

#include "tests/integration/faults/city.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::test;

namespace {

constexpr std::size_t kAgents = kSanitized ? 8 : 100, kRestarted = kAgents / 3,
                      kSimulated = kSanitized ? 50 : 666;
constexpr std::size_t kAll = kAgents + kSimulated;
constexpr Micros kBefore = kMinute;  // killed at least this long before the start
constexpr Micros kLead = kBefore + (kSanitized ? 40 : 15) * kSecond;  // from scheduling to the start
constexpr Micros kOnTime = 500 * kMillisecond;                        // as [session] start_tolerance_ms
constexpr const char* kScheduleConfig =
    "[sites]\nreconnect_window_ms = 200\nreconnects_per_second = 1000\n"
    "[session]\nleast_lead_ms = 500\nstart_grace_ms = 3000\n";

std::vector<std::string> agentIds() {
  std::vector<std::string> ids;
  for (std::size_t n = 0; n < kAgents; ++n) ids.push_back(fmt::format("R{}", n));
  return ids;
}

std::string scheduleStart(const Centre& centre, Micros start) {
  const auto made =
      centre.post("/api/v1/sessions",
                  {{"title", "Giao ban tự động"},
                   {"scheduled_start_us", std::to_string(start)},
                   {"auto_start", true},
                   {"arm_lead_s", 10},
                   {"feeds", {{{"id", "main"}, {"uri", "test://"}}, {{"id", "backup"}, {"uri", "test://"}}}},
                   {"selection", {{"everyone", true}}}});
  CAPTURE(made.body);
  REQUIRE(made.status == 201);
  const std::string id = made.json()["session"]["id"];
  centre.act(id, "schedule");
  return id;
}

}  // namespace

TEST_CASE("the coordinator is killed before a scheduled start: the sites start on time from their disks") {
  Centre centre(kScheduleConfig);
  const auto ids = agentIds();
  importSites(centre, kSimulated, ids);
  FleetProcess fleet(centre.sites(), kSimulated, {"--ramp-ms", "1000", "--headcounts"});
  std::vector<std::unique_ptr<RealAgent>> agents;
  for (const auto& id : ids) {
    agents.push_back(std::make_unique<RealAgent>(id, centre.sites(), RealAgent::Probe::kStandIn));
    agents.back()->startOnly();
  }
  for (auto& agent : agents) REQUIRE(agent->ready());
  REQUIRE(
      eventually([&] { return centre.metric("diemcau_gateway_connected_sites") == double(kAll); }, kMinute));

  const Micros start = systemClock().wall() + kLead;
  const std::string id = scheduleStart(centre, start), at = "/api/v1/sessions/" + id;
  REQUIRE(eventually([&] { return centre.get(at).json().value("acked", 0) == int(kAll); }));
  centre.kill();
  const Micros killed_before = start - systemClock().wall();
  REQUIRE(killed_before >= kBefore);

  // While it is gone: a third of the agents die and come back with what is on their disk; people go on
  // working.
  for (std::size_t n = 0; n < kRestarted; ++n) {
    agents[n]->kill();
    agents[n]->startOnly();
  }
  for (std::size_t n = 0; n < kRestarted; ++n) REQUIRE(agents[n]->ready());
  REQUIRE(systemClock().wall() < start - 2 * kSecond);
  std::map<std::string, std::string> entered;
  for (auto& agent : agents) REQUIRE(agent->headcount(40, entered[agent->site()]));
  for (auto& agent : agents) {
    CAPTURE(agent->site());
    CHECK(eventually([&] { return agent->desk()["phase"] == "started"; }, kLead + 10 * kSecond));
  }
  CHECK(fleet.ask("status")["started"] == kSimulated);
  for (std::size_t n = 0; n < 3; ++n) {  // and some die once more, after the start
    agents[n]->kill();
    agents[n]->start();
  }

  centre.start();
  REQUIRE(
      eventually([&] { return centre.metric("diemcau_gateway_connected_sites") == double(kAll); }, kMinute));
  REQUIRE(eventually([&] { return centre.get(at).json().value("pending", 0) == 0; }, kMinute));
  const auto report = centre.get(at + "/report").json();
  std::size_t on_time = 0, agents_on_time = 0;
  Micros worst = 0;
  for (const auto& outcome : report["outcomes"]) {
    const Micros started = std::stoll(outcome.value("started_us", std::string("0")));
    const bool good = started != 0 && std::abs(started - start) <= kOnTime;
    on_time += good;
    const std::string site = outcome["site_id"];
    agents_on_time += good && site.starts_with("R");
    if (started != 0) worst = std::max<Micros>(worst, std::abs(started - start));
    if (!good) UNSCOPED_INFO(outcome.dump());
  }
  figure(fmt::format(
      "schedule on the site: coordinator killed {:.1f} s before the start, {} of {} agents restarted "
      "meanwhile; on time: {} of {} sites, {} of {} real agents; worst {} ms",
      double(killed_before) / 1e6, kRestarted, kAgents, on_time, kAll, agents_on_time, kAgents,
      worst / 1000));
  CHECK(report["outcomes"].size() == kAll);
  CHECK(on_time * 100 >= kAll * 99);
  CHECK(agents_on_time * 100 >= kAgents * 99);
  // What was entered meanwhile is there.
  REQUIRE(eventually([&] {
    const auto attendance = centre.get(at + "/attendance").json();
    std::size_t told = 0;
    for (const auto& site : attendance["by_site"])
      told += site["site_id"].get<std::string>().starts_with("R") && site.contains("headcount");
    return told == kAgents;
  }));
  centre.kill();
  const auto held = recordsOnDisk(centre.dir() + "/coordinator.db");
  for (const auto& [site, record] : entered) CHECK(held.at(site).count(record) == 1);
}
