// WebSocket client and a small HTTP client, on a Loop's thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "net/server.hpp"
#include "net/tls.hpp"

namespace diemcau::net {

struct ClientOptions {
  std::string url;       // ws://host:port/path, or wss://
  std::string protocol;  // sub-protocol to offer
  std::size_t max_message = 1024 * 1024;
  unsigned connect_timeout_s = 10;
  Trust trust = {};  // of a wss:// address
};

// Connects once. Exactly one of handler->onOpen ... onClose, or `failed` with a plain reason, follows; never
// before connect() returned. Destroying the result ends the connection without further calls.
class Connection {
 public:
  virtual ~Connection() = default;
};

// All client connections of one loop share one ClientContext.
class ClientContext {
 public:
  virtual ~ClientContext() = default;
  virtual std::unique_ptr<Connection> connect(ClientOptions options, std::unique_ptr<PeerHandler> handler,
                                              std::function<void(std::string reason)> failed) = 0;
};
std::unique_ptr<ClientContext> clientContext(Loop& loop);

// Blocking HTTP for command lines: http:// or https://, HTTP/1.1, no redirects, at most 256 MiB.
struct HttpAnswer {
  int status = 0;
  std::string content_type;
  std::string body;
  std::string set_cookie = {};  // the last one, as it was sent
};
Result<HttpAnswer> httpRequest(const std::string& method, const std::string& url, const std::string& body,
                               const std::vector<std::pair<std::string, std::string>>& headers,
                               unsigned timeout_s, const Trust& trust = {});

}  // namespace diemcau::net
