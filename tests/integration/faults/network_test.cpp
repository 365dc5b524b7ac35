// Networks as halls have them: half-open connections, partitions, a thin line, a long one that stalls. In
// network namespaces of the test's own, with nft and tc; delay comes from a relay.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "tests/integration/faults/city.hpp"
#include "tests/integration/faults/isolation.hpp"
#include "tests/integration/faults/relay.hpp"
#include "tests/integration/test_site.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::test;

namespace {

constexpr const char* kNetConfig =
    "[sites]\nheartbeat_ms = 1000\nreconnect_window_ms = 500\n[session]\nleast_lead_ms = 500\n"
    "stale_after_ms = 4000\noffline_after_ms = 6000\nstart_grace_ms = 2000\nlink_grace_ms = 1000\n";

double secondsSince(Micros begun) {
  return double(systemClock().steady() - begun) / 1e6;
}

std::string url(std::uint16_t port) {
  return fmt::format("ws://127.0.0.1:{}/site", port);
}

void goLive(const Centre& centre, const std::string& id, int sites) {
  centre.act(id, "arm");
  REQUIRE(eventually([&] { return centre.get("/api/v1/sessions/" + id).json()["acked"] == sites; }));
  centre.act(id, "go");
  const bool all =
      eventually([&] { return centre.get("/api/v1/sessions/" + id).json()["started"] == sites; });
  CAPTURE(centre.get("/api/v1/sessions/" + id).body);
  REQUIRE(all);
}

// The line of an agent in the other network: its loopback, the wire between the two, our loopback.
struct FarLine {
  OtherNetwork far;
  Relay near_end, far_end;
  explicit FarLine(const Centre& centre)
      : near_end({OtherNetwork::here(), "10.77.0.1", 0},
                 {OtherNetwork::here(), "127.0.0.1", centre.sitesPort()}),
        far_end({far.fd(), "127.0.0.1", 0}, {far.fd(), "10.77.0.1", near_end.port()}) {}
  void start(RealAgent& agent) {
    const OtherNetwork::Visit visit(far.fd());
    agent.start();
  }
  template <class Task>
  auto there(Task task) {
    const OtherNetwork::Visit visit(far.fd());
    return task();
  }
};

}  // namespace

TEST_CASE(
    "packets are dropped: both ends notice in time, people go on, and all is right when they flow again") {
  if (!isolated()) return;
  const auto way = GENERATE(Cut::Way::kBoth, Cut::Way::kFromPort);
  Centre centre(kNetConfig);
  importSites(centre, 20, {"R0", "R1"});
  const std::string id = centre.schedule(), at = "/api/v1/sessions/" + id;
  FleetProcess fleet(centre.sites(), 20, {"--ramp-ms", "0"});
  std::vector<std::unique_ptr<RealAgent>> agents;
  for (const char* name : {"R0", "R1"}) {
    agents.push_back(std::make_unique<RealAgent>(name, centre.sites(), RealAgent::Probe::kStandIn));
    agents.back()->start();
  }
  REQUIRE(eventually([&] { return centre.metric("diemcau_gateway_connected_sites") == 22; }));
  goLive(centre, id, 22);
  const auto before = centre.get(at + "/report").json()["outcomes"];

  std::map<std::string, std::multiset<std::string>> entered;
  double noticed = 0, offline = 0;
  {
    const Cut cut(centre.sitesPort(), way);
    const Micros begun = systemClock().steady();
    for (auto& agent : agents) {
      for (int n = 0; n < 5; ++n) {
        std::string record;
        REQUIRE(agent->headcount(60 + n, record));
        entered[agent->site()].insert(record);
      }
    }
    REQUIRE(eventually([&] {
      return fleet.status()["connected"] == 0 && std::all_of(agents.begin(), agents.end(), [](auto& a) {
               return a->desk()["link"]["connected"] == false;
             });
    }));
    noticed = secondsSince(begun);
    REQUIRE(eventually([&] { return centre.get(at).json()["offline"] == 22; }));
    offline = secondsSince(begun);
    for (auto& agent : agents) CHECK(agent->desk()["phase"] == "started");
  }
  const Micros healed = systemClock().steady();
  REQUIRE(eventually(
      [&] {
        return fleet.status()["connected"] == 20 &&
               std::all_of(agents.begin(), agents.end(),
                           [](auto& a) { return a->desk()["link"]["connected"] == true; }) &&
               centre.get(at).json()["online"] == 22;
      },
      kMinute));
  const double back = secondsSince(healed);
  figure(fmt::format(
      "packets dropped ({}): sites notice after {:.1f} s (limit 10), the centre shows them offline after "
      "{:.1f} s (limit 15); all connected {:.1f} s after the end (limit 40)",
      way == Cut::Way::kBoth ? "both ways" : "only from the centre", noticed, offline, back));
  CHECK(noticed < 10);
  CHECK(offline < 15);
  CHECK(back < 40);
  REQUIRE(eventually([&] {
    return std::all_of(agents.begin(), agents.end(), [](auto& a) { return a->desk()["unsent"] == 0; });
  }));
  CHECK(centre.get(at).json()["started"] == 22);
  CHECK(centre.get(at + "/report").json()["outcomes"] == before);  // nobody started a second time
  centre.kill();
  const auto held = recordsOnDisk(centre.dir() + "/coordinator.db");
  for (const auto& [site, records] : entered) CHECK(held.at(site) == records);
}

TEST_CASE("a part of the city is cut off at the launch: it is named in time, and joins when it is back") {
  if (!isolated()) return;
  Centre centre(kNetConfig);
  importSites(centre, 20, {"R0", "R1", "R2"});
  const std::string id = centre.schedule(), at = "/api/v1/sessions/" + id;
  FleetProcess fleet(centre.sites(), 20, {"--ramp-ms", "0"});
  FarLine line(centre);
  std::vector<std::unique_ptr<RealAgent>> far;
  for (const char* name : {"R0", "R1", "R2"}) {
    far.push_back(std::make_unique<RealAgent>(name, url(line.far_end.port()), RealAgent::Probe::kStandIn));
    line.start(*far.back());
  }
  REQUIRE(eventually([&] { return centre.metric("diemcau_gateway_connected_sites") == 23; }));
  const double hellos = centre.metric("diemcau_gateway_hellos_total");
  centre.act(id, "arm");
  REQUIRE(eventually([&] { return centre.get(at).json()["acked"] == 23; }));
  run({"ip", "link", "set", "veth-here", "down"});
  centre.act(id, "go");
  REQUIRE(eventually([&] { return centre.get(at).json().value("pending", 1) == 0; }));
  const Micros now = systemClock().wall();
  const auto view = centre.get(at).json();
  const Micros deadline = std::stoll(view["session"]["deadline_us"].get<std::string>());
  CHECK(view["started"] == 20);
  CHECK(view.value("late", 0) + view.value("failed", 0) == 3);
  const auto named = [&] {
    std::set<std::string> sites;
    const auto alarms = centre.get(at + "/alarms").json();
    for (const auto& alarm : alarms["alarms"])
      for (const auto& site : alarm["site_ids"]) sites.insert(site);
    return sites;
  };
  REQUIRE(eventually([&] { return named() == std::set<std::string>{"R0", "R1", "R2"}; }));
  const double told = double(systemClock().wall() - deadline) / 1e6;
  CHECK(double(now - deadline) / 1e6 < 5);
  CHECK(told < 5);
  CHECK(fleet.status()["connected"] == 20);
  for (auto& agent : far) CHECK(line.there([&] { return agent->desk()["phase"] == "armed"; }));
  run({"ip", "link", "set", "veth-here", "up"});
  const Micros healed = systemClock().steady();
  REQUIRE(eventually(
      [&] {
        return std::all_of(far.begin(), far.end(), [&](auto& agent) {
          return line.there([&] { return agent->desk()["phase"] == "started"; });
        });
      },
      kMinute));
  figure(fmt::format(
      "partition at the launch: 3 of 23 sites named {:.1f} s after the deadline (limit 5); they show the "
      "feed {:.1f} s after the end (limit 40)",
      told, secondsSince(healed)));
  CHECK(secondsSince(healed) < 40);
  // The others have not noticed.
  CHECK(centre.metric("diemcau_gateway_hellos_total") - hellos <= 3 * 5);
  CHECK(fleet.status()["connected"] == 20);
}

TEST_CASE("256 kbit/s: a site uploads what it holds and starts on time meanwhile") {
  if (!isolated()) return;
  Centre centre(kNetConfig);
  importSites(centre, 0, {"R0", "R1"});
  const std::string id = centre.schedule(), at = "/api/v1/sessions/" + id;
  FarLine line(centre);
  const std::vector<std::string> rate = {"rate", "256kbit", "burst", "4kb", "latency", "400ms"};
  const auto thin = [&](const std::string& device) {
    std::vector<std::string> words = {"tc", "qdisc", "add", "dev", device, "root", "tbf"};
    words.insert(words.end(), rate.begin(), rate.end());
    run(words);
  };
  thin("veth-here");
  line.there([&] { thin("veth-there"); });
  RealAgent agent("R0", url(line.far_end.port()), RealAgent::Probe::kStandIn);
  const Micros begun = systemClock().steady();
  line.start(agent);
  REQUIRE(eventually([&] { return centre.metric("diemcau_gateway_connected_sites") == 1; }));
  const double welcomed = secondsSince(begun);

  // What a long cut left behind, 200 records with long notes: 130 kB, four seconds of this line.
  const std::string note(500, 'n');
  std::multiset<std::string> entered;
  line.there([&] { REQUIRE(eventually([&] { return agent.desk()["phase"] == "waiting"; })); });
  line.near_end.stall(true);
  line.there([&] {
    for (int n = 0; n < 200; ++n) {
      std::string record;
      REQUIRE(agent.headcount(n, record, nullptr, note));
      entered.insert(record);
    }
  });
  const Micros uploading = systemClock().steady();
  line.near_end.stall(false);
  line.near_end.cut();
  REQUIRE(eventually([&] { return centre.metric("diemcau_gateway_records_total") > 5; }));
  centre.act(id, "arm");
  centre.act(id, "go", {{"lead_ms", 3000}});
  REQUIRE(eventually([&] { return line.there([&] { return agent.desk()["unsent"] == 0; }); }, kMinute));
  const double uploaded = secondsSince(uploading);
  // R1 never came: its outcome is told as such.
  REQUIRE(eventually([&] { return centre.get(at).json().value("pending", 1) == 0; }));
  const auto report = centre.get(at + "/report").json();
  const auto& outcome = report["outcomes"][0];
  CAPTURE(outcome.dump());
  REQUIRE(outcome["site_id"] == "R0");
  CHECK(outcome["state"] == "started");
  const Micros skew = std::stoll(outcome["started_us"].get<std::string>()) -
                      std::stoll(report["session"]["start_at_us"].get<std::string>());
  figure(fmt::format(
      "256 kbit/s: welcomed {:.1f} s after the agent's start, 200 records up in {:.1f} s (limit 30), "
      "started {} ms from the instant meanwhile (limit 500)",
      welcomed, uploaded, skew / 1000));
  CHECK(welcomed < 15);
  CHECK(uploaded < 30);
  CHECK(uploaded > 2);  // or the line was not thin
  CHECK(std::abs(skew) < 500 * kMillisecond);
  centre.kill();
  CHECK(recordsOnDisk(centre.dir() + "/coordinator.db").at("R0") == entered);
}

TEST_CASE("300 ms there and back, with stalls of two seconds: nobody is lost, and all start together") {
  if (!isolated()) return;
  Centre centre("[session]\nleast_lead_ms = 500\n");
  importSites(centre, 30, {"R0", "R1"});
  const std::string id = centre.schedule(), at = "/api/v1/sessions/" + id;
  Relay relay({}, {-1, "127.0.0.1", centre.sitesPort()});
  relay.delay(150 * kMillisecond);
  FleetProcess fleet(url(relay.port()), 30, {"--ramp-ms", "200"});
  std::vector<std::unique_ptr<RealAgent>> agents;
  for (const char* name : {"R0", "R1"}) {
    agents.push_back(std::make_unique<RealAgent>(name, url(relay.port()), RealAgent::Probe::kStandIn));
    agents.back()->start();
  }
  REQUIRE(eventually([&] { return centre.metric("diemcau_gateway_connected_sites") == 32; }));
  const double hellos = centre.metric("diemcau_gateway_hellos_total");
  const auto stall = [&] {
    relay.stall(true);
    const Micros begun = systemClock().steady();
    REQUIRE(eventually([&] { return systemClock().steady() - begun > 2 * kSecond; }));
    relay.stall(false);
  };
  stall();
  centre.act(id, "arm");
  REQUIRE(eventually([&] { return centre.get(at).json()["acked"] == 32; }));
  centre.act(id, "go");
  stall();  // right behind GO
  REQUIRE(eventually([&] { return centre.get(at).json().value("pending", 1) == 0; }));
  const auto report = centre.get(at + "/report").json();
  const Micros start = std::stoll(report["session"]["start_at_us"].get<std::string>());
  const Micros lead = start - std::stoll(report["session"]["go_at_us"].get<std::string>());
  Micros worst = 0;
  std::size_t in_time = 0;
  for (const auto& outcome : report["outcomes"]) {
    CAPTURE(outcome.dump());
    const Micros started = std::stoll(outcome.value("started_us", std::string("0")));
    REQUIRE(started != 0);
    worst = std::max<Micros>(worst, std::abs(started - start));
    in_time += outcome["state"] == "started";
  }
  figure(fmt::format(
      "300 ms and stalls of 2 s: lead {} ms, {} of 32 in time, worst {} ms from the instant, nobody "
      "reconnected",
      lead / 1000, in_time, worst / 1000));
  CHECK(report["outcomes"].size() == 32);
  // Who has GO only when the line moves again starts at once then, and is told as late where it is.
  CHECK(worst < 4 * kSecond);
  CHECK(centre.metric("diemcau_gateway_hellos_total") == hellos);
  fleet.ask("headcounts");
  REQUIRE(eventually([&] { return centre.get(at + "/attendance").json()["reported_sites"] == 30; }));
}

TEST_CASE("a name that nobody looks up: the loop goes on, and the connection says why it fails") {
  if (!isolated()) return;
  // Of this mount namespace alone: a name server that never answers.
  TempDir dir;
  const auto config = dir.write("resolv.conf", "nameserver 127.0.0.1\noptions timeout:2 attempts:1\n");
  run({"mount", "--bind", config, std::filesystem::canonical("/etc/resolv.conf").string()});
  const auto hosts = dir.write("nsswitch.conf", "hosts: dns\n");
  run({"mount", "--bind", hosts, "/etc/nsswitch.conf"});
  run({"nft", "add", "table", "ip", "names"});
  run({"nft", "add", "chain", "ip", "names", "in", "{ type filter hook input priority 0 ; }"});
  run({"nft", "add", "rule", "ip", "names", "in", "udp", "dport", "53", "drop"});
  Loop loop;
  auto context = net::clientContext(loop);
  TestSite site(loop, "S1");
  const Micros begun = systemClock().steady();
  Micros last = begun, worst = 0;
  auto turning = loop.every(10 * kMillisecond, [&] {
    const Micros now = systemClock().steady();
    worst = std::max(worst, now - std::exchange(last, now));
  });
  site.connect(*context, "ws://centre.example.org:7600/site");
  REQUIRE(until(loop, [&] { return !site.failure.empty(); }));
  const double took = secondsSince(begun);
  run({"nft", "delete", "table", "ip", "names"});
  run({"umount", std::filesystem::canonical("/etc/resolv.conf").string()});
  run({"umount", "/etc/nsswitch.conf"});
  figure(
      fmt::format("a name server that never answers: given up after {:.1f} s, no more than {} ms between two "
                  "turns of the loop (limit 1000)",
                  took, worst / 1000));
  CAPTURE(site.failure);
  CHECK(site.failure.find("centre.example.org") != std::string::npos);
  CHECK(took > 1.5);  // or nobody waited for anything
  CHECK(worst < kSecond);
}
