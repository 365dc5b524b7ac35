// The sites' connections on one side, the core on the other. Belongs to the loop's thread.
//
// Nothing leaves here that a crash could still undo: a welcome (it says where records resume), an
// acknowledgement and an assignment go out only after the commit of what they rest on. The owner therefore
// reports each step of the core twice: submitted() when its changes are handed to the store, applied() when
// they are durable.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "base/loop.hpp"
#include "base/time.hpp"
#include "coordinator/core/core.hpp"
#include "net/server.hpp"

namespace diemcau::gateway {

// Commits the effects, in order, reports them applied, then calls `then` (may be empty).
using Submit = std::function<void(core::Effects effects, std::function<void()> then)>;

// Who a site is known to be. Filled in by the owner; where a function is missing, everybody is believed and
// nothing is sealed.
struct Refusal {
  std::uint16_t code = 0;  // close code
  std::string reason;
};
struct SiteCaller {
  std::string address;
  std::string fingerprint;  // of the TLS key that it was shown; empty without TLS
};
struct SiteGuard {
  // What the sender of a hello has to sign before the core hears of it; empty: nothing.
  std::function<tl::expected<std::string, Refusal>(const v1::Hello&, const SiteCaller&)> challenge;
  // Its answer; a refusal when it is not the site's.
  std::function<std::optional<Refusal>(const v1::Hello&, const std::string& nonce,
                                       const std::string& signature, const SiteCaller&)>
      check;
  // Signs an assignment, for sites that have proved who they are.
  std::function<wire::AssignmentBytes(std::string_view site_id, const wire::AssignmentBytes&)> seal;
};

struct GatewaySettings {
  Micros hello_within = 10 * kSecond;
  // A link on which nothing was heard for so long is closed: its site is shown as offline anyway.
  Micros silent_after = 30 * kSecond;
  // The reconnect window grows with the roster, so that a restart is a ramp and not a wall.
  std::uint32_t least_window_ms = 2000;
  std::uint32_t reconnects_per_second = 1250;
  std::size_t slice = 512;  // assignments written in one round of the loop
  std::size_t many = 64;    // assignments at once are a launch
};

struct GatewayCounters {
  std::size_t greeting = 0;   // open, no hello yet
  std::size_t connected = 0;  // sites with a link now
  std::uint64_t hellos = 0, replaced = 0;
  std::uint64_t refused_unknown = 0, refused_duplicate = 0, refused_too_old = 0, refused_malformed = 0,
                refused_silent = 0, refused_identity = 0, silent = 0;
  std::uint64_t frames = 0, statuses = 0, records = 0, pings = 0, violations = 0;
  std::uint64_t assignments = 0, acknowledgements = 0;
  std::uint64_t encode_us = 0;  // spent on assignments
  std::size_t waiting = 0;      // links whose turn to get one has not come
};

class Gateway {
 public:
  // All of them must outlive the gateway, and the gateway the server that uses its route.
  Gateway(Tasks& tasks, const Clock& clock, core::Core& core, Submit submit, GatewaySettings settings = {},
          SiteGuard guard = {});
  ~Gateway();

  net::WebSocketRoute route();

  // Every step of the core, whoever took it.
  void submitted(const core::Effects& effects);
  void applied(const core::Effects& effects);

  // From now on links that end are our doing: the core does not hear of them.
  void stopping();

  // Many orders wait for their commit or their turn, or went out a moment ago and their answers come in.
  bool launching() const;

  GatewayCounters counters() const;
  std::uint32_t reconnectWindowMs() const;

  struct Hub;

 private:
  std::unique_ptr<Hub> hub_;
};

}  // namespace diemcau::gateway
