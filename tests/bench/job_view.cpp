// View: from an event at a site until 20 consoles have it, while all sites say their status once a second.
//
// The event is that one hall takes its backup feed, told in a status; with ours from that status being handed
// to the socket until the update that holds it has arrived at each console. The floor and the brokers hand
// one message to 20 readers as it is, while the other statuses are counted (floor) or go to one subscriber
// (brokers).
#include "tests/bench/jobs.hpp"
#include "tests/bench/machine.hpp"

namespace diemcau::bench {
namespace {

constexpr std::size_t kConsoles = 20;
constexpr int kEvents = 50;
constexpr Micros kBetween = 137 * kMillisecond;  // in step with no timer of ours
constexpr Micros kWarm = 2 * kSecond;

}  // namespace

void view(Round& round) {
  round.system.start();
  const auto dialect = round.system.dialect();
  Ours* const ours = round.ours();
  Crowd crowd(*dialect, round.sites, ours ? 0 : 1, kConsoles);
  goLive(round, crowd, *dialect);
  crowd.runFor(kWarm);

  std::vector<double> delays;
  std::vector<std::uint64_t> newest(kConsoles, 0);
  std::uint64_t event = 0;
  std::size_t have = 0;
  Micros from = 0;
  crowd.seen.event = [&](std::uint32_t console, std::uint64_t number) {
    if (number != event || newest[console] == number) return;
    newest[console] = number;
    ++have;
    delays.push_back(milliseconds(systemClock().steady() - from));
  };
  const Micros begin = systemClock().steady(), server = processorTime(round.system.pid()),
               load = ownProcessorTime();
  for (event = 1; event <= kEvents; ++event) {
    have = 0;
    from = systemClock().steady();
    dialect->tellStatus(crowd.site(0), event);
    crowd.send(crowd.site(0));
    crowd.until("the event is at all consoles", kStepLimit, [&] { return have == kConsoles; });
    crowd.runFor(kBetween);
  }
  crowd.seen.event = nullptr;
  const double span = inSeconds(systemClock().steady() - begin);
  round.note("server_cpu_percent", 100 * inSeconds(processorTime(round.system.pid()) - server) / span);
  round.note("load_cpu_percent", 100 * inSeconds(ownProcessorTime() - load) / span);
  round.note("p50_ms", percentile(delays, 0.5));
  round.note("p99_ms", percentile(delays, 0.99));
  round.note("worst_ms", percentile(delays, 1));
}

}  // namespace diemcau::bench
