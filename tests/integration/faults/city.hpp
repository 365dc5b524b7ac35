// The city that the faults happen to: simulated sites in one process, real agents in processes of their own,
// and what the coordinator's store holds when nobody runs.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/integration/centre.hpp"

namespace diemcau::test {

// Programs under a sanitizer are many times slower and larger.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

// True once it holds; false at the limit. Looks every few milliseconds.
bool eventually(const std::function<bool()>& holds, Micros limit = 30 * kSecond);

// A figure that was seen; ./tests/run faults prints them.
void figure(const std::string& what);

// The id of a simulated site: D0001, D0002, ...
std::string fleetId(std::size_t number);

class FleetProcess {
 public:
  FleetProcess(const std::string& sites_url, std::size_t sites, std::vector<std::string> more = {});

  Json ask(const std::string& command);  // the answer; the test fails when there is none
  Json status() { return ask("status"); }
  // What every site entered, and up to which of its records it holds an acknowledgement.
  Json ledger();
  bool connected(std::size_t sites, Micros limit = 30 * kSecond);
  Process& process() { return *process_; }

 private:
  TempDir dir_;
  std::unique_ptr<Process> process_;
};

class RealAgent {
 public:
  // With the real probe, or with the stand-in that shows nothing and measures nothing.
  enum class Probe { kReal, kStandIn };
  RealAgent(std::string site, std::string sites_url, Probe probe, std::string dir = {});

  void start();      // waits for the ready line
  void startOnly();  // ready() is asked later, where many start at once
  bool ready();
  void kill();  // SIGKILL, and it is gone
  bool runs() const { return process_ != nullptr; }
  Process& process() { return *process_; }
  const std::string& site() const { return site_; }
  std::string dataDir() const { return dir_.empty() ? own_dir_ / "data" : dir_; }
  // Environment of the next start, "NAME=value".
  std::vector<std::string> more;

  Json desk() const;  // its state; null when it did not answer
  // True: saved, and `id` names the record. False: refused, or no answer.
  bool headcount(int present, std::string& id, int* status = nullptr, const std::string& note = {}) const;

 private:
  std::string site_, sites_url_, dir_, desk_url_;
  Probe probe_;
  TempDir own_dir_;
  std::unique_ptr<Process> process_;
};

// The records in a store whose coordinator is not running: ids by site, as often as they are there.
std::map<std::string, std::multiset<std::string>> recordsOnDisk(const std::string& store);

// Sites D0001... and others, each in area "a"; delegates in the first `with_delegates` simulated ones.
void importSites(const Centre& centre, std::size_t simulated, const std::vector<std::string>& others = {},
                 std::size_t with_delegates = 0);

// Peak and present resident memory of a process in MiB.
double residentMiB(pid_t pid, const char* field = "VmRSS");

}  // namespace diemcau::test
