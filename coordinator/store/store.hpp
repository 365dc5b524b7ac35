// The store: one file, one connection, one thread that commits in groups. SQLite by default.
//
// Durability: `done` is posted to the loop only after a committed and fsynced transaction. While commits fail
// (disk full, locked) the batches are kept in order and tried again each second; nothing is acknowledged
// meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/loop.hpp"
#include "base/result.hpp"
#include "coordinator/core/effects.hpp"

namespace diemcau::store {

// What a start reads, in this order: objects, records by order of the ledger, timeline.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual bool object(std::string_view kind, std::string_view id, std::string_view body) = 0;
  virtual void record(const v1::LedgerRecord& record) = 0;
  virtual void timeline(const v1::TimelineEntry& entry) = 0;
  // The newest entry alone: the log is read in pages (Store::auditPage).
  virtual void audit(const core::AuditRow&) {}
};

struct StoreCounters {
  std::uint64_t commits = 0, batches = 0, failures = 0, records = 0;
  std::uint64_t last_commit_us = 0;  // how long the last one took
  std::uint64_t commit_us = 0;       // and all of them
  std::size_t waiting = 0;
  bool healthy = true;
};

class Store {
 public:
  virtual ~Store() = default;
  // On the calling thread, before the first commit.
  virtual Result<void> load(Reader& reader) = 0;
  // From the loop's thread; batches commit in order, those of one round of the loop together. An empty batch
  // is done after those before it. `may_wait`: so long others may be waited for, to share its commit; any
  // that may not wait takes it along.
  virtual void commit(core::StoreBatch batch, std::function<void()> done, Micros may_wait = 0) = 0;
  // Entries of the audit log with seq > `after`, as the table has them, at most `most`. Read on the store's
  // thread, after what was handed to commit() before (or has failed to be written); `done` comes on the loop.
  using AuditPageDone = std::function<void(Result<std::vector<core::AuditRow>>)>;
  virtual void auditPage(std::uint64_t after, std::size_t most, AuditPageDone done) = 0;
  // What is known of a session's past; as auditPage.
  using ReplayDone = std::function<void(Result<core::ReplayRows>)>;
  virtual void replayRows(std::string session_id, ReplayDone done) = 0;
  virtual StoreCounters counters() const = 0;
  // Commits what waits (tries for `patience_ms`), then closes. False: something was not committed.
  virtual bool close(unsigned patience_ms) = 0;
};

// Opens or creates the file (mode 0600, in a directory that exists), takes an exclusive lock, checks it
// (quick_check), applies migrations. kInternal with "damaged": exit code 78; kUnavailable: locked by another
// process.
Result<std::unique_ptr<Store>> openSqlite(const std::string& path, Loop& loop);

// A consistent copy of a store that may be in use, under a name that is not taken yet.
Result<void> backupSqlite(const std::string& from, const std::string& to);

// Puts a backup in the place of the store `to`, which no process may be using (kUnavailable); the backup is
// checked and brought to this program's schema first, and stays as it is. What was there, damaged or not, is
// kept beside it under the name that is returned; empty: there was nothing. A failure leaves the store as it
// was.
Result<std::string> restoreSqlite(const std::string& backup, const std::string& to);

}  // namespace diemcau::store
