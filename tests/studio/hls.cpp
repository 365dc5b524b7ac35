// See hls.hpp.
#include "tests/studio/hls.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/result.hpp"

namespace diemcau::studio {

namespace {

constexpr std::uint64_t kTicks = 90'000;  // a second
constexpr std::uint64_t kWrap = std::uint64_t{1} << 33;
constexpr std::size_t kKeptPast = 3;

// Of the first program in a PAT that fits one packet; ours always does.
std::uint16_t streamsPid(std::span<const std::uint8_t> body) {
  if (body.empty() || body.size() < std::size_t{body[0]} + 13) return kPidNull;
  const auto section = body.subspan(std::size_t{body[0]} + 1);
  return static_cast<std::uint16_t>((section[10] & 0x1F) << 8 | section[11]);
}

}  // namespace

std::string Segment::name() const {
  return fmt::format("{:06d}.ts", number);
}

std::optional<Segment> HlsCutter::add(std::string_view packets, Micros wall) {
  DIEMCAU_INVARIANT(packets.size() % kPacket == 0);
  std::optional<Segment> done;
  std::string copy;
  for (; !packets.empty(); packets.remove_prefix(kPacket)) {
    copy.assign(packets.substr(0, kPacket));
    const Packet packet(std::span(reinterpret_cast<std::uint8_t*>(copy.data()), copy.size()));
    if (packet.pid() == kPidTables) streams_pid_ = streamsPid(packet.payload());
    remember(copy, packet.pid());
    if (packet.randomAccess() && packet.stream() == Stream::kVideo && packet.presentation()) {
      if (auto segment = keyFrame(*packet.presentation(), wall)) done = std::move(segment);
    }
    if (begun_ && packet.pid() != kPidNull) open_ += copy;
  }
  return done;
}

void HlsCutter::remember(std::string_view packet, std::uint16_t pid) {
  if (pid == kPidTables) programs_ = packet;
  if (pid == streams_pid_ && pid != kPidNull) streams_ = packet;
}

std::optional<Segment> HlsCutter::keyFrame(std::uint64_t presentation, Micros wall) {
  std::optional<Segment> done;
  const std::uint64_t ticks = (presentation + kWrap - began_at_) % kWrap;
  const auto length = static_cast<Micros>(ticks * static_cast<std::uint64_t>(kSecond) / kTicks);
  // Half a frame of tolerance: key frames are a second apart, give or take a tick.
  if (begun_ && length + 10 * kMillisecond < target_) return done;
  if (begun_) {
    done = Segment{next_++, length, wall_, gap_, std::make_shared<const std::string>(std::move(open_))};
    gap_ = false;
  }
  open_ = programs_ + streams_;
  begun_ = true;
  began_at_ = presentation;
  wall_ = wall;
  return done;
}

void HlsCutter::interrupted() {
  gap_ = true;
  begun_ = false;
  open_.clear();
}

void HlsWindow::add(Segment segment) {
  segments_.push_back(std::move(segment));
  dropped_.reset();
  if (segments_.size() > listed_ + kKeptPast) {
    if (segments_.front().discontinuity) ++gaps_gone_;
    dropped_ = segments_.front().name();
    segments_.pop_front();
  }
}

std::string HlsWindow::playlist() const {
  const std::size_t first = segments_.size() > listed_ ? segments_.size() - listed_ : 0;
  Micros longest = kSecond;
  std::uint64_t gaps = gaps_gone_;
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    longest = std::max(longest, segments_[i].length);
    if (i < first && segments_[i].discontinuity) ++gaps;
  }
  std::string out = fmt::format(
      "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:{}\n#EXT-X-MEDIA-SEQUENCE:{}\n"
      "#EXT-X-DISCONTINUITY-SEQUENCE:{}\n#EXT-X-INDEPENDENT-SEGMENTS\n",
      (longest + kSecond / 2) / kSecond, segments_.empty() ? 0 : segments_[first].number, gaps);
  for (std::size_t i = first; i < segments_.size(); ++i) {
    const Segment& segment = segments_[i];
    if (segment.discontinuity) out += "#EXT-X-DISCONTINUITY\n";
    out += fmt::format("#EXT-X-PROGRAM-DATE-TIME:{}\n#EXTINF:{:.3f},\n{}\n", formatUtc(segment.wall),
                       static_cast<double>(segment.length) / static_cast<double>(kSecond), segment.name());
  }
  return out;
}

std::shared_ptr<const std::string> HlsWindow::find(std::string_view name) const {
  const auto found =
      std::find_if(segments_.begin(), segments_.end(), [name](const Segment& s) { return s.name() == name; });
  return found == segments_.end() ? nullptr : found->bytes;
}

}  // namespace diemcau::studio
