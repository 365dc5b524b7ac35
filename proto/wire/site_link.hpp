// The site's end of the link: what to send next, and what arrived. Pure: no socket, no clock; the caller
// gives bytes and time and asks for frames.
//
// One small state instead of a queue: hello, newest status, records not yet acknowledged (read from the spool
// by number when there is room), one ping. At most kInFlight record bytes go out before an acknowledgement.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "diemcau/v1/link.pb.h"
#include "wire/clock_offset.hpp"

namespace diemcau::wire {

struct SiteLinkEvents {
  std::optional<v1::Challenge> challenge;  // prove() is to be called, or the connection closed
  std::optional<v1::Welcome> welcome;
  std::optional<v1::Assignment> assignment;
  std::uint64_t acked = 0;  // highest acknowledged record number that is news; 0: none
  bool clock_changed = false;
};

class SiteLink {
 public:
  static constexpr std::size_t kInFlight = 256 * 1024;

  // `read(after, max_bytes)` returns encoded Records with numbers after+1.. in order.
  struct SpoolRecord {
    std::uint64_t number;
    std::string bytes;
  };
  using ReadSpool = std::function<std::vector<SpoolRecord>(std::uint64_t after, std::size_t max_bytes)>;

  SiteLink(ClockOffset& clock, ReadSpool read);

  // A new connection begins: forgets all of the last one, but not the newest status.
  void connected(v1::Hello hello, Micros steady);
  void disconnected();
  void prove(std::string signature);  // the answer to a challenge
  bool welcomed() const;

  void setStatus(const v1::Status& status);  // replaces one that was not sent yet
  void spooled(std::uint64_t newest);        // there are records up to this number

  // Highest record number of this epoch that the coordinator has acknowledged, as far as this end ever heard.
  std::uint64_t acked() const { return acked_; }

  // Next frame, or nothing to send now. Call again after it returned one, when the socket is free.
  bool next(std::string& frame, Micros steady);
  // When next() will have something to say by itself (ping), or 0.
  Micros nextDue() const;

  // An error means: close with 1008 or 1009.
  Result<SiteLinkEvents> receive(std::string_view frame, Micros steady);

  // The coordinator is silent (no frame for 3 heartbeats): close and connect again.
  bool silent(Micros steady) const;
  // An answer to the last ping is overdue: the connection may be dead, though it is too early to give it up.
  bool quiet(Micros steady) const;

 private:
  struct Flight {
    std::uint64_t last;  // record number
    std::size_t bytes;
  };
  bool recordsFrame(std::string& frame);
  Result<void> take(v1::Envelope& envelope, Micros steady, SiteLinkEvents& events);
  Result<void> welcomed(const v1::Welcome& welcome, Micros steady, SiteLinkEvents& events);
  Result<void> acknowledged(std::uint64_t number, SiteLinkEvents& events);

  ClockOffset& clock_;
  ReadSpool read_;
  v1::Hello hello_;
  bool connected_ = false, hello_sent_ = false, welcomed_ = false, status_known_ = false,
       status_waits_ = false;
  bool challenged_ = false;
  std::string proof_;  // not sent yet
  v1::Status status_;
  std::uint64_t seq_out_ = 0, seq_in_ = 0, spooled_ = 0, sent_ = 0, acked_ = 0;
  std::size_t in_flight_ = 0;
  std::deque<Flight> flights_;  // batches on their way, oldest first
  Micros heartbeat_ = 5 * kSecond, ping_due_ = 0, last_ping_ = 0, last_heard_ = 0;
  int pings_ = 0;
};

}  // namespace diemcau::wire
