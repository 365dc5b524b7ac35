// Where a feed's packets go: SRT listener, UDP, RTP, RTSP, file, HLS. All are called on the feed's pipeline
// thread, one at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/feed_address.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace diemcau::studio {

class Output {
 public:
  virtual ~Output() = default;
  // Whole transport packets.
  virtual void send(std::string_view packets, Micros wall) = 0;
  // Packets were held back between the last send() and the next.
  virtual void gap() {}
  // A cut: connections are closed and refused until restore(). What sends nothing now needs to do nothing
  // more.
  virtual void interrupt() {}
  // False: not possible now (the port is taken); asked again with the next packets.
  virtual bool restore() { return true; }
};

struct SrtListener {
  std::string host;
  std::uint16_t port = 0;
  std::uint32_t latency_ms = 120;
  std::string passphrase;  // empty: no encryption
};

// `callers` is told how many there are whenever that changes, on a thread of GStreamer.
Result<std::unique_ptr<Output>> srtOutput(SrtListener listener, std::function<void(int)> callers);

// Datagrams of seven packets, behind a head of RTP (RFC 2250) for an address that says so. A multicast group
// is reached over the loopback interface and goes no further.
Result<std::unique_ptr<Output>> datagramOutput(const FeedAddress& to);

// An RTSP server at this address.
Result<std::unique_ptr<Output>> rtspOutput(const FeedAddress& address);

Result<std::unique_ptr<Output>> fileOutput(const std::string& path);

}  // namespace diemcau::studio
