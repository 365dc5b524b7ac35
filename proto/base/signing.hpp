// Ed25519 signatures and SHA-256, by libsodium. Keys and signatures are raw bytes in strings.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace diemcau {

constexpr std::size_t kPublicKeyBytes = 32, kSecretKeyBytes = 64, kSignatureBytes = 64, kHashBytes = 32;

// A secret key as libsodium has it: the seed and the public key behind it.
struct SigningKey {
  std::string secret;  // 64 bytes
  std::string publicKey() const;
  static SigningKey make();
  // The same seed gives the same key: for simulated sites. 32 bytes.
  static SigningKey fromSeed(std::string_view seed);
  std::string sign(std::string_view message) const;
};

// False as well for a key or a signature of the wrong length.
bool verifySignature(std::string_view message, std::string_view signature, std::string_view public_key);

std::string sha256(std::string_view bytes);
std::string toHex(std::string_view bytes);
std::string fromHex(std::string_view digits);  // empty unless it is whole
std::string randomBytes(std::size_t count);
// In a time that does not depend on where they differ.
bool equalSecrets(std::string_view left, std::string_view right);

// base64url without padding.
std::string toBase64Url(std::string_view bytes);
Result<std::string> fromBase64Url(std::string_view text);

// Reads a secret key from a file of ours, or makes one there (mode 0600, fsynced). A file that is not a key
// is an error: nothing is replaced silently.
Result<SigningKey> signingKeyAt(const std::string& path);

}  // namespace diemcau
