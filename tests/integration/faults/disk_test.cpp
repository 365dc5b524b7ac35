// Disks that are full, files that are damaged, a store that somebody else holds: nothing is acknowledged that
// is not written, nothing that was is lost, and the rest goes on.
#include <fmt/format.h>
#include <signal.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>

#include "tests/integration/faults/city.hpp"
#include "tests/integration/faults/isolation.hpp"
#include "tests/integration/faults/stream.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::test;

namespace {

constexpr const char* kDiskConfig = "[sites]\nreconnect_window_ms = 100\n[session]\nleast_lead_ms = 500\n";

// Every record of the stream's sites is in the store once, and no other.
void checkAllThere(const Centre& centre, const Stream& stream) {
  const auto held = recordsOnDisk(centre.dir() + "/coordinator.db");
  for (const auto& site : stream.sites()) {
    const auto& there = held.at(site->hello.site_id());
    CHECK(there.size() == site->spool.size());
    CHECK(std::set<std::string>(there.begin(), there.end()).size() == site->spool.size());
  }
}

std::size_t acknowledged(const Stream& stream) {
  std::size_t all = 0;
  for (const auto& site : stream.sites()) all += site->acked;
  return all;
}

void pass(Loop& loop, Micros span) {
  const Micros end = systemClock().steady() + span;
  until(loop, [&] { return systemClock().steady() >= end; });
}

}  // namespace

TEST_CASE(
    "the coordinator's disk is full: nothing is acknowledged, nobody leaves, and it goes on by itself") {
  if (!isolated()) return;
  SmallDisk disk(6 * 1024);
  std::unique_ptr<Centre> made;
  {
    const SmallDisk::Inside inside(disk);
    made = std::make_unique<Centre>(kDiskConfig);
  }
  Centre& centre = *made;
  importSites(centre, 0, {"T0", "T1", "T2", "T3"});
  const std::string id = centre.schedule();
  Loop loop;
  Stream stream(loop, centre.sites(), "T", 4);
  REQUIRE(until(loop, [&] { return centre.metric("diemcau_gateway_connected_sites") == 4; }));
  stream.begin(id);
  REQUIRE(until(loop, [&] { return acknowledged(stream) > 20; }));
  disk.fill();
  REQUIRE(until(loop, [&] { return centre.get("/readyz").status == 503; }));
  // From here on nothing more can have been acknowledged than what is on the disk.
  const auto then = acknowledged(stream);
  pass(loop, 2 * kSecond);
  CHECK(acknowledged(stream) <= then + 4 * 256);
  const auto stuck = acknowledged(stream);
  pass(loop, kSecond);
  CHECK(acknowledged(stream) == stuck);
  CHECK(centre.get("/api/v1/sessions/" + id).status == 200);  // who looks still sees
  CHECK(centre.metric("diemcau_gateway_connected_sites") == 4);
  stream.stop();
  disk.clear();
  const Micros room = systemClock().steady();
  REQUIRE(stream.settled());
  const Micros after = systemClock().steady() - room;
  figure(fmt::format(
      "coordinator's disk full: {} acknowledged before, all {} {:.1f} s after there was room (limit 10 s)",
      stuck, acknowledged(stream), double(after) / 1e6));
  CHECK(after < 10 * kSecond);
  CHECK(centre.get("/readyz").status == 200);
  for (const auto& site : stream.sites()) CHECK(site->connections == 1);
  centre.kill();
  checkAllThere(centre, stream);

  // Killed while it is full: what was acknowledged is there all the same, and it starts when there is room.
  centre.start();
  stream.begin(id);
  REQUIRE(until(loop, [&] { return acknowledged(stream) > stuck + 200; }));
  disk.fill();
  REQUIRE(until(loop, [&] { return centre.get("/readyz").status == 503; }));
  centre.kill();
  REQUIRE(stream.gone());
  stream.stop();
  const auto held = recordsOnDisk(centre.dir() + "/coordinator.db");
  for (const auto& site : stream.sites()) CHECK(held.at(site->hello.site_id()).size() >= site->acked);
  centre.startOnly();
  if (!centre.ready()) {
    const auto code = centre.process().wait();
    CAPTURE(code, centre.process().errors());
    CHECK((code == 78 || code == 74 || code == 75));
    CHECK(centre.process().errors().find("coordinator.db") != std::string::npos);
    disk.clear();
    centre.start();
  }
  disk.clear();
  REQUIRE(stream.settled());
  centre.kill();
  checkAllThere(centre, stream);
}

TEST_CASE("an agent's disk is full: people are told, the hall starts all the same, and nothing is lost") {
  if (!isolated()) return;
  Centre centre(kDiskConfig);
  importSites(centre, 0, {"R0"});
  const std::string id = centre.schedule();
  SmallDisk disk(1024);
  RealAgent agent("R0", centre.sites(), RealAgent::Probe::kStandIn, disk.path() + "/data");
  agent.start();
  REQUIRE(eventually([&] { return agent.desk()["phase"] == "waiting"; }));
  std::vector<std::string> saved(1);
  REQUIRE(agent.headcount(30, saved[0]));
  disk.fill();
  std::string none;
  int status = 0;
  while (agent.headcount(31, none, &status)) saved.push_back(none);  // a page may have had room left
  CHECK(status >= 400);
  centre.act(id, "arm");
  REQUIRE(eventually([&] { return agent.desk()["phase"] == "armed"; }));
  centre.act(id, "go");
  REQUIRE(eventually([&] { return centre.get("/api/v1/sessions/" + id).json()["started"] == 1; }));
  CHECK(agent.desk()["link"]["connected"] == true);
  // It dies while the disk is full, and comes back: what it had saved is there.
  agent.kill();
  agent.startOnly();
  if (!agent.ready()) {
    CAPTURE(agent.process().errors());
    CHECK(agent.process().wait() == 73);
    disk.clear();
    agent.start();
  }
  disk.clear();
  REQUIRE(eventually([&] { return agent.desk()["phase"] == "started"; }));
  saved.emplace_back();
  REQUIRE(eventually([&] { return agent.headcount(32, saved.back()); }));
  REQUIRE(eventually([&] { return agent.desk()["unsent"] == 0; }));
  centre.kill();
  const auto held = recordsOnDisk(centre.dir() + "/coordinator.db").at("R0");
  CHECK(held == std::multiset<std::string>(saved.begin(), saved.end()));
  figure(
      fmt::format("agent's disk full: {} records that its desk had confirmed, each there once", held.size()));
}

TEST_CASE(
    "a damaged store is refused with 78 and left as it is; a store in use with 75 and the owner's number") {
  Centre centre(kDiskConfig);
  importSites(centre, 300);
  const std::string id = centre.schedule();
  const std::string store = centre.dir() + "/coordinator.db";
  Process second({DIEMCAU_COORDINATOR, "--data", centre.dir(), "--sites-listen", "127.0.0.1:0",
                  "--api-listen", "127.0.0.1:0"});
  CHECK(second.wait() == 75);
  CHECK(second.errors().find(std::to_string(centre.process().pid())) != std::string::npos);
  CHECK(centre.get("/readyz").status == 200);

  centre.process().signal(SIGTERM);  // an orderly end: everything is in the one file
  REQUIRE(centre.process().wait() == 0);
  const auto bytes = [&] {
    std::ifstream in(store, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  const std::string sound = bytes();
  REQUIRE(sound.size() > 40'000);
  // Sectors that read as zeros: the first one, one in the middle, the last page; and a file that was cut off.
  constexpr std::size_t kPage = 4096;
  for (const std::size_t at :
       {std::size_t{0}, sound.size() / kPage / 2 * kPage, sound.size() - kPage, SIZE_MAX}) {
    std::string damaged = sound;
    if (at == SIZE_MAX) {
      damaged.resize(sound.size() - 3 * kPage);
    } else {
      damaged.replace(at, 512, 512, '\0');
    }
    std::ofstream(store, std::ios::binary) << damaged;
    centre.startOnly();
    CAPTURE(at);
    CHECK_FALSE(centre.ready());
    CHECK(centre.process().wait() == 78);
    CHECK(centre.process().errors().find("coordinator.db") != std::string::npos);
    const bool untouched = bytes() == damaged;
    CHECK(untouched);
  }
  std::ofstream(store, std::ios::binary) << sound;
  centre.start();
  CHECK(centre.get("/api/v1/sessions/" + id).status == 200);
}

TEST_CASE(
    "another program holds the store's lock: commits wait, sockets do not, and all is there afterwards") {
  Centre centre(kDiskConfig);
  importSites(centre, 0, {"T0", "T1"});
  const std::string id = centre.schedule();
  Loop loop;
  Stream stream(loop, centre.sites(), "T", 2);
  stream.begin(id);
  REQUIRE(until(loop, [&] { return acknowledged(stream) > 20; }));
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open((centre.dir() + "/coordinator.db").c_str(), &other) == SQLITE_OK);
  sqlite3_busy_timeout(other, 10'000);
  REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
  Micros slowest = 0;
  REQUIRE(until(loop, [&] {
    const Micros asked = systemClock().steady();
    const bool told = centre.metric("diemcau_store_failures_total") > 0;
    slowest = std::max(slowest, systemClock().steady() - asked);
    return told;
  }));
  CHECK(centre.get("/readyz").status == 503);
  const auto stuck = acknowledged(stream);
  pass(loop, kSecond);
  CHECK(acknowledged(stream) == stuck);
  stream.stop();
  REQUIRE(sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(other);
  const Micros free = systemClock().steady();
  REQUIRE(stream.settled());
  const Micros after = systemClock().steady() - free;
  figure(fmt::format(
      "store locked by another program: answers within {:.3f} s meanwhile; all {} records acknowledged "
      "{:.1f} s after (limit 15 s)",
      double(slowest) / 1e6, acknowledged(stream), double(after) / 1e6));
  CHECK(after < 15 * kSecond);
  CHECK(slowest < 3 * kSecond);
  centre.kill();
  checkAllThere(centre, stream);
}
