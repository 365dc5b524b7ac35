// Sends SIGKILL from a thread of its own at instants that were drawn before, so that a victim dies in the
// middle of whatever it does for the test's thread just then.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "base/time.hpp"

namespace diemcau::test {

class Killer {
 public:
  struct Shot {
    Micros after;
    std::size_t victim;
  };

  ~Killer() { finish(); }

  // Where a victim is now; told again after each of its starts.
  void aim(std::size_t victim, int pidfd);
  void begin(std::vector<Shot> shots);
  bool over() const;  // every shot was fired
  void finish();

 private:
  void run(const std::vector<Shot>& shots);

  mutable std::mutex mutex_;
  std::condition_variable stop_;
  std::map<std::size_t, int> pidfds_;  // duplicates
  bool stopping_ = false, over_ = true;
  std::thread thread_;
};

}  // namespace diemcau::test
