// The rows of the store: statements that are prepared once, bound to members that outlive them (SOCI keeps
// references).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/store/sqlite_raw.hpp"
#include "coordinator/store/store.hpp"

namespace diemcau::store {

class SqliteRows {
 public:
  explicit SqliteRows(soci::session& session);
  SqliteRows(const SqliteRows&) = delete;
  SqliteRows& operator=(const SqliteRows&) = delete;

  // Throws soci_error. How many records were new.
  std::uint64_t write(const core::StoreBatch& batch, sq::sqlite3* conn);

  // Throws soci_error. Not empty: what could not be understood.
  std::string load(Reader& reader);

  // Throws soci_error.
  std::vector<core::AuditRow> auditPage(std::uint64_t after, std::size_t most);
  // Throws soci_error.
  core::ReplayRows replayRows(const std::string& session_id);

 private:
  static void fill(soci::blob& blob, const std::string& bytes);
  void bind(const std::string& body) { fill(body_, body); }
  void bindText(const std::string& kind, const std::string& id, const std::string& session_id);

  std::vector<core::AuditRow> auditRows(const std::string& which);

  soci::session& session_;
  std::string kind_, id_, session_id_;
  long long epoch_ = 0, number_ = 0, at_us_ = 0;
  soci::blob body_, hash_;
  soci::statement put_, remove_, record_, entry_, audit_, trace_;
};

}  // namespace diemcau::store
