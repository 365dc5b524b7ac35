// The client's context: turns, look-ups, deadlines. What one connection does is in client_link.cpp.
//
// Names are looked up in a thread of their own, because libwebsockets would hold up the loop. Only some
// connections are between connect and hello at a time; more wait their turn, as libwebsockets keeps a sorted
// list of them.
#include "net/client.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <thread>

#include "net/client_core.hpp"

namespace diemcau::net {
namespace {

constexpr std::size_t kConnecting = 128;
constexpr Micros kSweep = 250 * kMillisecond;

class Handle final : public Connection {
 public:
  Handle(std::weak_ptr<ClientCore*> core, std::uint64_t id) : core_(std::move(core)), id_(id) {}
  ~Handle() override {
    if (const auto core = core_.lock()) (*core)->release(id_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

 private:
  std::weak_ptr<ClientCore*> core_;
  std::uint64_t id_;
};

class ContextShell final : public ClientContext {
 public:
  ContextShell(LwsHomePtr home, ClientCore& core) : core_(core), home_(std::move(home)) {}
  ~ContextShell() override { core_.shutDown(); }
  ContextShell(const ContextShell&) = delete;
  ContextShell& operator=(const ContextShell&) = delete;
  std::unique_ptr<Connection> connect(ClientOptions options, std::unique_ptr<PeerHandler> handler,
                                      std::function<void(std::string)> failed) override {
    const std::uint64_t id = core_.connect(std::move(options), std::move(handler), std::move(failed));
    return std::make_unique<Handle>(core_.self, id);
  }

 private:
  ClientCore& core_;  // owned by the home, which outlives this
  LwsHomePtr home_;
};

std::vector<std::string> numericAddresses(const addrinfo* found) {
  std::vector<std::string> addresses;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) ==
        0) {
      addresses.emplace_back(text.data());
    }
  }
  return addresses;
}

}  // namespace

std::unique_ptr<ClientContext> clientContext(Loop& loop) {
  LwsSettings settings;
  settings.header_pool = kConnecting * 2;
  settings.tls_client = true;
  auto home = LwsHome::create(loop, std::move(settings));
  DIEMCAU_INVARIANT(home);  // the package is broken: nothing can be done
  auto owned = std::make_unique<ClientCore>(loop, **home);
  ClientCore& core = *owned;
  (*home)->setOwner(std::move(owned));
  return std::make_unique<ContextShell>(std::move(*home), core);
}

ClientCore::ClientCore(Loop& on, LwsHome& in) : home(in), loop_(on) {
  lookups_->loop = &loop_;
  sweeper_ = loop_.every(kSweep, [this] { sweep(); });
}

ClientLink* ClientCore::find(std::uint64_t id) {
  const auto found = links_.find(id);
  return found == links_.end() ? nullptr : found->second.get();
}

std::uint64_t ClientCore::connect(ClientOptions options, std::unique_ptr<PeerHandler> handler,
                                  ClientLink::Failed failed) {
  auto link = std::make_unique<ClientLink>(*this, std::move(options), std::move(handler), std::move(failed));
  const std::uint64_t id = link->id;
  links_.emplace(id, std::move(link));
  waiting_.push_back(id);
  startLater();
  return id;
}

void ClientCore::startLater() {
  if (start_posted_) return;
  start_posted_ = true;
  loop_.post([weak = std::weak_ptr<ClientCore*>(self)] {
    const auto core = weak.lock();
    if (!core) return;
    (*core)->start_posted_ = false;
    (*core)->startSome();
  });
}

void ClientCore::startSome() {
  while (!waiting_.empty() && connecting_.size() < kConnecting) {
    const std::uint64_t id = waiting_.front();
    waiting_.pop_front();
    ClientLink* link = find(id);
    if (link == nullptr) continue;
    connecting_.insert(id);
    link->begin();
  }
}

void ClientCore::connectingOver(std::uint64_t id) {
  if (connecting_.erase(id) != 0 && !waiting_.empty()) startLater();
}

void ClientCore::lookUp(const ClientLink& link) {
  std::thread([lookups = lookups_, weak = std::weak_ptr<ClientCore*>(self), id = link.id,
               host = link.host()] {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int rc = getaddrinfo(host.c_str(), nullptr, &hints, &found);
    std::vector<std::string> addresses = numericAddresses(found);
    if (found != nullptr) freeaddrinfo(found);
    std::string problem =
        rc == 0 ? std::string() : "the name \"" + host + "\" is not known (" + gai_strerror(rc) + ")";
    const std::lock_guard lock(lookups->mutex);
    if (lookups->loop == nullptr) return;
    lookups->loop->post([weak, id, addresses = std::move(addresses), problem = std::move(problem)] {
      const auto core = weak.lock();
      if (!core) return;
      if (ClientLink* looked = (*core)->find(id)) looked->found(addresses, problem);
    });
  }).detach();
}

void ClientCore::watch(ClientLink& link, Micros span) {
  link.deadline = systemClock().steady() + span;
  timed_.insert(link.id);
}

void ClientCore::sweep() {
  const Micros now = systemClock().steady();
  std::vector<std::uint64_t> late;
  for (const std::uint64_t id : timed_) {
    const ClientLink* link = find(id);
    if (link == nullptr || link->deadline <= now) late.push_back(id);
  }
  for (const std::uint64_t id : late) {
    timed_.erase(id);
    if (ClientLink* link = find(id)) link->tooLate();
  }
}

int ClientCore::event(lws* wsi, Wire* wire, lws_callback_reasons reason, void* in, std::size_t length) {
  ClientLink* link = static_cast<Attempt*>(wire)->link;
  return link == nullptr ? -1 : link->event(wsi, reason, in, length);
}

bool ClientCore::believes(Wire& wire, x509_store_ctx_st* chain, bool ok) {
  ClientLink* link = static_cast<Attempt&>(wire).link;
  return link != nullptr && link->believes(chain, ok);
}

void ClientCore::gone(Wire& wire) {
  if (ClientLink* link = static_cast<Attempt&>(wire).link) link->attemptGone();
}

void ClientCore::release(std::uint64_t id) {
  if (ClientLink* link = find(id)) link->release();
}

void ClientCore::erase(std::uint64_t id) {
  timed_.erase(id);
  connectingOver(id);
  links_.erase(id);
}

void ClientCore::shutDown() {
  self.reset();
  {
    const std::lock_guard lock(lookups_->mutex);
    lookups_->loop = nullptr;
  }
  sweeper_.reset();
  waiting_.clear();
  std::vector<std::uint64_t> ids;
  for (const auto& [id, link] : links_) ids.push_back(id);
  for (const std::uint64_t id : ids) release(id);
}

}  // namespace diemcau::net
