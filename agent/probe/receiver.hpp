// One connection to a feed: a pipeline from the source to whole frames, built element by element from a typed
// address. It lives until the feed ends or fails; the supervisor makes the next one.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "agent/probe/codec.hpp"
#include "agent/probe/gst_ptr.hpp"
#include "agent/probe/meter.hpp"
#include "base/feed_address.hpp"
#include "base/result.hpp"
#include "diemcau/v1/common.pb.h"

namespace diemcau::probe {

// One encoded (or, from the test source, raw) frame. `stream_s` is its running time.
struct Frame {
  GstBuffer* buffer = nullptr;
  GstCaps* caps = nullptr;
  double stream_s = 0;
  bool key = true;
  bool discontinuity = false;
};

// Called from the streaming threads: video from one, sound from one (perhaps the same), bytes from one.
class ReceiverEvents {
 public:
  virtual ~ReceiverEvents() = default;
  virtual void onReceived(std::size_t bytes) = 0;
  virtual void onDemuxed(std::size_t bytes) = 0;
  virtual void onPadding(std::size_t bytes) = 0;
  // Of a transport stream: see Meter.
  virtual void onClockLate(const TsClock::Late& late) = 0;
  virtual void onPictureTime(double stamp_s) = 0;
  virtual void onSkew(double ms) = 0;
  virtual void onVideo(const Codec& codec, const Frame& frame) = 0;
  virtual void onAudio(const Codec& codec, const Frame& frame) = 0;
};

class Receiver {
 public:
  struct Ended {
    bool at_end = false;  // of a file or a stream that closed in order
    v1::Text problem;
  };

  // Fails when the source cannot even be opened (a file that is not there or is of no known kind). May block
  // for as long as a look-up of a name takes.
  static tl::expected<std::unique_ptr<Receiver>, v1::Text> open(const FeedAddress& address,
                                                                const std::string& passphrase,
                                                                ReceiverEvents& events);
  virtual ~Receiver() = default;

  // Waits until it has ended, at most this long.
  virtual std::optional<Ended> wait(std::chrono::milliseconds most) = 0;
  virtual LinkStats link() = 0;
};

// Frames of this feed come faster than they play, and are paced. Of a transport stream in a file the packets
// are, so that all is as on the line it was recorded from.
bool paced(const FeedAddress& address);

}  // namespace diemcau::probe
