// A bad line: passes TCP on, later than it came, and not at all while it stalls. Each of its two legs may be
// in another network namespace. A thread of its own; everything here may be called from the test's.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/time.hpp"

namespace diemcau::test {

class Relay {
 public:
  struct Leg {
    int network = -1;  // a namespace's file; -1: where the test is
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
  };
  Relay(const Leg& listen, const Leg& to);  // port 0: any, see port()
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  std::uint16_t port() const { return port_; }
  void delay(Micros one_way) { delay_ = one_way; }
  void stall(bool on) { stalled_ = on; }
  void cut() { cut_ = true; }  // every connection ends at once

 private:
  struct Chunk {
    Micros due;
    std::string bytes;
  };
  struct Pair {
    int fd[2] = {-1, -1};     // who came, where it goes
    std::deque<Chunk> to[2];  // waiting to be written to fd[n]
    bool ended[2] = {false, false};
    bool over = false;
  };
  void run(int network);
  void accept();
  void read(Pair& pair, int from);
  void write(Pair& pair, int to, Micros now);
  void end(Pair& pair);

  Leg to_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::vector<std::unique_ptr<Pair>> pairs_;  // of the thread
  std::atomic<Micros> delay_{0};
  std::atomic<bool> stalled_{false}, cut_{false}, stopping_{false};
  std::thread thread_;
};

}  // namespace diemcau::test
