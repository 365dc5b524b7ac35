// See transport.hpp.
#include "tests/studio/transport.hpp"

#include <algorithm>

namespace diemcau::studio {

namespace {
constexpr std::size_t kHeader = 4;
constexpr std::size_t kClockBytes = 6;
constexpr std::uint8_t kClockFlag = 0x10;
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
  return std::uint64_t{body[9] & 0x0Eu} << 29 | std::uint64_t{body[10]} << 22 |
         std::uint64_t{body[11] & 0xFEu} << 14 | std::uint64_t{body[12]} << 7 | std::uint64_t{body[13]} >> 1;
}

void Packet::keepClockOnly() {
  bytes_[1] &= 0xBF;                                                 // no unit starts here
  bytes_[3] = static_cast<std::uint8_t>((bytes_[3] & 0x0F) | 0x20);  // adaptation only
  bytes_[4] = static_cast<std::uint8_t>(kPacket - kHeader - 1);
  bytes_[5] = kClockFlag;
  std::fill(bytes_.begin() + kHeader + 2 + kClockBytes, bytes_.end(), std::uint8_t{0xFF});
}

}  // namespace diemcau::studio
