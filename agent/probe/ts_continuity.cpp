#include "agent/probe/ts_continuity.hpp"

#include <algorithm>
#include <cstring>

namespace diemcau::probe {
namespace {
constexpr std::uint8_t kSync = 0x47;
constexpr std::size_t kNullPid = 8191;
}  // namespace

void TsContinuity::restart() {
  last_ = unseen();
  repeated_.fill(false);
  held_size_ = 0;
  in_rhythm_ = false;
}

void TsContinuity::add(const std::uint8_t* data, std::size_t size) {
  while (size > 0) {
    if (held_size_ == 0 && *data != kSync) {  // look for the next start
      if (in_rhythm_) ++damaged_;
      in_rhythm_ = false;
      const void* next = std::memchr(data, kSync, size);
      if (next == nullptr) return;
      size -= static_cast<std::size_t>(static_cast<const std::uint8_t*>(next) - data);
      data = static_cast<const std::uint8_t*>(next);
    }
    const std::size_t take = std::min(size, kPacket - held_size_);
    std::copy_n(data, take, held_.data() + held_size_);
    held_size_ += take;
    data += take;
    size -= take;
    if (held_size_ < kPacket) return;
    held_size_ = 0;
    in_rhythm_ = true;
    packet(held_.data());
  }
}

void TsContinuity::packet(const std::uint8_t* bytes) {
  ++packets_;
  if ((bytes[1] & 0x80) != 0) {  // transport error indicator: nothing else in it can be trusted
    ++damaged_;
    return;
  }
  const std::size_t pid = static_cast<std::size_t>((bytes[1] & 0x1F) << 8 | bytes[2]);
  const int adaptation = bytes[3] >> 4 & 3;
  const std::uint8_t counter = bytes[3] & 15;
  const bool payload = (adaptation & 1) != 0;
  if (pid == kNullPid) {
    ++padding_;
    return;
  }
  if (marked_ && ((bytes[1] & 0x40) != 0 || (adaptation & 2) != 0)) marked_(bytes);
  // An announced break (discontinuity_indicator) starts a new count.
  const bool announced = (adaptation & 2) != 0 && bytes[4] > 0 && (bytes[5] & 0x80) != 0;
  const std::uint8_t before = last_[pid];
  if (before == kUnseen || announced) {
    last_[pid] = counter;
    repeated_[pid] = false;
    return;
  }
  if (!payload) return;  // the counter stands still without payload
  if (counter == before && !repeated_[pid]) {
    repeated_[pid] = true;
    return;
  }
  const std::uint32_t missing = static_cast<std::uint32_t>(counter - before - 1) & 15;
  if (missing > 0) {
    lost_ += missing;
    ++gaps_;
  }
  last_[pid] = counter;
  repeated_[pid] = false;
}

}  // namespace diemcau::probe
