// What the connections of one gateway share: the core, the way to the store, who is who. Private to this
// folder.
#pragma once

#include <google/protobuf/arena.h>

#include <array>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "coordinator/gateway/gateway.hpp"

namespace diemcau::gateway {

class SiteConnection;

struct Gateway::Hub {
  Hub(Tasks& the_tasks, const Clock& the_clock, core::Core& the_core, Submit the_submit,
      GatewaySettings the_settings, SiteGuard the_guard);

  Tasks& tasks;
  const Clock& clock;
  core::Core& core;
  Submit submit;
  GatewaySettings settings;
  SiteGuard guard;
  GatewayCounters counters;
  bool stopping = false;

  Micros now() const { return clock.wall(); }
  // A cleared envelope; the one before it is gone. Small frames never leave the arena's first block.
  v1::Envelope& freshEnvelope();

  void opened(SiteConnection& connection, std::uint64_t id);
  // A hello is first asked for a proof, where one is needed, and then given to the core.
  void hello(SiteConnection& connection, const v1::Hello& hello);
  void proof(SiteConnection& connection, const v1::Hello& hello, const std::string& nonce,
             const std::string& signature);
  void greet(SiteConnection& connection, const v1::Hello& hello);
  void gone(SiteConnection& connection);
  SiteConnection* bySite(std::string_view site_id) const;

  // True while an assignment that the core already knows is not yet durable: none may go out.
  bool held() const { return uncommitted_ > 0; }
  void due(std::uint64_t id);  // this connection has an assignment to send
  std::size_t waiting() const { return due_.size(); }
  void submitted(const core::Effects& effects);
  void applied(const core::Effects& effects);
  bool launching() const;
  // True while orders to many go out and their answers come: halls that are still to be told go before what
  // others answer, and an answer that has come before one that is read. It is kept with its time.
  bool keeps() const { return (launching() && !held()) || !kept_.empty(); }
  void keep(std::uint64_t id, std::string_view bytes);
  void readKept();  // all of it
  std::uint32_t windowMs() const;

 private:
  struct Kept {
    std::uint64_t id;
    std::string bytes;
    Micros at;  // wall
  };
  bool sendsMany() const { return many_due_ && !held(); }
  void readNext();
  void readOn();
  void acknowledge(const core::Effects& effects);
  void pump();
  void refuseSilent();
  void endSilent();
  void refuse(SiteConnection& connection, const v1::Hello& hello, const Error& error);
  void sendAway(SiteConnection& connection, const v1::Hello& hello, const Refusal& refusal);

  alignas(16) std::array<char, 32 * 1024> block_;
  google::protobuf::Arena arena_;
  std::unordered_map<std::uint64_t, SiteConnection*> connections_;
  core::ById<SiteConnection*> sites_;
  std::vector<std::uint64_t> to_look_at_;     // whether they are silent, in this round
  Micros looked_ = 0, heard_from_ = 0;        // steady
  std::map<std::uint64_t, Micros> greeting_;  // ids only grow, so the first one waits longest
  std::vector<std::uint64_t> due_;
  bool pumping_ = false;
  std::size_t uncommitted_ = 0;
  bool many_due_ = false;
  Micros many_sent_ = 0;   // steady; when the last of many orders went out
  std::deque<Kept> kept_;  // in the order in which they came
  std::size_t kept_bytes_ = 0;
  std::size_t came_ = 0;  // frames that were kept since some were to be read
  bool reading_ = false;
  Timer greeting_timer_;
};

}  // namespace diemcau::gateway
