// See desk_gate.hpp.
#include "agent/desk/desk_gate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/signing.hpp"

namespace diemcau::agent {
namespace {

// The token in a Cookie header, or nothing.
std::string_view tokenOf(std::string_view cookies) {
  while (!cookies.empty()) {
    const auto end = std::min(cookies.find(';'), cookies.size());
    auto one = cookies.substr(0, end);
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    const auto equals = one.find('=');
    if (equals != std::string_view::npos && one.substr(0, equals) == DeskGate::kCookie)
      return one.substr(equals + 1);
  }
  return {};
}

std::string digitsOf(std::string_view typed) {
  std::string digits;
  for (const char c : typed)
    if (c != ' ' && c != '-') digits += c;
  return digits;
}

}  // namespace

void DeskGate::keepFresh(Micros now) {
  std::erase_if(sessions_, [&](const auto& one) { return now >= one.second; });
  if (made_ && now < access_.until) return;
  made_ = true;
  wrong_ = 0;
  access_ = {.pin = fmt::format("{:06}", random_.below(1'000'000)),
             .key = random_.hex(16),
             .until = now + kPinLives,
             .void_ = false,
             .devices = 0};
}

DeskGate::Access DeskGate::access(Micros now) {
  keepFresh(now);
  auto out = access_;
  out.void_ = wrong_ >= kMostWrong;
  out.devices = sessions_.size();
  return out;
}

void DeskGate::renew(Micros now) {
  made_ = false;
  sessions_.clear();
  by_address_.clear();
  keepFresh(now);
}

bool DeskGate::tooMany(const std::string& address, Micros now) {
  const auto found = by_address_.find(address);
  if (found == by_address_.end()) return false;
  if (now - found->second.since >= kWindow) {
    by_address_.erase(found);
    return false;
  }
  return found->second.count >= kMostFromOne;
}

void DeskGate::note(const std::string& address, Micros now) {
  ++wrong_;
  if (by_address_.size() >= kMostAddresses && !by_address_.contains(address)) {
    const auto oldest =
        std::min_element(by_address_.begin(), by_address_.end(),
                         [](const auto& a, const auto& b) { return a.second.since < b.second.since; });
    by_address_.erase(oldest);
  }
  auto& wrong = by_address_[address];
  if (wrong.count++ == 0) wrong.since = now;
}

Result<std::string> DeskGate::enter(const std::string& address, std::string_view secret, Micros now) {
  keepFresh(now);
  const bool right_key = equalSecrets(sha256(secret), sha256(access_.key));
  if (!right_key) {
    if (tooMany(address, now))
      return fail(ErrorCode::kTooMany,
                  "too many wrong PINs from this device: wait ten minutes, or scan the QR",
                  "Nhập sai mã PIN quá nhiều lần: hãy đợi mười phút, hoặc quét mã QR");
    if (wrong_ >= kMostWrong)
      return fail(ErrorCode::kTooMany,
                  "this PIN was guessed at too often and is void: make a new one at the hall's computer",
                  "Mã PIN này bị thử sai quá nhiều nên đã bị khoá: hãy tạo mã mới trên máy của hội trường");
    if (!equalSecrets(sha256(digitsOf(secret)), sha256(access_.pin))) {
      note(address, now);
      return fail(ErrorCode::kDenied, "the PIN is wrong: look at the desk on the hall's computer",
                  "Mã PIN không đúng: hãy xem mã trên máy của hội trường");
    }
  }
  by_address_.erase(address);
  if (sessions_.size() >= kMostSessions)
    sessions_.erase(std::min_element(sessions_.begin(), sessions_.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; }));
  auto token = random_.hex(16);
  sessions_[sha256(token)] = now + kSessionLives;
  return token;
}

bool DeskGate::admits(std::string_view cookies, Micros now) {
  keepFresh(now);
  const auto token = tokenOf(cookies);
  return !token.empty() && sessions_.contains(sha256(token));
}

void DeskGate::leave(std::string_view cookies) {
  if (const auto token = tokenOf(cookies); !token.empty()) sessions_.erase(sha256(token));
}

std::string DeskGate::cookie(std::string_view token) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}", kCookie, token,
                     token.empty() ? 0 : kSessionLives / kSecond);
}

}  // namespace diemcau::agent
