// The disk of this machine. See disk.hpp.
#include "agent/spool/disk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "agent/spool/spool.hpp"
#include "base/random.hpp"
#include "base/settings.hpp"

namespace diemcau::agent {
namespace {

class PosixFile final : public DiskFile {
 public:
  explicit PosixFile(int fd) : file_(fd) {}

  int write(std::string_view bytes, std::size_t at) override {
    while (!bytes.empty()) {
      const auto put = ::pwrite(file_.fd(), bytes.data(), bytes.size(), static_cast<off_t>(at));
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) return put < 0 ? errno : EIO;
      bytes.remove_prefix(static_cast<std::size_t>(put));
      at += static_cast<std::size_t>(put);
    }
    return 0;
  }
  int sync() override { return ::fdatasync(file_.fd()) == 0 ? 0 : errno; }
  int truncate(std::size_t size) override {
    return ::ftruncate(file_.fd(), static_cast<off_t>(size)) == 0 ? 0 : errno;
  }
  std::string read(std::size_t at, std::size_t length) const override {
    std::string bytes(length, '\0');
    std::size_t got = 0;
    while (got < length) {
      const auto part = ::pread(file_.fd(), bytes.data() + got, length - got, static_cast<off_t>(at + got));
      if (part < 0 && errno == EINTR) continue;
      if (part <= 0) return {};
      got += static_cast<std::size_t>(part);
    }
    return bytes;
  }

 private:
  File file_;
};

int flagsOf(Disk::Mode mode) {
  switch (mode) {
    case Disk::kRead:
      return O_RDONLY | O_CLOEXEC;
    case Disk::kWrite:
      return O_RDWR | O_CLOEXEC;
    default:
      return O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC;
  }
}

class PosixDisk final : public Disk {
 public:
  std::unique_ptr<DiskFile> open(const std::string& path, Mode mode, int& error) override {
    const int fd = ::open(path.c_str(), flagsOf(mode), 0600);
    error = fd < 0 ? errno : 0;
    return fd < 0 ? nullptr : std::make_unique<PosixFile>(fd);
  }
  Result<std::string> read(const std::string& path, std::size_t most) override {
    return readFile(path, most);
  }
  Done replace(const std::string& path, std::string_view content) override {
    return writeFileAtomically(path, content, 0600);
  }
  std::vector<std::string> list(const std::string& dir) const override {
    std::vector<std::string> names;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(dir, failed))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
  int remove(const std::string& path) override { return ::unlink(path.c_str()) == 0 ? 0 : errno; }
  int rename(const std::string& from, const std::string& to) override {
    return std::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
  }
  int makeDirectory(const std::string& path) override {
    return ::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST ? 0 : errno;
  }
  int syncDirectory(const std::string& dir) override {
    const File file(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return file.fd() >= 0 && ::fsync(file.fd()) == 0 ? 0 : errno;
  }
  std::uint64_t random() override { return randomU64(); }
};

}  // namespace

Disk& systemDisk() {
  static PosixDisk disk;
  return disk;
}

}  // namespace diemcau::agent
