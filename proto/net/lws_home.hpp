// One libwebsockets context on a Loop: made, told what happens to whom, and taken down again. Private to this
// folder.
//
// libwebsockets closes its libuv handles asynchronously, so a context ends in steps that only a running loop
// can take. A LwsHome therefore owns itself once it was left: its owner object stays until the last
// connection is gone, and the loop (or the loop's destructor) frees everything.
#pragma once

#include <libwebsockets.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/loop.hpp"
#include "base/result.hpp"
#include "net/server.hpp"
#include "net/tls.hpp"

struct uv_handle_s;
struct ssl_ctx_st;
struct x509_store_ctx_st;

namespace diemcau::net {

// What one connection of libwebsockets points to; deleted when the connection is.
class Wire {
 public:
  Wire() = default;
  virtual ~Wire() = default;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
};

// Who hears what happens in a context. May throw: the connection concerned is closed then.
class LwsOwner {
 public:
  LwsOwner() = default;
  virtual ~LwsOwner() = default;
  LwsOwner(const LwsOwner&) = delete;
  LwsOwner& operator=(const LwsOwner&) = delete;
  // As a callback of libwebsockets: other than 0 closes the connection. `wire` may be null.
  virtual int event(lws* wsi, Wire* wire, lws_callback_reasons reason, void* in, std::size_t length) = 0;
  // A client's: is the certificate that the other end shows believed? Asked for each certificate of the chain
  // and each fault of it; `ok` is what OpenSSL found. False ends the connection.
  virtual bool believes(Wire& /*wire*/, x509_store_ctx_st* /*chain*/, bool /*ok*/) { return false; }
  // The connection is gone; `wire` is deleted right after.
  virtual void gone(Wire& wire) = 0;
};

class LwsHome;
struct LeaveHome {
  void operator()(LwsHome* home) const noexcept;
};
using LwsHomePtr = std::unique_ptr<LwsHome, LeaveHome>;

struct LwsSettings {
  std::vector<std::string>
      protocols;               // sub-protocols; [0] of the context is ours, for everything before an upgrade
  unsigned header_pool = 512;  // requests or answers whose headers are held at the same time
  unsigned timeout_s = 60;     // libwebsockets' own, behind ours
  bool tls_client = false;     // may speak TLS to a server
  std::optional<TlsFiles> tls_server;  // speaks TLS, and nothing else, to everybody
};

class LwsHome {
 public:
  static Result<LwsHomePtr> create(Loop& loop, LwsSettings settings);
  LwsHome(const LwsHome&) = delete;
  LwsHome& operator=(const LwsHome&) = delete;

  // Before the first connection.
  void setOwner(std::unique_ptr<LwsOwner> owner) { owner_ = std::move(owner); }

  lws_context* context() { return context_; }
  lws_vhost* vhost() { return lws_get_vhost_by_name(context_, "diemcau"); }
  // A server's: the certificate is read again, for the connections to come.
  Done reloadCertificate();
  const lws_retry_bo_t* noValidityTimer() const { return &no_validity_timer_; }

  // Around libwebsockets' connect: what it leaves behind when the system refuses at once is cleared away.
  void connecting(bool now) { connecting_ = now; }

  // A buffer with LWS_PRE bytes before the `size` bytes that the result points to; valid until the next call.
  unsigned char* scratch(std::size_t size);

 private:
  friend struct LeaveHome;
  LwsHome(Loop& loop, LwsSettings settings);
  ~LwsHome();
  bool start();
  bool tlsContext(lws_callback_reasons reason, ssl_ctx_st* made);
  void leave() noexcept;
  void takeDown();
  void destroyFirst();
  void closeStrayHandle(const lws* wsi);
  static int onEvent(lws* wsi, lws_callback_reasons reason, void* user, void* in, std::size_t length);

  struct Reaper;
  Loop& loop_;
  LwsSettings settings_;
  lws_context* context_ = nullptr;  // set to null by libwebsockets when it is freed
  std::unique_ptr<LwsOwner> owner_;
  std::vector<lws_protocols> protocols_;
  lws_retry_bo_t no_validity_timer_{};
  lws_protocol_vhost_options headers_[2]{};
  std::vector<unsigned char> scratch_;
  ssl_ctx_st* server_tls_ = nullptr;  // libwebsockets' own
  Error tls_fault_;                   // why the server's could not be set up
  uv_handle_s* pipe_ = nullptr;       // of the context's own event pipe
  bool closing_ = false, connecting_ = false;
  bool kept_ = false;  // never freed; see destroyFirst
};

// A number that no other peer of this process has or had.
std::uint64_t nextPeerId();

}  // namespace diemcau::net
