// What the spool does when it is opened: chapters "Opening" and "Damage" of FORMAT.md.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "agent/spool/segment.hpp"
#include "agent/spool/spool.hpp"
#include "agent/spool/spool_files.hpp"

namespace diemcau::agent {
namespace {

constexpr std::size_t kMostSegment = 1ULL << 30;
constexpr auto kNew = ".new";

template <class Number>
bool parse(std::string_view text, Number& number, int base) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return result.ec == std::errc() && result.ptr == text.data() + text.size();
}

}  // namespace

Result<std::unique_ptr<Spool>> Spool::open(const std::string& dir, SpoolOptions options, Disk& disk) {
  std::unique_ptr<Spool> spool(new Spool(dir, std::move(options), disk));
  if (auto ok = spool->recover(); !ok) return tl::unexpected(ok.error());
  return spool;
}

std::vector<std::string> Spool::listed(std::string_view end) const {
  std::vector<std::string> paths;
  for (const auto& name : disk_.list(dir_))
    if (name.starts_with("records-") && name.ends_with(end)) paths.push_back(dir_ + "/" + name);
  return paths;
}

void Spool::readEpochAndAcked() {
  if (const auto text = disk_.read(dir_ + "/epoch", 64); text && text->size() == 17) {
    std::uint64_t epoch = 0;
    if (parse(std::string_view(*text).substr(0, 16), epoch, 16)) epoch_ = epoch;
  }
  const auto text = disk_.read(dir_ + "/acked", 64);
  if (!text || text->size() < 19 || text->back() != '\n') return;
  std::uint64_t epoch = 0, number = 0;
  const std::string_view line(*text);
  if (!parse(line.substr(0, 16), epoch, 16) || !parse(line.substr(17, line.size() - 18), number, 10)) return;
  acked_epoch_ = epoch;
  if (epoch_ == 0 || epoch == epoch_) acked_ = number;
}

Done Spool::recover() {
  readEpochAndAcked();
  if (auto ok = finishRebuild(); !ok) return ok;
  const auto paths = listed(".log");
  if (paths.empty()) {
    if (epoch_ == 0) {
      epoch_ = disk_.random();
      acked_ = 0;
      if (auto ok = writeEpoch(epoch_); !ok) return ok;
    }
    newest_ = acked_;
    return begin(acked_ + 1);
  }
  bool damaged = false;
  if (auto ok = load(paths, damaged); !ok) return ok;
  if (damaged) return rebuild(paths);
  if (segments_.empty()) return begin(newest_ + 1);
  return openNewest();
}

// A rebuild that was committed by its epoch goes on; one that was not is forgotten.
Done Spool::finishRebuild() {
  for (const auto& path : listed(kNew)) {
    const auto bytes = disk_.read(path, kMostSegment);
    const auto scan = bytes ? scanSegment(*bytes) : SegmentScan{};
    if (!scan.header || scan.epoch != epoch_) {
      disk_.remove(path);
      continue;
    }
    if (auto ok = setAside(listed(".log"), epoch_); !ok) return ok;
    if (const int failed = disk_.rename(path, path.substr(0, path.size() - 4)); failed != 0)
      return diskError(failed, path);
    if (auto ok = syncDirectory(); !ok) return ok;
  }
  return {};
}

Done Spool::load(const std::vector<std::string>& paths, bool& damaged) {
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const bool last = i + 1 == paths.size();
    auto bytes = disk_.read(paths[i], kMostSegment);
    if (!bytes) return tl::unexpected(bytes.error());
    const auto scan = scanSegment(*bytes);
    if (!scan.header && last && !scan.damaged && bytes->size() <= kSegmentHeader) {
      disk_.remove(paths[i]);  // the crash was while it was being made: it held nothing
      continue;
    }
    if (epoch_ == 0 && scan.header) {
      epoch_ = scan.epoch;
      if (acked_epoch_ != epoch_)
        acked_ = 0;  // numbers of another epoch: nothing of this one is acknowledged
      if (auto ok = writeEpoch(epoch_); !ok) return ok;
    }
    const bool follows = segments_.empty() || scan.first == segments_.back().last() + 1;
    if (!scan.header || scan.epoch != epoch_ || scan.damaged || !follows ||
        (!last && scan.end != bytes->size())) {
      damaged = true;
      return {};
    }
    Segment segment{paths[i], scan.first, {}};
    for (const auto& frame : scan.frames) segment.frames.emplace_back(frame.offset, frame.length);
    segments_.push_back(std::move(segment));
    size_ = scan.end;
    if (last) found_.torn_bytes = bytes->size() - scan.end;
  }
  newest_ = segments_.empty() ? acked_ : segments_.back().last();
  damaged = newest_ < acked_;
  if (!segments_.empty() && segments_.front().first > acked_ + 1) acked_ = segments_.front().first - 1;
  return {};
}

Done Spool::openNewest() {
  const auto& path = segments_.back().path;
  int error = 0;
  file_ = disk_.open(path, Disk::kWrite, error);
  if (!file_) return diskError(error, path);
  dirty_ = found_.torn_bytes != 0;
  // A full disk must not keep the hall from starting: what could not be cut now is cut before the next
  // append.
  if (dirty_) [[maybe_unused]]
    const auto ok = cut();
  dropAcknowledged();
  return {};
}

Done Spool::rebuild(const std::vector<std::string>& paths) {
  std::vector<v1::Record> records;
  for (const auto& path : paths) {
    const auto bytes = disk_.read(path, kMostSegment);
    if (!bytes) continue;  // unreadable as a whole: it is set aside like the others
    for (auto& record : salvageSegment(*bytes)) records.push_back(std::move(record));
  }
  const auto old_epoch = epoch_;
  const auto epoch = disk_.random();
  Segment segment{path(1), 1, {}};
  auto bytes = segmentHeader(epoch, 1);
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].set_number(i + 1);
    const auto payload = records[i].SerializeAsString();
    segment.frames.emplace_back(bytes.size() + kFrameHead, payload.size());
    putFrame(bytes, payload);
  }
  if (auto ok = disk_.replace(segment.path + kNew, bytes); !ok) return ok;
  if (auto ok = writeEpoch(epoch); !ok) return ok;
  epoch_ = epoch;
  if (auto ok = setAside(paths, old_epoch); !ok) return ok;
  if (const int failed = disk_.rename(segment.path + kNew, segment.path); failed != 0)
    return diskError(failed, segment.path);
  if (auto ok = syncDirectory(); !ok) return ok;
  found_ = {.torn_bytes = 0, .damaged = true, .aside = found_.aside, .salvaged = records.size()};
  acked_ = 0;
  newest_ = records.size();
  size_ = bytes.size();
  segments_.clear();
  segments_.push_back(std::move(segment));
  return openNewest();
}

Done Spool::beginAnew() {
  if (!file_) return openAgain();
  file_.reset();
  auto ok = rebuild(listed(".log"));
  return ok ? ok : openAgain();
}

// As a restart would: whatever of a rebuild is on the disk decides how it goes on.
Done Spool::openAgain() {
  file_.reset();
  segments_.clear();
  epoch_ = newest_ = acked_ = acked_epoch_ = size_ = 0;
  dirty_ = false;
  found_ = {};
  auto ok = recover();
  if (!ok) file_.reset(), segments_.clear();
  return ok;
}

Done Spool::setAside(const std::vector<std::string>& paths, std::uint64_t epoch) {
  if (paths.empty()) return {};
  const auto aside = fmt::format("{}/damaged-{:016x}", dir_, epoch);
  if (const int failed = disk_.makeDirectory(aside); failed != 0) return diskError(failed, aside);
  for (const auto& path : paths) {
    const auto to = aside + path.substr(path.rfind('/'));
    if (const int failed = disk_.rename(path, to); failed != 0) return diskError(failed, path);
  }
  found_.aside = aside;
  return syncDirectory();
}

}  // namespace diemcau::agent
