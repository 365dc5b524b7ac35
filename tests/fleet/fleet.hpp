// All simulated sites of one process on one loop, with one tick for all of them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/loop.hpp"
#include "tests/fleet/command.hpp"
#include "tests/fleet/enrolment.hpp"
#include "tests/fleet/options.hpp"
#include "tests/fleet/site_line.hpp"

namespace diemcau::fleet {

class Fleet {
 public:
  // `over` is called once, with the exit code, when quit() has been carried out.
  // `access`: of enrolled sites, by id; empty where none are.
  Fleet(Loop& loop, Options options, std::map<std::string, SiteAccess> access, std::function<void(int)> over);
  ~Fleet();
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  // A line of standard input; the answer is one line of JSON.
  std::string command(std::string_view line);
  // Waits until every record is acknowledged, at most 20 s, writes the ledger, ends. A second call waits no
  // more.
  void quit();

 private:
  struct Counts {
    std::size_t sites = 0, connected = 0, applied = 0, started = 0, failed = 0;
    std::uint64_t pending = 0, acked = 0, newest_revision = 0;
  };
  void tick();
  void progress(const RealNow& real);
  Counts counts() const;
  std::string carryOut(const Command& command);
  std::string carryOutAtSite(const Command& command, const RealNow& real);
  std::string statusJson() const;
  Result<void> writeLedger() const;
  void finish();

  Loop& loop_;
  Options options_;
  std::function<void(int)> over_;
  std::map<std::string, SiteAccess> access_;
  SharedVerifier verifier_;
  std::unique_ptr<net::ClientContext> context_;
  std::vector<std::unique_ptr<SimulatedSite>> sites_;
  std::vector<std::unique_ptr<SiteLine>> lines_;
  bool quitting_ = false, finished_ = false;
  Micros quit_until_ = 0, progress_at_ = 0;
  std::string told_;
  Timer tick_, start_tick_;
};

}  // namespace diemcau::fleet
