// TLS as the rest of the program sees it: which certificate a server shows, and whom a client believes.
//
// A server without a certificate of an authority makes its own; its clients know it by the SHA-256 of its
// public key (the SubjectPublicKeyInfo), which stays the same when the certificate around it is renewed. A
// client that was given a fingerprint believes nothing else, and one that was not asks the system's
// authorities and compares the name.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace diemcau::net {

// PEM files. `certificate` may hold the chain behind it; both are read again when they change.
struct TlsFiles {
  std::string certificate, key;
};

// Whom a client believes.
struct Trust {
  std::string fingerprint;  // 64 lower-case hex digits; empty: the system's authorities, and the host's name
};

// Makes a key (ECDSA P-256, mode 0600) and a certificate that it signed itself, unless both are there.
Done makeOwnCertificate(const TlsFiles& files);

// The fingerprint of the public key in the first certificate of the file. Fails with a reason where the file
// cannot be read, or the key is not the certificate's.
Result<std::string> tlsFingerprint(const TlsFiles& files);

// What a person may paste: hex digits in either case, with or without colons and "sha256:" in front. Fails
// unless it is one whole SHA-256.
Result<std::string> cleanFingerprint(std::string_view text);

}  // namespace diemcau::net
