// See hls_shelf.hpp.
#include "tests/studio/hls_shelf.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "base/settings.hpp"

namespace diemcau::studio {

namespace {

constexpr Micros kTarget = kSecond;
constexpr std::string_view kPlaylist = "index.m3u8";

class HlsOutput final : public Output {
 public:
  HlsOutput(HlsShelf& shelf, std::string feed, std::filesystem::path dir)
      : shelf_(shelf), feed_(std::move(feed)), dir_(std::move(dir)), cutter_(kTarget) {}

  void send(std::string_view packets, Micros wall) override {
    auto segment = cutter_.add(packets, wall);
    if (!segment) return;
    const Segment copy = *segment;
    shelf_.put(feed_, std::move(*segment));
    if (!dir_.empty()) write(copy);
  }
  void gap() override { cutter_.interrupted(); }
  void interrupt() override { shelf_.cut(feed_, true); }
  bool restore() override {
    shelf_.cut(feed_, false);
    return true;
  }

 private:
  // A file that cannot be written is missed by its readers; the next one may work again.
  void write(const Segment& segment) {
    (void)writeFileAtomically((dir_ / segment.name()).string(), *segment.bytes);
    (void)writeFileAtomically((dir_ / kPlaylist).string(), shelf_.playlist(feed_));
    std::error_code ignored;
    if (const auto old = shelf_.dropped(feed_)) std::filesystem::remove(dir_ / *old, ignored);
  }

  HlsShelf& shelf_;
  std::string feed_;
  std::filesystem::path dir_;
  HlsCutter cutter_;
};

}  // namespace

HlsShelf::Answer HlsShelf::answer(std::string_view path) const {
  const auto slash = path.find('/', 1);
  if (slash == std::string_view::npos) return {404, "text/plain", "write /FEED/index.m3u8\n"};
  const auto feed = path.substr(1, slash - 1);
  const auto name = path.substr(slash + 1);
  const std::lock_guard lock(mutex_);
  const auto row = rows_.find(feed);
  if (row == rows_.end()) return {404, "text/plain", "no such feed\n"};
  if (row->second.cut || row->second.window.empty()) {
    return {503, "text/plain", "nothing is sent now\n"};
  }
  if (name == kPlaylist) return {200, "application/vnd.apple.mpegurl", row->second.window.playlist()};
  const auto bytes = row->second.window.find(name);
  if (!bytes) return {404, "text/plain", "no such segment, or no longer\n"};
  return {200, "video/mp2t", *bytes};
}

void HlsShelf::put(const std::string& feed, Segment segment) {
  const std::lock_guard lock(mutex_);
  rows_[feed].window.add(std::move(segment));
}

void HlsShelf::cut(const std::string& feed, bool cut) {
  const std::lock_guard lock(mutex_);
  rows_[feed].cut = cut;
}

std::string HlsShelf::playlist(const std::string& feed) const {
  const std::lock_guard lock(mutex_);
  const auto row = rows_.find(feed);
  return row == rows_.end() ? std::string{} : row->second.window.playlist();
}

std::optional<std::string> HlsShelf::dropped(const std::string& feed) const {
  const std::lock_guard lock(mutex_);
  const auto row = rows_.find(feed);
  return row == rows_.end() ? std::nullopt : row->second.window.dropped();
}

Result<std::unique_ptr<Output>> hlsOutput(HlsShelf& shelf, std::string feed, const std::string& dir) {
  std::filesystem::path path;
  if (!dir.empty()) {
    path = std::filesystem::path(dir) / feed;
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) {
      return fail(ErrorCode::kUnavailable,
                  fmt::format("cannot make the directory {}: {}", path.string(), error.message()));
    }
  }
  shelf.cut(feed, false);  // known from now on, also before its first segment
  return std::make_unique<HlsOutput>(shelf, std::move(feed), std::move(path));
}

}  // namespace diemcau::studio
