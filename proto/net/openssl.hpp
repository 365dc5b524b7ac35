// What this folder needs of OpenSSL, for libwebsockets' contexts and for the blocking client. Private to this
// folder.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "net/tls.hpp"

namespace diemcau::net {

template <auto Free>
struct OpenSslFree {
  template <class T>
  void operator()(T* what) const noexcept {
    Free(what);
  }
};
using X509Ptr = std::unique_ptr<X509, OpenSslFree<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpenSslFree<EVP_PKEY_free>>;
using SslCtxPtr = std::unique_ptr<SSL_CTX, OpenSslFree<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, OpenSslFree<SSL_free>>;

// The newest reason that OpenSSL has noted in this thread, and forgets them all.
std::string opensslReason();

// TLS 1.2 and newer, ciphers with forward secrecy only, no compression, no renegotiation.
void restrictTls(SSL_CTX* context);

// Certificate, chain and key, all or none: a file that is half written changes nothing.
Done useCertificate(SSL_CTX* context, const TlsFiles& files);

// SHA-256 of the public key, as Trust has it; empty when it has none.
std::string fingerprintOf(X509* certificate);

// Of the key that the server's end showed on this connection; empty without TLS.
std::string shownFingerprint(SSL* ssl, bool we_are_the_server);

// Judges a peer's certificate. `chain_ok`: what the system's authorities say of it. Fails closed. `why` is
// for a person when the result is false.
bool believed(X509* leaf, bool chain_ok, const Trust& trust, const std::string& host, std::string& why);

}  // namespace diemcau::net
