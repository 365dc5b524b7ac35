// Reconnect storm: the server is killed with all sites connected and started again.
//
// From the kill until the last site is welcomed: with ours after hello, challenge and proof of its key, the
// store read back before; at the floor after its hello; at the brokers after the subscription was confirmed.
// Every TLS handshake is a whole one. The generator calls again as fast as it is answered, 64 at a time,
// which shows what a server can do; the fleet spreads its calls over the window that the coordinator told it,
// as real agents do.
#include "tests/bench/jobs.hpp"
#include "tests/bench/machine.hpp"

namespace diemcau::bench {
namespace {

// The processor time of the old process is not the new one's.
void noteBack(Round& round, Micros from, Micros started, Micros back, Micros load) {
  round.note("all_back_s", inSeconds(back - from));
  round.note("start_s", inSeconds(started - from));
  round.note("server_cpu_s", inSeconds(processorTime(round.system.pid())));
  round.note("load_cpu_s", inSeconds(load));
}

}  // namespace

void reconnect(Round& round) {
  round.system.start();
  const auto dialect = round.system.dialect();
  Crowd crowd(*dialect, round.sites, 0, 0);
  crowd.aim(round.system.target());
  crowd.until("all are connected", kConnectLimit, [&] { return crowd.complete(); });
  crowd.runFor(kSecond);
  const std::uint64_t before = crowd.seen.welcomes;
  const Micros load = ownProcessorTime(), from = systemClock().steady();
  round.system.kill();
  round.system.start();
  const Micros started = systemClock().steady();
  crowd.aim(round.system.target());
  crowd.until("all are back", kConnectLimit,
              [&] { return crowd.seen.welcomes >= before + round.sites && crowd.complete(); });
  noteBack(round, from, started, systemClock().steady(), ownProcessorTime() - load);
}

void reconnectWithFleet(Round& round) {
  Ours& ours = *round.ours();
  ours.start();
  FleetRun fleet(ours);
  fleet.allConnected(kConnectLimit);
  const Micros load = processorTime(fleet.pid()), from = systemClock().steady();
  ours.kill();
  ours.start();
  const Micros started = systemClock().steady();
  fleet.allConnected(kConnectLimit);
  noteBack(round, from, started, systemClock().steady(), processorTime(fleet.pid()) - load);
}

}  // namespace diemcau::bench
