// How soon somebody may try to sign in again: after some free attempts a delay that doubles, for the account
// and for the address. Pure. Forgotten when the coordinator restarts.
#pragma once

#include <map>
#include <string>

#include "base/time.hpp"

namespace diemcau::auth {

class Throttle {
 public:
  static constexpr std::size_t kMost = 20'000;  // names and addresses that are remembered

  // `free` attempts cost nothing; then 1, 2, 4 ... seconds up to `longest`.
  Throttle(int free, Micros longest) : free_(free), longest_(longest) {}

  // How long to wait; 0: not at all.
  Micros wait(const std::string& who, Micros now) const;
  void failed(const std::string& who, Micros now);
  void succeeded(const std::string& who) { failures_.erase(who); }
  void forgive(const std::string& who);  // the last attempt was none

 private:
  struct Failures {
    int count = 0;
    Micros until = 0, last = 0;
  };
  void forget(Micros now);

  const int free_;
  const Micros longest_;
  std::map<std::string, Failures> failures_;
};

}  // namespace diemcau::auth
