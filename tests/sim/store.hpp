// The coordinator's store: what is committed survives a crash, what waits may not. Commits in groups, in
// order, after a while, and sometimes not at all for some time; `done` comes after the commit.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/core/core.hpp"
#include "tests/sim/dice.hpp"
#include "tests/sim/history.hpp"
#include "tests/sim/mutation.hpp"
#include "tests/sim/process.hpp"

namespace diemcau::sim {

class SimStore {
 public:
  SimStore(Calendar& calendar, Dice dice, History& history, Mutation mutation)
      : calendar_(calendar), dice_(dice), history_(history), mutation_(mutation) {}

  void commit(Process& owner, core::StoreBatch batch, std::function<void()> done);
  void crashed();  // the owner is gone: some of what waits was written, the rest never
  void load(core::Core& core);

  void failing(bool failing);
  bool healthy() const { return healthy_; }
  void slow(Micros most) { most_delay_ = most; }
  const std::vector<v1::LedgerRecord>& records() const { return records_; }
  const std::vector<v1::TimelineEntry>& timeline() const { return timeline_; }

 private:
  struct Waiting {
    core::StoreBatch batch;
    std::function<void()> done;
    Process* owner;
    std::uint64_t life;
  };
  void start();
  void write(std::size_t count);
  void make(core::StoreBatch& batch);

  Calendar& calendar_;
  Dice dice_;
  History& history_;
  Mutation mutation_;
  std::deque<Waiting> waiting_;
  std::map<std::pair<std::string, std::string>, std::string> objects_;
  std::vector<v1::LedgerRecord> records_;
  std::set<std::pair<std::string, std::string>> ids_;  // (site, record): unique, as the real store has it
  std::vector<v1::TimelineEntry> timeline_;
  bool running_ = false, failing_ = false, healthy_ = true;
  std::uint64_t run_ = 0;
  Micros most_delay_ = 8 * kMillisecond;
};

}  // namespace diemcau::sim
