// A copy of a store that may be in use. The reading connection never writes and never checkpoints:
// SQLite 3.40 can lose pages when two connections do, and the store's own is the one that does.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "coordinator/store/sqlite_raw.hpp"
#include "coordinator/store/store.hpp"

namespace diemcau::store {
namespace {

tl::expected<Connection, Fault> connect(const std::string& path) {
  sq::sqlite3* raw = nullptr;
  const int code = sq::sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  Connection conn(raw);
  if (raw == nullptr) return tl::unexpected(Fault{SQLITE_NOMEM, "there is not enough memory", false, false});
  if (code != SQLITE_OK) return tl::unexpected(lastFault(raw, code));
  sq::sqlite3_extended_result_codes(raw, 1);
  sq::sqlite3_busy_timeout(raw, 5000);
  sq::sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  return conn;
}

Result<void> copyPages(const std::string& from, const std::string& to) {
  auto source = connect(from);
  if (!source) return storeError(from, source.error());
  if (auto set = exec(source->get(), "PRAGMA wal_autocheckpoint = 0; PRAGMA query_only = ON"); !set)
    return storeError(from, set.error());
  auto target = connect(to);
  if (!target) return storeError(to, target.error());
  sq::sqlite3_backup* backup = sq::sqlite3_backup_init(target->get(), "main", source->get(), "main");
  if (backup == nullptr) return storeError(to, lastFault(target->get()));
  // In one step, from one snapshot: the store goes on writing to its log meanwhile.
  const int step = sq::sqlite3_backup_step(backup, -1);
  const int code = sq::sqlite3_backup_finish(backup);
  if (step != SQLITE_DONE || code != SQLITE_OK) {
    const int fault = code != SQLITE_OK ? code : step;
    const bool reading = (fault & 0xff) == SQLITE_CORRUPT || (fault & 0xff) == SQLITE_NOTADB;
    return storeError(reading ? from : to, lastFault(target->get(), fault));
  }
  // One plain file, without a log beside it.
  if (auto mode = scalar(target->get(), "PRAGMA journal_mode = DELETE"); !mode)
    return storeError(to, mode.error());
  const auto sound = scalar(target->get(), "PRAGMA quick_check(1)");
  if (!sound) return storeError(from, sound.error());
  if (*sound != "ok") return damagedError(from, *sound);
  const auto application = scalar(target->get(), "PRAGMA application_id");
  if (!application || *application != std::to_string(kApplicationId))
    return fail(ErrorCode::kInvalid, fmt::format("{} is not a store of this program", from),
                fmt::format("{} không phải kho dữ liệu của chương trình này", from));
  return {};
}

tl::unexpected<Error> cannotWrite(const std::string& to, int error) {
  return fail(ErrorCode::kInternal, fmt::format("The backup {} cannot be written: {}", to, errnoText(error)),
              fmt::format("Không ghi được bản sao lưu {}: {}", to, errnoText(error)));
}

bool syncFile(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  return synced;
}

}  // namespace

Result<void> backupSqlite(const std::string& from, const std::string& to) {
  struct stat status {};
  if (::stat(from.c_str(), &status) != 0)
    return fail(ErrorCode::kNotFound, fmt::format("There is no store {}: {}", from, errnoText(errno)),
                fmt::format("Không có kho dữ liệu {}: {}", from, errnoText(errno)));
  if (::stat(to.c_str(), &status) == 0)
    return fail(ErrorCode::kConflict,
                fmt::format("{} is there already; choose another name for the backup", to),
                fmt::format("{} đã có; hãy chọn tên khác cho bản sao lưu", to));
  // Under another name until it is whole and checked: what is called a backup is one.
  const std::string part = to + ".part";
  ::unlink(part.c_str());
  const int fd = ::open(part.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return cannotWrite(to, errno);
  ::close(fd);
  auto done = copyPages(from, part);
  if (done && (!syncFile(part) || std::rename(part.c_str(), to.c_str()) != 0 || !syncDirectoryOf(to)))
    done = cannotWrite(to, errno);
  for (const char* side : {"", "-wal", "-shm", "-journal"}) ::unlink((part + side).c_str());
  return done;
}

}  // namespace diemcau::store
