// The steps, and how they are applied and checked.
#include "coordinator/store/migrations.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include "base/time.hpp"

namespace diemcau::store {
namespace {

// Objects are the newest state under (kind, id). The ledger, records and timeline, only grows: the triggers
// hold even against a hand with a database tool. `body` is the whole encoded message; the columns beside it
// are for looking.
constexpr const char* kFirst = R"sql(
CREATE TABLE object (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE record (
  ordinal INTEGER PRIMARY KEY,
  site_id TEXT NOT NULL,
  record_id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  number INTEGER NOT NULL,
  session_id TEXT NOT NULL,
  received_us INTEGER NOT NULL,
  body BLOB NOT NULL,
  UNIQUE (site_id, record_id)
) STRICT;

CREATE TABLE timeline (
  seq INTEGER PRIMARY KEY,
  session_id TEXT NOT NULL,
  at_us INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;

CREATE TRIGGER record_never_changes BEFORE UPDATE ON record
BEGIN SELECT RAISE(ABORT, 'the ledger only grows: a record is never changed'); END;
CREATE TRIGGER record_never_goes BEFORE DELETE ON record
BEGIN SELECT RAISE(ABORT, 'the ledger only grows: a record is never deleted'); END;
CREATE TRIGGER timeline_never_changes BEFORE UPDATE ON timeline
BEGIN SELECT RAISE(ABORT, 'the timeline only grows: an entry is never changed'); END;
CREATE TRIGGER timeline_never_goes BEFORE DELETE ON timeline
BEGIN SELECT RAISE(ABORT, 'the timeline only grows: an entry is never deleted'); END;
)sql";

// INSERT OR REPLACE deletes without asking the triggers of a deletion, unless the connection wishes so: hence
// those of an insertion.
constexpr const char* kAudit = R"sql(
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at_us INTEGER NOT NULL,
  body BLOB NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log only grows: an entry is never changed'); END;
CREATE TRIGGER audit_never_goes BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log only grows: an entry is never deleted'); END;
CREATE TRIGGER audit_never_replaced BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the audit log only grows: an entry is never replaced'); END;
CREATE TRIGGER timeline_never_replaced BEFORE INSERT ON timeline WHEN EXISTS (SELECT 1 FROM timeline WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the timeline only grows: an entry is never replaced'); END;
)sql";

// The flight recorder. No part of the ledger: nothing is counted from it, and old rows may be thinned out
// some day.
constexpr const char* kTrace = R"sql(
CREATE TABLE trace (
  seq INTEGER PRIMARY KEY,
  session_id TEXT NOT NULL,
  at_us INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX trace_of_session ON trace (session_id, seq);
CREATE INDEX timeline_of_session ON timeline (session_id, seq);
)sql";

// A report of thousands of sites is a megabyte. Where the rows are the index, SQLite reads all of such a row
// each time that a search comes by it: at 16,000 sites the answers to one order took the store 15 s.
constexpr const char* kRows = R"sql(
CREATE TABLE object_row (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  body BLOB NOT NULL,
  UNIQUE (kind, id)
) STRICT;
INSERT INTO object_row (kind, id, session_id, body) SELECT kind, id, session_id, body FROM object ORDER BY kind, id;
DROP TABLE object;
ALTER TABLE object_row RENAME TO object;
)sql";

constexpr const char* kRegister =
    "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT "
    "NULL, "
    "applied_us INTEGER NOT NULL) STRICT";

tl::unexpected<Error> notOurs(const std::string& path, const std::string& en, const std::string& vi) {
  return fail(ErrorCode::kConflict, fmt::format("The store {} {}", path, en),
              fmt::format("Kho dữ liệu {} {}", path, vi));
}

std::string sqlText(std::string_view text) {
  std::string out = "'";
  for (char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

Result<void> apply(sq::sqlite3* conn, const std::string& path, const Migration& step) {
  const std::string registered =
      fmt::format("INSERT INTO migration (number, name, checksum, applied_us) VALUES ({}, {}, {}, {})",
                  step.number, sqlText(step.name), sqlText(checksumOf(step)), systemClock().wall());
  auto done = exec(conn, "BEGIN IMMEDIATE");
  for (const char* sql : {kRegister, step.sql, registered.c_str(), "COMMIT"})
    if (done) done = exec(conn, sql);
  if (done) return {};
  if (sq::sqlite3_get_autocommit(conn) == 0) sq::sqlite3_exec(conn, "ROLLBACK", nullptr, nullptr, nullptr);
  auto error = storeError(path, done.error());
  error.value().text += fmt::format(" (while applying step {} \"{}\")", step.number, step.name);
  return error;
}

}  // namespace

const std::vector<Migration>& sqliteMigrations() {
  static const std::vector<Migration> kAll = {{1, "objects, records, timeline", kFirst},
                                              {2, "audit log", kAudit},
                                              {3, "flight recorder", kTrace},
                                              {4, "large objects beside their index", kRows}};
  return kAll;
}

std::string checksumOf(const Migration& migration) {
  const std::string text = fmt::format("{}\n{}\n{}", migration.number, migration.name, migration.sql);
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  std::string out;
  for (unsigned char byte : hash) out += fmt::format("{:02x}", byte);
  return out;
}

Result<void> migrate(sq::sqlite3* conn, const std::string& path, const std::vector<Migration>& migrations) {
  const auto tables = scalar(conn, "SELECT count(*) FROM sqlite_schema");
  const auto application = scalar(conn, "PRAGMA application_id");
  const auto registered = scalar(conn, "SELECT count(*) FROM sqlite_schema WHERE name = 'migration'");
  if (!tables) return storeError(path, tables.error());
  if (!application) return storeError(path, application.error());
  if (!registered) return storeError(path, registered.error());
  if (*tables != "0" && (*application != std::to_string(kApplicationId) || *registered != "1"))
    return notOurs(path, "is a database of another program; name another file in the settings",
                   "là cơ sở dữ liệu của chương trình khác; hãy ghi tên tệp khác trong cấu hình");
  int newest = 0;
  if (*registered == "1") {
    const auto number = scalar(conn, "SELECT max(number) FROM migration");
    if (!number) return storeError(path, number.error());
    newest = number->empty() ? 0 : std::stoi(*number);
  }
  const int known = migrations.empty() ? 0 : migrations.back().number;
  if (newest > known)
    return notOurs(
        path,
        fmt::format(
            "was written by a newer version of this program (its schema is {}, this program knows {}); "
            "install the newer version again, or restore a backup of the older one",
            newest, known),
        fmt::format(
            "do phiên bản mới hơn của chương trình này ghi (lược đồ {}, chương trình này biết đến {}); hãy "
            "cài lại phiên bản mới hơn, hoặc khôi phục bản sao lưu cũ",
            newest, known));
  for (const Migration& step : migrations) {
    if (step.number > newest) continue;
    const auto sum =
        scalar(conn, fmt::format("SELECT checksum FROM migration WHERE number = {}", step.number).c_str());
    if (!sum) return storeError(path, sum.error());
    if (*sum != checksumOf(step))
      return notOurs(
          path,
          fmt::format("has a schema that is not this program's: step {} \"{}\" has another checksum; use "
                      "the version that made it, or restore a backup",
                      step.number, step.name),
          fmt::format("có lược đồ không phải của chương trình này: bước {} \"{}\" có mã kiểm khác; hãy dùng "
                      "phiên bản đã tạo ra nó, hoặc khôi phục bản sao lưu",
                      step.number, step.name));
  }
  if (newest == 0)
    if (auto marked = exec(conn, fmt::format("PRAGMA application_id = {}", kApplicationId).c_str()); !marked)
      return storeError(path, marked.error());
  for (const Migration& step : migrations)
    if (step.number > newest)
      if (auto done = apply(conn, path, step); !done) return done;
  return {};
}

}  // namespace diemcau::store
