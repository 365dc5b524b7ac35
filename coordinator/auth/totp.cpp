// One-time codes of a telephone.
#include "coordinator/auth/totp.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <array>

#include "base/result.hpp"
#include "coordinator/auth/passwords.hpp"

namespace diemcau::auth {
namespace {

constexpr Micros kStep = 30 * kSecond;
constexpr int kCodes = 8;

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::string makeTotpSecret() {
  std::string secret(20, '\0');
  randombytes_buf(secret.data(), secret.size());
  return secret;
}

std::string base32(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  unsigned held = 0, bits = 0;
  for (const char byte : bytes) {
    held = held << 8U | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= 5; bits -= 5) out += digits[held >> (bits - 5) & 31U];
  }
  if (bits > 0) out += digits[held << (5 - bits) & 31U];
  return out;
}

std::int64_t totpStep(Micros now) {
  return now / kStep;
}

// RFC 4226, chapter 5.3.
std::string totpCode(std::string_view secret, std::int64_t step) {
  std::array<unsigned char, 8> counter{};
  for (int i = 0; i < 8; ++i)
    counter[static_cast<std::size_t>(7 - i)] = static_cast<unsigned char>(step >> 8 * i);
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned length = 0;
  const auto* made = HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(),
                          counter.size(), mac.data(), &length);
  DIEMCAU_INVARIANT(made != nullptr && length == 20);
  const unsigned at = mac[19] & 15U;
  const unsigned value =
      (mac[at] & 127U) << 24U | unsigned{mac[at + 1]} << 16U | unsigned{mac[at + 2]} << 8U | mac[at + 3];
  return fmt::format("{:06}", value % 1'000'000);
}

std::optional<std::int64_t> totpMatch(std::string_view secret, std::string_view code, std::int64_t used,
                                      Micros now) {
  std::optional<std::int64_t> found;
  for (std::int64_t step = totpStep(now) - 1; step <= totpStep(now) + 1; ++step) {
    if (same(totpCode(secret, step), code) && step > used) found = step;
  }
  return found;
}

std::string totpUri(std::string_view secret, std::string_view account) {
  return fmt::format("otpauth://totp/Diemcau:{}?secret={}&issuer=Diemcau", account, base32(secret));
}

std::vector<std::string> makeRecoveryCodes() {
  std::vector<std::string> codes;
  for (int i = 0; i < kCodes; ++i) codes.push_back(makePassword());
  return codes;
}

}  // namespace diemcau::auth
