// What a ClientContext is made of. Private to this folder.
//
// A link is one connect() of a user: first waiting for its turn, then looking a name up, then trying one
// address after the other, then a WebSocket. Each try is a connection of libwebsockets, which may outlive the
// link.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "net/client.hpp"
#include "net/lws_home.hpp"
#include "net/url.hpp"
#include "net/ws_socket.hpp"

namespace diemcau::net {

class ClientCore;
class ClientLink;

struct Attempt final : Wire {
  ClientLink* link = nullptr;  // null: nobody waits for it any more
  bool believed = false;       // the other end's certificate was looked at, and is the one
};

class ClientLink final : public WsSocket::Owner {
 public:
  using Failed = std::function<void(std::string)>;
  ClientLink(ClientCore& core, ClientOptions options, std::unique_ptr<PeerHandler> handler, Failed failed);

  int event(lws* w, lws_callback_reasons reason, void* in, std::size_t length);
  bool believes(x509_store_ctx_st* chain, bool ok);
  void ending() override;
  void begin();
  void found(std::vector<std::string> addresses, std::string problem);
  void attemptGone();
  void tooLate();
  void release();  // the user let go: no more calls
  bool established() const { return socket_ != nullptr; }
  const std::string& host() const { return url_.host; }

  const std::uint64_t id = nextPeerId();
  Micros deadline = 0;

 private:
  int opened(lws* w);
  void tryNext();
  bool tryOne(const std::string& address);
  void giveUp();
  std::string refusalText(lws* w, const char* said, std::size_t length) const;

  ClientCore& core_;
  ClientOptions options_;
  std::unique_ptr<PeerHandler> handler_;
  Failed failed_;
  std::unique_ptr<WsSocket> socket_;
  Url url_;
  std::vector<std::string> addresses_;  // still to be tried
  std::string address_;                 // being tried
  std::string problem_;                 // why the last one did not work
  std::string distrust_;                // why its certificate is not believed
  Attempt* attempt_ = nullptr;
  lws* wsi_ = nullptr;
  bool starting_ = false;  // inside libwebsockets' connect
  bool wrong_protocol_ = false, timed_out_ = false;
};

// A look-up runs in a thread that may outlive everybody: it talks to the loop only while `loop` is set.
struct Lookups {
  std::mutex mutex;
  Loop* loop = nullptr;
};

class ClientCore final : public LwsOwner {
 public:
  ClientCore(Loop& loop, LwsHome& home);

  std::uint64_t connect(ClientOptions options, std::unique_ptr<PeerHandler> handler,
                        ClientLink::Failed failed);
  void release(std::uint64_t id);
  void shutDown();

  int event(lws* wsi, Wire* wire, lws_callback_reasons reason, void* in, std::size_t length) override;
  bool believes(Wire& wire, x509_store_ctx_st* chain, bool ok) override;
  void gone(Wire& wire) override;

  void watch(ClientLink& link, Micros span);
  void unwatch(const ClientLink& link) { timed_.erase(link.id); }
  void connectingOver(std::uint64_t id);
  void lookUp(const ClientLink& link);
  void erase(std::uint64_t id);

  LwsHome& home;
  const std::shared_ptr<ServerCounters> counters = std::make_shared<ServerCounters>();
  // Expires when the context goes.
  std::shared_ptr<ClientCore*> self = std::make_shared<ClientCore*>(this);

 private:
  void startLater();
  void startSome();
  void sweep();
  ClientLink* find(std::uint64_t id);

  Loop& loop_;
  std::unordered_map<std::uint64_t, std::unique_ptr<ClientLink>> links_;
  std::unordered_set<std::uint64_t> timed_;       // those with a deadline
  std::unordered_set<std::uint64_t> connecting_;  // between connect and hello
  std::deque<std::uint64_t> waiting_;
  std::shared_ptr<Lookups> lookups_ = std::make_shared<Lookups>();
  Timer sweeper_;
  bool start_posted_ = false;
};

}  // namespace diemcau::net
