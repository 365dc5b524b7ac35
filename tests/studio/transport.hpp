// What the studio needs to know of MPEG transport packets (ISO/IEC 13818-1, 2.4.3). Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

namespace diemcau::studio {

constexpr std::size_t kPacket = 188;
constexpr std::size_t kDatagram = 7 * kPacket;  // what SRT and UDP carry at once
constexpr std::uint16_t kPidTables = 0x0000;
constexpr std::uint16_t kPidNull = 0x1FFF;
constexpr std::uint64_t kTimeRound = std::uint64_t{1} << 33;

enum class Stream { kOther, kVideo, kAudio };

// One packet, not owned.
class Packet {
 public:
  explicit Packet(std::span<std::uint8_t> bytes) : bytes_(bytes) {}

  std::uint16_t pid() const { return static_cast<std::uint16_t>((bytes_[1] & 0x1F) << 8 | bytes_[2]); }
  bool unitStart() const { return (bytes_[1] & 0x40) != 0; }
  bool hasPayload() const { return (bytes_[3] & 0x10) != 0; }
  bool hasAdaptation() const { return (bytes_[3] & 0x20) != 0; }
  // A decoder can start here: the multiplexer marks key frames so.
  bool randomAccess() const { return adaptationFlag(0x40); }
  bool hasClock() const { return adaptationFlag(0x10); }
  void setCounter(std::uint8_t counter) {
    bytes_[3] = static_cast<std::uint8_t>((bytes_[3] & 0xF0) | (counter & 0x0F));
  }

  std::span<std::uint8_t> payload() const;
  // Of a packet that starts a PES packet: what it carries, and its presentation time in ticks of 90 kHz.
  Stream stream() const;
  std::optional<std::uint64_t> presentation() const;

  // Ticks of 90 kHz: the clock reference, and the times of a packet that starts a PES packet, changed by the
  // given function. Nothing where there are none.
  void changeClock(const std::function<std::uint64_t(std::uint64_t)>& change);
  void changeTimes(const std::function<std::uint64_t(std::uint64_t)>& change);

  // Only the clock reference stays; the rest is stuffing.
  void keepClockOnly();

 private:
  bool adaptationFlag(std::uint8_t flag) const {
    return hasAdaptation() && bytes_[4] > 0 && (bytes_[5] & flag) != 0;
  }

  std::span<std::uint8_t> bytes_;
};

}  // namespace diemcau::studio
