// A line between a caller and a sender on this machine that holds every datagram for a while, both ways, and
// may be narrow: what comes faster from the sender waits, and is lost when a fifth of a second waits already.
#pragma once

#include <cstdint>
#include <thread>

#include "base/time.hpp"

namespace diemcau::test {

class SlowLine {
 public:
  // Callers reach `to_port` of 127.0.0.1 through port(). One caller at a time.
  // `kbps`: that it carries towards the caller; 0: all.
  SlowLine(int to_port, Micros delay, double kbps = 0);
  ~SlowLine();
  SlowLine(const SlowLine&) = delete;
  SlowLine& operator=(const SlowLine&) = delete;

  int port() const { return port_; }

 private:
  void run();

  Micros dueFromSender(std::size_t bytes);

  const Micros delay_;
  const double kbps_;
  Micros busy_until_ = 0;
  int near_ = -1, far_ = -1;  // to the caller, to the sender
  int wake_ = -1;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace diemcau::test
