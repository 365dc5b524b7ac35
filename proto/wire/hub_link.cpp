// What the coordinator sends to a site next, in this order: welcome, pong, acknowledgement, assignment.
#include "wire/hub_link.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "wire/codec.hpp"

namespace diemcau::wire {
void HubLink::challenge(std::string nonce) {
  challenge_.emplace();
  challenge_->set_nonce(std::move(nonce));
  proof_due_ = true;
}

void HubLink::welcome(v1::Welcome welcome) {
  ack_ = welcome.resume_after();
  ack_waits_ = false;
  welcome_ = std::move(welcome);
  accepted_ = true;
  assignment_waits_ = true;
}

void HubLink::acknowledge(std::uint64_t number) {
  if (number <= ack_) return;
  ack_ = number;
  ack_waits_ = true;
}

void HubLink::assignmentChanged() {
  assignment_waits_ = true;
}

bool HubLink::small(HubFrame& frame, Micros wall) {
  // The assignment's frame takes the acknowledgement along.
  const bool ack = ack_waits_ && !assignment_waits_;
  if (!challenge_ && !welcome_ && !(welcomed_ && (pong_waits_ || ack))) return false;
  v1::Envelope envelope;
  if (challenge_) {
    *envelope.mutable_challenge() = std::move(*challenge_);
    challenge_.reset();
  } else if (welcome_) {
    *envelope.mutable_welcome() = std::move(*welcome_);
    welcome_.reset();
    welcomed_ = true;
  } else if (pong_waits_) {
    pong_waits_ = false;
    pong_.set_t3_us(wall);
    *envelope.mutable_pong() = pong_;
  }
  envelope.set_seq(++seq_out_);
  envelope.set_ack(ack_);
  ack_waits_ = false;
  frame.head = encode(envelope);
  frame.body.reset();
  return true;
}

void HubLink::write(HubFrame& frame, AssignmentBytes assignment) {
  const std::size_t shared = assignment.shared ? assignment.shared->size() : 0;
  frame.head = assignmentHead(++seq_out_, ack_, assignment.own.size() + shared) + assignment.own;
  frame.body = std::move(assignment.shared);
  ack_waits_ = false;
}

Result<void> HubLink::receive(std::string_view frame, v1::Envelope& envelope, Micros wall) {
  if (auto ok = decode(frame, envelope); !ok) return ok;
  if (envelope.seq() != seq_in_ + 1) {
    return fail(ErrorCode::kInvalid,
                fmt::format("frame {} came where {} was due", envelope.seq(), seq_in_ + 1));
  }
  ++seq_in_;
  if (envelope.ack() != 0) return fail(ErrorCode::kInvalid, "a site acknowledges nothing");
  switch (envelope.body_case()) {
    case v1::Envelope::kHello:
      if (hello_in_) return fail(ErrorCode::kInvalid, "a second hello on one connection");
      hello_in_ = true;
      return {};
    case v1::Envelope::kProof:
      if (!proof_due_) return fail(ErrorCode::kInvalid, "a proof came unasked");
      proof_due_ = false;
      return {};
    case v1::Envelope::kStatus:
    case v1::Envelope::kRecords:
    case v1::Envelope::BODY_NOT_SET:  // a body that this version does not know
      if (!accepted_)
        return fail(ErrorCode::kInvalid,
                    "the first frame must be a hello, and the welcome must have been sent");
      return {};
    case v1::Envelope::kPing:
      if (!accepted_)
        return fail(ErrorCode::kInvalid,
                    "the first frame must be a hello, and the welcome must have been sent");
      pong_.Clear();
      pong_.set_t1_us(envelope.ping().t1_us());
      pong_.set_t2_us(wall);
      pong_waits_ = true;
      return {};
    default:
      return fail(ErrorCode::kInvalid, "a body that only the coordinator sends came from a site");
  }
}

}  // namespace diemcau::wire
