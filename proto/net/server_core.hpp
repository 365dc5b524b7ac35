// What a Server is made of: the connections in their phases, and the rules that hold for all. Private to this
// folder.
//
// A connection: headers (limited in number and time) -> body -> the owner's answer -> sending -> idle ... or,
// after an upgrade, a WebSocket. One sweep a few times a second looks at those that have a deadline; sockets
// at work have none.
#pragma once

#include <libwebsockets.h>

#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "net/listener.hpp"
#include "net/lws_home.hpp"
#include "net/request.hpp"
#include "net/ws_socket.hpp"

namespace diemcau::net {

class ServerCore;

enum class WirePhase { kHeaders, kBody, kAnswering, kSending, kLingering, kIdle, kUpgrading, kSocket };

// One connection of a server.
class ServerWire final : public Wire, public WsSocket::Owner {
 public:
  ServerWire(ServerCore& core, Caller caller) : core_(core), caller_(std::move(caller)) {}

  int event(lws* wsi, lws_callback_reasons reason, void* in, std::size_t length);
  void ending() override;
  void answer(HttpResponse response);  // later, from outside
  void end();                          // cut off, outside of libwebsockets' callbacks
  void lookForEarlyInput();            // while an answer goes out
  void drain(std::uint16_t code, const std::string& reason);
  void forget();  // the server goes: no further calls to its user

  const Caller& caller() const { return caller_; }
  WirePhase phase() const { return phase_; }
  bool isSocket() const { return phase_ == WirePhase::kSocket; }

  std::uint64_t id = 0;
  lws* wsi = nullptr;
  Micros deadline = 0;
  std::size_t place = 0;     // in the core's list of those with a deadline, from 1; 0: not in it
  bool handshaking = false;  // counted among the handshakes
  bool orphan = false;       // refused while it was adopted: libwebsockets tells of its end later, or never

 private:
  struct Http {
    HttpRequest request;
    std::string out;
    std::size_t sent = 0;
    std::size_t body_length = 0;
    bool head_only = false, keep_alive = true, wants_continue = false;
    bool unread_body = false;  // the peer may still be sending what nobody will read
  };
  int request(lws* wsi);
  int upgrade(lws* wsi);
  int body(const char* bytes, std::size_t length);
  void dispatch();
  void queueAnswer(HttpResponse response, bool keep_alive);
  int sendMore();
  int refuseUpgrade(lws* wsi, const Refusal& refusal);
  std::optional<Refusal> checkNames(const HttpRequest& request, bool changes_state);

  ServerCore& core_;
  Caller caller_;
  WirePhase phase_ = WirePhase::kHeaders;
  unsigned early_ = 0;  // how often something came before the answer was out
  std::unique_ptr<Http> http_;
  const WebSocketRoute* route_ = nullptr;
  std::unique_ptr<PeerHandler> handler_;  // between the request for an upgrade and its end
  std::unique_ptr<WsSocket> socket_;
};

class ServerCore final : public LwsOwner {
 public:
  ServerCore(Loop& loop, ServerOptions options, LwsHome& home);
  ~ServerCore() override;

  Done listen();
  int event(lws* wsi, Wire* wire, lws_callback_reasons reason, void* in, std::size_t length) override;
  void gone(Wire& wire) override;
  void drain(std::uint16_t code, std::string_view reason);
  void shutDown();
  Done reloadCertificate();

  void setDeadline(ServerWire& wire, Micros span);
  void clearDeadline(ServerWire& wire);
  void handshakeOver(ServerWire& wire);
  ServerWire* find(std::uint64_t id);

  Loop& loop;
  const ServerOptions options;
  LwsHome& home;
  const std::shared_ptr<ServerCounters> counters = std::make_shared<ServerCounters>();
  std::uint16_t port = 0;
  bool draining = false;
  // Expires when the server goes: for answers that come too late.
  std::shared_ptr<ServerCore*> self = std::make_shared<ServerCore*>(this);

 private:
  bool take(const Caller& caller);
  void sweep();
  void drainSome();
  void lookAtCertificate();

  std::unique_ptr<Listener> listener_;
  std::unordered_map<std::uint64_t, ServerWire*> wires_;
  std::unordered_map<std::string, std::size_t> by_address_;
  std::unordered_set<ServerWire*> orphans_;  // owned
  std::vector<ServerWire*> timed_;
  std::size_t handshakes_ = 0;
  Timer sweeper_, certificate_timer_;
  std::string certificate_seen_;  // what the files looked like when they were read
  std::uint16_t drain_code_ = close_code::kGoingAway;
  std::string drain_reason_;
  std::vector<std::uint64_t> to_drain_;
};

}  // namespace diemcau::net
