// See transport.hpp.
#include "tests/studio/transport.hpp"

#include <algorithm>

namespace diemcau::studio {

namespace {
constexpr std::size_t kHeader = 4;
constexpr std::size_t kClockBytes = 6;
constexpr std::uint8_t kClockFlag = 0x10;
constexpr std::size_t kTimesAt = 9;  // in a PES head
constexpr std::size_t kTimeBytes = 5;

std::uint64_t timeAt(std::span<const std::uint8_t> at) {
  return std::uint64_t{at[0] & 0x0Eu} << 29 | std::uint64_t{at[1]} << 22 |
         std::uint64_t{at[2] & 0xFEu} << 14 | std::uint64_t{at[3]} << 7 | std::uint64_t{at[4]} >> 1;
}

void putTime(std::span<std::uint8_t> at, std::uint64_t time) {
  at[0] = static_cast<std::uint8_t>((at[0] & 0xF1) | (time >> 29 & 0x0E));
  at[1] = static_cast<std::uint8_t>(time >> 22);
  at[2] = static_cast<std::uint8_t>((at[2] & 0x01) | (time >> 14 & 0xFE));
  at[3] = static_cast<std::uint8_t>(time >> 7);
  at[4] = static_cast<std::uint8_t>((at[4] & 0x01) | (time << 1 & 0xFE));
}

}  // namespace

std::span<std::uint8_t> Packet::payload() const {
  if (!hasPayload()) return {};
  const std::size_t skip = kHeader + (hasAdaptation() ? std::size_t{bytes_[4]} + 1 : 0);
  return skip < kPacket ? bytes_.subspan(skip) : std::span<std::uint8_t>{};
}

Stream Packet::stream() const {
  const auto body = payload();
  if (!unitStart() || body.size() < 4 || body[0] != 0 || body[1] != 0 || body[2] != 1) return Stream::kOther;
  if ((body[3] & 0xF0) == 0xE0) return Stream::kVideo;
  if ((body[3] & 0xE0) == 0xC0) return Stream::kAudio;
  return Stream::kOther;
}

std::optional<std::uint64_t> Packet::presentation() const {
  const auto body = payload();
  if (stream() == Stream::kOther || body.size() < 14 || (body[7] & 0x80) == 0) return std::nullopt;
  return timeAt(body.subspan(kTimesAt));
}

void Packet::changeClock(const std::function<std::uint64_t(std::uint64_t)>& change) {
  if (!hasClock()) return;
  std::uint8_t* at = bytes_.data() + kHeader + 2;
  std::uint64_t base = 0;
  for (int i = 0; i < 4; ++i) base = base << 8 | at[i];
  base = change(base << 1 | at[4] >> 7) % kTimeRound;
  for (int i = 0; i < 4; ++i) at[i] = static_cast<std::uint8_t>(base >> (25 - 8 * i));
  at[4] = static_cast<std::uint8_t>((base & 1) << 7 | (at[4] & 0x7F));
}

void Packet::changeTimes(const std::function<std::uint64_t(std::uint64_t)>& change) {
  if (!presentation()) return;
  const auto body = payload();
  const std::size_t times = (body[7] & 0x40) != 0 && body.size() >= kTimesAt + 2 * kTimeBytes ? 2 : 1;
  for (std::size_t i = 0; i < times; ++i) {
    const auto at = body.subspan(kTimesAt + i * kTimeBytes, kTimeBytes);
    putTime(at, change(timeAt(at)) % kTimeRound);
  }
}

void Packet::keepClockOnly() {
  bytes_[1] &= 0xBF;                                                 // no unit starts here
  bytes_[3] = static_cast<std::uint8_t>((bytes_[3] & 0x0F) | 0x20);  // adaptation only
  bytes_[4] = static_cast<std::uint8_t>(kPacket - kHeader - 1);
  bytes_[5] = kClockFlag;
  std::fill(bytes_.begin() + kHeader + 2 + kClockBytes, bytes_.end(), std::uint8_t{0xFF});
}

}  // namespace diemcau::studio
