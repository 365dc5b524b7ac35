// The list of jobs, and what several of them need.
#include "tests/bench/jobs.hpp"

#include <fmt/format.h>

#include <csignal>
#include <ctime>

#include "tests/bench/machine.hpp"

namespace diemcau::bench {
namespace {

constexpr timespec kLookAgain{0, 20'000'000};
// A look at a session counts all its sites anew: not while they answer.
constexpr timespec kLookAtSession{1, 0};

}  // namespace

const std::vector<JobKind>& jobKinds() {
  static const std::vector<JobKind> all = {
      {.name = "launch", .run = launch, .with_fleet = launchWithFleet},
      {.name = "ingest", .run = ingest, .with_fleet = ingestWithFleet},
      {.name = "reconnect", .run = reconnect, .with_fleet = reconnectWithFleet, .tls = true},
      {.name = "memory", .run = memory, .with_fleet = memoryWithFleet, .tls = true},
      {.name = "checkins", .run = checkins, .with_fleet = nullptr, .brokers = false},
      {.name = "view", .run = view, .with_fleet = nullptr},
  };
  return all;
}

void startSession(Ours& ours, Crowd& crowd, OursDialect& dialect) {
  const auto id = crowd.meanwhile("a session", kStepLimit, [&] {
    ours.endSessions();
    return ours.newSession();
  });
  crowd.runFor(300 * kMillisecond);  // what that told the sites has arrived
  dialect.session(id, "main");
  for (const char* step : {"schedule", "arm", "go"}) {
    crowd.seen.commanded = 0;
    crowd.meanwhile(step, kStepLimit, [&] {
      ours.act(id, step);
      return true;
    });
    crowd.until(fmt::format("{} has reached all sites", step), kStepLimit,
                [&] { return crowd.seen.commanded >= crowd.sites(); });
  }
  crowd.until("the common start", kStepLimit, [&] { return systemClock().wall() >= dialect.startAt(); });
  // Each site tells of its start: a session in which nobody started would be one of alarms.
  const std::uint64_t before = crowd.statuses_sent;
  crowd.statusEvery(kSecond);
  crowd.until("the starts are told", kStepLimit,
              [&] { return crowd.statuses_sent >= before + crowd.sites(); });
  crowd.statusEvery(0);
  const Json now =
      crowd.meanwhile("the session", kStepLimit, [&] { return ours.get("/api/v1/sessions/" + id); });
  if (now["started"] != crowd.sites())
    throw Spoilt(fmt::format("{} of {} sites have started", now["started"].dump(), crowd.sites()));
}

void goLive(Round& round, Crowd& crowd, Dialect& dialect) {
  Ours* const ours = round.ours();
  crowd.holdConsoles(ours != nullptr);
  crowd.aim(round.system.target());
  crowd.until("all are connected", kConnectLimit, [&] { return crowd.complete(); });
  if (ours) startSession(*ours, crowd, dynamic_cast<OursDialect&>(dialect));
  crowd.holdConsoles(false);
  crowd.until("the consoles", kConnectLimit, [&] { return crowd.complete(); });
  crowd.statusEvery(kSecond);
}

FleetRun::FleetRun(Ours& ours) : ours_(ours), process_(ours.fleet()) {}

FleetRun::~FleetRun() {
  // Twice: it does not wait for records then.
  process_->signal(SIGTERM);
  process_->signal(SIGTERM);
  process_->wait();
}

void FleetRun::allConnected(Micros limit) {
  const Micros end = systemClock().steady() + limit;
  while (ours_.metric("diemcau_gateway_connected_sites") < static_cast<double>(ours_.sites())) {
    endIfAsked();
    if (process_->wait(0)) throw Spoilt("the fleet has ended: " + process_->errors());
    if (systemClock().steady() > end) throw Spoilt("the fleet's sites are not all connected");
    ::nanosleep(&kLookAgain, nullptr);
  }
}

void FleetRun::allAcked(const std::string& session, Micros limit) {
  const Micros end = systemClock().steady() + limit;
  std::size_t acked = 0;
  while (acked < ours_.sites()) {
    endIfAsked();
    if (systemClock().steady() > end) throw Spoilt("the fleet's sites have not all answered");
    ::nanosleep(&kLookAtSession, nullptr);
    acked = ours_.get("/api/v1/sessions/" + session)["acked"].get<std::size_t>();
  }
}

}  // namespace diemcau::bench
