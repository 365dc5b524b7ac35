// The server: accepts, admits, limits and ends connections. What one connection does is in server_wire.cpp.
#include "net/server.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "base/log.hpp"
#include "net/server_core.hpp"

namespace diemcau::net {
namespace {

constexpr Micros kCertificateEvery = 2 * kSecond;
constexpr Micros kSweep = 250 * kMillisecond;
// For its headers, of a connection that keeps others waiting: enough for a bad line, too little for a flood
// of silent ones to shut everybody else out.
constexpr Micros kCrowdedPatience = 2 * kSecond;
// Sockets that are told to close at a time: libwebsockets keeps a sorted list of those that have not answered
// yet.
constexpr std::size_t kDrainAtOnce = 256;

class ServerShell final : public Server {
 public:
  ServerShell(LwsHomePtr home, ServerCore& core) : core_(core), home_(std::move(home)) {}
  ~ServerShell() override { core_.shutDown(); }
  ServerShell(const ServerShell&) = delete;
  ServerShell& operator=(const ServerShell&) = delete;
  std::uint16_t port() const override { return core_.port; }
  const ServerCounters& counters() const override { return *core_.counters; }
  void drain(std::uint16_t code, std::string_view reason) override { core_.drain(code, reason); }
  Done reloadCertificate() override { return core_.reloadCertificate(); }

 private:
  ServerCore& core_;  // owned by the home, which outlives this
  LwsHomePtr home_;
};

Micros now() {
  return systemClock().steady();
}

// Other when a file was written or replaced.
std::string looksOf(const TlsFiles& files) {
  std::string looks;
  for (const std::string& file : {files.certificate, files.key}) {
    struct stat found {};
    if (stat(file.c_str(), &found) != 0) found = {};
    looks +=
        fmt::format("{} {} {}.{};", found.st_ino, found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec);
  }
  return looks;
}

}  // namespace

const std::string& Peer::fingerprint() const {
  static const std::string kNone;
  return kNone;
}

Result<std::unique_ptr<Server>> serve(Loop& loop, ServerOptions options) {
  LwsSettings settings;
  std::set<std::string> names;
  for (const WebSocketRoute& route : options.sockets) names.insert(route.protocol);
  settings.protocols.assign(names.begin(), names.end());
  settings.header_pool = static_cast<unsigned>(options.limits.max_handshakes) + 1024;
  settings.tls_server = options.tls;
  if (options.tls) {
    // Before libwebsockets does: it would only say that it could not start.
    if (auto usable = tlsFingerprint(*options.tls); !usable) return tl::unexpected(usable.error());
  }
  auto home = LwsHome::create(loop, std::move(settings));
  if (!home) return tl::unexpected(home.error());
  auto owned = std::make_unique<ServerCore>(loop, std::move(options), **home);
  ServerCore& core = *owned;
  (*home)->setOwner(std::move(owned));
  if (auto listening = core.listen(); !listening) {
    core.shutDown();
    return tl::unexpected(listening.error());
  }
  return std::make_unique<ServerShell>(std::move(*home), core);
}

ServerCore::ServerCore(Loop& on, ServerOptions what, LwsHome& in)
    : loop(on), options(std::move(what)), home(in) {}

ServerCore::~ServerCore() {
  for (ServerWire* orphan : orphans_) delete orphan;
}

Done ServerCore::listen() {
  auto listener = Listener::open(loop, options.listen, [this](const Caller& caller) { return take(caller); });
  if (!listener) return tl::unexpected(listener.error());
  listener_ = std::move(*listener);
  port = listener_->port();
  sweeper_ = loop.every(kSweep, [this] { sweep(); });
  if (options.tls) {
    certificate_seen_ = looksOf(*options.tls);
    certificate_timer_ = loop.every(kCertificateEvery, [this] { lookAtCertificate(); });
  }
  return {};
}

// Limits come before libwebsockets, and before TLS. False: enough for now.
bool ServerCore::take(const Caller& caller) {
  auto& same = by_address_[caller.address];
  const bool too_many_there = !caller.loopback && same >= options.limits.max_per_address;
  if (draining || wires_.size() >= options.limits.max_connections || too_many_there) {
    ++counters->refused_limit;
    ::close(caller.fd);
    if (same == 0) by_address_.erase(caller.address);
    return true;
  }
  auto* wire = new ServerWire(*this, caller);
  wire->id = nextPeerId();
  const std::uint64_t id = wire->id;
  wires_.emplace(id, wire);
  ++same;
  ++handshakes_;
  wire->handshaking = true;
  ++counters->accepted;
  setDeadline(*wire, static_cast<Micros>(options.limits.handshake_timeout_s) * kSecond);

  lws_adopt_desc_t adopt{};
  adopt.vh = home.vhost();
  adopt.type = static_cast<lws_adoption_type>(LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP |
                                              (options.tls ? LWS_ADOPT_ALLOW_SSL : 0));
  adopt.fd.sockfd = caller.fd;
  adopt.opaque = static_cast<Wire*>(wire);
  lws* wsi = lws_adopt_descriptor_vhost_via_info(&adopt);
  ServerWire* left = find(id);
  if (wsi != nullptr && left != nullptr) {
    left->wsi = wsi;
  } else if (left != nullptr) {
    ++counters->refused_limit;
    // A TLS handshake that fails at once is closed before it was adopted, but its connection goes only later.
    gone(*left);
    left->orphan = true;
    orphans_.insert(left);
  }
  return handshakes_ < options.limits.max_handshakes;
}

int ServerCore::event(lws* wsi, Wire* wire, lws_callback_reasons reason, void* in, std::size_t length) {
  return static_cast<ServerWire*>(wire)->event(wsi, reason, in, length);
}

void ServerCore::gone(Wire& wire) {
  auto& one = static_cast<ServerWire&>(wire);
  if (one.orphan) {
    orphans_.erase(&one);
    return;
  }
  clearDeadline(one);
  handshakeOver(one);
  if (one.isSocket() && counters->open_sockets > 0) --counters->open_sockets;
  const auto address = by_address_.find(one.caller().address);
  if (address != by_address_.end() && --address->second == 0) by_address_.erase(address);
  wires_.erase(one.id);
}

ServerWire* ServerCore::find(std::uint64_t id) {
  const auto found = wires_.find(id);
  return found == wires_.end() ? nullptr : found->second;
}

void ServerCore::setDeadline(ServerWire& wire, Micros span) {
  wire.deadline = now() + span;
  if (wire.place != 0) return;
  timed_.push_back(&wire);
  wire.place = timed_.size();
}

void ServerCore::clearDeadline(ServerWire& wire) {
  if (wire.place == 0) return;
  ServerWire* last = timed_.back();
  timed_[wire.place - 1] = last;
  last->place = wire.place;
  timed_.pop_back();
  wire.place = 0;
}

void ServerCore::handshakeOver(ServerWire& wire) {
  if (!wire.handshaking) return;
  wire.handshaking = false;
  --handshakes_;
  if (listener_ && handshakes_ < options.limits.max_handshakes) listener_->wake();
}

void ServerCore::sweep() {
  if (listener_ && handshakes_ < options.limits.max_handshakes) listener_->wake();
  const Micros at = now();
  const bool crowded = handshakes_ >= options.limits.max_handshakes;
  const Micros patience = static_cast<Micros>(options.limits.handshake_timeout_s) * kSecond;
  std::vector<std::uint64_t> late, sending;
  for (const ServerWire* wire : timed_) {
    const bool keeps_out = crowded && wire->phase() == WirePhase::kHeaders && wire->handshaking &&
                           wire->deadline - patience + kCrowdedPatience <= at;
    if (wire->deadline <= at || keeps_out) late.push_back(wire->id);
    if (wire->phase() == WirePhase::kSending) sending.push_back(wire->id);
  }
  for (const std::uint64_t id : sending) {
    if (ServerWire* wire = find(id)) wire->lookForEarlyInput();
  }
  for (const std::uint64_t id : late) {
    ServerWire* wire = find(id);
    if (wire == nullptr || wire->place == 0) continue;
    if (wire->phase() == WirePhase::kHeaders || wire->phase() == WirePhase::kBody) ++counters->timeouts;
    clearDeadline(*wire);
    wire->end();
  }
}

void ServerCore::drain(std::uint16_t code, std::string_view reason) {
  if (draining) return;
  draining = true;
  listener_.reset();
  drain_code_ = code;
  drain_reason_ = reason;
  for (const auto& [id, wire] : wires_) to_drain_.push_back(id);
  drainSome();
}

void ServerCore::drainSome() {
  for (std::size_t count = 0; count < kDrainAtOnce && !to_drain_.empty(); ++count) {
    const std::uint64_t id = to_drain_.back();
    to_drain_.pop_back();
    if (ServerWire* wire = find(id)) wire->drain(drain_code_, drain_reason_);
  }
  if (to_drain_.empty()) return;
  loop.post([weak = std::weak_ptr<ServerCore*>(self)] {
    if (const auto core = weak.lock()) (*core)->drainSome();
  });
}

Done ServerCore::reloadCertificate() {
  if (!options.tls) return {};
  certificate_seen_ = looksOf(*options.tls);
  auto done = home.reloadCertificate();
  if (done) logger("net")->info("the certificate {} is in use", options.tls->certificate);
  return done;
}

void ServerCore::lookAtCertificate() {
  if (looksOf(*options.tls) == certificate_seen_) return;
  if (auto done = reloadCertificate(); !done)
    logger("net")->error("the certificate is not changed: {}", done.error().text);
}

void ServerCore::shutDown() {
  self.reset();
  certificate_timer_.reset();
  draining = true;
  sweeper_.reset();
  listener_.reset();
  // Handlers may do anything when they are destroyed, closing other peers for one: no iterator is held
  // meanwhile.
  std::vector<std::uint64_t> ids;
  ids.reserve(wires_.size());
  for (const auto& [id, wire] : wires_) ids.push_back(id);
  for (const std::uint64_t id : ids) {
    if (ServerWire* wire = find(id)) wire->forget();
  }
}

}  // namespace diemcau::net
