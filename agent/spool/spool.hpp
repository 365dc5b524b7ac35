// Records on disk: what a person at the site was told is saved, is. The format, and what happens after a
// crash, is in FORMAT.md. All calls from one thread; append() and acknowledged() wait for the disk.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "agent/spool/disk.hpp"
#include "base/result.hpp"
#include "diemcau/v1/record.pb.h"

namespace diemcau::agent {

// A file descriptor that is closed with its owner.
class File {
 public:
  explicit File(int fd = -1) : fd_(fd) {}
  ~File();
  File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

// Makes the directory (0700) if need be and holds it for this process. Fails when another agent holds it.
Result<File> holdDirectory(const std::string& dir);

struct SpoolOptions {
  std::size_t segment_bytes = 256 * 1024;
  // Before acknowledged segments are deleted; an error keeps them.
  std::function<Done()> before_delete;
};

class Spool {
 public:
  // What opening found, for the log.
  struct Found {
    std::uint64_t torn_bytes = 0;  // cut from the end
    bool damaged = false;          // a new epoch was begun; old files are in `aside`
    std::string aside;
    std::size_t salvaged = 0;
  };

  // The directory is held by the caller, and the disk outlives the spool.
  static Result<std::unique_ptr<Spool>> open(const std::string& dir, SpoolOptions options = {},
                                             Disk& disk = systemDisk());

  std::uint64_t epoch() const { return epoch_; }
  std::uint64_t newest() const { return newest_; }  // 0: no record yet
  std::uint64_t acked() const { return acked_; }
  std::uint32_t pending() const { return static_cast<std::uint32_t>(newest_ - acked_); }
  const Found& found() const { return found_; }

  // All or nothing, and on the disk when it returns; sets the numbers. Errors are sentences for the person
  // who acted.
  Done append(std::span<v1::Record> records);
  Done append(v1::Record& record) { return append(std::span(&record, 1)); }

  // Encoded records with numbers after+1.. in order, at least one if there is one, at most `max_bytes` beyond
  // that.
  struct Entry {
    std::uint64_t number;
    std::string bytes;
  };
  std::vector<Entry> read(std::uint64_t after, std::size_t max_bytes) const;

  // Records up to `number` are committed at the centre.
  Done acknowledged(std::uint64_t number);

  // This directory is an older copy of what the centre knows: number `number` is the record `id` there, and
  // here it is another one, or not written yet. New records would take numbers that are taken.
  bool contradicts(std::uint64_t number, std::string_view id) const;
  // Gives every record that is on the disk a new number under a new epoch; the old files are set aside. After
  // an error nothing is appended or read until opening again succeeds, which append() tries.
  Done beginAnew();

  // Every record that is still on the disk, in order, acknowledged or not.
  void each(const std::function<void(const v1::Record&)>& visit) const;

 private:
  struct Segment {
    std::string path;
    std::uint64_t first = 0;
    std::vector<std::pair<std::size_t, std::size_t>> frames;          // offset, length of each payload
    std::uint64_t last() const { return first + frames.size() - 1; }  // first - 1 when it is empty
  };
  Spool(std::string dir, SpoolOptions options, Disk& disk)
      : dir_(std::move(dir)), options_(std::move(options)), disk_(disk) {}
  std::vector<std::string> listed(std::string_view end) const;  // paths of segments
  Done syncDirectory() const;

  Done recover();  // spool_recovery.cpp
  Done openAgain();
  Done finishRebuild();
  Done load(const std::vector<std::string>& paths, bool& damaged);
  Done rebuild(const std::vector<std::string>& paths);
  Done setAside(const std::vector<std::string>& paths, std::uint64_t epoch);
  void readEpochAndAcked();
  Done writeEpoch(std::uint64_t epoch);
  Done writeAcked();
  std::string path(std::uint64_t first) const;

  Done begin(std::uint64_t first);  // a new segment
  Done openNewest();
  Done cut();  // back to size_ after a failed write
  void dropAcknowledged();

  std::string dir_;
  SpoolOptions options_;
  Disk& disk_;
  std::uint64_t epoch_ = 0, newest_ = 0, acked_ = 0;
  std::uint64_t acked_epoch_ = 0;  // that the file `acked` spoke of
  std::deque<Segment> segments_;
  std::unique_ptr<DiskFile> file_;  // of the newest segment
  std::size_t size_ = 0;            // of its good bytes
  bool dirty_ = false;              // bytes behind size_ that must go before the next append
  Found found_;
};

}  // namespace diemcau::agent
