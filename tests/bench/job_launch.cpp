// Launch: an order to all sites, the answers of all back.
//
// Ours: from the coordinator taking GO (before its commit and fsync) until the last status that names GO's
// revision has come in, as its own report says; sites hold keys, so the plan is signed; one console looks on.
// The floor and the brokers: from the centre's order leaving the generator until the last answer (the floor:
// its word that all are in) has reached it there. Order and answers are as large as ours. Nothing else is
// sent meanwhile, except with the fleet, whose sites say their status once a second as ever, and whose
// processor time and the server's are those of the whole second until somebody looks.
#include <algorithm>
#include <optional>

#include "tests/bench/jobs.hpp"
#include "tests/bench/machine.hpp"

namespace diemcau::bench {
namespace {

constexpr int kTimes = 5;  // in one round
constexpr Micros kQuiet = 300 * kMillisecond;

struct Used {
  Micros server = 0, load = 0;
};

void noteUsed(Round& round, const Used& before, const Used& after) {
  round.note("server_cpu_ms", milliseconds(after.server - before.server));
  round.note("load_cpu_ms", milliseconds(after.load - before.load));
}

// How far the orders were when.
void noteOrders(Round& round, const Crowd& crowd, Micros from) {
  round.note("first_order_ms", milliseconds(crowd.seen.first_command - from));
  round.note("last_order_ms", milliseconds(crowd.seen.last_command - from));
  round.note("command_bytes", static_cast<double>(crowd.seen.command_bytes));
}

// Nothing while some of what came in still waits to be read.
std::optional<double> lastAck(Ours& ours, const std::string& session) {
  const Json report = ours.get("/api/v1/sessions/" + session + "/report");
  const auto& outcomes = report["outcomes"];
  if (!std::all_of(outcomes.begin(), outcomes.end(),
                   [](const Json& outcome) { return outcome.value("acked_us", "0") != "0"; }))
    return std::nullopt;
  return report["launch"]["last_ack_ms"].get<double>();
}

// An act, and every site's answer to it.
void actOnAll(Ours& ours, Crowd& crowd, const std::string& session, const std::string& what) {
  crowd.seen.commanded = 0;
  crowd.meanwhile(what, kStepLimit, [&] {
    ours.act(session, what);
    return true;
  });
  crowd.until(what + " has reached all sites", kStepLimit,
              [&] { return crowd.seen.commanded >= crowd.sites(); });
}

void launchOurs(Round& round, Ours& ours, Crowd& crowd, const OursDialect& dialect) {
  const auto session = crowd.meanwhile("a session", kStepLimit, [&] { return ours.newSession(); });
  actOnAll(ours, crowd, session, "schedule");
  actOnAll(ours, crowd, session, "arm");
  crowd.runFor(kQuiet);
  const Used before{processorTime(ours.pid()), ownProcessorTime()};
  const Micros from = systemClock().steady();
  actOnAll(ours, crowd, session, "go");
  const Micros load = ownProcessorTime();
  crowd.runFor(kQuiet);  // what is left for the server to do
  noteUsed(round, before, {processorTime(ours.pid()), load});
  noteOrders(round, crowd, from);
  round.note("answer_bytes", static_cast<double>(dialect.statusBytes()));
  std::optional<double> last;
  crowd.until("all answers are read", kStepLimit,
              [&] { return (last = lastAck(ours, session)).has_value(); });
  round.note("last_answer_ms", *last);
  actOnAll(ours, crowd, session, "end");
  actOnAll(ours, crowd, session, "close");
}

void launchOther(Round& round, Crowd& crowd, Dialect& dialect, std::uint64_t revision) {
  crowd.seen.answers = crowd.seen.commanded = 0;
  const Used before{processorTime(round.system.pid()), ownProcessorTime()};
  const Micros from = systemClock().steady();
  dialect.command(crowd.centre(), revision);
  crowd.send(crowd.centre());
  crowd.until("all answers", kStepLimit, [&] { return crowd.seen.answers >= crowd.sites(); });
  const Micros last = crowd.seen.last_answer, load = ownProcessorTime();
  crowd.runFor(kQuiet);
  noteUsed(round, before, {processorTime(round.system.pid()), load});
  noteOrders(round, crowd, from);
  round.note("last_answer_ms", milliseconds(last - from));
}

}  // namespace

void launch(Round& round) {
  round.system.start();
  const auto dialect = round.system.dialect();
  Ours* const ours = round.ours();
  Crowd crowd(*dialect, round.sites, ours ? 0 : 1, 1);
  crowd.aim(round.system.target());
  crowd.until("all are connected", kConnectLimit, [&] { return crowd.complete(); });
  if (ours)
    crowd.meanwhile("an end of earlier sessions", kStepLimit, [&] {
      ours->endSessions();
      return true;
    });
  crowd.runFor(kQuiet);
  for (int n = 1; n <= kTimes; ++n) {
    if (ours)
      launchOurs(round, *ours, crowd, dynamic_cast<const OursDialect&>(*dialect));
    else
      launchOther(round, crowd, *dialect, static_cast<std::uint64_t>(n));
  }
}

void launchWithFleet(Round& round) {
  Ours& ours = *round.ours();
  ours.start();
  FleetRun fleet(ours);
  fleet.allConnected(kConnectLimit);
  ours.endSessions();
  for (int n = 0; n < kTimes; ++n) {
    const auto session = ours.newSession();
    for (const char* step : {"schedule", "arm"}) {
      ours.act(session, step);
      fleet.allAcked(session, kStepLimit);
    }
    const Used before{processorTime(ours.pid()), processorTime(fleet.pid())};
    ours.act(session, "go");
    fleet.allAcked(session, kStepLimit);
    noteUsed(round, before, {processorTime(ours.pid()), processorTime(fleet.pid())});
    round.note("last_answer_ms", lastAck(ours, session).value());
    ours.act(session, "end");
    fleet.allAcked(session, kStepLimit);
    ours.act(session, "close");
  }
}

}  // namespace diemcau::bench
