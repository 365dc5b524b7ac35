// What is measured. Each job measures one system once, in one round; it notes figures under their names in
// metricsOfJobs(), or throws Spoilt.
#pragma once

#include <functional>

#include "tests/bench/book.hpp"
#include "tests/bench/systems.hpp"

namespace diemcau::bench {

struct Round {
  System& system;  // prepared, not running
  std::size_t sites = 0;
  int seconds = 10;  // of measuring, where a job measures for a time
  std::function<void(const std::string& metric, double value)> note;

  Ours* ours() { return dynamic_cast<Ours*>(&system); }
};

struct JobKind {
  std::string name;
  void (*run)(Round&);
  void (*with_fleet)(Round&);  // ours with diemcau-fleet instead of the generator; null: not in this job
  bool plain = true, tls = false, brokers = true;
};
const std::vector<JobKind>& jobKinds();

void launch(Round& round);
void launchWithFleet(Round& round);
void ingest(Round& round);
void ingestWithFleet(Round& round);
void reconnect(Round& round);
void reconnectWithFleet(Round& round);
void memory(Round& round);
void memoryWithFleet(Round& round);
void checkins(Round& round);
void view(Round& round);

// ---- parts of jobs

// A session of ours that is live: planned, armed, given GO, and every site has started.
void startSession(Ours& ours, Crowd& crowd, OursDialect& dialect);

// All connect, with ours into a session that is live at every site, and then the consoles look on; from here
// each site says its status once a second.
void goLive(Round& round, Crowd& crowd, Dialect& dialect);

// diemcau-fleet beside a running coordinator: waits for what it does through the coordinator's own figures.
class FleetRun {
 public:
  explicit FleetRun(Ours& ours);
  ~FleetRun();
  void allConnected(Micros limit);
  void allAcked(const std::string& session, Micros limit);
  pid_t pid() const { return process_->pid(); }

 private:
  Ours& ours_;
  std::unique_ptr<test::Process> process_;
};

constexpr Micros kConnectLimit = 300 * kSecond, kStepLimit = 120 * kSecond;
constexpr double kMiB = 1024.0 * 1024.0;

inline double milliseconds(Micros span) {
  return static_cast<double>(span) / kMillisecond;
}
inline double inSeconds(Micros span) {
  return static_cast<double>(span) / kSecond;
}

}  // namespace diemcau::bench
