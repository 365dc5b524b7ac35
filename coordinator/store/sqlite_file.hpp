// One opened store file: locked, checked, migrated, and its one connection. Used by one thread at a time.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "coordinator/store/sqlite_raw.hpp"
#include "coordinator/store/store.hpp"
#include "coordinator/store/store_lock.hpp"

namespace diemcau::store {

class SqliteRows;

class SqliteFile {
 public:
  static Result<std::unique_ptr<SqliteFile>> open(const std::string& path);
  ~SqliteFile();  // writes the log back into the file, and unlocks
  SqliteFile(const SqliteFile&) = delete;
  SqliteFile& operator=(const SqliteFile&) = delete;

  const std::string& path() const { return path_; }
  Result<void> load(Reader& reader);
  Result<std::vector<core::AuditRow>> auditPage(std::uint64_t after, std::size_t most);
  Result<core::ReplayRows> replayRows(const std::string& session_id);

  // One transaction: begin(), any number of write(), commit() (on the disk when it returns). After a fault:
  // rollback().
  tl::expected<void, Fault> begin();
  tl::expected<std::uint64_t, Fault> write(const core::StoreBatch& batch);  // records that were new
  tl::expected<void, Fault> commit();
  void rollback();

 private:
  explicit SqliteFile(std::string path);
  Result<void> lock();
  Result<void> create();
  Result<void> connect();
  Result<void> check();

  std::string path_;
  StoreLock lock_;
  std::unique_ptr<soci::session> session_;
  sq::sqlite3* conn_ = nullptr;  // of session_
  std::unique_ptr<SqliteRows> rows_;
};

}  // namespace diemcau::store
