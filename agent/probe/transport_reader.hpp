// What a receiver reads out of a transport stream's packets beside frames: losses, padding, times. Packets
// come on the source's thread. Where frames are paced (HLS) they are read long before they play: what was
// found about a picture then waits for it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>

#include "agent/probe/receiver.hpp"
#include "agent/probe/ts_clock.hpp"
#include "agent/probe/ts_continuity.hpp"

namespace diemcau::probe {

class TransportReader {
 public:
  // A file's packets come when they came once, by our own clock: that is no measure of a line. A playlist may
  // join recordings whose times have nothing to do with each other: HLS.
  enum class Source { kLive, kFile, kPlaylist };
  TransportReader(Source source, ReceiverEvents& events);
  TransportReader(const TransportReader&) = delete;
  TransportReader& operator=(const TransportReader&) = delete;

  void add(const std::uint8_t* data, std::size_t size);
  // For a playlist: a picture left the demultiplexer (source's thread), and is played (any thread).
  void demuxed(GstClockTime pts);
  void played(GstClockTime pts);
  // Of what was played; where no picture is left of it all, of what was read.
  std::uint32_t lost() const {
    return (source_ == Source::kPlaylist && pictures_ ? lost_ : read_lost_).load(std::memory_order_relaxed);
  }

 private:
  struct Found {
    GstClockTime pts = GST_CLOCK_TIME_NONE;
    std::optional<double> stamp_s;
    double skew_ms = 0;
    std::uint32_t lost = 0;
  };
  void tell(const Found& found);
  void tellLate();

  const Source source_;
  ReceiverEvents& events_;
  TsContinuity continuity_;
  TsClock clock_;
  double arrival_s_ = 0;
  std::uint64_t padding_ = 0;
  double worked_s_ = 0;          // processor time of the source's thread at the last clock reference
  double distrusted_until_ = 0;  // we were busy ourselves until about then
  std::atomic<std::uint32_t> lost_{0}, read_lost_{0};
  std::atomic<bool> pictures_{false};
  std::mutex mutex_;
  std::deque<Found> waiting_;  // guarded by mutex_
};

}  // namespace diemcau::probe
