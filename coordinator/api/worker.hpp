// One thread for what would hold up the loop: reading and writing large JSON. Jobs own what they work on;
// their results come back by a task on the loop.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "base/loop.hpp"

namespace diemcau::api {

class Worker {
 public:
  // Runs on the worker's thread; what it returns runs on the loop.
  using Job = std::function<std::function<void()>()>;

  Worker(Loop& loop, std::size_t most_waiting);
  ~Worker();  // finishes the job at hand and drops the others
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // False: too many jobs wait already.
  bool run(Job job);

 private:
  void work();

  Loop& loop_;
  const std::size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace diemcau::api
