// The protocol of our sites and consoles, over WebSocket.
#include <fmt/format.h>

#include "diemcau/v1/view.pb.h"
#include "tests/bench/dialects.hpp"
#include "wire/codec.hpp"
#include "wire/proof.hpp"

namespace diemcau::bench {
namespace {

constexpr std::uint64_t kPingEvery = 5;  // statuses: the heartbeat of 5 s
constexpr std::uint32_t kEventSite = 0;
constexpr Micros kMoment = 100 * kMillisecond;

// A client's frame is masked; a mask of zeros leaves the bytes as they are.
void appendFrame(std::string& out, std::string_view bytes) {
  out.push_back(static_cast<char>(0x82));
  if (bytes.size() < 126) {
    out.push_back(static_cast<char>(0x80 | bytes.size()));
  } else if (bytes.size() < 65536) {
    out.push_back(static_cast<char>(0xFE));
    out.push_back(static_cast<char>(bytes.size() >> 8U));
    out.push_back(static_cast<char>(bytes.size() & 0xFFU));
  } else {
    throw Spoilt("a frame of the generator is too large");
  }
  out.append(4, '\0').append(bytes);
}

struct WsFrame {
  bool whole = false, last = false;
  int opcode = 0;
  std::size_t size = 0;  // with its head
  std::string_view body;
};

WsFrame frameAt(std::string_view in) {
  WsFrame out;
  if (in.size() < 2) return out;
  const auto byte = [&](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(in[at]));
  };
  std::size_t head = 2, length = byte(1) & 127U;
  if (length >= 126) {
    const std::size_t bytes = length == 126 ? 2 : 8;
    head += bytes;
    if (in.size() < head) return out;
    length = 0;
    for (std::size_t n = 2; n < head; ++n) length = length << 8U | byte(n);
  }
  if (in.size() - head < length) return out;
  return {true, (byte(0) & 128U) != 0, static_cast<int>(byte(0) & 15U), head + length,
          in.substr(head, length)};
}

void fillHealth(v1::HealthSample& sample, const char* feed) {
  sample.set_feed_id(feed);
  sample.set_t_s(100);
  sample.set_connected(true);
  auto* video = sample.mutable_video();
  video->set_codec("h264");
  video->set_width(1280);
  video->set_height(720);
  video->set_fps(25);
  video->set_luma(110);
  video->set_was_alive(true);
  video->set_bitrate_kbps(1500);
  auto* audio = sample.mutable_audio();
  audio->set_codec("aac");
  audio->set_channels(2);
  audio->set_sample_rate(48000);
  audio->set_rms_dbfs(-20);
  audio->set_lufs(-23);
  audio->set_peak_dbfs(-9);
  sample.set_bitrate_kbps(1650);
  sample.set_rtt_ms(12);
}

// All well, as a hall has it after its rehearsal; agents tell it in every status.
void fillReadiness(v1::Readiness& readiness) {
  const Micros at = systemClock().wall();
  readiness.set_verdict(v1::Readiness::ready);
  readiness.set_at_us(at);
  for (int kind = v1::Check::link; kind <= v1::Check::microphone; ++kind) {
    auto* check = readiness.add_checks();
    check->set_kind(static_cast<v1::Check::Kind>(kind));
    check->set_verdict(v1::Check::ok);
    check->set_at_us(at);
    if (kind >= v1::Check::screen) check->set_by("Kỹ thuật viên");
  }
}

}  // namespace

OursDialect::OursDialect(Setup setup) : setup_(std::move(setup)) {
  status_.set_active_feed_id("main");
  fillHealth(*status_.add_health(), "main");
  fillHealth(*status_.add_health(), "backup");
  fillReadiness(*status_.mutable_readiness());
  status_.mutable_clock()->set_known(true);
  status_.mutable_clock()->set_error_us(300);
  status_.mutable_clock()->set_rtt_us(500);
  status_.set_simulated(true);
}
OursDialect::~OursDialect() = default;

void OursDialect::session(std::string id, std::string sitting) {
  session_ = std::move(id);
  sitting_ = std::move(sitting);
}

void OursDialect::opened(Peer& peer, Crowd&) {
  const bool site = peer.role == Role::kSite;
  peer.line->out += fmt::format(
      "GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Protocol: {}\r\n\r\n",
      site               ? "/site"
      : session_.empty() ? "/api/v1/view"
                         : "/api/v1/view?session=" + session_,
      site ? setup_.sites_port : setup_.api_port, site ? "diemcau.site.v1" : "diemcau.view.v1");
}

std::size_t OursDialect::take(Peer& peer, Crowd& crowd) {
  const std::string_view in = peer.in;
  std::size_t at = 0;
  if (!peer.upgraded) {
    const auto end = in.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    if (in.substr(0, 12) != "HTTP/1.1 101") crowd.seen.trouble = std::string(in.substr(0, in.find('\r')));
    peer.upgraded = true;
    at = end + 4;
    if (peer.role == Role::kSite) hello(peer);
  }
  for (auto frame = frameAt(in.substr(at)); frame.whole; frame = frameAt(in.substr(at))) {
    at += frame.size;
    if (frame.opcode == 8) {
      crowd.seen.trouble =
          "closed: " + std::string(frame.body.substr(std::min<std::size_t>(2, frame.body.size())));
    } else if (frame.opcode < 8 && frame.last && peer.assembly.empty()) {
      message(peer, crowd, frame.body);
    } else if (frame.opcode < 8) {
      peer.assembly.append(frame.body);
      if (frame.last) message(peer, crowd, std::exchange(peer.assembly, {}));
    }
  }
  return at;
}

void OursDialect::message(Peer& peer, Crowd& crowd, std::string_view bytes) {
  if (peer.role == Role::kConsole) return view(peer, crowd, bytes);
  if (!in_.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    throw Spoilt("a frame that is no envelope");
  if (in_.has_challenge()) prove(peer, in_.challenge());
  if (in_.has_welcome()) crowd.welcome(peer);
  if (in_.has_assignment()) {
    assigned(peer, crowd, in_.assignment(), bytes.size());
  }
  if (in_.ack() != 0 && crowd.seen.acknowledged)
    crowd.seen.acknowledged(peer.number, in_.ack(), systemClock().steady());
}

void OursDialect::send(Peer& site, v1::Envelope& envelope) {
  envelope.set_seq(++site.seq);
  appendFrame(site.line->out, envelope.SerializeAsString());
}

v1::Hello OursDialect::helloOf(const Peer& site) const {
  v1::Hello hello;
  hello.set_site_id(setup_.site_ids[site.number]);
  hello.set_agent_id(fmt::format("{:032x}", site.number + 1));
  hello.set_agent_version(DIEMCAU_VERSION);
  hello.set_protocol(1);
  hello.set_epoch(setup_.epoch);
  hello.set_revision(site.revision);
  hello.set_roster_revision(site.roster);
  hello.set_simulated(true);
  return hello;
}

void OursDialect::hello(Peer& site) {
  v1::Envelope envelope;
  *envelope.mutable_hello() = helloOf(site);
  send(site, envelope);
}

void OursDialect::prove(Peer& site, const v1::Challenge& challenge) {
  const auto& id = setup_.site_ids[site.number];
  const auto access = setup_.access.find(id);
  if (access == setup_.access.end())
    throw Spoilt("the coordinator asks for a key, and there is none for " + id);
  v1::Envelope envelope;
  envelope.mutable_proof()->set_signature(
      access->second.key.sign(wire::helloProof(helloOf(site), challenge.nonce(), site.line->fingerprint())));
  send(site, envelope);
}

void OursDialect::assigned(Peer& site, Crowd& crowd, const v1::Assignment& assignment, std::size_t bytes) {
  if (assignment.revision() <= site.revision) return;
  site.revision = assignment.revision();
  if (assignment.plans_size() > 0 && assignment.plans(assignment.plans_size() - 1) != plan_read_) {
    plan_read_ = assignment.plans(assignment.plans_size() - 1);
    if (!plan_.ParseFromString(plan_read_)) throw Spoilt("a plan that cannot be read");
    ++plans_read_;
  }
  v1::SiteRoster roster;
  if (!assignment.roster_bytes().empty() && roster.ParseFromString(assignment.roster_bytes()))
    site.roster = roster.revision();
  crowd.commanded(bytes);
  tellStatus(site, 0);
}

// As a real agent follows its plan; the feed is shown at the very instant.
v1::SitePhase::Name OursDialect::phaseNow(Micros now) const {
  switch (plan_.phase()) {
    case v1::Phase::armed:
      return v1::SitePhase::armed;
    case v1::Phase::live:
      return now >= plan_.start_at_us() ? v1::SitePhase::started : v1::SitePhase::starting;
    case v1::Phase::ended:
      return v1::SitePhase::ended;
    default:
      return v1::SitePhase::waiting;
  }
}

// What sites say alike is written once: a generator that wrote it for each of them would be measured too.
const std::string& OursDialect::alike(const Alike& said, Micros now) {
  if (said == said_) return said_bytes_;
  said_ = said;
  status_.set_failovers(static_cast<std::uint32_t>(said.failovers));
  status_.set_active_feed_id(said.failovers % 2 == 1 ? "backup" : "main");
  status_.set_session_id(plan_.session_id());
  status_.set_phase(said.phase);
  const bool started = said.phase == v1::SitePhase::started;
  status_.set_started_us(started ? plan_.start_at_us() : 0);
  status_.set_start_error_us(started ? 300 : 0);
  status_.mutable_readiness()->set_session_id(plan_.session_id());
  for (auto& sample : *status_.mutable_health()) {
    sample.set_at_us(now);
    sample.set_bitrate_kbps(1600 + said.wobble);
    sample.mutable_video()->set_bitrate_kbps(1450 + said.wobble);
    sample.mutable_video()->set_luma(100 + said.wobble * 0.1);
    sample.mutable_audio()->set_rms_dbfs(-20 - said.wobble * 0.05);
  }
  status_.SerializeToString(&said_bytes_);
  return said_bytes_;
}

void OursDialect::tellStatus(Peer& site, std::uint64_t event) {
  if (event != 0) event_ = event;
  const Micros now = systemClock().wall();
  // An event is that the site takes the other feed: what operators must see at once. No second is like the
  // one before.
  bytes_ = alike({.plan = plans_read_,
                  .failovers = site.number == kEventSite ? event_ : 0,
                  .phase = phaseNow(now),
                  .wobble = static_cast<std::uint32_t>(site.seq * 37 % 100),
                  .moment = now / kMoment},
                 now);
  own_.set_revision(site.revision);
  own_.set_roster_revision(site.roster);
  own_.set_at_us(now);
  own_.AppendToString(&bytes_);
  bytes_.insert(0, wire::bodyHead(++site.seq, 0, v1::Envelope::kStatusFieldNumber, bytes_.size()));
  const std::size_t before = site.line->out.size();
  appendFrame(site.line->out, bytes_);
  status_bytes_ = site.line->out.size() - before;
  if (site.seq % kPingEvery == 0) {
    v1::Envelope ping;
    ping.mutable_ping()->set_t1_us(now);
    send(site, ping);
  }
}

void OursDialect::record(Peer& site, std::uint64_t number) {
  auto& batch = *records_.mutable_records();
  auto& record = batch.records_size() == 0 ? *batch.add_records() : *batch.mutable_records(0);
  const auto& id = setup_.site_ids[site.number];
  record.set_id(fmt::format("{:08x}{:08x}{:016x}", site.number, number, setup_.epoch));
  record.set_number(number);
  record.set_session_id(session_);
  record.set_sitting_id(sitting_);
  record.set_at_us(systemClock().wall());
  record.set_by("Thư ký " + id);
  record.mutable_check_in()->set_delegate_id(
      fmt::format("{}-{:03}", id, (number - 1) % setup_.delegates + 1));
  record.mutable_check_in()->set_state(v1::Presence::present);
  send(site, records_);
}

// Readers at the same version get the same bytes: they are read once.
void OursDialect::view(Peer& console, Crowd& crowd, std::string_view bytes) {
  ++crowd.seen.views;
  crowd.seen.view_bytes += bytes.size();
  if (bytes != view_read_) {
    view_read_ = bytes;
    v1::ViewUpdate update;
    if (!update.ParseFromString(view_read_)) throw Spoilt("a view that cannot be read");
    view_event_ = 0;
    for (const auto& site : update.sites())
      if (site.site_id() == setup_.site_ids[kEventSite]) view_event_ = site.status().failovers();
  }
  crowd.welcome(console);
  if (view_event_ != 0 && crowd.seen.event) crowd.seen.event(console.number, view_event_);
}

}  // namespace diemcau::bench
