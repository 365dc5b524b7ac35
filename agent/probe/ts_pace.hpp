// At what pace the packets of a recorded transport stream came when it was sent, by the times that it
// carries: a file that is read at this pace is like the line that it was recorded from, with its pauses and
// its losses, whatever a demultiplexer makes of them. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "agent/probe/ts_clock.hpp"
#include "agent/probe/ts_continuity.hpp"

namespace diemcau::probe {

class TsPace {
 public:
  TsPace();
  TsPace(const TsPace&) = delete;
  TsPace& operator=(const TsPace&) = delete;

  // Bytes in order. When the last of them came, in seconds from the first; never goes back.
  double add(const std::uint8_t* data, std::size_t size);

 private:
  struct Unit {
    double last = 0, since = 0;  // of its own times: the last, and how far they went since the last reference
    double played = 0;           // when that was
  };
  void marked(const std::uint8_t* packet);
  void reference(double step);
  double usual(double step);
  void leap(double ahead, bool of_unit);
  void advance(double ahead, bool of_unit);
  void unit(const TsUnit& unit);

  TsContinuity continuity_;
  struct Leap {
    double s = 0;            // not yet waited for
    std::uint32_t lost = 0;  // before it
    std::uint64_t packets = 0;
    bool of_unit = false;
  };
  std::optional<Leap> leap_;       // a hole, if packets turn out to be missing
  std::uint32_t lost_before_ = 0;  // at the reference before
  std::optional<unsigned> clock_pid_;
  TsTime clock_;
  double clock_s_ = 0;
  std::map<unsigned, std::pair<TsTime, Unit>> units_;
  double advanced_ = 0;                 // beyond the last reference
  double usual_s_ = 0.04, owed_s_ = 0;  // between references; what one that stood has still to make up for
  double play_s_ = 0;
};

}  // namespace diemcau::probe
