// What a site sends next, in this order: hello; then, once welcomed, ping, newest status, records.
#include "wire/site_link.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "wire/codec.hpp"

namespace diemcau::wire {
namespace {

constexpr int kFirstPings = 5;  // close together, so that the clock is known well soon after the connect
constexpr int kFirstPingsFaster = 10;  // times the usual rate
constexpr int kSilentHeartbeats = 3;
constexpr Micros kAnswerWithin = 2 * kSecond;
constexpr std::size_t kEnvelopeRoom = 64;  // seq, tags and lengths around the records of a frame
constexpr std::size_t kRecordRoom = 5;     // tag and length of one

}  // namespace

SiteLink::SiteLink(ClockOffset& clock, ReadSpool read) : clock_(clock), read_(std::move(read)) {}

void SiteLink::connected(v1::Hello hello, Micros steady) {
  disconnected();
  connected_ = true;
  if (hello.epoch() != hello_.epoch()) spooled_ = acked_ = 0;  // other numbers
  spooled_ = std::max(spooled_, hello.spooled());
  acked_ = std::max(acked_, hello.acked());
  hello_ = std::move(hello);
  last_heard_ = steady;
}

void SiteLink::disconnected() {
  connected_ = hello_sent_ = welcomed_ = challenged_ = false;
  proof_.clear();
  seq_out_ = seq_in_ = sent_ = 0;
  in_flight_ = 0;
  flights_.clear();
  pings_ = 0;
  ping_due_ = last_ping_ = 0;
  status_waits_ = status_known_;
}

void SiteLink::prove(std::string signature) {
  proof_ = std::move(signature);
}

bool SiteLink::welcomed() const {
  return welcomed_;
}

void SiteLink::setStatus(const v1::Status& status) {
  status_ = status;
  status_known_ = status_waits_ = true;
}

void SiteLink::spooled(std::uint64_t newest) {
  spooled_ = std::max(spooled_, newest);
}

bool SiteLink::next(std::string& frame, Micros steady) {
  if (!connected_ || (hello_sent_ && !welcomed_ && proof_.empty())) return false;
  v1::Envelope envelope;
  if (!hello_sent_) {
    hello_sent_ = true;
    *envelope.mutable_hello() = hello_;
  } else if (!proof_.empty()) {
    envelope.mutable_proof()->set_signature(std::exchange(proof_, {}));
  } else if (steady >= ping_due_) {
    ++pings_;
    last_ping_ = steady;
    ping_due_ = steady + (pings_ < kFirstPings ? heartbeat_ / kFirstPingsFaster : heartbeat_);
    envelope.mutable_ping()->set_t1_us(steady);
  } else if (status_waits_) {
    status_waits_ = false;
    envelope.set_allocated_status(&status_);  // lent for the encoding
    envelope.set_seq(++seq_out_);
    frame = encode(envelope);
    static_cast<void>(envelope.release_status());
    return true;
  } else {
    return recordsFrame(frame);
  }
  envelope.set_seq(++seq_out_);
  frame = encode(envelope);
  return true;
}

bool SiteLink::recordsFrame(std::string& frame) {
  if (sent_ >= spooled_ || in_flight_ >= kInFlight) return false;
  const std::size_t room = std::min(kMaxFrame - kEnvelopeRoom, kInFlight - in_flight_);
  std::size_t bytes = 0;
  std::uint64_t last = sent_;
  std::string joined;
  for (const SpoolRecord& record : read_(sent_, room)) {
    const std::size_t size = record.bytes.size() + kRecordRoom;
    if (record.number <= last || bytes + size > room) break;
    // The spool's bytes need not be parsed to be sent.
    appendField(joined, v1::RecordBatch::kRecordsFieldNumber, record.bytes);
    bytes += size;
    last = record.number;
  }
  if (joined.empty()) return false;
  frame = bodyHead(++seq_out_, 0, v1::Envelope::kRecordsFieldNumber, joined.size()) + joined;
  flights_.push_back({last, bytes});
  in_flight_ += bytes;
  sent_ = last;
  return true;
}

Micros SiteLink::nextDue() const {
  return welcomed_ ? ping_due_ : 0;
}

Result<SiteLinkEvents> SiteLink::receive(std::string_view frame, Micros steady) {
  if (!connected_) return fail(ErrorCode::kInvalid, "a frame without a connection");
  v1::Envelope envelope;
  if (auto ok = decode(frame, envelope); !ok) return tl::unexpected(ok.error());
  if (envelope.seq() != seq_in_ + 1) {
    return fail(ErrorCode::kInvalid,
                fmt::format("frame {} came where {} was due", envelope.seq(), seq_in_ + 1));
  }
  ++seq_in_;
  last_heard_ = steady;
  SiteLinkEvents events;
  if (auto ok = take(envelope, steady, events); !ok) return tl::unexpected(ok.error());
  if (envelope.ack() != 0) {
    if (auto ok = acknowledged(envelope.ack(), events); !ok) return tl::unexpected(ok.error());
  }
  return events;
}

Result<void> SiteLink::take(v1::Envelope& envelope, Micros steady, SiteLinkEvents& events) {
  switch (envelope.body_case()) {
    case v1::Envelope::kWelcome:
      if (auto ok = welcomed(envelope.welcome(), steady, events); !ok) return ok;
      events.welcome = std::move(*envelope.mutable_welcome());
      return {};
    case v1::Envelope::kChallenge:
      if (!hello_sent_ || welcomed_ || challenged_)
        return fail(ErrorCode::kInvalid, "a challenge came unasked");
      challenged_ = true;
      events.challenge = std::move(*envelope.mutable_challenge());
      return {};
    case v1::Envelope::kAssignment:
      if (!welcomed_) return fail(ErrorCode::kInvalid, "an assignment came before the welcome");
      events.assignment = std::move(*envelope.mutable_assignment());
      return {};
    case v1::Envelope::kPong: {
      const v1::Pong& pong = envelope.pong();
      // Only the newest ping counts: its t1 is ours and cannot be made up by an answer to an older one.
      if (last_ping_ != 0 && pong.t1_us() == last_ping_) {
        clock_.add(pong.t1_us(), pong.t2_us(), pong.t3_us(), steady);
        events.clock_changed = true;
        last_ping_ = 0;
      }
      return {};
    }
    case v1::Envelope::BODY_NOT_SET:  // an acknowledgement alone, or a body that this version does not know
      return {};
    default:
      return fail(ErrorCode::kInvalid, "a body that only a site sends came from the coordinator");
  }
}

Result<void> SiteLink::welcomed(const v1::Welcome& welcome, Micros steady, SiteLinkEvents& events) {
  if (!hello_sent_ || welcomed_) return fail(ErrorCode::kInvalid, "a welcome came unasked");
  welcomed_ = true;
  heartbeat_ = std::clamp<Micros>(welcome.heartbeat_ms(), 1000, 60'000) * kMillisecond;
  ping_due_ = steady;
  sent_ = welcome.resume_after();
  if (welcome.resume_after() > acked_) events.acked = acked_ = welcome.resume_after();
  return {};
}

Result<void> SiteLink::acknowledged(std::uint64_t number, SiteLinkEvents& events) {
  if (number > sent_)
    return fail(ErrorCode::kInvalid,
                fmt::format("record {} is acknowledged, but only {} went out", number, sent_));
  while (!flights_.empty() && flights_.front().last <= number) {
    in_flight_ -= flights_.front().bytes;
    flights_.pop_front();
  }
  if (number > acked_) events.acked = acked_ = number;
  return {};
}

bool SiteLink::silent(Micros steady) const {
  return connected_ && steady - last_heard_ > kSilentHeartbeats * heartbeat_;
}

bool SiteLink::quiet(Micros steady) const {
  return connected_ && steady - last_heard_ > heartbeat_ + kAnswerWithin;
}

}  // namespace diemcau::wire
