// The coordinator's end of one site's link. Pure. One small state: welcome, pong, newest acknowledgement, and
// whether the newest assignment has gone out; the assignment's bytes belong to the core and are shared by all
// sites.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "diemcau/v1/link.pb.h"

namespace diemcau::wire {

// An encoded Assignment: `own` is this site's (OwnPart, SiteRoster, revision), `shared` is the same for many
// (plans).
struct AssignmentBytes {
  std::string own;
  std::shared_ptr<const std::string> shared;  // may be null
};

struct HubFrame {
  std::string head;
  std::shared_ptr<const std::string> body;  // may be null
};

class HubLink {
 public:
  // After hello, before the welcome: what the site has to sign. Only then a proof may come.
  void challenge(std::string nonce);
  void welcome(v1::Welcome welcome);       // after hello was accepted; the assignment follows by itself
  void acknowledge(std::uint64_t number);  // records up to here are committed
  void assignmentChanged();                // a newer one is to be sent

  // `assignment` is called only when it is time to send it.
  template <class GetAssignment>
  bool next(HubFrame& frame, Micros wall, GetAssignment assignment) {
    if (small(frame, wall)) return true;
    if (!assignment_waits_ || !welcomed_) return false;
    assignment_waits_ = false;
    write(frame, assignment());
    return true;
  }

  // Checks sequence and limits, handles ping. The body is left in `envelope` for the owner. `wall` is the
  // coordinator's clock at arrival. An error means: close with 1008.
  Result<void> receive(std::string_view frame, v1::Envelope& envelope, Micros wall);

 private:
  bool small(HubFrame& frame, Micros wall);
  void write(HubFrame& frame, AssignmentBytes assignment);
  std::optional<v1::Welcome> welcome_;
  std::optional<v1::Challenge> challenge_;
  bool proof_due_ = false;
  bool hello_in_ = false, accepted_ = false, welcomed_ = false, assignment_waits_ = false,
       pong_waits_ = false, ack_waits_ = false;
  v1::Pong pong_;
  std::uint64_t seq_out_ = 0, seq_in_ = 0, ack_ = 0;
};

}  // namespace diemcau::wire
