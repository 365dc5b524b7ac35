// The state that the desk shows, as JSON. Pure.
//
//   now_us, version, site {id, name, area}
//   link {connected, since_us, problem {vi, en}}     clock {known, error_ms}
//   phase, problem {vi, en}                          v1::SitePhase of the session that matters
//   session null or {id, title, phase, time_zone, scheduled_start_us, start_at_us, starts_in_us, started_us,
//   auto_start,
//           waived, current_sitting_id, sittings [{id, title}]}
//   sessions [the same, of every session that the site knows]
//   readiness null or v1::Readiness
//   feeds [{id, active, shown, good, trouble {vi, en}, sample v1::HealthSample or null}]
//   texts [{id, text, by, at_us, answers, received}] newest first
//   help [{id, topic, text, by, at_us, sent, seen}] newest first
//   sign_off null or {by, at_us, sign_off}
//   attendance null or {session_id, sitting_id, headcount null or {...}, headcount_by, headcount_at_us,
//   by_name v1::Counts} delegates [{id, name, unit, title, key, state, reason, by}], delegates_version (key:
//   folded for searching) unsent                                           records that are saved here and
//   not yet at the centre
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/core/book.hpp"
#include "agent/core/follower.hpp"
#include "agent/core/now.hpp"

namespace diemcau::agent {

// Borrowed for one call.
struct DeskView {
  std::string site_id, version;
  Now now;
  const Follower* follower = nullptr;
  const Book* book = nullptr;
  Micros link_since = 0;    // coordinator's clock: when the link came or went
  std::uint64_t acked = 0;  // records up to this number are at the centre
  std::uint32_t unsent = 0;
};

// `have`: version of the delegates that the reader holds.
std::string deskState(const DeskView& view, std::string_view have);

// The sitting that attendance goes to when nobody says which: the plan's current one, else its first.
std::string currentSitting(const v1::Plan& plan);

}  // namespace diemcau::agent
