// Counts transport packets that are missing, by the continuity counters of MPEG-TS (ISO/IEC
// 13818-1, 2.4.3.3).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

namespace diemcau::probe {

class TsContinuity {
 public:
  // Bytes as they arrive; packets may be split over calls. Finds the rhythm of 0x47 again when it is lost.
  void add(const std::uint8_t* data, std::size_t size);
  // Gets each whole packet that begins a unit or has an adaptation field: where the times of a stream are.
  void onMarked(std::function<void(const std::uint8_t* packet)> marked) { marked_ = std::move(marked); }
  // Forgets the counters, not the sums: a new connection starts anywhere.
  void restart();

  std::uint32_t lost() const { return lost_; }        // packets missing
  std::uint32_t gaps() const { return gaps_; }        // times that some were
  std::uint32_t damaged() const { return damaged_; }  // marked by a receiver as damaged, or out of rhythm
  std::uint64_t packets() const { return packets_; }
  std::uint64_t padding() const { return padding_; }  // empty packets

 private:
  static constexpr std::size_t kPacket = 188;
  static constexpr std::uint8_t kUnseen = 0xFF;
  void packet(const std::uint8_t* bytes);

  std::array<std::uint8_t, 8192> last_ = unseen();  // by packet id
  std::array<bool, 8192> repeated_{};               // one repeat of a packet is allowed
  std::array<std::uint8_t, kPacket> held_{};        // begun packet
  std::size_t held_size_ = 0;
  bool in_rhythm_ = false;
  std::uint32_t lost_ = 0, gaps_ = 0, damaged_ = 0;
  std::uint64_t packets_ = 0, padding_ = 0;
  std::function<void(const std::uint8_t*)> marked_;

  static std::array<std::uint8_t, 8192> unseen() {
    std::array<std::uint8_t, 8192> out{};
    out.fill(kUnseen);
    return out;
  }
};

}  // namespace diemcau::probe
