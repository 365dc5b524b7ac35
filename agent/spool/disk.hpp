// The disk behind one interface: what the spool and the site's files need of it, and nothing more. The real
// one is POSIX; a simulation brings one that crashes, tears writes and fills up. Functions that return an int
// return 0 or an errno.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace diemcau::agent {

class DiskFile {
 public:
  virtual ~DiskFile() = default;
  // All bytes at that place, or an error; on the disk only after sync().
  virtual int write(std::string_view bytes, std::size_t at) = 0;
  virtual int sync() = 0;
  virtual int truncate(std::size_t size) = 0;
  // Exactly that many bytes, or nothing.
  virtual std::string read(std::size_t at, std::size_t length) const = 0;
};

class Disk {
 public:
  enum Mode { kRead, kWrite, kFresh };  // fresh: made, or emptied
  virtual ~Disk() = default;
  // Null: `error` says why.
  virtual std::unique_ptr<DiskFile> open(const std::string& path, Mode mode, int& error) = 0;
  virtual Result<std::string> read(const std::string& path, std::size_t most) = 0;
  // As a whole or not at all: written beside, synced, renamed, directory synced. Mode 0600.
  virtual Done replace(const std::string& path, std::string_view content) = 0;
  virtual std::vector<std::string> list(const std::string& dir) const = 0;  // names, sorted
  virtual int remove(const std::string& path) = 0;
  virtual int rename(const std::string& from, const std::string& to) = 0;
  virtual int makeDirectory(const std::string& path) = 0;  // 0700; one that is there is no error
  virtual int syncDirectory(const std::string& dir) = 0;
  // For epochs, ids and jitter: chance of the same machine, so that a simulated one can be repeated. Never 0.
  virtual std::uint64_t random() = 0;
};

Disk& systemDisk();

}  // namespace diemcau::agent
