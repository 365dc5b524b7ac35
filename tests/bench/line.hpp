// One TCP connection of the generator or of the floor, plain or under TLS, never blocking. Sending appends to
// `out`; what the socket does not take waits there.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace diemcau::bench {

struct SslGone {
  void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
using SslPtr = std::unique_ptr<SSL, SslGone>;
using SslContextPtr = std::unique_ptr<SSL_CTX, SslGone>;

// Of the generator: any certificate is believed, the figures are of this machine alone. No session tickets
// are used, so that each connection pays for a whole handshake.
SslContextPtr clientTls();
// Of the floor; null when the files cannot be used. Buffers are given back while a connection is idle.
SslContextPtr serverTls(const std::string& certificate, const std::string& key);

class Line {
 public:
  explicit Line(int fd) : fd_(fd) {}
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  int fd() const { return fd_; }
  // From now on TLS, with nothing of it said yet.
  bool secure(SSL_CTX* context, bool server);
  bool secured() const { return ssl_ != nullptr; }
  // SHA-256 of the public key that the other end showed, hex; empty without TLS.
  std::string fingerprint() const;

  // The handshake goes on. True: it is over, or there is none.
  bool shake();
  bool flush();                // what waits in `out`
  bool fill(std::string& in);  // all that has come is appended
  bool broken() const { return broken_; }
  // The socket must be free before anything goes on.
  bool wantsWrite() const { return wants_write_ || !out.empty(); }

  std::string out;

 private:
  bool failed(int result);

  int fd_;
  SslPtr ssl_;
  bool shaken_ = true, broken_ = false, wants_write_ = false;
};

}  // namespace diemcau::bench
