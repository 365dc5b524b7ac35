// See site_line.hpp.
#include "tests/fleet/site_line.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "wire/proof.hpp"
#include "wire/seal.hpp"

namespace diemcau::fleet {
namespace {

constexpr Micros kReturnJitter = 1500 * kMillisecond;  // of the sites of an area that has its line again

}  // namespace

RealNow machineNow() {
  return {systemClock().steady(), systemClock().wall()};
}

// Belongs to the connection, which goes before the line.
class SiteLine::Handler final : public net::PeerHandler {
 public:
  explicit Handler(SiteLine& line) : line_(line) {}
  void onOpen(net::Peer& peer) override { line_.opened(peer); }
  void onMessage(std::string_view bytes) override { line_.received(bytes); }
  bool next(net::Frame& frame) override {
    frame.body.reset();
    frame.text = false;
    return line_.link_.next(frame.head, line_.ownSteady(systemClock().steady()));
  }
  void onClose(std::uint16_t code, std::string_view reason) override {
    line_.ended("closed " + std::to_string(code) + (reason.empty() ? "" : ": ") + std::string(reason));
  }

 private:
  SiteLine& line_;
};

SiteLine::SiteLine(net::ClientContext& context, std::string url, std::string area, SimulatedSite& site,
                   Micros connect_at, const SiteAccess* access, SharedVerifier& verifier)
    : context_(context),
      url_(std::move(url)),
      area_(std::move(area)),
      site_(site),
      access_(access),
      verifier_(verifier),
      dice_(site.behaviour().seed, site.id(), "line"),
      link_(clock_, [this](std::uint64_t after, std::size_t max) { return site_.spool().read(after, max); }),
      steady_zero_(systemClock().steady()),
      connect_at_(connect_at) {}

SiteLine::~SiteLine() = default;

Micros SiteLine::ownSteady(Micros steady) const {
  const Micros span = steady - steady_zero_;
  const auto drift = static_cast<Micros>(static_cast<double>(span) * site_.behaviour().drift_ppm / 1e6);
  return site_.behaviour().steady_offset + kSecond + span + drift;
}

SiteNow SiteLine::now(const RealNow& real) const {
  SiteNow now;
  now.steady = ownSteady(real.steady);
  now.wall = real.wall + site_.behaviour().wall_offset;
  now.clock_known = clock_.known();
  now.coordinator = now.clock_known ? clock_.coordinatorAt(now.steady) : now.wall;
  now.error = now.clock_known ? clock_.errorAt(now.steady) : 0;
  now.rtt = clock_.lastRtt();
  now.connected = connected();
  return now;
}

void SiteLine::cut(bool off, const RealNow& real, bool at_once) {
  if (off_ == off) return;
  off_ = off;
  if (!off) connect_at_ = real.steady + (at_once ? 0 : dice_.between(0, kReturnJitter));
}

void SiteLine::tick(const RealNow& real) {
  const SiteNow own = now(real);
  const bool news = site_.tick(own);
  if (over_) {
    over_ = false;
    connection_.reset();
  }
  const bool stay_away = !settling_ && (off_ || site_.away());
  if (connection_ && stay_away) drop(0);
  if (connection_ && link_.silent(own.steady)) {
    last_failure_ = "the coordinator is silent";
    drop(backoff_.next(static_cast<std::uint32_t>(dice_.next())));
  }
  if (!connection_ && !stay_away && real.steady >= connect_at_) connect();
  if (!connected()) return;
  link_.spooled(site_.spool().newest());
  const bool due = news || real.steady >= status_at_;
  if (due) tellStatus(real);
  if (due || link_.nextDue() <= own.steady) peer_->wantSend();
}

void SiteLine::tellStatus(const RealNow& real) {
  link_.setStatus(site_.status(now(real)));
  status_at_ = real.steady + status_interval_;
}

void SiteLine::connect() {
  net::ClientOptions options;
  options.url = url_;
  if (access_ != nullptr) {
    options.url = access_->url;
    options.trust.fingerprint = access_->fingerprint;
  }
  options.protocol = "diemcau.site.v1";
  connection_ = context_.connect(std::move(options), std::make_unique<Handler>(*this),
                                 [this](const std::string& reason) { ended(reason); });
}

void SiteLine::drop(Micros wait) {
  connection_.reset();
  peer_ = nullptr;
  over_ = false;
  link_.disconnected();
  connect_at_ = systemClock().steady() + wait;
}

void SiteLine::opened(net::Peer& peer) {
  peer_ = &peer;
  v1::Hello hello;
  hello.set_site_id(site_.id());
  hello.set_agent_id(Dice(site_.behaviour().seed, site_.id(), "agent").hex(32));
  hello.set_agent_version(DIEMCAU_VERSION);
  hello.set_protocol(1);
  hello.set_epoch(site_.epoch());
  hello.set_revision(site_.revision());
  hello.set_roster_revision(site_.rosterRevision());
  hello.set_acked(site_.spool().acked());
  hello.set_spooled(site_.spool().newest());
  hello.set_simulated(true);
  hello_ = hello;
  link_.connected(std::move(hello), ownSteady(systemClock().steady()));
  peer.wantSend();
}

void SiteLine::received(std::string_view bytes) {
  const RealNow real = machineNow();
  auto events = link_.receive(bytes, ownSteady(real.steady));
  if (!events) {
    logger("fleet")->warn("site={} closes: {}", site_.id(), events.error().text);
    const bool big = events.error().code == ErrorCode::kTooBig;
    peer_->close(big ? net::close_code::kTooBig : net::close_code::kPolicy,
                 events.error().text.substr(0, 120));
    return;
  }
  follow(*events, real);
  if (peer_ != nullptr) peer_->wantSend();
}

void SiteLine::prove(const v1::Challenge& challenge) {
  if (access_ == nullptr) return peer_->close(net::close_code::kNotAuthenticated, "no key");
  link_.prove(access_->key.sign(wire::helloProof(hello_, challenge.nonce(), peer_->fingerprint())));
}

bool SiteLine::assigned(v1::Assignment assignment, const RealNow& real) {
  if (access_ == nullptr) return site_.apply(assignment, now(real));
  const SiteNow at = now(real);
  auto believed =
      wire::unseal(std::move(assignment), {site_.id(), &held_, at.clock_known ? at.coordinator : 0},
                   [this](std::string_view message, std::string_view signature) {
                     return verifier_.holds(message, signature, access_->signing_key);
                   });
  if (!believed) {
    logger("fleet")->error("site={} {}", site_.id(), believed.error().text);
    return false;
  }
  held_ = std::move(*believed);
  return site_.apply(held_, at);
}

void SiteLine::follow(wire::SiteLinkEvents& events, const RealNow& real) {
  if (events.challenge) prove(*events.challenge);
  if (events.welcome) {
    ever_welcomed_ = true;
    last_failure_.clear();
    backoff_.told(Micros{events.welcome->reconnect_window_ms()} * kMillisecond);
    backoff_.reset();
    status_interval_ = std::clamp<Micros>(events.welcome->status_interval_ms(), 200, 60'000) * kMillisecond;
    tellStatus(real);
    // From here on at an instant of its own, so that a second is not one burst of all sites.
    status_at_ = real.steady + dice_.between(0, status_interval_);
  }
  if (events.assignment && assigned(std::move(*events.assignment), real)) tellStatus(real);
  if (events.acked != 0) site_.spool().acknowledged(events.acked);
}

void SiteLine::ended(const std::string& why) {
  // The connection itself goes at the next tick: this is called from within it.
  over_ = true;
  peer_ = nullptr;
  link_.disconnected();
  last_failure_ = why;
  connect_at_ = systemClock().steady() + backoff_.next(static_cast<std::uint32_t>(dice_.next()));
  logger("fleet")->debug("site={} line ended: {}", site_.id(), why);
}

}  // namespace diemcau::fleet
