// The sites' connections on one side, the core on the other.
#include "coordinator/gateway/gateway.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/text.hpp"
#include "coordinator/gateway/hub.hpp"
#include "coordinator/gateway/site_connection.hpp"
#include "wire/codec.hpp"

namespace diemcau::gateway {
namespace {

google::protobuf::ArenaOptions arenaIn(char* block, std::size_t size) {
  google::protobuf::ArenaOptions options;
  options.initial_block = block;
  options.initial_block_size = size;
  return options;
}

constexpr Micros kLookedAway = 3 * kSecond;
constexpr std::size_t kLooksASecond = 8192;
constexpr std::size_t kMostHello = 1024;
constexpr Micros kAnswersCome = 20 * kMillisecond;  // after many orders
// Of what was kept, in one round of the loop: frames, or a part of all, but no more than some milliseconds of
// it.
constexpr std::size_t kReadAtOnce = 32, kReadPart = 8, kMostAtOnce = 256;
constexpr std::size_t kMostKept = 16U << 20;  // bytes

bool nothingToDo(const core::Effects& effects) {
  return effects.store.empty() && effects.acks.empty() && effects.assign.empty() && effects.close.empty() &&
         !effects.news;
}

}  // namespace

Gateway::Hub::Hub(Tasks& the_tasks, const Clock& the_clock, core::Core& the_core, Submit the_submit,
                  GatewaySettings the_settings, SiteGuard the_guard)
    : tasks(the_tasks),
      clock(the_clock),
      core(the_core),
      submit([to = std::move(the_submit)](core::Effects effects, std::function<void()> then) {
        // Most statuses ask nothing of the world.
        if (then || !nothingToDo(effects)) to(std::move(effects), std::move(then));
      }),
      settings(the_settings),
      guard(std::move(the_guard)),
      arena_(arenaIn(block_.data(), block_.size())),
      greeting_timer_(tasks.every(kSecond, [this] {
        refuseSilent();
        endSilent();
      })) {}

v1::Envelope& Gateway::Hub::freshEnvelope() {
  arena_.Reset();
  return *google::protobuf::Arena::CreateMessage<v1::Envelope>(&arena_);
}

void Gateway::Hub::opened(SiteConnection& connection, std::uint64_t id) {
  connections_[id] = &connection;
  greeting_[id] = clock.steady() + settings.hello_within;
  counters.greeting = greeting_.size();
}

// Ids that are none are left to the core, which refuses them: they reach no log and no audit.
void Gateway::Hub::hello(SiteConnection& connection, const v1::Hello& hello) {
  if (!guard.challenge || !validId(hello.site_id())) return greet(connection, hello);
  // It is kept until the proof is there, for as many strangers as there are connections.
  if (hello.ByteSizeLong() > kMostHello) {
    ++counters.refused_malformed;
    return connection.close(net::close_code::kPolicy, "the hello is too large");
  }
  auto nonce = guard.challenge(hello, connection.caller());
  if (!nonce) return sendAway(connection, hello, nonce.error());
  if (nonce->empty()) return greet(connection, hello);
  connection.challenge(hello, std::move(*nonce));
}

void Gateway::Hub::proof(SiteConnection& connection, const v1::Hello& hello, const std::string& nonce,
                         const std::string& signature) {
  if (const auto refusal = guard.check(hello, nonce, signature, connection.caller()))
    return sendAway(connection, hello, *refusal);
  greet(connection, hello);
}

void Gateway::Hub::sendAway(SiteConnection& connection, const v1::Hello& hello, const Refusal& refusal) {
  ++counters.refused_identity;
  logger("gateway")->warn("hello refused site={} address={} code={} reason={}", hello.site_id(),
                          connection.address(), refusal.code, refusal.reason);
  connection.close(refusal.code, refusal.reason);
}

void Gateway::Hub::greet(SiteConnection& connection, const v1::Hello& hello) {
  ++counters.hellos;
  greeting_.erase(connection.id());
  counters.greeting = greeting_.size();
  core::Effects effects;
  auto answer = core.siteHello(hello, now(), effects);
  if (!answer) {
    submit(std::move(effects), {});
    return refuse(connection, hello, answer.error());
  }
  SiteConnection*& owner = sites_[hello.site_id()];
  if (owner != nullptr && owner != &connection) {
    ++counters.replaced;
    owner->replaced();
  }
  owner = &connection;
  connection.greeted(hello);
  counters.connected = sites_.size();
  answer->set_reconnect_window_ms(std::max(answer->reconnect_window_ms(), windowMs()));
  logger("gateway")->info("link open site={} version={} address={} resume_after={}", hello.site_id(),
                          hello.agent_version(), connection.address(), answer->resume_after());
  submit(std::move(effects), [this, id = connection.id(), welcome = std::move(*answer)] {
    if (auto found = connections_.find(id); found != connections_.end()) found->second->welcome(welcome);
  });
}

void Gateway::Hub::refuse(SiteConnection& connection, const v1::Hello& hello, const Error& error) {
  std::uint16_t code = net::close_code::kError;
  switch (error.code) {
    case ErrorCode::kDenied:
      code = net::close_code::kNotAllowed;
      ++(core.roster().site(hello.site_id()) ? counters.refused_duplicate : counters.refused_unknown);
      break;
    case ErrorCode::kConflict:
      code = net::close_code::kTooOld;
      ++counters.refused_too_old;
      break;
    case ErrorCode::kUnavailable:
      code = net::close_code::kTryLater;
      break;
    case ErrorCode::kInternal:
      break;
    case ErrorCode::kInvalid:
    case ErrorCode::kNotFound:
    case ErrorCode::kTooBig:
    case ErrorCode::kNotSignedIn:
    case ErrorCode::kTooMany:
      code = net::close_code::kPolicy;
      ++counters.refused_malformed;
      break;
  }
  logger("gateway")->warn("hello refused site={} address={} code={} reason={}", hello.site_id(),
                          connection.address(), code, error.text);
  connection.close(code, error.text);
}

void Gateway::Hub::refuseSilent() {
  const Micros steady = clock.steady();
  while (!greeting_.empty() && greeting_.begin()->second <= steady) {
    const std::uint64_t id = greeting_.begin()->first;
    greeting_.erase(greeting_.begin());
    ++counters.refused_silent;
    if (auto found = connections_.find(id); found != connections_.end()) {
      logger("gateway")->warn("no hello in time address={}", found->second->address());
      found->second->close(net::close_code::kPolicy, "no hello in time");
    }
  }
  counters.greeting = greeting_.size();
}

// Half a frame, a cable that was pulled: the system would keep such a connection for hours. Only some are
// looked at in one second, so that a country of sites is no pause of the loop.
void Gateway::Hub::endSilent() {
  const Micros steady = clock.steady();
  // This process was stopped, or starved: what the sites said meanwhile has not been read yet.
  if (steady - looked_ > kLookedAway) heard_from_ = steady;
  looked_ = steady;
  if (to_look_at_.empty()) {
    to_look_at_.reserve(connections_.size());
    for (const auto& [id, connection] : connections_) to_look_at_.push_back(id);
  }
  for (std::size_t count = 0; count < kLooksASecond && !to_look_at_.empty(); ++count) {
    const std::uint64_t id = to_look_at_.back();
    to_look_at_.pop_back();
    const auto found = connections_.find(id);
    if (found == connections_.end()) continue;
    SiteConnection& connection = *found->second;
    if (!connection.greeted() || connection.closing()) continue;
    if (steady - std::max(connection.heard(), heard_from_) < settings.silent_after) continue;
    ++counters.silent;
    logger("gateway")->warn("link silent site={} address={}", connection.site(), connection.address());
    connection.close(net::close_code::kPolicy, "nothing was heard for too long");
  }
}

void Gateway::Hub::gone(SiteConnection& connection) {
  connections_.erase(connection.id());
  greeting_.erase(connection.id());
  counters.greeting = greeting_.size();
  auto found = sites_.find(connection.site());
  if (found == sites_.end() || found->second != &connection) return;
  sites_.erase(found);
  counters.connected = sites_.size();
  if (stopping) return;
  core::Effects effects;
  core.siteGone(connection.site(), now(), effects);
  submit(std::move(effects), {});
}

SiteConnection* Gateway::Hub::bySite(std::string_view site_id) const {
  auto found = sites_.find(site_id);
  return found == sites_.end() ? nullptr : found->second;
}

bool Gateway::Hub::launching() const {
  return held() || many_due_ || (many_sent_ != 0 && clock.steady() - many_sent_ < kAnswersCome);
}

void Gateway::Hub::submitted(const core::Effects& effects) {
  if (!effects.assign.empty()) ++uncommitted_;
}

void Gateway::Hub::applied(const core::Effects& effects) {
  acknowledge(effects);
  for (const auto& close : effects.close) {
    if (SiteConnection* connection = bySite(close.site_id)) connection->close(close.code, close.reason);
  }
  if (effects.assign.empty()) return;
  DIEMCAU_INVARIANT(uncommitted_ > 0);
  --uncommitted_;
  for (const auto& site : effects.assign) {
    SiteConnection* connection = bySite(site);
    if (connection != nullptr && connection->assignmentChanged()) due_.push_back(connection->id());
  }
  many_due_ = many_due_ || due_.size() >= settings.many;
  if (!pumping_) pump();
}

void Gateway::Hub::acknowledge(const core::Effects& effects) {
  for (const auto& ack : effects.acks) {
    SiteConnection* connection = bySite(ack.site_id);
    // A new epoch numbers its records anew: an old number means nothing to it.
    if (connection != nullptr && connection->epoch() == ack.epoch) connection->acknowledge(ack.number);
  }
}

void Gateway::Hub::due(std::uint64_t id) {
  due_.push_back(id);
}

void Gateway::Hub::pump() {
  pumping_ = false;
  if (held()) return readOn();  // the commit that everybody waits for calls again
  std::vector<std::uint64_t> slice;
  const std::size_t count = std::min(due_.size(), settings.slice);
  slice.assign(due_.begin(), due_.begin() + static_cast<std::ptrdiff_t>(count));
  due_.erase(due_.begin(), due_.begin() + static_cast<std::ptrdiff_t>(count));
  for (std::uint64_t id : slice) {
    if (auto found = connections_.find(id); found != connections_.end()) found->second->sendDue();
  }
  if (due_.empty()) {
    if (std::exchange(many_due_, false)) many_sent_ = clock.steady();
    return readOn();
  }
  pumping_ = true;
  tasks.post([this] { pump(); });
}

void Gateway::Hub::keep(std::uint64_t id, std::string_view bytes) {
  while (!kept_.empty() && kept_bytes_ + bytes.size() > kMostKept) readNext();
  kept_bytes_ += bytes.size();
  kept_.push_back({id, std::string(bytes), now()});
  ++came_;
  readOn();
}

// Taken out first: what is read may close a connection, which reads all that is left.
void Gateway::Hub::readNext() {
  const Kept next = std::move(kept_.front());
  kept_.pop_front();
  kept_bytes_ -= next.bytes.size();
  if (auto found = connections_.find(next.id); found != connections_.end())
    found->second->read(next.bytes, next.at);
}

void Gateway::Hub::readKept() {
  while (!kept_.empty()) readNext();
}

// A few in each round of the loop, and none while many answers are still coming: each gets the time at which
// it came, and not that at which those before it were judged.
void Gateway::Hub::readOn() {
  if (kept_.empty() || sendsMany() || std::exchange(reading_, true)) return;  // the last order calls again
  tasks.post([this] {
    reading_ = false;
    if (std::exchange(came_, 0) >= settings.many && launching() && !held()) return readOn();
    for (auto count = std::clamp(kept_.size() / kReadPart, kReadAtOnce, kMostAtOnce);
         count > 0 && !kept_.empty(); --count)
      readNext();
    readOn();
  });
}

std::uint32_t Gateway::Hub::windowMs() const {
  const std::size_t sites = std::max(core.roster().sites().size(), sites_.size());
  const std::size_t ramp = sites * 1000 / std::max<std::uint32_t>(1, settings.reconnects_per_second);
  return std::max(settings.least_window_ms, static_cast<std::uint32_t>(ramp));
}

Gateway::Gateway(Tasks& tasks, const Clock& clock, core::Core& core, Submit submit, GatewaySettings settings,
                 SiteGuard guard)
    : hub_(std::make_unique<Hub>(tasks, clock, core, std::move(submit), settings, std::move(guard))) {}
Gateway::~Gateway() = default;

net::WebSocketRoute Gateway::route() {
  return {"/site", "diemcau.site.v1",
          [hub = hub_.get()](const net::HttpRequest&) { return std::make_unique<SiteConnection>(*hub); }};
}

void Gateway::submitted(const core::Effects& effects) {
  hub_->submitted(effects);
}
void Gateway::applied(const core::Effects& effects) {
  hub_->applied(effects);
}
void Gateway::stopping() {
  hub_->readKept();
  hub_->stopping = true;
}
bool Gateway::launching() const {
  return hub_->launching();
}
GatewayCounters Gateway::counters() const {
  GatewayCounters now = hub_->counters;
  now.waiting = hub_->waiting();
  return now;
}
std::uint32_t Gateway::reconnectWindowMs() const {
  return hub_->windowMs();
}

}  // namespace diemcau::gateway
