// HTTP and WebSocket server: the only server code that knows libwebsockets. Runs on a Loop's thread; every
// callback and every call belongs to that thread.
//
// Limits come before parsing: see ServerLimits. Nothing waits in a queue here: a WebSocket peer is asked for
// its next frame when its socket can take one.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/loop.hpp"
#include "base/result.hpp"
#include "base/settings.hpp"
#include "net/tls.hpp"

namespace diemcau::net {

namespace close_code {
constexpr std::uint16_t kGoingAway = 1001, kPolicy = 1008, kTooBig = 1009, kError = 1011, kRestart = 1012,
                        kTryLater = 1013, kNotAuthenticated = 4401, kNotAllowed = 4403, kReplaced = 4409,
                        kTooOld = 4426;
}  // namespace close_code

struct HttpRequest {
  std::string method;                        // GET, HEAD, POST, PUT, DELETE; others are answered 405 here
  std::string path;                          // decoded, begins with '/', no "..", no NUL; at most 1,024 bytes
  std::map<std::string, std::string> query;  // decoded; at most 32 pairs
  std::map<std::string, std::string>
      headers;  // lower-case names: host, origin, content-type, accept, if-none-match,
                // authorization, cookie, x-diemcau-actor, accept-language, ...
  std::string body;
  std::string peer;       // numeric address
  bool loopback = false;  // it is one of this machine's own
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

// Called once, now or later, on the loop's thread; calls after the connection ended do nothing.
using Respond = std::function<void(HttpResponse)>;

// A frame to send: `head` is the peer's own, `body` may be shared by all peers (encoded once).
struct Frame {
  std::string head;
  std::shared_ptr<const std::string> body;  // may be null
  bool text = false;
};

// One WebSocket connection of a server or of a client.
class Peer {
 public:
  virtual ~Peer() = default;
  virtual std::uint64_t id() const = 0;  // never used twice in one process
  virtual const std::string& address() const = 0;
  virtual const std::string& protocol() const = 0;  // negotiated sub-protocol
  // Of the public key that the server's end of this connection showed; empty without TLS.
  virtual const std::string& fingerprint() const;
  // There is something to send: PeerHandler::next is called, at once when the socket is free.
  virtual void wantSend() = 0;
  // Ends the connection with a code and a reason of at most 120 bytes; onClose follows, later.
  virtual void close(std::uint16_t code, std::string_view reason) = 0;
  // Bytes that lws still holds back; for tests and limits.
  virtual bool choked() const = 0;
};

// What a connection's owner does; one object per connection, owned by the connection.
class PeerHandler {
 public:
  virtual ~PeerHandler() = default;
  virtual void onOpen(Peer& peer) = 0;
  // One whole message, at most max_message bytes.
  virtual void onMessage(std::string_view bytes) = 0;
  // Fills `frame` and returns true, or returns false when there is nothing to send now.
  virtual bool next(Frame& frame) = 0;
  // Last call. `code` is the peer's close code, 1006 when there was none.
  virtual void onClose(std::uint16_t code, std::string_view reason) = 0;
};

struct ServerLimits {
  std::size_t max_message = 64 * 1024;  // one WebSocket message; beyond: close 1009
  std::size_t max_body = 1024 * 1024;   // one HTTP body; beyond: 413
  std::size_t max_connections = 40'000;
  std::size_t max_per_address = 40'000;  // loopback excepted
  std::size_t max_handshakes = 128;      // accepted, but neither upgraded nor answered yet; when there are so
                                         // many, those without headers after 2 s make room
  unsigned handshake_timeout_s = 10;     // until headers are complete; slow bodies too
};

struct WebSocketRoute {
  std::string path;      // exact
  std::string protocol;  // sub-protocol that the client must offer
  // Null: refused with 403. Called after the Host and Origin checks.
  std::function<std::unique_ptr<PeerHandler>(const HttpRequest&)> open;
};

struct ServerOptions {
  ListenAddress listen;  // port 0: the system chooses
  ServerLimits limits;
  // Speaks TLS 1.2 or newer, HTTP/1.1 and nothing else. Looked at now and then: a changed file is used for
  // the connections to come, and one that cannot be used is logged and changes nothing.
  std::optional<TlsFiles> tls;
  std::vector<std::string>
      hosts;  // allowed Host names without port; empty: any numeric loopback and localhost
  // As Host and Origin, the numeric address that the caller reached us at is allowed too. A page whose name
  // was made to lead here still says that name.
  bool own_address = false;
  bool check_origin = true;  // an Origin, where there is one, must name an allowed host and our port
  std::vector<WebSocketRoute> sockets;
  // The largest body that this request may have, within max_body; asked once its head is read. Null:
  // max_body.
  std::function<std::size_t(const HttpRequest&)> body_limit;
  // Told of a request that is refused for its Host or Origin; for logs. May be null.
  std::function<void(const HttpRequest&, const std::string& why)> turned_away;
  std::function<void(HttpRequest, Respond)> http;  // null: every plain request is answered 404
};

struct ServerCounters {
  std::uint64_t accepted = 0, refused_limit = 0, refused_host = 0, refused_origin = 0, refused_upgrade = 0,
                refused_request = 0, too_big = 0, timeouts = 0, requests = 0, messages_in = 0, bytes_in = 0,
                frames_out = 0, bytes_out = 0;
  std::size_t open_sockets = 0;
};

class Server {
 public:
  virtual ~Server() = default;
  virtual std::uint16_t port() const = 0;  // the one in use
  virtual const ServerCounters& counters() const = 0;
  // No new connections; open sockets are closed with the code; returns at once.
  virtual void drain(std::uint16_t code, std::string_view reason) = 0;
  // Reads the certificate and its key again; connections that are open go on with the old one. On a fault the
  // old one stays in use.
  virtual Done reloadCertificate() = 0;
};

// Starts to listen. Fails with the address and the reason (in use, not permitted).
Result<std::unique_ptr<Server>> serve(Loop& loop, ServerOptions options);

}  // namespace diemcau::net
