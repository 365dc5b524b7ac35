// Passwords.
#include "coordinator/auth/passwords.hpp"

#include <sodium.h>

#include <array>

#include "base/text.hpp"
#include "coordinator/auth/audit_log.hpp"

namespace diemcau::auth {
namespace {

// RFC 9106 asks for 64 MiB with three passes where 2 GiB is too much.
constexpr unsigned long long kPasses = 3;
constexpr std::size_t kMemory = 64U << 20U;

constexpr std::string_view kLetters = "abcdefghjkmnpqrstuvwxyz23456789";

}  // namespace

Done goodPassword(std::string_view password, std::string_view name) {
  if (password.size() < kLeastPassword)
    return fail(ErrorCode::kInvalid, "a password needs at least 10 characters",
                "mật khẩu cần ít nhất 10 ký tự");
  if (password.size() > kMostPassword || !validUtf8(password))
    return fail(ErrorCode::kInvalid, "a password is text of at most 1,024 bytes",
                "mật khẩu là chữ, dài nhất 1.024 byte");
  if (password.find(name) != std::string_view::npos && !name.empty() &&
      password.size() < name.size() + kLeastPassword)
    return fail(ErrorCode::kInvalid, "the password is hardly more than the name",
                "mật khẩu gần như là tên tài khoản");
  if (password.find_first_not_of(password.front()) == std::string_view::npos)
    return fail(ErrorCode::kInvalid, "the password is one character again and again",
                "mật khẩu chỉ lặp lại một ký tự");
  return {};
}

Result<std::string> hashPassword(const std::string& password) {
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), kPasses, kMemory,
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    return fail(ErrorCode::kUnavailable, "there is not enough memory to hash a password",
                "không đủ bộ nhớ để xử lý mật khẩu");
  return std::string(out.data());
}

bool passwordFits(const std::string& hash, const std::string& password) {
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

void pretendToCheck(const std::string& password) {
  static const std::string nobody = hashPassword("the password of nobody").value_or(std::string());
  const bool fits = passwordFits(nobody, password);
  static_cast<void>(fits);
}

std::string makePassword() {
  std::string out;
  for (int i = 0; i < 16; ++i) {
    if (i > 0 && i % 4 == 0) out += '-';
    out += kLetters[randombytes_uniform(static_cast<std::uint32_t>(kLetters.size()))];
  }
  return out;
}

std::string makeSecret(std::string_view prefix) {
  std::array<unsigned char, 32> raw{};
  randombytes_buf(raw.data(), raw.size());
  std::array<char, sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING)> text{};
  sodium_bin2base64(text.data(), text.size(), raw.data(), raw.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return std::string(prefix) + text.data();
}

std::string hashSecret(std::string_view secret) {
  const std::string hash = sha256(secret);
  std::string hex(hash.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), reinterpret_cast<const unsigned char*>(hash.data()), hash.size());
  hex.pop_back();
  return hex;
}

}  // namespace diemcau::auth
