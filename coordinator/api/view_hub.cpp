// The live view's readers.
#include "coordinator/api/view_hub.hpp"

#include <google/protobuf/arena.h>

#include <algorithm>

namespace diemcau::api {
namespace {

constexpr Micros kLookEvery = 1 * kSecond;  // whether readers may still look
constexpr Micros kAgainIn = 5 * kMillisecond, kLongestLetGo = 500 * kMillisecond;  // for orders

}  // namespace

ViewReader::~ViewReader() {
  if (id_ != 0) hub_.remove(*this);
}

void ViewReader::onOpen(net::Peer& peer) {
  peer_ = &peer;
  hub_.add(*this);
}

// A view has nothing to be told.
void ViewReader::onMessage(std::string_view) {
  if (peer_ != nullptr) peer_->close(net::close_code::kPolicy, "a view only reads");
}

bool ViewReader::next(net::Frame& frame) {
  if (!waiting_) return false;
  frame.body = std::exchange(waiting_, nullptr);
  sent_ = hub_.ports_.clock.steady();
  ++hub_.counters_.view_updates;
  if (version_ < hub_.news_version_) hub_.soon();
  return true;
}

void ViewReader::onClose(std::uint16_t, std::string_view) {
  hub_.remove(*this);
  peer_ = nullptr;
}

ViewHub::ViewHub(Ports& ports, const ApiSettings& settings, ApiCounters& counters, Gate& gate)
    : ports_(ports), settings_(settings), counters_(counters), gate_(gate) {}

std::vector<net::WebSocketRoute> ViewHub::routes() {
  return {
      {"/api/v1/view", "diemcau.view.v1", [this](const net::HttpRequest& request) { return open(request); }}};
}

std::unique_ptr<net::PeerHandler> ViewHub::open(const net::HttpRequest& request) {
  auto found = request.query.find("session");
  const std::string session = found == request.query.end() ? std::string() : found->second;
  core::Identity who;
  const auto scope = gate_.passView(request, who);
  const Micros now = ports_.clock.wall();
  const bool known = session.empty() || (ports_.core.session(session, now).has_value() && scope &&
                                         core::ScopedView(ports_.core, *scope, now).session(session));
  if (!scope || !known || readers_.size() >= settings_.most_readers) {
    ++counters_.view_refused;
    return nullptr;
  }
  return std::make_unique<ViewReader>(*this, session, std::move(who), *scope);
}

void ViewHub::add(ViewReader& reader) {
  reader.id_ = ++last_id_;
  readers_[reader.id_] = &reader;
  counters_.view_readers = readers_.size();
  soon();
}

void ViewHub::remove(ViewReader& reader) {
  readers_.erase(std::exchange(reader.id_, 0));
  counters_.view_readers = readers_.size();
}

void ViewHub::news() {
  news_version_ = ports_.core.viewVersion();
  soon();
}

void ViewHub::soon() {
  if (soon_ || readers_.empty()) return;
  tickIn(budget_.wait(ports_.clock.steady(), settings_.view_period));
}

void ViewHub::tickIn(Micros wait) {
  soon_ = ports_.loop.after(wait, [this] {
    soon_.reset();
    tick();
  });
}

// An update that is made between an order and its answer delays both, and is old before it is read.
bool ViewHub::letsOrdersGo(Micros now) {
  if (readers_.empty() || !ports_.launching || !ports_.launching()) {
    let_go_from_ = 0;
    return false;
  }
  if (let_go_from_ == 0) let_go_from_ = now;
  return now - let_go_from_ < kLongestLetGo;
}

void ViewHub::tick() {
  const Micros now = ports_.clock.steady();
  if (letsOrdersGo(now)) return tickIn(kAgainIn);
  const std::uint64_t newest = ports_.core.viewVersion();
  if (now - looked_ >= kLookEvery) {
    looked_ = now;
    turnOut();
  }
  std::map<Group, std::vector<std::uint64_t>> groups;
  std::vector<std::uint64_t> stuck;
  std::map<std::string, const core::Scope*> scopes;
  for (auto& [id, reader] : readers_) {
    if (reader->waiting_ && now - reader->waits_since_ >= settings_.reader_patience) stuck.push_back(id);
    if (reader->busy_ || reader->waiting_) continue;
    const bool news = reader->version_ < newest || now - reader->sent_ >= settings_.view_idle;
    if (!reader->fresh_ && !news) continue;
    reader->busy_ = true;
    groups[{reader->session_, reader->version_, reader->scope_.key()}].push_back(id);
    scopes[reader->scope_.key()] = &reader->scope_;
  }
  for (auto& [group, readers] : groups) make(group, *scopes[std::get<2>(group)], std::move(readers));
  for (const std::uint64_t id : stuck) {
    const auto found = readers_.find(id);
    if (found == readers_.end() || found->second->peer_ == nullptr) continue;
    found->second->waits_since_ = now;  // told once in a while, until it is gone
    ++counters_.view_stuck;
    found->second->peer_->close(net::close_code::kTryLater, "nothing is read here");
  }
  budget_.spent(now, ports_.clock.steady());
}

void ViewHub::turnOut() {
  for (auto& [id, reader] : readers_) {
    if (reader->peer_ != nullptr && !gate_.still(reader->who_))
      reader->peer_->close(net::close_code::kNotAuthenticated, "signed out, or with other roles now");
  }
}

void ViewHub::make(const Group& group, const core::Scope& scope, std::vector<std::uint64_t> readers) {
  const auto& [session, since, key] = group;
  const Micros now = ports_.clock.wall(), began = ports_.clock.steady();
  google::protobuf::Arena arena;
  auto& update = *google::protobuf::Arena::CreateMessage<v1::ViewUpdate>(&arena);
  ports_.core.view(since, session, now, update);
  core::ScopedView(ports_.core, scope, now).cut(update);
  ++counters_.view_encoded;
  auto bytes = std::make_shared<const std::string>(update.SerializeAsString());
  counters_.view_encode_us += static_cast<std::uint64_t>(ports_.clock.steady() - began);
  settled([this, readers = std::move(readers), version = update.version(), bytes] {
    deliver(readers, version, bytes);
  });
}

void ViewHub::deliver(const std::vector<std::uint64_t>& readers, std::uint64_t version, const Bytes& bytes) {
  for (std::uint64_t id : readers) {
    auto found = readers_.find(id);
    if (found == readers_.end()) continue;
    ViewReader& reader = *found->second;
    reader.busy_ = reader.fresh_ = false;
    reader.version_ = version;
    reader.waiting_ = bytes;
    reader.waits_since_ = ports_.clock.steady();
    reader.peer_->wantSend();
  }
  if (version < news_version_) soon();
}

// What a crash could still undo is not shown; but when the store fails for longer, operators must not go
// blind.
void ViewHub::settled(std::function<void()> then) {
  if (!ports_.store_healthy()) return then();
  ports_.submit({}, std::move(then));
}

}  // namespace diemcau::api
