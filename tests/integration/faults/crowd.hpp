// Many plain TCP connections at once, for what no well-behaved client does; one thread, poll().
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace diemcau::test {

class Crowd {
 public:
  Crowd() = default;
  ~Crowd();
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  // Connects and sends `bytes`, if any; never waits for an answer. False: the system has no more sockets.
  // `small`: with buffers so small that a peer is soon stuck when nothing is read.
  bool add(std::uint16_t port, const std::string& bytes = {}, bool small = false);
  // Sends what could not be sent yet, and looks who was ended by the peer; reads nothing else.
  void look();
  std::size_t open() const { return open_; }
  std::size_t size() const { return members_.size(); }
  bool ended(std::size_t member) const { return members_[member].ended != 0; }
  // From its connect until the peer's end was seen.
  Micros lived(std::size_t member) const { return members_[member].ended - members_[member].begun; }
  void send(std::size_t member, const std::string& bytes);
  void close();  // all at once

 private:
  struct Member {
    int fd = -1;
    std::string unsent;
    Micros begun = 0, ended = 0;
  };
  std::vector<Member> members_;
  std::size_t open_ = 0;
};

// "GET /site ..." that asks for a WebSocket.
std::string upgradeRequest(const std::string& path, const std::string& protocol, std::uint16_t port);
// A client's frame with these bytes, masked with zeros; `announced`: another length than is sent.
std::string clientFrame(const std::string& bytes, std::size_t announced = 0);

// As many open files as this process may have.
std::size_t raiseFileLimit();

}  // namespace diemcau::test
