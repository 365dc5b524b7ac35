// Writing and reading rows through SOCI.
#include "coordinator/store/sqlite_rows.hpp"

#include <fmt/format.h>

namespace diemcau::store {
namespace {

using soci::into;
using soci::use;

std::string bytesOf(soci::blob& blob) {
  std::string out(blob.get_len(), '\0');
  if (!out.empty()) blob.read(0, out.data(), out.size());
  return out;
}

}  // namespace

// An empty blob is bound as NULL by SOCI, hence the coalesce.
SqliteRows::SqliteRows(soci::session& session)
    : session_(session),
      body_(session),
      hash_(session),
      put_((session.prepare << "INSERT INTO object (kind, id, session_id, body) "
                               "VALUES (:kind, :id, :session, coalesce(:body, x'')) "
                               "ON CONFLICT (kind, id) DO UPDATE SET session_id = excluded.session_id, "
                               "body = excluded.body",
            use(kind_, "kind"), use(id_, "id"), use(session_id_, "session"), use(body_, "body"))),
      remove_((session.prepare << "DELETE FROM object WHERE kind = :kind AND id = :id", use(kind_, "kind"),
               use(id_, "id"))),
      record_(
          (session.prepare << "INSERT OR IGNORE INTO record (site_id, record_id, epoch, number, session_id, "
                              "received_us, body) VALUES (:site, :id, :epoch, :number, :session, :at, "
                              "coalesce(:body, x''))",
           use(kind_, "site"), use(id_, "id"), use(epoch_, "epoch"), use(number_, "number"),
           use(session_id_, "session"), use(at_us_, "at"), use(body_, "body"))),
      entry_((session.prepare
                  << "INSERT INTO timeline (seq, session_id, at_us, body) VALUES (:seq, :session, :at, "
                     "coalesce(:body, x''))",
              use(number_, "seq"), use(session_id_, "session"), use(at_us_, "at"), use(body_, "body"))),
      audit_((session.prepare << "INSERT INTO audit (seq, at_us, body, hash) VALUES (:seq, :at, "
                                 "coalesce(:body, x''), coalesce(:hash, x''))",
              use(number_, "seq"), use(at_us_, "at"), use(body_, "body"), use(hash_, "hash"))),
      trace_((session.prepare << "INSERT INTO trace (session_id, at_us, body) VALUES (:session, :at, "
                                 "coalesce(:body, x''))",
              use(session_id_, "session"), use(at_us_, "at"), use(body_, "body"))) {}

void SqliteRows::fill(soci::blob& blob, const std::string& bytes) {
  blob.trim(0);
  if (!bytes.empty()) blob.write(0, bytes.data(), bytes.size());
}

void SqliteRows::bindText(const std::string& kind, const std::string& id, const std::string& session_id) {
  kind_ = kind;
  id_ = id;
  session_id_ = session_id;
}

std::uint64_t SqliteRows::write(const core::StoreBatch& batch, sq::sqlite3* conn) {
  std::uint64_t added = 0;
  for (const auto& put : batch.puts) {
    bindText(put.kind, put.id, put.session_id);
    bind(put.body);
    put_.execute(true);
  }
  for (const auto& remove : batch.removes) {
    bindText(remove.kind, remove.id, "");
    remove_.execute(true);
  }
  for (const v1::LedgerRecord& record : batch.records) {
    bindText(record.site_id(), record.record().id(), record.record().session_id());
    epoch_ = static_cast<long long>(record.epoch());
    number_ = static_cast<long long>(record.record().number());
    at_us_ = record.received_us();
    bind(record.SerializeAsString());
    record_.execute(true);
    added += static_cast<std::uint64_t>(sq::sqlite3_changes(conn));
  }
  for (const v1::TimelineEntry& entry : batch.timeline) {
    session_id_ = entry.session_id();
    number_ = static_cast<long long>(entry.seq());
    at_us_ = entry.at_us();
    bind(entry.SerializeAsString());
    entry_.execute(true);
  }
  for (const core::AuditRow& row : batch.audit) {
    number_ = static_cast<long long>(row.seq);
    at_us_ = row.at_us;
    bind(row.body);
    fill(hash_, row.hash);
    audit_.execute(true);
  }
  for (const core::TraceRow& row : batch.trace) {
    session_id_ = row.session_id;
    at_us_ = row.at_us;
    bind(row.body);
    trace_.execute(true);
  }
  return added;
}

std::string SqliteRows::load(Reader& reader) {
  std::string kind, id;
  soci::blob body(session_);
  soci::statement objects = (session_.prepare << "SELECT kind, id, body FROM object ORDER BY kind, id",
                             into(kind), into(id), into(body));
  objects.execute();
  while (objects.fetch())
    if (!reader.object(kind, id, bytesOf(body)))
      return fmt::format("the {} \"{}\" cannot be understood", kind, id);

  long long number = 0;
  soci::statement records =
      (session_.prepare << "SELECT ordinal, body FROM record ORDER BY ordinal", into(number), into(body));
  records.execute();
  while (records.fetch()) {
    v1::LedgerRecord record;
    if (!record.ParseFromString(bytesOf(body))) return fmt::format("record {} cannot be understood", number);
    reader.record(record);
  }

  soci::statement entries =
      (session_.prepare << "SELECT seq, body FROM timeline ORDER BY seq", into(number), into(body));
  entries.execute();
  while (entries.fetch()) {
    v1::TimelineEntry entry;
    if (!entry.ParseFromString(bytesOf(body)))
      return fmt::format("timeline entry {} cannot be understood", number);
    reader.timeline(entry);
  }
  const auto newest = auditRows("ORDER BY seq DESC LIMIT 1");
  if (!newest.empty()) reader.audit(newest.front());
  return {};
}

std::vector<core::AuditRow> SqliteRows::auditPage(std::uint64_t after, std::size_t most) {
  return auditRows(fmt::format("WHERE seq > {} ORDER BY seq LIMIT {}", after, most));
}

core::ReplayRows SqliteRows::replayRows(const std::string& session_id) {
  core::ReplayRows rows;
  soci::blob body(session_);
  soci::statement trace =
      (session_.prepare << "SELECT body FROM trace WHERE session_id = :session ORDER BY seq", into(body),
       use(session_id, "session"));
  trace.execute();
  while (trace.fetch()) rows.trace.push_back(bytesOf(body));
  soci::statement told =
      (session_.prepare << "SELECT body FROM timeline WHERE session_id = :session ORDER BY seq", into(body),
       use(session_id, "session"));
  told.execute();
  while (told.fetch()) {
    v1::TimelineEntry entry;
    if (entry.ParseFromString(bytesOf(body))) rows.timeline.push_back(std::move(entry));
  }
  return rows;
}

std::vector<core::AuditRow> SqliteRows::auditRows(const std::string& which) {
  std::vector<core::AuditRow> rows;
  long long seq = 0, at = 0;
  soci::blob body(session_), hash(session_);
  soci::statement read = (session_.prepare << "SELECT seq, at_us, body, hash FROM audit " + which, into(seq),
                          into(at), into(body), into(hash));
  read.execute();
  while (read.fetch()) rows.push_back({static_cast<std::uint64_t>(seq), at, bytesOf(body), bytesOf(hash)});
  return rows;
}

}  // namespace diemcau::store
