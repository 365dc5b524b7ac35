// A plan and a clock for the tests of simulated sites: a site whose clocks are the coordinator's.
#pragma once

#include "diemcau/v1/assignment.pb.h"
#include "tests/fleet/simulated_site.hpp"

namespace diemcau::fleet::test {

constexpr Micros kStart = 1'772'326'800 * kSecond;  // 2026-03-01T01:00:00Z

inline SiteNow at(Micros after, bool connected = true) {
  SiteNow now;
  now.coordinator = now.wall = kStart + after;
  now.steady = 1000 * kHour + after;
  now.clock_known = true;
  now.error = 300;
  now.connected = connected;
  return now;
}

inline v1::Plan planIn(v1::Phase::Name phase, Micros start_at = 0) {
  v1::Plan plan;
  plan.set_session_id("s1");
  plan.set_revision(1);
  plan.set_phase(phase);
  plan.set_scheduled_start_us(kStart);
  plan.set_start_at_us(start_at);
  plan.set_arm_lead_s(120);
  plan.add_sittings()->set_id("sang");
  plan.add_sittings()->set_id("chieu");
  plan.set_current_sitting_id("sang");
  plan.add_feeds()->set_id("main");
  plan.add_feeds()->set_id("backup");
  return plan;
}

inline v1::SiteRoster rosterOf(int delegates) {
  v1::SiteRoster roster;
  roster.set_revision(5);
  for (int n = 0; n < delegates; ++n) roster.add_delegates()->set_id("D1-" + std::to_string(n));
  return roster;
}

inline v1::Assignment assign(std::uint64_t revision, const v1::Plan& plan) {
  v1::Assignment assignment;
  assignment.set_revision(revision);
  assignment.add_plans(plan.SerializeAsString());
  return assignment;
}

inline Behaviour plainBehaviour(Role role = Role::kPlain) {
  Behaviour behaviour;
  behaviour.seed = 7;
  behaviour.role = role;
  behaviour.start_jitter = 20 * kMillisecond;
  behaviour.detect_delay = 1500 * kMillisecond;
  behaviour.checks_take = 5 * kSecond;
  behaviour.headcount_after = 30 * kSecond;
  behaviour.corrects_after = 2 * kSecond;
  if (role == Role::kFailing) behaviour.trouble = &startTroubles().front();
  if (role == Role::kLate) behaviour.late_by = 5 * kSecond;
  return behaviour;
}

}  // namespace diemcau::fleet::test
