// HLS (RFC 8216): transport packets cut into segments at key frames, and the playlist of the newest ones.
// Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "tests/studio/transport.hpp"

namespace diemcau::studio {

struct Segment {
  std::uint64_t number = 0;
  Micros length = 0;           // of media
  Micros wall = 0;             // when its first packet was sent
  bool discontinuity = false;  // something is missing before it
  std::shared_ptr<const std::string> bytes;

  std::string name() const;  // "000012.ts"
};

class HlsCutter {
 public:
  explicit HlsCutter(Micros target) : target_(target) {}

  // Whole packets, in order. Returns a segment when one is complete.
  std::optional<Segment> add(std::string_view packets, Micros wall);
  // Packets were not sent: what is begun is thrown away, the next segment is marked.
  void interrupted();

 private:
  std::optional<Segment> keyFrame(std::uint64_t presentation, Micros wall);
  void remember(std::string_view packet, std::uint16_t pid);

  Micros target_;
  std::string programs_, streams_;  // newest PAT and PMT: each segment begins with them
  std::uint16_t streams_pid_ = kPidNull;
  std::string open_;
  bool begun_ = false;
  bool gap_ = false;
  std::uint64_t began_at_ = 0;  // ticks of 90 kHz
  Micros wall_ = 0;
  std::uint64_t next_ = 0;
};

// The newest segments and their playlist.
class HlsWindow {
 public:
  explicit HlsWindow(std::size_t listed) : listed_(listed) {}

  void add(Segment segment);
  std::string playlist() const;
  // Null when it is not here, or no longer. A few are kept past the playlist for slow readers.
  std::shared_ptr<const std::string> find(std::string_view name) const;
  // What the last add() pushed out.
  std::optional<std::string> dropped() const { return dropped_; }
  bool empty() const { return segments_.empty(); }

 private:
  std::size_t listed_;
  std::deque<Segment> segments_;
  std::uint64_t gaps_gone_ = 0;
  std::optional<std::string> dropped_;
};

}  // namespace diemcau::studio
