// Passwords: argon2id by libsodium. Hashing takes some 100 ms and 64 MiB: never on the loop.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace diemcau::auth {

constexpr std::size_t kLeastPassword = 10, kMostPassword = 1024;

// 10 to 1,024 bytes of UTF-8, not the account's own name.
Done goodPassword(std::string_view password, std::string_view name);

// Slow.
Result<std::string> hashPassword(const std::string& password);
bool passwordFits(const std::string& hash, const std::string& password);
// As much work as passwordFits for a hash of ours, for a name that nobody has.
void pretendToCheck(const std::string& password);

// "k7wq-p2xd-9mfa-tzhr": 80 bits, without letters that look alike.
std::string makePassword();
// 32 random bytes, in URL-safe characters, behind `prefix`.
std::string makeSecret(std::string_view prefix);
// What is stored of it, in hex.
std::string hashSecret(std::string_view secret);

}  // namespace diemcau::auth
