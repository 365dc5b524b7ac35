// A coordinator that does what a test says: real sockets and the real link, but no decisions of its own. It
// runs in its own thread; everything here may be called from the test's.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/loop.hpp"
#include "diemcau/v1/link.pb.h"
#include "net/server.hpp"
#include "wire/hub_link.hpp"

namespace diemcau::test {

class Hub {
 public:
  struct State {
    int connections = 0;  // hellos so far
    bool connected = false;
    v1::Hello hello;
    v1::Status status;
    std::vector<v1::Record> ledger;  // every new record, in order of arrival
    std::set<std::string> ids;
    std::map<std::uint64_t, std::uint64_t> committed;  // by epoch
    std::map<std::uint64_t, std::string> newest_id;    // of the record with that number, by epoch
    int repeats = 0, gaps = 0;
    bool acknowledge = true;   // false: records are taken but not confirmed, as if the commit hung
    std::uint16_t refuse = 0;  // close code for the next hellos
    v1::Assignment assignment;
  };

  Hub();
  ~Hub();
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url() const { return "ws://127.0.0.1:" + std::to_string(port_) + "/site"; }

  // The next assignment: `change` edits the newest one; its revision is raised by one.
  void assign(const std::function<void(v1::Assignment&)>& change);
  void change(const std::function<void(State&)>& edit);
  State state() const;
  // True once `holds`; false after `limit`.
  bool wait(const std::function<bool(const State&)>& holds,
            std::chrono::seconds limit = std::chrono::seconds(30)) const;

  void cut();     // gone: connections and the listening socket
  void resume();  // back on the same port

 private:
  class Peer;
  void listen();
  void onLoop(const std::function<void()>& task);

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  State state_;
  std::uint16_t port_ = 0;
  Loop loop_;
  std::unique_ptr<net::Server> server_;  // of the loop's thread
  std::set<Peer*> peers_;                // likewise
  std::thread thread_;
};

Micros wallNow();

}  // namespace diemcau::test
