// See tls_client.hpp.
#include "tests/unit/proto/net/tls_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "net/openssl.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::net::test {

TlsClient::TlsClient(std::uint16_t port, const Wish& wish) {
  std::signal(SIGPIPE, SIG_IGN);
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{kLimit.count(), 0};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  context_ = SSL_CTX_new(TLS_client_method());
  // Old versions need this of OpenSSL 3: so that it is the server that refuses them.
  SSL_CTX_set_security_level(context_, 0);
  SSL_CTX_set_min_proto_version(context_, wish.oldest);
  SSL_CTX_set_max_proto_version(context_, wish.newest);
  if (!wish.alpn.empty())
    SSL_CTX_set_alpn_protos(context_, reinterpret_cast<const unsigned char*>(wish.alpn.data()),
                            static_cast<unsigned>(wish.alpn.size()));
  ssl_ = SSL_new(context_);
  SSL_set_fd(ssl_, fd_);
  shaken_ = SSL_connect(ssl_) == 1;
}

TlsClient::~TlsClient() {
  SSL_free(ssl_);
  SSL_CTX_free(context_);
  close(fd_);
}

std::string TlsClient::alpn() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_, &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

std::string TlsClient::fingerprint() const {
  const X509Ptr shown(SSL_get1_peer_certificate(ssl_));
  return shown ? fingerprintOf(shown.get()) : "";
}

void TlsClient::send(std::string_view bytes) {
  SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
}

bool TlsClient::more() {
  std::array<char, 16 * 1024> piece{};
  const int got = SSL_read(ssl_, piece.data(), static_cast<int>(piece.size()));
  if (got <= 0) return false;
  buffer_.append(piece.data(), static_cast<std::size_t>(got));
  return true;
}

}  // namespace diemcau::net::test
