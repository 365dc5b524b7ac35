// Who may use the desk from another device in the hall: whoever knows the PIN of the day, or scanned the key
// that goes with it, holds a session for a day. Pure: it is given the time and its random numbers.
//
// All of it is in memory only. A restart makes a new PIN and asks each device again; what a device has not
// sent yet waits on that device. Nothing on the disk could be read, copied or be forgotten there.
//
// Six digits can be guessed, so wrong ones are counted: by address, and for the PIN as a whole. After
// kMostWrong the PIN is void until somebody at the hall's computer makes a new one. The key is too long to
// guess, so that nobody can lock out those who scan it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace diemcau::agent {

class DeskGate {
 public:
  static constexpr Micros kPinLives = 24 * kHour, kSessionLives = 24 * kHour;
  static constexpr Micros kWindow = 10 * kMinute;
  static constexpr int kMostFromOne = 5;  // wrong ones of an address within kWindow
  static constexpr int kMostWrong = 50;   // of one PIN, from everywhere
  static constexpr std::size_t kMostSessions = 64, kMostAddresses = 256;
  static constexpr const char* kCookie = "diemcau_desk";

  struct Random {
    std::function<std::uint32_t(std::uint32_t limit)> below;
    std::function<std::string(std::size_t bytes)> hex;
  };
  explicit DeskGate(Random random) : random_(std::move(random)) {}

  struct Access {
    std::string pin;  // six digits
    std::string key;  // 32 hex digits
    Micros until = 0;
    bool void_ = false;  // somebody guessed too often
    std::size_t devices = 0;
  };
  // Times are steady.
  Access access(Micros now);
  // A new PIN and key; devices that are in have to enter it.
  void renew(Micros now);

  // A token for the cookie. `secret`: a PIN or a key.
  Result<std::string> enter(const std::string& address, std::string_view secret, Micros now);
  // `cookies`: the value of a Cookie header.
  bool admits(std::string_view cookies, Micros now);
  void leave(std::string_view cookies);

  static std::string cookie(std::string_view token);  // the value of Set-Cookie; of an empty token: gone

 private:
  struct Wrong {
    int count = 0;
    Micros since = 0;
  };
  void keepFresh(Micros now);
  bool tooMany(const std::string& address, Micros now);
  void note(const std::string& address, Micros now);

  Random random_;
  Access access_;
  bool made_ = false;
  int wrong_ = 0;  // of this PIN
  std::map<std::string, Wrong> by_address_;
  std::map<std::string, Micros> sessions_;  // SHA-256 of the token, until when
};

}  // namespace diemcau::agent
