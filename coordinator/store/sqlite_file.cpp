// Opening a store file: each step either holds or says why not.
#include "coordinator/store/sqlite_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "coordinator/store/migrations.hpp"
#include "coordinator/store/sqlite_rows.hpp"

namespace diemcau::store {
namespace {

// WAL with FULL: a commit is on the disk when it returns. No mmap: a failing disk is an error code and not
// SIGBUS. A checked cell size and no trust in the schema, because a file may come from a damaged disk.
constexpr const char* kPragmas =
    "PRAGMA synchronous = FULL; PRAGMA mmap_size = 0; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = "
    "ON; "
    "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA journal_size_limit = 67108864; "
    "PRAGMA busy_timeout = 5000";

}  // namespace

Result<std::unique_ptr<SqliteFile>> SqliteFile::open(const std::string& path) {
  const bool odd = std::any_of(path.begin(), path.end(),
                               [](char c) { return c == '"' || static_cast<unsigned char>(c) < 32; });
  if (path.empty() || odd)
    return fail(ErrorCode::kInvalid, "The store needs a file name without quotes and control characters",
                "Kho dữ liệu cần một tên tệp không có dấu ngoặc kép và ký tự điều khiển");
  std::unique_ptr<SqliteFile> file(new SqliteFile(path));
  for (auto step : {&SqliteFile::lock, &SqliteFile::create, &SqliteFile::connect, &SqliteFile::check})
    if (auto done = (file.get()->*step)(); !done) return tl::unexpected(done.error());
  if (auto done = migrate(file->conn_, path, sqliteMigrations()); !done) return tl::unexpected(done.error());
  try {
    file->rows_ = std::make_unique<SqliteRows>(*file->session_);
  } catch (const soci::soci_error&) {
    return storeError(path, lastFault(file->conn_));
  }
  return file;
}

SqliteFile::SqliteFile(std::string path) : path_(std::move(path)) {}

SqliteFile::~SqliteFile() {
  rows_.reset();
  session_.reset();
}

Result<void> SqliteFile::lock() {
  auto lock = StoreLock::take(path_);
  if (!lock) return tl::unexpected(lock.error());
  lock_ = std::move(*lock);
  return {};
}

Result<void> SqliteFile::create() {
  struct stat status {};
  const bool there = ::stat(path_.c_str(), &status) == 0;
  if (there && !S_ISREG(status.st_mode))
    return fail(ErrorCode::kInvalid, fmt::format("The store {} is not a file", path_),
                fmt::format("Kho dữ liệu {} không phải là tệp", path_));
  const int fd = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return systemError(path_, "it cannot be opened", "không mở được", errno);
  // It holds names and telephone numbers: readable by the service alone. SQLite gives its side files the same
  // mode.
  const bool closed_off = ::fchmod(fd, 0600) == 0;
  const int error = errno;
  ::close(fd);
  if (!closed_off)
    return systemError(path_, "its mode cannot be set to 0600", "không đặt được quyền 0600", error);
  if (!there && !syncDirectoryOf(path_))
    return systemError(path_, "its directory cannot be synced", "không đồng bộ được thư mục", errno);
  return {};
}

Result<void> SqliteFile::connect() {
  try {
    session_ = std::make_unique<soci::session>(soci::sqlite3, fmt::format("dbname=\"{}\"", path_));
  } catch (const soci::soci_error& error) {
    return fail(ErrorCode::kInternal, fmt::format("The store {} cannot be opened: {}", path_, error.what()),
                fmt::format("Không mở được kho dữ liệu {}: {}", path_, error.what()));
  }
  conn_ = static_cast<soci::sqlite3_session_backend*>(session_->get_backend())->conn_;
  sq::sqlite3_extended_result_codes(conn_, 1);
  return {};
}

Result<void> SqliteFile::check() {
  const auto sound = scalar(conn_, "PRAGMA quick_check(1)");
  if (!sound) return storeError(path_, sound.error());
  if (*sound != "ok") return damagedError(path_, *sound);
  if (auto set = exec(conn_, kPragmas); !set) return storeError(path_, set.error());
  const auto mode = scalar(conn_, "PRAGMA journal_mode = WAL");
  if (!mode) return storeError(path_, mode.error());
  if (*mode != "wal")
    return fail(
        ErrorCode::kInternal,
        fmt::format("The store {} is on a file system that cannot share memory between processes (a network "
                    "disk?); put it on a local disk",
                    path_),
        fmt::format("Kho dữ liệu {} nằm trên hệ thống tệp không phù hợp (ổ đĩa mạng?); hãy đặt nó trên ổ đĩa "
                    "của máy",
                    path_));
  return {};
}

Result<void> SqliteFile::load(Reader& reader) {
  try {
    const std::string unreadable = rows_->load(reader);
    if (unreadable.empty()) return {};
    return damagedError(path_, unreadable);
  } catch (const soci::soci_error&) {
    return storeError(path_, lastFault(conn_));
  }
}

Result<std::vector<core::AuditRow>> SqliteFile::auditPage(std::uint64_t after, std::size_t most) {
  try {
    if (!rows_) rows_ = std::make_unique<SqliteRows>(*session_);
    return rows_->auditPage(after, most);
  } catch (const soci::soci_error&) {
    return storeError(path_, lastFault(conn_));
  }
}

Result<core::ReplayRows> SqliteFile::replayRows(const std::string& session_id) {
  try {
    if (!rows_) rows_ = std::make_unique<SqliteRows>(*session_);
    return rows_->replayRows(session_id);
  } catch (const soci::soci_error&) {
    return storeError(path_, lastFault(conn_));
  }
}

tl::expected<void, Fault> SqliteFile::begin() {
  return exec(conn_, "BEGIN IMMEDIATE");
}

tl::expected<std::uint64_t, Fault> SqliteFile::write(const core::StoreBatch& batch) {
  try {
    if (!rows_) rows_ = std::make_unique<SqliteRows>(*session_);
    return rows_->write(batch, conn_);
  } catch (const soci::sqlite3_soci_error& error) {
    return tl::unexpected(lastFault(conn_, error.result()));
  } catch (const soci::soci_error&) {
    return tl::unexpected(lastFault(conn_));
  }
}

tl::expected<void, Fault> SqliteFile::commit() {
  return exec(conn_, "COMMIT");
}

void SqliteFile::rollback() {
  rows_.reset();  // statements that failed half-way are prepared anew
  if (sq::sqlite3_get_autocommit(conn_) == 0) sq::sqlite3_exec(conn_, "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace diemcau::store
