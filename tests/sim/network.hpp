// The network between the halls and the centre, message by message: each connection is a stream that delays
// and never reorders; paths stall (nothing passes, nothing is told) and connections break. The peers are the
// product's own handlers, as real sockets would call them.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "net/client.hpp"
#include "net/server.hpp"
#include "tests/sim/dice.hpp"
#include "tests/sim/mutation.hpp"
#include "tests/sim/process.hpp"

namespace diemcau::sim {

// What passes, for the history. `site` is the hall at the other end.
class Tap {
 public:
  virtual ~Tap() = default;
  virtual void toCentre(const std::string& site, std::uint64_t connection, std::string_view frame) = 0;
  virtual void toHall(const std::string& site, std::uint64_t connection, std::string_view frame) = 0;
  virtual void opened(const std::string& site, std::uint64_t connection) = 0;
  virtual void ended(const std::string& site, std::uint64_t connection) = 0;
  virtual void waits(const std::string& site, std::size_t bytes) = 0;
};

class Network {
 public:
  static constexpr std::size_t kWindow = 64 * 1024;  // bytes on their way before a sender must wait

  Network(Calendar& calendar, Dice dice, Tap& tap, Mutation mutation)
      : calendar_(calendar), dice_(dice), tap_(tap), mutation_(mutation) {}
  ~Network();

  using Open = std::function<std::unique_ptr<net::PeerHandler>()>;
  void listen(Process& centre, Open open);
  // Of one life of a hall's agent.
  std::unique_ptr<net::ClientContext> client(Process& hall, const std::string& site);

  void path(const std::string& site, Micros delay, Micros jitter);
  void stall(const std::string& site, bool stalled);
  bool stalled(const std::string& site) const;
  bool connected(const std::string& site) const;
  void breakLinks(const std::string& site);
  // Its sockets end with it; after a power cut nobody is told.
  void processDied(const Process& process, bool power);
  void closeAll();  // at the end of a run: every handler goes before what it refers to

 private:
  struct Wire;
  struct End;
  struct Attempt;
  class Context;
  struct Path {
    Micros delay = 20 * kMillisecond, jitter = 5 * kMillisecond;
    bool stalled = false;
  };
  struct Message {
    Micros due;
    std::string bytes;
    bool close = false;
    std::uint16_t code = 0;
    std::string reason;
  };
  void connect(const std::shared_ptr<Attempt>& attempt);
  void arrive(const std::shared_ptr<Attempt>& attempt);
  void send(Wire& wire, int to, Message message);
  void pull(const std::shared_ptr<Wire>& wire, int end);
  void deliver(const std::shared_ptr<Wire>& wire, int end, Message message);
  void wantSend(Wire& wire, int end);
  void pump(const std::shared_ptr<Wire>& wire, int end);
  void close(Wire& wire, int end, std::uint16_t code, std::string_view reason);
  void finish(const std::shared_ptr<Wire>& wire, int end, std::uint16_t code, std::string_view reason);
  void abandon(Wire& wire, int end);
  Micros delayOf(const Path& path);
  std::shared_ptr<Wire> held(Wire& wire);

  Calendar& calendar_;
  Dice dice_;
  Tap& tap_;
  Mutation mutation_;
  Process* centre_ = nullptr;
  Open open_;
  std::map<std::string, Path> paths_;
  std::map<std::uint64_t, std::shared_ptr<Wire>> wires_;
  std::uint64_t ids_ = 0;
};

}  // namespace diemcau::sim
