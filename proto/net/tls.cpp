// Whom to believe, and what to show. See tls.hpp.
#include "net/tls.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include <array>

#include "base/settings.hpp"
#include "net/openssl.hpp"

namespace diemcau::net {
namespace {

constexpr std::size_t kMaxPem = 1 << 20;
constexpr int kMostChain = 8;
constexpr std::size_t kDigits = 64;

using BioPtr = std::unique_ptr<BIO, OpenSslFree<BIO_free>>;

struct ChainFree {
  void operator()(STACK_OF(X509) * chain) const noexcept { sk_X509_pop_free(chain, X509_free); }
};
using ChainPtr = std::unique_ptr<STACK_OF(X509), ChainFree>;

struct Loaded {
  X509Ptr leaf;
  ChainPtr chain;
  KeyPtr key;
};

// No question on the terminal for a key that has a passphrase.
int noPassphrase(char* /*into*/, int /*size*/, int /*writing*/, void* /*user*/) {
  return -1;
}

tl::unexpected<Error> unusable(const std::string& file, const std::string& why, const std::string& vi) {
  return fail(ErrorCode::kInvalid, fmt::format("{}: {}", file, why), fmt::format("{}: {}", file, vi));
}

Result<BioPtr> pemOf(const std::string& file) {
  auto text = readFile(file, kMaxPem);
  if (!text) return tl::unexpected(text.error());
  BioPtr bio(BIO_new(BIO_s_mem()));
  BIO_write(bio.get(), text->data(), static_cast<int>(text->size()));
  return bio;
}

Result<Loaded> loadFiles(const TlsFiles& files) {
  ERR_clear_error();
  auto certificates = pemOf(files.certificate);
  if (!certificates) return tl::unexpected(certificates.error());
  Loaded out;
  out.leaf.reset(PEM_read_bio_X509(certificates->get(), nullptr, noPassphrase, nullptr));
  if (!out.leaf)
    return unusable(files.certificate, "holds no certificate in PEM form: " + opensslReason(),
                    "không có chứng thư dạng PEM");
  out.chain.reset(sk_X509_new_null());
  while (X509* more = PEM_read_bio_X509(certificates->get(), nullptr, noPassphrase, nullptr)) {
    sk_X509_push(out.chain.get(), more);
    if (sk_X509_num(out.chain.get()) > kMostChain)
      return unusable(files.certificate, "holds too many certificates", "có quá nhiều chứng thư");
  }
  ERR_clear_error();  // the end of the file is noted as a fault
  auto key = pemOf(files.key);
  if (!key) return tl::unexpected(key.error());
  out.key.reset(PEM_read_bio_PrivateKey(key->get(), nullptr, noPassphrase, nullptr));
  if (!out.key)
    return unusable(files.key, "holds no private key in PEM form without a passphrase: " + opensslReason(),
                    "không có khóa riêng dạng PEM không mật khẩu");
  if (X509_check_private_key(out.leaf.get(), out.key.get()) != 1)
    return unusable(files.key, "is not the key of the certificate in " + files.certificate,
                    "không phải khóa của chứng thư trong " + files.certificate);
  return out;
}

bool sameText(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace

std::string opensslReason() {
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = error == 0 ? nullptr : ERR_reason_error_string(error);
  return reason == nullptr ? "no reason given" : reason;
}

void restrictTls(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
  // No resumption: nobody of ours resumes, and tickets that nobody uses cost every handshake and bind nothing
  // to a site. Buffers are given back while a connection is idle: that is two thirds of its memory.
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
}

Done useCertificate(SSL_CTX* context, const TlsFiles& files) {
  auto loaded = loadFiles(files);
  if (!loaded) return tl::unexpected(loaded.error());
  if (SSL_CTX_use_cert_and_key(context, loaded->leaf.get(), loaded->key.get(), loaded->chain.get(), 1) != 1)
    return unusable(files.certificate, "cannot be used: " + opensslReason(), "không dùng được");
  return {};
}

std::string fingerprintOf(X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  if (size <= 0) return {};
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(der, static_cast<std::size_t>(size), digest.data());
  OPENSSL_free(der);
  std::string text;
  for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

std::string shownFingerprint(SSL* ssl, bool we_are_the_server) {
  if (ssl == nullptr) return {};
  if (we_are_the_server) {
    X509* own = SSL_get_certificate(ssl);
    return own == nullptr ? std::string() : fingerprintOf(own);
  }
  const X509Ptr shown(SSL_get1_peer_certificate(ssl));
  return shown ? fingerprintOf(shown.get()) : std::string();
}

bool believed(X509* leaf, bool chain_ok, const Trust& trust, const std::string& host, std::string& why) {
  if (leaf == nullptr) {
    why = "it showed no certificate";
    return false;
  }
  if (!trust.fingerprint.empty()) {
    // The key is known already: neither its issuer nor the name and dates around it could add anything.
    const std::string shown = fingerprintOf(leaf);
    if (sameText(shown, trust.fingerprint)) return true;
    why = fmt::format(
        "its key is not the one expected (fingerprint {}..., expected {}...): something else answers there, "
        "or it "
        "has a new key",
        shown.substr(0, 16), trust.fingerprint.substr(0, 16));
    return false;
  }
  if (!chain_ok) {
    why =
        "no authority that this computer knows vouches for its certificate; give the fingerprint of its key";
    return false;
  }
  in6_addr numeric{};
  const bool is_address =
      inet_pton(AF_INET, host.c_str(), &numeric) == 1 || inet_pton(AF_INET6, host.c_str(), &numeric) == 1;
  const int named = is_address ? X509_check_ip_asc(leaf, host.c_str(), 0)
                               : X509_check_host(leaf, host.c_str(), host.size(),
                                                 X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nullptr);
  if (named != 1) why = fmt::format("its certificate is not for the name \"{}\"", host);
  return named == 1;
}

Result<std::string> tlsFingerprint(const TlsFiles& files) {
  auto loaded = loadFiles(files);
  if (!loaded) return tl::unexpected(loaded.error());
  return fingerprintOf(loaded->leaf.get());
}

Result<std::string> cleanFingerprint(std::string_view text) {
  constexpr std::string_view kPrefix = "sha256:";
  std::string clean;
  for (const char c : text) clean += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (clean.starts_with(kPrefix)) clean.erase(0, kPrefix.size());
  std::erase(clean, ':');
  if (clean.size() != kDigits || clean.find_first_not_of("0123456789abcdef") != std::string::npos)
    return fail(
        ErrorCode::kInvalid,
        fmt::format("\"{}\" is not a fingerprint: 64 hex digits (SHA-256 of the public key) are needed",
                    text),
        fmt::format("\"{}\" không phải vân tay: cần 64 chữ số hex (SHA-256 của khóa công khai)", text));
  return clean;
}

}  // namespace diemcau::net
