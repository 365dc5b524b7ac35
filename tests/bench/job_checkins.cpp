// Check-ins: 52,000 delegates (68 for each of 766 halls; with other sites as many for each) are checked in by
// name, each acknowledged when it is on the disk.
//
// First 5,000 a second, spread evenly over time and halls: from handing a record to the socket until the
// acknowledgement that covers it has arrived. Then all at once, as spools come back after an hour without the
// centre: how many were acknowledged a second. The floor appends to a file and fsyncs once for all that came
// in one round of its loop. Mosquitto and NATS are not in it: neither acknowledges after an fsync (JetStream
// flushes every two minutes).
#include <algorithm>
#include <deque>

#include "tests/bench/jobs.hpp"
#include "tests/bench/machine.hpp"

namespace diemcau::bench {
namespace {

constexpr double kPerSecond = 5000;
constexpr std::size_t kEach = 68;

// Of each site: when the records that wait for their acknowledgement went out.
struct Waiting {
  std::uint64_t sent = 0, acked = 0;
  std::deque<Micros> at;
};

class Clerks {
 public:
  Clerks(Crowd& crowd, Dialect& dialect) : crowd_(crowd), dialect_(dialect), sites_(crowd.sites()) {
    crowd_.seen.acknowledged = [this](std::uint32_t site, std::uint64_t number, Micros at) {
      Waiting& waiting = sites_[site];
      for (; waiting.acked < number && !waiting.at.empty(); ++waiting.acked, ++acked) {
        delays.push_back(milliseconds(at - waiting.at.front()));
        waiting.at.pop_front();
      }
      last = at;
    };
  }
  ~Clerks() {
    crowd_.seen.acknowledged = nullptr;
    crowd_.pace = nullptr;
  }
  Clerks(const Clerks&) = delete;
  Clerks& operator=(const Clerks&) = delete;

  void enter(std::size_t site) {
    Waiting& waiting = sites_[site];
    waiting.at.push_back(systemClock().steady());
    dialect_.record(crowd_.site(site), ++waiting.sent);
    crowd_.send(crowd_.site(site));
    ++sent;
  }

  std::size_t sent = 0, acked = 0;
  Micros last = 0;
  std::vector<double> delays;

 private:
  Crowd& crowd_;
  Dialect& dialect_;
  std::vector<Waiting> sites_;
};

}  // namespace

void checkins(Round& round) {
  round.system.start();
  const auto dialect = round.system.dialect();
  Ours* const ours = round.ours();
  Crowd crowd(*dialect, round.sites, 0, 0);
  crowd.aim(round.system.target());
  crowd.until("all are connected", kConnectLimit, [&] { return crowd.complete(); });
  if (ours) startSession(*ours, crowd, dynamic_cast<OursDialect&>(*dialect));
  const std::size_t all = kEach * round.sites;
  Clerks clerks(crowd, *dialect);
  const Micros server = processorTime(round.system.pid()), load = ownProcessorTime(),
               from = systemClock().steady();
  crowd.pace = [&](Micros now) {
    const auto due = std::min(all, static_cast<std::size_t>(kPerSecond * inSeconds(now - from)));
    while (clerks.sent < due) clerks.enter(clerks.sent % round.sites);
  };
  crowd.until("all check-ins are acknowledged", kConnectLimit, [&] { return clerks.acked >= all; });
  crowd.pace = nullptr;
  round.note("server_cpu_ms", milliseconds(processorTime(round.system.pid()) - server));
  round.note("load_cpu_ms", milliseconds(ownProcessorTime() - load));
  round.note("per_second", static_cast<double>(all) / inSeconds(clerks.last - from));
  round.note("ack_p50_ms", percentile(clerks.delays, 0.5));
  round.note("ack_p99_ms", percentile(clerks.delays, 0.99));

  const Micros again = systemClock().steady();
  for (std::size_t n = 0; n < all; ++n) clerks.enter(n % round.sites);
  crowd.until("all check-ins are acknowledged", kConnectLimit, [&] { return clerks.acked >= 2 * all; });
  round.note("at_once_per_second", static_cast<double>(all) / inSeconds(clerks.last - again));
}

}  // namespace diemcau::bench
