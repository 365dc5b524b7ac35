// What kind of site each one is, by seed: who is late, who fails and why, who drops off, how its clocks run,
// when its clerk counts. Decided once, before anything happens.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "diemcau/v1/readiness.pb.h"

namespace diemcau::fleet {

// Shares of all sites in per cent; a share above 0 is at least one site.
struct Shares {
  double late = 0, failing = 0, dropping = 0;
};

enum class Role { kPlain, kLate, kFailing, kDropping };

// A fault that a check finds, and that keeps a failing site from starting.
struct Trouble {
  v1::Check::Kind check;
  v1::Text text;
};
const std::vector<Trouble>& startTroubles();
// Faults that a rehearsal finds and that do not keep a site from starting.
const std::vector<Trouble>& smallTroubles();

struct Behaviour {
  std::uint64_t seed = 0;
  Role role = Role::kPlain;
  const Trouble* trouble = nullptr;  // what its checks find; null: all well. Always there for kFailing
  Micros late_by = 0;                // kLate: this long after start_at
  Micros start_jitter = 0;           // between the order to show the feed and the picture
  Micros detect_delay = 0;           // from a feed's fault until the site says so
  Micros checks_take = 0;            // of a rehearsal
  bool signs_off = true;             // the technician confirms screen, loudspeaker, ...
  Micros steady_offset = 0, wall_offset = 0;  // of its own clocks against this machine's
  double drift_ppm = 0;
  Micros headcount_after = 0;  // of a sitting, when it goes live
  bool corrects = false;       // counts a second time
  Micros corrects_after = 0;
};

// One for each id, in the order of `ids`; roles exclude each other.
std::vector<Behaviour> castRoles(std::uint64_t seed, const std::vector<std::string>& ids,
                                 const Shares& shares);

}  // namespace diemcau::fleet
