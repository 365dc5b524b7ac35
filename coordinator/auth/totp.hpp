// One-time codes of a telephone: RFC 6238 with SHA-1, 30 s, 6 digits, as every such program speaks it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace diemcau::auth {

std::string makeTotpSecret();  // 20 bytes
std::string base32(std::string_view bytes);
std::string totpCode(std::string_view secret, std::int64_t step);
std::int64_t totpStep(Micros now);

// The step that the code is of: the present one, or one before or after it, and later than `used`, because a
// code counts once. Nothing: it is none of them.
std::optional<std::int64_t> totpMatch(std::string_view secret, std::string_view code, std::int64_t used,
                                      Micros now);

// otpauth://totp/..., what a QR code for the telephone holds.
std::string totpUri(std::string_view secret, std::string_view account);

// "xxxx-xxxx-xxxx-xxxx": for who has lost the telephone; each once.
std::vector<std::string> makeRecoveryCodes();

}  // namespace diemcau::auth
