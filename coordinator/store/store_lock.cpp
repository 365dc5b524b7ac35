#include "coordinator/store/store_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "coordinator/store/sqlite_raw.hpp"

namespace diemcau::store {

Result<StoreLock> StoreLock::take(const std::string& store_path) {
  const std::string side = store_path + ".lock";
  StoreLock lock(::open(side.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.fd_ < 0)
    return systemError(store_path, "its directory must exist and be writable", "thư mục phải có và ghi được",
                       errno);
  if (::flock(lock.fd_, LOCK_EX | LOCK_NB) != 0) {
    char owner[24] = {};
    if (::pread(lock.fd_, owner, sizeof owner - 1, 0) < 0) owner[0] = '\0';
    return fail(
        ErrorCode::kUnavailable,
        fmt::format("The store {} is locked: another coordinator uses it (process {}); stop that one first",
                    store_path, owner[0] == '\0' ? "unknown" : owner),
        fmt::format(
            "Kho dữ liệu {} đang bị khóa: một bộ điều phối khác đang dùng (tiến trình {}); hãy dừng nó trước",
            store_path, owner[0] == '\0' ? "không rõ" : owner));
  }
  const std::string self = std::to_string(::getpid());
  // Only to name the owner to another process: the lock itself does not depend on it.
  if (::ftruncate(lock.fd_, 0) != 0 || ::pwrite(lock.fd_, self.data(), self.size(), 0) < 0) return lock;
  return lock;
}

// The file stays: removing it could unlock another process.
StoreLock::~StoreLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace diemcau::store
