// Ingest: the status of every site once a second, with measurements of two feeds, spread evenly over the
// second.
//
// Ours decodes, checks and evaluates each one in a live session (alarms, history, recorder), and shows it to
// one console. The floor counts them and tells a console the count five times a second. The brokers hand each
// one to one subscriber, the centre, which has all the work still before it. Processor time of the server
// over the wall clock, after three seconds of the same.
#include "tests/bench/jobs.hpp"
#include "tests/bench/machine.hpp"

namespace diemcau::bench {
namespace {

constexpr Micros kWarm = 3 * kSecond;
constexpr const char* kDelay = "diemcau_loop_delay_seconds";
constexpr const char* kStatuses = "diemcau_gateway_statuses_total";

void noteShares(Round& round, Micros span, Micros server, Micros load) {
  round.note("server_cpu_percent", 100 * inSeconds(server) / inSeconds(span));
  round.note("load_cpu_percent", 100 * inSeconds(load) / inSeconds(span));
}

}  // namespace

void ingest(Round& round) {
  round.system.start();
  const auto dialect = round.system.dialect();
  Ours* const ours = round.ours();
  Crowd crowd(*dialect, round.sites, ours ? 0 : 1, 1);
  goLive(round, crowd, *dialect);
  crowd.runFor(kWarm);
  if (ours) crowd.meanwhile("a figure", kStepLimit, [&] { return ours->metric(kDelay); });
  const Micros from = systemClock().steady(), server = processorTime(round.system.pid()),
               load = ownProcessorTime();
  const std::uint64_t sent = crowd.statuses_sent, view = crowd.seen.view_bytes;
  crowd.runFor(round.seconds * kSecond);
  const Micros span = systemClock().steady() - from;
  noteShares(round, span, processorTime(round.system.pid()) - server, ownProcessorTime() - load);
  round.note("per_second", static_cast<double>(crowd.statuses_sent - sent) / inSeconds(span));
  round.note("resident_mib", residentOf(round.system.pid()) / kMiB);
  if (!ours) return;
  round.note("view_kb_s", static_cast<double>(crowd.seen.view_bytes - view) / 1000 / inSeconds(span));
  round.note("loop_delay_ms",
             1000 * crowd.meanwhile("a figure", kStepLimit, [&] { return ours->metric(kDelay); }));
}

void ingestWithFleet(Round& round) {
  Ours& ours = *round.ours();
  ours.start();
  FleetRun fleet(ours);
  fleet.allConnected(kConnectLimit);
  ours.endSessions();
  const auto session = ours.newSession();
  for (const char* step : {"schedule", "arm", "go"}) {
    ours.act(session, step);
    fleet.allAcked(session, kStepLimit);
  }
  // One console, which the crowd without sites is.
  const auto dialect = ours.dialect();
  dynamic_cast<OursDialect&>(*dialect).session(session, "main");
  Crowd console(*dialect, 0, 0, 1);
  console.aim(ours.target());
  console.until("the console", kStepLimit, [&] { return console.seen.welcomed == 1; });
  console.runFor(kWarm);
  console.meanwhile("a figure", kStepLimit, [&] { return ours.metric(kDelay); });
  const double statuses = ours.metric(kStatuses);
  const Micros from = systemClock().steady(), server = processorTime(ours.pid()),
               load = processorTime(fleet.pid());
  const std::uint64_t view = console.seen.view_bytes;
  console.runFor(round.seconds * kSecond);
  const Micros span = systemClock().steady() - from;
  noteShares(round, span, processorTime(ours.pid()) - server, processorTime(fleet.pid()) - load);
  round.note("per_second", (ours.metric(kStatuses) - statuses) / inSeconds(span));
  round.note("resident_mib", residentOf(ours.pid()) / kMiB);
  round.note("view_kb_s", static_cast<double>(console.seen.view_bytes - view) / 1000 / inSeconds(span));
  round.note("loop_delay_ms", 1000 * ours.metric(kDelay));
}

}  // namespace diemcau::bench
