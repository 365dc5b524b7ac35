// See ts_stage.hpp.
#include "tests/studio/ts_stage.hpp"

#include <algorithm>
#include <cstring>

#include "base/result.hpp"

namespace diemcau::studio {

namespace {

constexpr std::uint32_t kCorruptOneIn = 8;
constexpr std::uint32_t kLoseOneIn = 25;
constexpr int kFlippedBytes = 16;
constexpr std::uint64_t kTicks = 90'000;
constexpr std::uint64_t kSkewTicks = kTicks * 3 / 10, kJumpTicks = kTicks * 30;
constexpr std::uint16_t kClocks = 0x8000;  // no packet id has this bit

std::array<std::uint8_t, kPacket> nullPacket() {
  std::array<std::uint8_t, kPacket> packet{};
  packet.fill(0xFF);
  packet[0] = 0x47;
  packet[1] = kPidNull >> 8;
  packet[2] = kPidNull & 0xFF;
  packet[3] = 0x10;
  return packet;
}

}  // namespace

TsStage::TsStage(std::uint32_t kbps, std::uint64_t seed) : kbps_(kbps), random_(seed) {}

void TsStage::process(std::string_view packets, Micros media, const FaultSet& wanted, std::string& out) {
  DIEMCAU_INVARIANT(packets.size() % kPacket == 0);
  const bool video_gone = has(effective_, Fault::kNoVideo);
  effective_ = wanted;
  if (video_gone) effective_.set(static_cast<std::size_t>(Fault::kNoVideo));
  standOrRun(media);
  const auto returns = !has(wanted, Fault::kNoVideo);

  // An encoder that hangs does not count on: what comes after a stall or a cut joins what went before.
  const bool held = has(wanted, Fault::kStall) || has(wanted, Fault::kCut);
  const std::size_t before = out.size();
  std::array<std::uint8_t, kPacket> copy;
  for (std::size_t at = 0; at < packets.size(); at += kPacket) {
    std::memcpy(copy.data(), packets.data() + at, kPacket);
    learn(Packet(copy));
    // Back at a key frame only: anything earlier would be garbage on every screen.
    if (returns && Packet(copy).randomAccess() && streams_[Packet(copy).pid()] == Stream::kVideo) {
      effective_.reset(static_cast<std::size_t>(Fault::kNoVideo));
    }
    if (!held) one(copy, out);
  }
  if (held) return;
  fill(media, out.size() - before, out);
}

void TsStage::learn(const Packet& packet) {
  if (const Stream stream = packet.stream(); stream != Stream::kOther) streams_[packet.pid()] = stream;
}

void TsStage::one(std::span<std::uint8_t> bytes, std::string& out) {
  Packet packet(bytes);
  const auto found = streams_.find(packet.pid());
  const Stream stream = found == streams_.end() ? Stream::kOther : found->second;
  if (stream == Stream::kAudio && has(effective_, Fault::kNoAudio)) return;
  if (stream == Stream::kVideo && has(effective_, Fault::kNoVideo)) {
    if (!packet.hasClock()) return;
    packet.keepClockOnly();
  }
  if (stream == Stream::kVideo && has(effective_, Fault::kCorruption) && oneIn(kCorruptOneIn))
    corrupt(packet);

  retime(packet, stream);

  auto [counter, fresh] = counters_.try_emplace(packet.pid(), std::uint8_t{0x0F});
  if (packet.hasPayload()) counter->second = (counter->second + 1) & 0x0F;
  if (stream != Stream::kOther && has(effective_, Fault::kLoss) && oneIn(kLoseOneIn)) return;
  packet.setCounter(counter->second);
  out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

void TsStage::standOrRun(Micros media) {
  if (has(effective_, Fault::kStand)) {
    if (stands_since_ < 0) stands_since_ = media;
  } else if (stands_since_ >= 0) {
    behind_ += static_cast<std::uint64_t>(media - stands_since_) * kTicks / kSecond;
    stands_since_ = -1;
    stood_.clear();
  }
}

void TsStage::retime(Packet& packet, Stream stream) {
  const std::uint64_t ahead = (has(effective_, Fault::kJump) ? kJumpTicks : 0) + kTimeRound - behind_;
  const std::uint64_t later =
      ahead + (stream == Stream::kAudio && has(effective_, Fault::kSkew) ? kSkewTicks : 0);
  const auto change = [this](std::uint16_t id, std::uint64_t by) {
    return [this, id, by](std::uint64_t time) {
      return stands_since_ >= 0 ? stood_.try_emplace(id, time + by).first->second : time + by;
    };
  };
  packet.changeClock(change(packet.pid() | kClocks, ahead));
  packet.changeTimes(change(packet.pid(), later));
}

// The head of a frame stays whole, so that frames are still counted and timed: what breaks is the picture.
void TsStage::corrupt(const Packet& packet) {
  const auto body = packet.payload();
  if (packet.unitStart() || body.empty()) return;
  for (int i = 0; i < kFlippedBytes; ++i)
    body[random_() % body.size()] ^= static_cast<std::uint8_t>(1 + random_() % 255);
}

void TsStage::fill(Micros media, std::size_t sent, std::string& out) {
  if (kbps_ == 0) return;
  const double second = kbps_ * 125.0;  // bytes
  if (filled_until_ >= 0 && media > filled_until_) {
    owed_ += second * static_cast<double>(media - filled_until_) / static_cast<double>(kSecond);
  }
  filled_until_ = std::max(filled_until_, media);
  // A second of credit for large key frames; after a gap nothing is made up for.
  owed_ = std::clamp(owed_ - static_cast<double>(sent), -second, second / 4);
  if (has(effective_, Fault::kLowBitrate)) {
    owed_ = std::min(owed_, 0.0);
    return;
  }
  static const auto kNull = nullPacket();
  for (; owed_ >= static_cast<double>(kPacket); owed_ -= static_cast<double>(kPacket)) {
    out.append(reinterpret_cast<const char*>(kNull.data()), kNull.size());
  }
}

}  // namespace diemcau::studio
