// The generator: tens of thousands of lines to one server on one thread with epoll, the same for every server
// that is measured. What it says in which words is a Dialect's; when, a job's.
//
// It must not be the bottleneck, so it does nothing that a site would do besides: no clocks, no spool, no
// simulated hall. Its own processor time is measured beside the server's.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "tests/bench/line.hpp"

namespace diemcau::bench {

// What keeps a measurement from being one: it is told and the next one begins.
struct Spoilt : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class Role : std::uint8_t { kSite, kCentre, kConsole };

struct Peer {
  std::uint32_t number = 0;  // of its role, from 0
  Role role = Role::kSite;
  bool welcomed = false, upgraded = false, polls_write = false, shaken = false, waits = false;
  std::uint64_t seq = 0;       // of what it sent on this connection
  std::uint64_t revision = 0;  // newest command that it holds
  std::uint64_t roster = 0;    // of its delegates, which a site holds once it has them
  std::unique_ptr<Line> line;
  std::string in, assembly;
};

// What the dialects saw; jobs read it and set it back.
struct Seen {
  std::size_t welcomed = 0;    // now
  std::uint64_t welcomes = 0;  // ever
  std::size_t commanded = 0;   // sites that got a command
  std::size_t answers = 0;     // that reached the centre; or, where the server counts itself, all of them
  Micros last_answer = 0, first_command = 0, last_command = 0;
  std::uint64_t views = 0, view_bytes = 0;                                                // of the consoles
  std::function<void(std::uint32_t console, std::uint64_t event)> event;                  // reached a console
  std::function<void(std::uint32_t site, std::uint64_t number, Micros at)> acknowledged;  // of records
  std::uint64_t bytes_in = 0, command_bytes = 0;  // command_bytes: of the newest command to one site
  std::string trouble;                            // the newest, in words
};

class Crowd;

class Dialect {
 public:
  virtual ~Dialect() = default;
  // Some servers speak first, in the clear.
  virtual bool tlsAfterGreeting() const { return false; }
  virtual void opened(Peer& peer, Crowd& crowd) = 0;
  // Whole messages at the front of `peer.in`; returns how many bytes they were.
  virtual std::size_t take(Peer& peer, Crowd& crowd) = 0;
  // What a site says once a second. `event` other than 0: consoles wait for it.
  virtual void tellStatus(Peer& site, std::uint64_t event) = 0;
  // The centre's, to every site. Ours gives commands over its API instead.
  virtual void command(Peer& /*centre*/, std::uint64_t /*revision*/) {}
  // A record of a site, numbered from 1.
  virtual void record(Peer& /*site*/, std::uint64_t /*number*/) {}
};

struct Target {
  std::uint16_t port = 0, console_port = 0;  // console_port 0: the same
  bool tls = false, console_tls = false;
};

class Crowd {
 public:
  Crowd(Dialect& dialect, std::size_t sites, std::size_t centres, std::size_t consoles);
  ~Crowd();
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  // Connects whoever is not, now and whenever a line is lost, until ended.
  void aim(const Target& target);
  // Consoles of ours ask for a session, which must be there first.
  void holdConsoles(bool yes) { hold_consoles_ = yes; }
  // Everybody who is to be connected is.
  bool complete() const { return seen.welcomed == expected(); }
  std::size_t expected() const { return peers_.size() - (hold_consoles_ ? consoles_ : 0); }
  std::size_t sites() const { return sites_; }
  Peer& site(std::size_t number) { return peers_[number]; }
  Peer& centre() { return peers_[sites_]; }
  // Every site's status once in so long, spread evenly; 0: none.
  void statusEvery(Micros period);
  // Runs until it is so; Spoilt with `what` where it is not within the limit.
  template <class Condition>
  void until(const std::string& what, Micros limit, Condition condition) {
    const Micros end = systemClock().steady() + limit;
    while (!condition()) {
      if (systemClock().steady() >= end) giveUp(what);
      turn();
    }
  }
  void runFor(Micros span);
  // `work` on another thread, while the crowd goes on.
  template <class Work>
  auto meanwhile(const std::string& what, Micros limit, Work work) {
    auto result = std::async(std::launch::async, std::move(work));
    until(what, limit, [&] { return result.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
    return result.get();
  }
  // After something was appended to a peer's line from outside of the dialect's calls.
  void send(Peer& peer);
  // By a dialect.
  void welcome(Peer& peer);
  void commanded(std::size_t bytes);

  Seen seen;
  // Called on each turn of the loop, for what a job has to send by time.
  std::function<void(Micros now)> pace;
  std::uint64_t statuses_sent = 0;

 private:
  void turn();
  void connectSome();
  bool connect(Peer& peer);
  void ready(Peer& peer, std::uint32_t events);
  void drop(Peer& peer);
  void tellStatuses(Micros now);
  [[noreturn]] void giveUp(const std::string& what) const;

  Dialect& dialect_;
  const std::size_t sites_, consoles_;
  Target target_;
  SslContextPtr tls_;
  int epoll_ = -1;
  std::vector<Peer> peers_;
  std::vector<std::uint32_t> unconnected_;  // last first
  std::size_t under_way_ = 0;               // connected to, not yet welcomed
  Micros connect_after_ = 0;
  bool hold_consoles_ = false;
  Micros period_ = 0, period_from_ = 0;
  std::uint64_t period_sent_ = 0;
};

}  // namespace diemcau::bench
