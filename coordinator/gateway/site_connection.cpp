// One WebSocket of a site.
#include "coordinator/gateway/site_connection.hpp"

#include <utility>

#include "base/log.hpp"
#include "wire/readiness_part.hpp"

namespace diemcau::gateway {
namespace {

constexpr std::size_t kMaxReason = 120;

// Cut between characters: a close frame's reason must be whole UTF-8.
std::string_view shortReason(std::string_view reason) {
  if (reason.size() <= kMaxReason) return reason;
  std::size_t end = kMaxReason;
  while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xC0U) == 0x80U) --end;
  return reason.substr(0, end);
}

}  // namespace

SiteConnection::~SiteConnection() {
  leave();
}

void SiteConnection::onOpen(net::Peer& peer) {
  peer_ = &peer;
  id_ = peer.id();
  hub_.opened(*this, id_);
}

void SiteConnection::onMessage(std::string_view bytes) {
  if (closing_) return;
  heard_ = hub_.clock.steady();
  ++hub_.counters.frames;
  if (greeted_ && hub_.keeps()) return hub_.keep(id_, bytes);
  read(bytes, hub_.now());
}

void SiteConnection::read(std::string_view bytes, Micros at) {
  if (closing_) return;
  v1::Envelope& envelope = hub_.freshEnvelope();
  const auto readiness = wire::findReadiness(bytes);
  const bool told = readiness.number != 0 && greeted_ && readiness.number == hub_.core.readinessTold(site_);
  const auto ok = told ? link_.receive(wire::withoutReadiness(bytes, readiness), envelope, at)
                       : link_.receive(bytes, envelope, at);
  if (!ok) return violation(ok.error().text);
  if (greeted_) {
    // A status says so itself.
    if (!envelope.has_status()) hub_.core.siteHeard(site_, at);
    dispatch(envelope, readiness.number, at);
  } else if (envelope.has_hello()) {
    hub_.hello(*this, envelope.hello());
  } else if (envelope.has_proof() && asked_) {
    const std::unique_ptr<Asked> asked = std::move(asked_);
    proved_ = true;
    hub_.proof(*this, asked->hello, asked->nonce, envelope.proof().signature());
  } else {
    ++hub_.counters.refused_malformed;
    violation("the first frame must be a hello");
  }
}

void SiteConnection::challenge(const v1::Hello& hello, std::string nonce) {
  if (closing_ || peer_ == nullptr) return;
  asked_ = std::make_unique<Asked>(Asked{hello, nonce});
  link_.challenge(std::move(nonce));
  peer_->wantSend();
}

SiteCaller SiteConnection::caller() const {
  return {address(), peer_ ? peer_->fingerprint() : std::string()};
}

void SiteConnection::dispatch(v1::Envelope& envelope, std::uint64_t readiness, Micros at) {
  switch (envelope.body_case()) {
    case v1::Envelope::kStatus: {
      ++hub_.counters.statuses;
      core::Effects effects;
      hub_.core.siteStatus(site_, std::move(*envelope.mutable_status()), at, effects, readiness);
      hub_.submit(std::move(effects), {});
      return;
    }
    case v1::Envelope::kRecords:
      return records(envelope.records(), at);
    case v1::Envelope::kPing:
      ++hub_.counters.pings;
      return peer_->wantSend();
    case v1::Envelope::kHello:
      return violation("a second hello on one connection");
    case v1::Envelope::kProof:
      return violation("a second proof on one connection");
    case v1::Envelope::kChallenge:
    case v1::Envelope::kWelcome:
    case v1::Envelope::kAssignment:
    case v1::Envelope::kPong:
      return violation("a body that only the coordinator sends");
    case v1::Envelope::BODY_NOT_SET:
      return;  // of a newer version: ignored
  }
}

void SiteConnection::records(const v1::RecordBatch& batch, Micros at) {
  core::Effects effects;
  auto ok = hub_.core.siteRecords(site_, epoch_, batch, at, effects);
  // Records before the faulty one are good and must not be lost with it.
  hub_.submit(std::move(effects), {});
  if (!ok) return violation(ok.error().text);
  hub_.counters.records += static_cast<std::uint64_t>(batch.records_size());
}

bool SiteConnection::next(net::Frame& frame) {
  if (closing_) return false;
  wire::HubFrame out;
  const Micros now = hub_.now();
  // After the welcome the link asks for the assignment by itself; later only when it is told, which happens
  // when it may go out at once.
  if (link_asks_ && hub_.held()) {
    park();
    return false;
  }
  auto take = [this] {
    link_asks_ = due_ = false;
    ++hub_.counters.assignments;
    const Micros began = hub_.clock.steady();
    auto bytes = hub_.core.assignment(site_);
    if (proved_ && hub_.guard.seal) bytes = hub_.guard.seal(site_, bytes);
    hub_.counters.encode_us += static_cast<std::uint64_t>(hub_.clock.steady() - began);
    return bytes;
  };
  bool more = link_.next(out, now, take);
  if (!more && due_ && welcomed_) {
    if (hub_.held()) {
      park();
    } else {
      link_asks_ = true;
      link_.assignmentChanged();
      more = link_.next(out, now, take);
    }
  }
  if (!more) return false;
  frame.head = std::move(out.head);
  frame.body = std::move(out.body);
  frame.text = false;
  return true;
}

void SiteConnection::onClose(std::uint16_t code, std::string_view reason) {
  hub_.readKept();  // what it said before is said
  if (greeted_ && !site_.empty()) {
    logger("gateway")->info("link closed site={} code={} reason={}", site_, code, reason);
  }
  closing_ = true;
  leave();
  peer_ = nullptr;
}

void SiteConnection::leave() {
  if (id_ == 0) return;
  hub_.gone(*this);
  id_ = 0;
}

void SiteConnection::greeted(const v1::Hello& hello) {
  greeted_ = true;
  site_ = hello.site_id();
  epoch_ = hello.epoch();
}

void SiteConnection::welcome(const v1::Welcome& welcome) {
  if (closing_ || peer_ == nullptr) return;
  link_.welcome(welcome);
  welcomed_ = link_asks_ = true;
  peer_->wantSend();
}

// Until the commit that holds assignments back.
void SiteConnection::park() {
  if (!std::exchange(parked_, true)) hub_.due(id_);
}

void SiteConnection::acknowledge(std::uint64_t number) {
  if (closing_ || peer_ == nullptr) return;
  ++hub_.counters.acknowledgements;
  link_.acknowledge(number);
  if (welcomed_) peer_->wantSend();
}

bool SiteConnection::assignmentChanged() {
  if (closing_ || !welcomed_) return false;
  due_ = true;
  return !std::exchange(parked_, true);
}

void SiteConnection::sendDue() {
  parked_ = false;
  if ((due_ || link_asks_) && !closing_ && peer_ != nullptr) peer_->wantSend();
}

void SiteConnection::close(std::uint16_t code, std::string_view reason) {
  if (closing_ || peer_ == nullptr) return;
  closing_ = true;
  peer_->close(code, shortReason(reason));
}

void SiteConnection::replaced() {
  close(net::close_code::kReplaced, "replaced by a newer connection of this site");
  site_.clear();
}

void SiteConnection::violation(const std::string& what) {
  ++hub_.counters.violations;
  logger("gateway")->warn("link refused site={} address={} reason={}", site_, address(), what);
  close(net::close_code::kPolicy, what);
}

}  // namespace diemcau::gateway
