// A backup in the place of a store.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/time.hpp"
#include "coordinator/store/sqlite_file.hpp"

namespace diemcau::store {
namespace {

constexpr const char* kSides[] = {"", "-wal", "-shm", "-journal", ".lock"};

bool exists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

void removeAll(const std::string& path) {
  for (const char* side : kSides) ::unlink((path + side).c_str());
}

// A copy of the backup that this program can open: whole, ours, not newer than we are.
Result<void> prepare(const std::string& backup, const std::string& copy) {
  removeAll(copy);
  if (auto made = backupSqlite(backup, copy); !made) return made;
  auto opened = SqliteFile::open(copy);
  if (!opened) return tl::unexpected(opened.error());
  opened->reset();  // writes its log back
  // A log beside the new store would be replayed over it.
  if (exists(copy + "-wal"))
    return fail(ErrorCode::kInternal, fmt::format("The copy {} could not be closed", copy),
                fmt::format("Không đóng được bản sao {}", copy));
  return {};
}

// The old store under its second name, with the log that may hold its newest changes.
Result<std::string> keepOld(const std::string& path) {
  if (!exists(path)) return std::string();
  const std::string base = path + ".replaced-" + formatUtc(systemClock().wall()).substr(0, 10);
  std::string kept = base;
  for (int n = 2; exists(kept) || exists(kept + "-wal"); ++n) kept = fmt::format("{}-{}", base, n);
  if (exists(path + "-wal") && ::link((path + "-wal").c_str(), (kept + "-wal").c_str()) != 0)
    return systemError(path, "its log cannot be kept", "không giữ lại được nhật ký ghi", errno);
  if (::link(path.c_str(), kept.c_str()) != 0)
    return systemError(path, "it cannot be kept", "không giữ lại được tệp cũ", errno);
  return kept;
}

}  // namespace

Result<std::string> restoreSqlite(const std::string& backup, const std::string& to) {
  if (!exists(backup))
    return fail(ErrorCode::kNotFound, fmt::format("There is no backup {}", backup),
                fmt::format("Không có bản sao lưu {}", backup));
  auto lock = StoreLock::take(to);
  if (!lock) return tl::unexpected(lock.error());
  const std::string copy = to + ".restoring";
  if (auto ready = prepare(backup, copy); !ready) {
    removeAll(copy);
    return tl::unexpected(ready.error());
  }
  struct stat owner {};
  if (::stat(to.c_str(), &owner) == 0 && ::geteuid() == 0 &&
      ::chown(copy.c_str(), owner.st_uid, owner.st_gid) != 0)
    return systemError(copy, "it cannot be given to the store's owner", "không đổi được chủ sở hữu", errno);
  auto kept = keepOld(to);
  if (!kept) {
    removeAll(copy);
    return kept;
  }
  // The old log goes first: beside the new file it would be replayed over it.
  for (const char* side : {"-wal", "-shm"}) ::unlink((to + side).c_str());
  if (std::rename(copy.c_str(), to.c_str()) != 0 || !syncDirectoryOf(to))
    return systemError(to, "the backup cannot be put in its place", "không đặt được bản sao lưu vào chỗ",
                       errno);
  removeAll(copy);
  return kept;
}

}  // namespace diemcau::store
