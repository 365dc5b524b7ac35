// One thread for what would hold up the loop.
#include "coordinator/api/worker.hpp"

namespace diemcau::api {

Worker::Worker(Loop& loop, std::size_t most_waiting)
    : loop_(loop), most_waiting_(most_waiting), thread_([this] { work(); }) {}

Worker::~Worker() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
    jobs_.clear();
  }
  changed_.notify_one();
  thread_.join();
}

bool Worker::run(Job job) {
  {
    std::lock_guard lock(mutex_);
    if (jobs_.size() >= most_waiting_) return false;
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

void Worker::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
    if (stop_) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    if (auto task = job()) loop_.post(std::move(task));
    lock.lock();
  }
}

}  // namespace diemcau::api
