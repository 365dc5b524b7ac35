// See line.hpp.
#include "tests/bench/line.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/signing.hpp"

namespace diemcau::bench {
namespace {

constexpr std::size_t kChunk = 64 * 1024;

std::array<char, kChunk>& scratch() {
  thread_local std::array<char, kChunk> buffer;
  return buffer;
}

SslContextPtr contextFor(const SSL_METHOD* method) {
  SslContextPtr context(SSL_CTX_new(method));
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_read_ahead(context.get(), 0);
  return context;
}

}  // namespace

SslContextPtr clientTls() {
  auto context = contextFor(TLS_client_method());
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  return context;
}

SslContextPtr serverTls(const std::string& certificate, const std::string& key) {
  auto context = contextFor(TLS_server_method());
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) != 1)
    return nullptr;
  return context;
}

Line::~Line() {
  ssl_.reset();
  ::close(fd_);
}

bool Line::secure(SSL_CTX* context, bool server) {
  ssl_.reset(SSL_new(context));
  if (!ssl_ || SSL_set_fd(ssl_.get(), fd_) != 1) return false;
  server ? SSL_set_accept_state(ssl_.get()) : SSL_set_connect_state(ssl_.get());
  shaken_ = false;
  return true;
}

std::string Line::fingerprint() const {
  if (!ssl_) return {};
  X509* leaf = SSL_get0_peer_certificate(ssl_.get());
  unsigned char* bytes = nullptr;
  const int size = leaf == nullptr ? 0 : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(leaf), &bytes);
  if (size <= 0) return {};
  std::string hash = toHex(sha256({reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size)}));
  OPENSSL_free(bytes);
  return hash;
}

// Of a call of OpenSSL: true where the connection is over.
bool Line::failed(int result) {
  const int why = SSL_get_error(ssl_.get(), result);
  wants_write_ = why == SSL_ERROR_WANT_WRITE;
  if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return false;
  ERR_clear_error();
  return broken_ = true;
}

bool Line::shake() {
  if (shaken_) return true;
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    wants_write_ = false;
    return shaken_ = true;
  }
  failed(result);
  return false;
}

bool Line::flush() {
  std::size_t sent = 0;
  while (sent < out.size() && !broken_) {
    const std::size_t left = out.size() - sent;
    ssize_t put = 0;
    if (ssl_) {
      put = SSL_write(ssl_.get(), out.data() + sent, static_cast<int>(left));
      if (put <= 0) {
        failed(static_cast<int>(put));
        break;
      }
    } else {
      put = ::send(fd_, out.data() + sent, left, MSG_NOSIGNAL);
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) {
        broken_ = errno != EAGAIN && errno != EWOULDBLOCK;
        break;
      }
    }
    sent += static_cast<std::size_t>(put);
  }
  if (sent == out.size()) {
    // Tens of thousands of lines keep no room for what they do not say now.
    if (out.capacity() > 256) std::string().swap(out);
    out.clear();
  } else if (sent > 0) {
    out.erase(0, sent);
  }
  return !broken_;
}

bool Line::fill(std::string& in) {
  auto& buffer = scratch();
  while (true) {
    ssize_t got = 0;
    if (ssl_) {
      got = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
      if (got <= 0) return !failed(static_cast<int>(got));
    } else {
      got = ::recv(fd_, buffer.data(), buffer.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
      if (got <= 0) return !(broken_ = true);
    }
    in.append(buffer.data(), static_cast<std::size_t>(got));
    if (!ssl_ && got < static_cast<ssize_t>(buffer.size())) return true;
  }
}

}  // namespace diemcau::bench
