// Appending, reading, acknowledging. See spool.hpp; what happens at the start is in spool_recovery.cpp.
#include "agent/spool/spool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "agent/spool/segment.hpp"
#include "agent/spool/spool_files.hpp"

namespace diemcau::agent {

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

Result<File> holdDirectory(const std::string& dir) {
  std::error_code failed;
  std::filesystem::create_directories(dir, failed);
  if (failed)
    return fail(ErrorCode::kInvalid, fmt::format("{}: cannot make the directory: {}", dir, failed.message()),
                fmt::format("{}: không tạo được thư mục: {}", dir, failed.message()));
  ::chmod(dir.c_str(), 0700);
  const auto path = dir + "/lock";
  File file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (file.fd() < 0) return diskError(errno, path);
  if (::flock(file.fd(), LOCK_EX | LOCK_NB) != 0) {
    char holder[32] = {};
    [[maybe_unused]] const auto got = ::pread(file.fd(), holder, sizeof holder - 1, 0);
    return fail(
        ErrorCode::kConflict,
        fmt::format("{} is in use by another agent (process {}): stop it, or give this one its own directory",
                    dir, holder[0] == 0 ? "?" : holder),
        fmt::format(
            "{} đang được một chương trình khác dùng (tiến trình {}): hãy tắt nó, hoặc đặt thư mục riêng",
            dir, holder[0] == 0 ? "?" : holder));
  }
  const auto pid = std::to_string(::getpid());
  // Only for the message above: a full disk must not keep the agent from starting.
  if (::ftruncate(file.fd(), 0) == 0) [[maybe_unused]]
    const auto put = ::pwrite(file.fd(), pid.data(), pid.size(), 0);
  return file;
}

tl::unexpected<Error> diskError(int code, const std::string& path) {
  if (code == ENOSPC || code == EDQUOT || code == EFBIG)
    return fail(
        ErrorCode::kUnavailable,
        fmt::format("nothing was saved: the disk that holds {} is full. Delete files, then try again", path),
        "Chưa lưu được: ổ đĩa của máy điểm cầu đã đầy. Hãy xoá bớt tệp rồi nhập lại");
  return fail(ErrorCode::kInternal, fmt::format("nothing was saved: {}: {}", path, std::strerror(code)),
              fmt::format("Chưa lưu được: lỗi ổ đĩa ({}). Hãy báo trung tâm", std::strerror(code)));
}

Done writeWhole(DiskFile& file, std::string_view bytes, std::size_t at, const std::string& path) {
  int failed = file.write(bytes, at);
  if (failed == 0) failed = file.sync();
  if (failed != 0) return diskError(failed, path);
  return {};
}

Done Spool::syncDirectory() const {
  if (const int failed = disk_.syncDirectory(dir_); failed != 0) return diskError(failed, dir_);
  return {};
}

std::string Spool::path(std::uint64_t first) const {
  return fmt::format("{}/records-{:020}.log", dir_, first);
}

Done Spool::begin(std::uint64_t first) {
  Segment segment{path(first), first, {}};
  int error = 0;
  auto file = disk_.open(segment.path, Disk::kFresh, error);
  if (!file) return diskError(error, segment.path);
  auto ok = writeWhole(*file, segmentHeader(epoch_, first), 0, segment.path);
  if (ok) ok = syncDirectory();
  if (!ok) {
    disk_.remove(segment.path);
    return ok;
  }
  segments_.push_back(std::move(segment));
  file_ = std::move(file);
  size_ = kSegmentHeader;
  dirty_ = false;
  return {};
}

Done Spool::cut() {
  int failed = file_->truncate(size_);
  if (failed == 0) failed = file_->sync();
  if (failed != 0) {
    dirty_ = true;
    return diskError(failed, segments_.back().path);
  }
  dirty_ = false;
  return {};
}

Done Spool::append(std::span<v1::Record> records) {
  if (records.empty()) return {};
  if (!file_)
    if (auto ok = openAgain(); !ok) return ok;
  if (dirty_)
    if (auto ok = cut(); !ok) return ok;
  if (size_ >= options_.segment_bytes)
    if (auto ok = begin(newest_ + 1); !ok) return ok;

  std::string bytes;
  std::vector<std::pair<std::size_t, std::size_t>> frames;
  auto number = newest_;
  for (auto& record : records) {
    record.set_number(++number);
    const auto payload = record.SerializeAsString();
    if (payload.size() > kMostPayload)
      return fail(ErrorCode::kTooBig, "nothing was saved: the entry is too long",
                  "Chưa lưu được: nội dung quá dài");
    frames.emplace_back(size_ + bytes.size() + kFrameHead, payload.size());
    putFrame(bytes, payload);
  }
  auto& segment = segments_.back();
  if (auto ok = writeWhole(*file_, bytes, size_, segment.path); !ok) {
    [[maybe_unused]] const auto again = cut();
    return ok;
  }
  segment.frames.insert(segment.frames.end(), frames.begin(), frames.end());
  size_ += bytes.size();
  newest_ = number;
  return {};
}

std::vector<Spool::Entry> Spool::read(std::uint64_t after, std::size_t max_bytes) const {
  std::vector<Entry> entries;
  std::size_t total = 0;
  for (const auto& segment : segments_) {
    if (segment.frames.empty() || segment.last() <= after) continue;
    int error = 0;
    const auto file = disk_.open(segment.path, Disk::kRead, error);
    if (!file) return entries;
    for (auto number = std::max(after + 1, segment.first); number <= segment.last(); ++number) {
      const auto& [offset, length] = segment.frames[number - segment.first];
      if (!entries.empty() && total + length > max_bytes) return entries;
      auto bytes = file->read(offset, length);
      if (bytes.empty()) return entries;  // the disk fails: what was read so far is good
      total += length;
      entries.push_back({number, std::move(bytes)});
    }
  }
  return entries;
}

void Spool::each(const std::function<void(const v1::Record&)>& visit) const {
  for (auto at = segments_.empty() ? newest_ : segments_.front().first - 1; at < newest_;) {
    const auto entries = read(at, options_.segment_bytes);
    if (entries.empty()) return;
    for (const auto& entry : entries) {
      v1::Record record;
      if (record.ParseFromString(entry.bytes)) visit(record);
    }
    at = entries.back().number;
  }
}

Done Spool::acknowledged(std::uint64_t number) {
  number = std::min(number, newest_);
  if (number <= acked_) return {};
  acked_ = number;
  if (auto ok = writeAcked(); !ok) return ok;
  dropAcknowledged();
  return {};
}

bool Spool::contradicts(std::uint64_t number, std::string_view id) const {
  if (number > newest_) return true;
  if (id.empty() || number == 0 || segments_.empty() || number < segments_.front().first) return false;
  const auto entries = read(number - 1, 1);
  v1::Record record;
  return !entries.empty() && record.ParseFromString(entries.front().bytes) && record.id() != id;
}

void Spool::dropAcknowledged() {
  if (segments_.size() < 2 || segments_.front().last() > acked_) return;
  if (options_.before_delete && !options_.before_delete()) return;
  while (segments_.size() > 1 && segments_.front().last() <= acked_) {
    disk_.remove(segments_.front().path);
    segments_.pop_front();
  }
}

Done Spool::writeEpoch(std::uint64_t epoch) {
  return disk_.replace(dir_ + "/epoch", fmt::format("{:016x}\n", epoch));
}

Done Spool::writeAcked() {
  return disk_.replace(dir_ + "/acked", fmt::format("{:016x} {}\n", epoch_, acked_));
}

}  // namespace diemcau::agent
