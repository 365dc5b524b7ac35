// A listening socket on a Loop that can rest: while it rests, callers wait in the system's queue. Private to
// this folder.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/loop.hpp"
#include "base/settings.hpp"

namespace diemcau::net {

struct Caller {
  int fd = -1;          // the taker's to close
  std::string address;  // numeric
  bool loopback = false;
  std::string reached;  // numeric: the address of ours that it came to
};

class Listener {
 public:
  // `take` gets each new connection; returning false lets the listener rest until wake().
  static Result<std::unique_ptr<Listener>> open(Loop& loop, const ListenAddress& address,
                                                std::function<bool(const Caller&)> take);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  std::uint16_t port() const { return port_; }
  void rest();
  void wake();
  bool resting() const { return resting_; }

 private:
  struct Poll;
  Listener() = default;
  void ready();

  int fd_ = -1;
  std::uint16_t port_ = 0;
  bool resting_ = false;
  Poll* poll_ = nullptr;  // freed by the loop
  std::function<bool(const Caller&)> take_;
};

}  // namespace diemcau::net
