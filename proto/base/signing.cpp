// See signing.hpp.
#include "base/signing.hpp"

#include <fmt/format.h>
#include <sodium.h>
#include <unistd.h>

#include <array>

#include "base/settings.hpp"

namespace diemcau {
namespace {

const unsigned char* bytesOf(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytesOf(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

void needSodium() {
  DIEMCAU_INVARIANT(sodium_init() >= 0);
}

}  // namespace

std::string SigningKey::publicKey() const {
  DIEMCAU_INVARIANT(secret.size() == kSecretKeyBytes);
  return secret.substr(kSecretKeyBytes - kPublicKeyBytes);
}

SigningKey SigningKey::make() {
  needSodium();
  SigningKey key;
  std::string open(kPublicKeyBytes, '\0');
  key.secret.resize(kSecretKeyBytes);
  crypto_sign_keypair(bytesOf(open), bytesOf(key.secret));
  return key;
}

SigningKey SigningKey::fromSeed(std::string_view seed) {
  needSodium();
  DIEMCAU_INVARIANT(seed.size() == crypto_sign_SEEDBYTES);
  SigningKey key;
  std::string open(kPublicKeyBytes, '\0');
  key.secret.resize(kSecretKeyBytes);
  crypto_sign_seed_keypair(bytesOf(open), bytesOf(key.secret), bytesOf(seed));
  return key;
}

std::string SigningKey::sign(std::string_view message) const {
  needSodium();
  DIEMCAU_INVARIANT(secret.size() == kSecretKeyBytes);
  std::string signature(kSignatureBytes, '\0');
  crypto_sign_detached(bytesOf(signature), nullptr, bytesOf(message), message.size(), bytesOf(secret));
  return signature;
}

bool verifySignature(std::string_view message, std::string_view signature, std::string_view public_key) {
  needSodium();
  return signature.size() == kSignatureBytes && public_key.size() == kPublicKeyBytes &&
         crypto_sign_verify_detached(bytesOf(signature), bytesOf(message), message.size(),
                                     bytesOf(public_key)) == 0;
}

std::string sha256(std::string_view bytes) {
  needSodium();
  std::string hash(kHashBytes, '\0');
  crypto_hash_sha256(bytesOf(hash), bytesOf(bytes), bytes.size());
  return hash;
}

std::string toHex(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

std::string fromHex(std::string_view digits) {
  std::string out(digits.size() / 2, '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  const bool whole =
      sodium_hex2bin(bytesOf(out), out.size(), digits.data(), digits.size(), nullptr, &size, &end) == 0 &&
      end == digits.data() + digits.size() && size == out.size();
  return whole ? out : std::string();
}

std::string randomBytes(std::size_t count) {
  needSodium();
  std::string out(count, '\0');
  randombytes_buf(out.data(), out.size());
  return out;
}

bool equalSecrets(std::string_view left, std::string_view right) {
  return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string toBase64Url(std::string_view bytes) {
  constexpr int kKind = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string out(sodium_base64_encoded_len(bytes.size(), kKind), '\0');
  sodium_bin2base64(out.data(), out.size(), bytesOf(bytes), bytes.size(), kKind);
  out.resize(out.size() - 1);  // the NUL
  return out;
}

Result<std::string> fromBase64Url(std::string_view text) {
  std::string out(text.size(), '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(bytesOf(out), out.size(), text.data(), text.size(), nullptr, &size, &end,
                        sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      end != text.data() + text.size())
    return fail(ErrorCode::kInvalid, "it is not base64", "không đúng dạng base64");
  out.resize(size);
  return out;
}

Result<SigningKey> signingKeyAt(const std::string& path) {
  if (access(path.c_str(), F_OK) == 0) {
    auto text = readFile(path, 256);
    if (!text) return tl::unexpected(text.error());
    while (!text->empty() && text->back() == '\n') text->pop_back();
    auto bytes = fromBase64Url(*text);
    if (!bytes || bytes->size() != kSecretKeyBytes)
      return fail(
          ErrorCode::kInvalid,
          fmt::format(
              "{} is not a signing key of ours: bring it back from a copy; without it every site must "
              "be enrolled again",
              path),
          fmt::format("{} không phải khóa ký: hãy khôi phục từ bản sao", path));
    SigningKey kept;
    kept.secret.append(bytes->data(), bytes->size());  // a move makes g++ 12 warn of what is not there
    return kept;
  }
  auto key = SigningKey::make();
  if (auto ok = writeFileAtomically(path, toBase64Url(key.secret) + "\n", 0600); !ok)
    return tl::unexpected(ok.error());
  return key;
}

}  // namespace diemcau
