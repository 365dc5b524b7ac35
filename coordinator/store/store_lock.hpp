// Who may write a store: one process at a time.
//
// A side file, because SQLite's own locks are let go by any close() of the store in this process, and because
// a store in WAL mode may well be opened twice.
#pragma once

#include <string>
#include <utility>

#include "base/result.hpp"

namespace diemcau::store {

class StoreLock {
 public:
  // kUnavailable: another process has it, and the text names it.
  static Result<StoreLock> take(const std::string& store_path);
  StoreLock() = default;
  ~StoreLock();
  StoreLock(StoreLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  StoreLock& operator=(StoreLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

 private:
  explicit StoreLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace diemcau::store
