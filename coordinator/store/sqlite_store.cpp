// The store's thread: takes everything that waits, commits it in one transaction, tells the loop; on a fault
// keeps it all, in order, and tries again each second.
//
// What the loop hands over in one of its rounds is gathered first: thousands of answers are one lock and one
// wake-up, and more of them share a commit.
#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/log.hpp"
#include "base/time.hpp"
#include "coordinator/store/sqlite_file.hpp"
#include "coordinator/store/store.hpp"

namespace diemcau::store {
namespace {

using Steady = std::chrono::steady_clock;
constexpr auto kRetry = std::chrono::seconds(1);
constexpr auto kRetryClosing = std::chrono::milliseconds(50);

struct Pending {
  core::StoreBatch batch;
  std::function<void()> done;
};

// Reads on the store's thread and gives what is to be done on the loop.
using PendingRead = std::function<std::function<void()>(SqliteFile&)>;

class SqliteStore final : public Store {
 public:
  SqliteStore(std::unique_ptr<SqliteFile> file, Loop& loop)
      : file_(std::move(file)), loop_(loop), log_(logger("store")), thread_([this] { run(); }) {}
  ~SqliteStore() override { SqliteStore::close(0); }
  SqliteStore(const SqliteStore&) = delete;
  SqliteStore& operator=(const SqliteStore&) = delete;

  Result<void> load(Reader& reader) override { return file_->load(reader); }

  void commit(core::StoreBatch batch, std::function<void()> done, Micros may_wait) override {
    // Nobody would write it; its done is never called, as for everything that is not on the disk.
    if (closed_) return log_->error("a change came after the store was closed and is lost");
    gathered_.push_back({std::move(batch), std::move(done)});
    if (posted_) return;
    if (may_wait > 0) {
      if (!waiting_) waiting_ = loop_.after(may_wait, [this] { handOver(); });
      return;
    }
    posted_ = true;
    loop_.post([this, here = std::weak_ptr(here_)] {
      if (!here.expired()) handOver();
    });
  }

  void auditPage(std::uint64_t after, std::size_t most, AuditPageDone done) override {
    handOver();
    const std::lock_guard lock(mutex_);
    if (closing_) return;
    reads_.push_back([after, most, done = std::move(done)](SqliteFile& file) -> std::function<void()> {
      auto rows = std::make_shared<Result<std::vector<core::AuditRow>>>(file.auditPage(after, most));
      return [done, rows] { done(std::move(*rows)); };
    });
    wake_.notify_one();
  }

  void replayRows(std::string session_id, ReplayDone done) override {
    handOver();
    const std::lock_guard lock(mutex_);
    if (closing_) return;
    reads_.push_back([session_id, done = std::move(done)](SqliteFile& file) -> std::function<void()> {
      auto rows = std::make_shared<Result<core::ReplayRows>>(file.replayRows(session_id));
      return [done, rows] { done(std::move(*rows)); };
    });
    wake_.notify_one();
  }

  StoreCounters counters() const override {
    const std::lock_guard lock(mutex_);
    StoreCounters now = counters_;
    now.waiting = gathered_.size() + queue_.size() + in_hand_;
    return now;
  }

  bool close(unsigned patience_ms) override {
    handOver();
    closed_ = true;
    {
      const std::lock_guard lock(mutex_);
      if (!closing_) {
        closing_ = true;
        deadline_ = Steady::now() + std::chrono::milliseconds(patience_ms);
      }
      wake_.notify_one();
    }
    if (thread_.joinable()) {
      thread_.join();
      file_.reset();
    }
    const std::lock_guard lock(mutex_);
    return queue_.empty() && in_hand_ == 0;
  }

 private:
  void handOver() {
    posted_ = false;
    waiting_.reset();
    if (gathered_.empty()) return;
    const std::lock_guard lock(mutex_);
    for (Pending& one : gathered_) queue_.push_back(std::move(one));
    gathered_.clear();
    wake_.notify_one();
  }

  void run() {
    std::deque<Pending> group;
    std::deque<PendingRead> reads;
    while (take(group, reads)) {
      const Micros began = systemClock().steady();
      const bool writing = !group.empty();
      const tl::expected<std::uint64_t, Fault> records =
          writing ? commitGroup(group) : tl::expected<std::uint64_t, Fault>(0);
      if (records && writing) committed(group, *records, systemClock().steady() - began);
      readAll(reads);
      if (!records && !failed(group.size(), records.error())) return;
    }
  }

  // Waits for work; what failed before stays in front. False: closed and nothing left.
  bool take(std::deque<Pending>& group, std::deque<PendingRead>& reads) {
    std::unique_lock lock(mutex_);
    if (group.empty()) wake_.wait(lock, [this] { return closing_ || !queue_.empty() || !reads_.empty(); });
    for (Pending& one : queue_) group.push_back(std::move(one));
    queue_.clear();
    reads.swap(reads_);
    in_hand_ = group.size();
    return !group.empty() || !reads.empty();
  }

  void readAll(std::deque<PendingRead>& reads) {
    for (PendingRead& read : reads) loop_.post(read(*file_));
    reads.clear();
  }

  tl::expected<std::uint64_t, Fault> commitGroup(const std::deque<Pending>& group) {
    std::uint64_t records = 0;
    auto step = file_->begin();
    for (auto one = group.begin(); step && one != group.end(); ++one) {
      const auto written = file_->write(one->batch);
      if (written) {
        records += *written;
      } else {
        step = tl::unexpected(written.error());
      }
    }
    if (step) step = file_->commit();
    if (step) return records;
    file_->rollback();
    return tl::unexpected(step.error());
  }

  void committed(std::deque<Pending>& group, std::uint64_t records, Micros took) {
    std::vector<std::function<void()>> done;
    for (Pending& one : group)
      if (one.done) done.push_back(std::move(one.done));
    const std::size_t batches = group.size();
    group.clear();
    {
      const std::lock_guard lock(mutex_);
      in_hand_ = 0;
      counters_.commits += 1;
      counters_.batches += batches;
      counters_.records += records;
      counters_.last_commit_us = static_cast<std::uint64_t>(took);
      counters_.commit_us += static_cast<std::uint64_t>(took);
      counters_.healthy = true;
    }
    if (!reason_.empty()) {
      log_->info("{} can be written again; {} waiting changes are on the disk", file_->path(), batches);
      reason_.clear();
    }
    if (!done.empty())
      loop_.post([done = std::move(done)] {
        for (const auto& one : done) one();
      });
  }

  // False: closing, and no patience left.
  bool failed(std::size_t batches, const Fault& fault) {
    if (fault.constraint) {
      // The same batch would fail for ever, and everything behind it: better to start again from what is on
      // the disk.
      log_->critical("{} refuses a change: {}", file_->path(), fault.why);
      log_->flush();
      brokenInvariant("the store takes every batch of the core", __FILE__, __LINE__);
    }
    if (fault.why != reason_) {
      reason_ = fault.why;
      log_->error(
          "{} cannot be written: {}; {} changes wait and nothing is acknowledged; trying again each second",
          file_->path(), fault.why, batches);
    }
    std::unique_lock lock(mutex_);
    counters_.failures += 1;
    counters_.healthy = false;
    if (!closing_) {
      wake_.wait_for(lock, kRetry, [this] { return closing_; });
      return true;
    }
    const auto now = Steady::now();
    if (now >= deadline_) return false;
    const auto pause = std::min<Steady::duration>(kRetryClosing, deadline_ - now);
    wake_.wait_for(lock, pause, [] { return false; });
    return true;
  }

  std::unique_ptr<SqliteFile> file_;  // of the store's thread, once it has work
  Loop& loop_;
  std::shared_ptr<spdlog::logger> log_;
  std::string reason_;  // why the last commit failed; of the store's thread

  std::vector<Pending> gathered_;                        // not handed over yet; of the loop's thread
  bool posted_ = false;                                  // it will be, in this round of the loop
  Timer waiting_;                                        // or, where nothing hurries, then
  bool closed_ = false;                                  // of the loop's thread
  std::shared_ptr<int> here_ = std::make_shared<int>();  // gone with the store, for what was posted

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::deque<Pending> queue_;
  std::deque<PendingRead> reads_;
  std::size_t in_hand_ = 0;  // batches that the thread is committing
  StoreCounters counters_;
  bool closing_ = false;
  Steady::time_point deadline_;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace

Result<std::unique_ptr<Store>> openSqlite(const std::string& path, Loop& loop) {
  auto file = SqliteFile::open(path);
  if (!file) return tl::unexpected(file.error());
  return std::unique_ptr<Store>(std::make_unique<SqliteStore>(std::move(*file), loop));
}

}  // namespace diemcau::store
