// A blocking TLS client that speaks what a browser never would, for the tests of proto/net.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

#include "tests/unit/proto/net/support.hpp"

namespace diemcau::net::test {

class TlsClient final : public BlockingReader {
 public:
  struct Wish {
    int oldest = 0, newest = 0;  // TLS1_2_VERSION, ...; 0: whatever the library does
    std::string alpn;            // as on the wire: length and name, one after the other
  };
  explicit TlsClient(std::uint16_t port) : TlsClient(port, Wish()) {}
  TlsClient(std::uint16_t port, const Wish& wish);
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  bool shaken() const { return shaken_; }
  std::string version() const { return SSL_get_version(ssl_); }
  std::string alpn() const;
  std::string fingerprint() const;  // of the server's key
  void send(std::string_view bytes);

 private:
  bool more() override;
  int fd_ = -1;
  SSL_CTX* context_ = nullptr;
  SSL* ssl_ = nullptr;
  bool shaken_ = false;
};

}  // namespace diemcau::net::test
