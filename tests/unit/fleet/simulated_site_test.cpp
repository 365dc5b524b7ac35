// A simulated site follows its assignment as a real agent does; its role decides how it fares.
#include "tests/fleet/simulated_site.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/fleet/fixture.hpp"

using namespace diemcau;
using namespace diemcau::fleet;
using namespace diemcau::fleet::test;

namespace {

constexpr Micros kStep = 50 * kMillisecond;

struct Hall {
  SimulatedSite site;
  Micros now = -kHour;
  std::uint64_t revision = 0;
  bool connected = true;

  explicit Hall(Role role = Role::kPlain, Clerk::Habits habits = {})
      : site("D1", plainBehaviour(role), 99, habits) {}

  bool apply(const v1::Plan& plan) { return site.apply(assign(++revision, plan), at(now, connected)); }
  const v1::Status& status() { return site.status(at(now, connected)); }
  // Runs to an instant after kStart.
  void runTo(Micros end) {
    for (; now < end; now += kStep) site.tick(at(now, connected));
    now = end;
    site.tick(at(now, connected));
  }
  // Runs until the phase is reached; the instant, or -1.
  Micros until(v1::SitePhase::Name phase, Micros limit = kMinute) {
    for (const Micros end = now + limit; now < end; now += kStep) {
      site.tick(at(now, connected));
      if (site.phase() == phase) return now;
    }
    return -1;
  }
};

}  // namespace

TEST_CASE("asked to check again, a waiting site checks for a while, once for each request") {
  Hall hall;
  const auto wish = [&](Micros until) {
    auto assignment = assign(++hall.revision, planIn(v1::Phase::scheduled, 0));
    assignment.mutable_own()->mutable_recheck()->set_session_id("s1");
    assignment.mutable_own()->mutable_recheck()->set_until_us(kStart + until);
    REQUIRE(hall.site.apply(assignment, at(hall.now)));
  };
  wish(hall.now + 20 * kSecond);
  CHECK(hall.status().phase() == v1::SitePhase::rehearsing);
  CHECK(hall.status().readiness().verdict() == v1::Readiness::checking);
  hall.runTo(hall.now + 15 * kSecond);
  const auto first = hall.status().readiness().at_us();
  CHECK(hall.status().readiness().verdict() != v1::Readiness::checking);
  hall.runTo(hall.now + 10 * kSecond);
  CHECK(hall.status().phase() == v1::SitePhase::waiting);
  CHECK(hall.status().readiness().at_us() == first);
  wish(hall.now + 20 * kSecond);
  CHECK(hall.status().readiness().verdict() == v1::Readiness::checking);
}

TEST_CASE("the phase of a site follows the plan") {
  struct Row {
    v1::Phase::Name plan;
    v1::SitePhase::Name site;
    bool health;
  };
  for (const Row& row : {Row{v1::Phase::scheduled, v1::SitePhase::waiting, false},
                         Row{v1::Phase::rehearsing, v1::SitePhase::rehearsing, true},
                         Row{v1::Phase::armed, v1::SitePhase::armed, true},
                         Row{v1::Phase::live, v1::SitePhase::starting, true},
                         Row{v1::Phase::ended, v1::SitePhase::ended, false},
                         Row{v1::Phase::closed, v1::SitePhase::idle, false},
                         Row{v1::Phase::cancelled, v1::SitePhase::idle, false}}) {
    INFO(v1::Phase::Name_Name(row.plan));
    Hall hall;
    CHECK(hall.status().phase() == v1::SitePhase::idle);
    REQUIRE(hall.apply(planIn(row.plan, row.plan == v1::Phase::live ? kStart : 0)));
    CHECK(hall.site.tick(at(hall.now)));
    const auto& status = hall.status();
    CHECK(status.phase() == row.site);
    CHECK(status.revision() == 1);
    CHECK(status.simulated());
    CHECK((status.health_size() == 2) == row.health);
    CHECK((status.session_id() == "s1") == (row.site != v1::SitePhase::idle));
    CHECK_FALSE(hall.site.tick(at(hall.now)));  // told once
  }
}

TEST_CASE("a whole session, phase by phase") {
  Hall hall;
  hall.apply(planIn(v1::Phase::scheduled));
  auto rehearsing = planIn(v1::Phase::rehearsing);
  rehearsing.set_rehearsal(1);
  hall.apply(rehearsing);
  hall.runTo(hall.now + 10 * kSecond);
  CHECK(hall.status().readiness().verdict() == v1::Readiness::ready);
  hall.apply(planIn(v1::Phase::scheduled));
  CHECK(hall.status().readiness().verdict() == v1::Readiness::ready);
  hall.runTo(-30 * kSecond);
  hall.apply(planIn(v1::Phase::armed));
  hall.runTo(-2 * kSecond);
  hall.apply(planIn(v1::Phase::live, kStart));
  hall.runTo(-kStep);
  CHECK(hall.site.phase() == v1::SitePhase::starting);
  REQUIRE(hall.until(v1::SitePhase::started) >= 0);
  CHECK(hall.status().started_us() == kStart + 20 * kMillisecond);
  CHECK(hall.status().start_error_us() == 300);
  hall.runTo(kMinute);
  hall.apply(planIn(v1::Phase::paused, kStart));
  CHECK(hall.site.phase() == v1::SitePhase::paused);
  hall.apply(planIn(v1::Phase::live, kStart));
  CHECK(hall.site.phase() == v1::SitePhase::started);
  CHECK(hall.status().started_us() == kStart + 20 * kMillisecond);
  hall.apply(planIn(v1::Phase::ended, kStart));
  CHECK(hall.site.phase() == v1::SitePhase::ended);
  CHECK(hall.status().started_us() == kStart + 20 * kMillisecond);
  hall.site.apply(
      [&] {
        v1::Assignment nothing;
        nothing.set_revision(++hall.revision);
        return nothing;
      }(),
      at(hall.now));
  CHECK(hall.site.phase() == v1::SitePhase::idle);
  CHECK(hall.status().started_us() == 0);
}

TEST_CASE("an assignment that is not newer, or that cannot be read, changes nothing") {
  Hall hall;
  hall.apply(planIn(v1::Phase::armed));
  CHECK_FALSE(hall.site.apply(assign(1, planIn(v1::Phase::scheduled)), at(hall.now)));
  CHECK_FALSE(hall.site.apply(assign(0, planIn(v1::Phase::scheduled)), at(hall.now)));
  v1::Assignment broken;
  broken.set_revision(2);
  broken.add_plans("\xff\xff");
  CHECK_FALSE(hall.site.apply(broken, at(hall.now)));
  CHECK(hall.status().revision() == 1);
  CHECK(hall.site.phase() == v1::SitePhase::armed);
}

TEST_CASE("a late site starts after the deadline") {
  Hall hall(Role::kLate);
  hall.runTo(-2 * kSecond);
  hall.apply(planIn(v1::Phase::live, kStart));
  REQUIRE(hall.until(v1::SitePhase::started) > 5 * kSecond);
  CHECK(hall.status().started_us() == kStart + 5 * kSecond + 20 * kMillisecond);
}

TEST_CASE("a failing site says why in both languages, and never starts") {
  Hall hall(Role::kFailing);
  hall.runTo(-2 * kSecond);
  hall.apply(planIn(v1::Phase::live, kStart));
  hall.runTo(-kStep);
  CHECK(hall.site.phase() == v1::SitePhase::starting);
  hall.runTo(kMinute);
  const auto& status = hall.status();
  CHECK(status.phase() == v1::SitePhase::failed);
  CHECK(status.started_us() == 0);
  CHECK_FALSE(status.problem().vi().empty());
  CHECK_FALSE(status.problem().en().empty());
  hall.apply(planIn(v1::Phase::ended, kStart));
  CHECK(hall.site.phase() == v1::SitePhase::ended);
  CHECK(hall.status().problem().vi().empty());
}

TEST_CASE("a site that joins later starts when it joins") {
  Hall hall;
  hall.runTo(10 * kSecond);
  hall.apply(planIn(v1::Phase::live, kStart));
  hall.runTo(11 * kSecond);
  CHECK(hall.status().started_us() == kStart + 10 * kSecond + 20 * kMillisecond);
}

TEST_CASE(
    "cut off, a site starts a session by itself only if that was agreed, and keeps to the plan afterwards") {
  struct Row {
    const char* what;
    bool auto_start, connected;
    v1::SitePhase::Name phase;
  };
  for (const Row& row : {Row{"agreed", true, false, v1::SitePhase::started},
                         Row{"not agreed", false, false, v1::SitePhase::waiting},
                         Row{"connected: the centre decides", true, true, v1::SitePhase::waiting}}) {
    INFO(row.what);
    Hall hall;
    auto plan = planIn(v1::Phase::scheduled);
    plan.set_auto_start(row.auto_start);
    hall.apply(plan);
    hall.connected = row.connected;
    hall.runTo(-30 * kSecond);
    CHECK(hall.site.phase() ==
          (row.phase == v1::SitePhase::started ? v1::SitePhase::armed : v1::SitePhase::waiting));
    hall.runTo(kSecond);
    CHECK(hall.site.phase() == row.phase);
    CHECK((hall.status().started_us() == kStart + 20 * kMillisecond) ==
          (row.phase == v1::SitePhase::started));
    // The coordinator is back and has started the session too: nothing starts twice.
    hall.connected = true;
    auto live = planIn(v1::Phase::live, kStart);
    live.set_revision(2);
    const Micros started = hall.status().started_us();
    hall.apply(live);
    hall.runTo(2 * kSecond);
    CHECK(hall.site.phase() == v1::SitePhase::started);
    if (started != 0) CHECK(hall.status().started_us() == started);
  }
}

TEST_CASE("of several sessions the one that runs matters, else the one that comes next") {
  Hall hall;
  auto first = planIn(v1::Phase::scheduled), second = planIn(v1::Phase::scheduled);
  second.set_session_id("s2");
  second.set_scheduled_start_us(kStart + kHour);
  v1::Assignment both = assign(1, second);
  both.add_plans(first.SerializeAsString());
  hall.site.apply(both, at(hall.now));
  CHECK(hall.status().session_id() == "s1");
  second.set_phase(v1::Phase::live);
  second.set_start_at_us(kStart);
  both = assign(2, first);
  both.add_plans(second.SerializeAsString());
  hall.site.apply(both, at(hall.now));
  CHECK(hall.status().session_id() == "s2");
}

TEST_CASE("a dropping site is away now and then, only after it started, and never for long") {
  Hall hall(Role::kDropping);
  hall.apply(planIn(v1::Phase::armed));
  hall.runTo(-2 * kSecond);
  hall.apply(planIn(v1::Phase::live, kStart));
  int drops = 0;
  Micros longest = 0, since = 0;
  bool was = false;
  for (; hall.now < 10 * kMinute; hall.now += kStep) {
    hall.site.tick(at(hall.now));
    if (hall.site.away() && !was) {
      CHECK(hall.now >= 5 * kSecond);
      ++drops;
      since = hall.now;
    }
    if (hall.site.away()) longest = std::max(longest, hall.now - since);
    was = hall.site.away();
  }
  CHECK(drops >= 5);
  CHECK(longest <= 4 * kSecond);
  hall.apply(planIn(v1::Phase::ended, kStart));
  CHECK_FALSE(hall.site.away());
}

TEST_CASE("texts are read and receipted, and forgotten with the text") {
  Hall hall;
  auto assignment = assign(++hall.revision, planIn(v1::Phase::scheduled));
  assignment.mutable_own()->add_texts()->set_id("t1");
  assignment.mutable_own()->add_texts()->set_id("t2");
  hall.site.apply(assignment, at(hall.now));
  CHECK(hall.status().received_text_ids_size() == 0);
  hall.runTo(hall.now + 6 * kSecond);
  CHECK(hall.status().received_text_ids_size() == 2);
  assignment.set_revision(++hall.revision);
  assignment.mutable_own()->mutable_texts()->RemoveLast();
  hall.site.apply(assignment, at(hall.now));
  REQUIRE(hall.status().received_text_ids_size() == 1);
  CHECK(hall.status().received_text_ids(0) == "t1");
}

TEST_CASE("attendance waits in the spool, and the roster tells how many") {
  Hall hall(Role::kPlain, {true, 0});
  auto assignment = assign(++hall.revision, planIn(v1::Phase::live, kStart));
  *assignment.mutable_roster() = rosterOf(68);
  hall.site.apply(assignment, at(hall.now));
  CHECK(hall.status().roster_revision() == 5);
  SimulatedSite idle("D2", plainBehaviour(), 1, {});
  CHECK_FALSE(idle.hurryHeadcount(at(hall.now)));  // no session, nothing to count
  CHECK(hall.site.hurryHeadcount(at(hall.now)));
  CHECK(hall.site.spool().pending() == 1);
  CHECK_FALSE(hall.site.hurryHeadcount(at(hall.now)));
  hall.runTo(hall.now + kMinute);
  CHECK(hall.site.spool().newest() == 1);
  CHECK(hall.status().spool_pending() == 1);
  hall.site.spool().acknowledged(1);
  CHECK(hall.status().spool_pending() == 0);
  // A newer assignment without a roster keeps the one that is held.
  hall.apply(planIn(v1::Phase::live, kStart));
  CHECK(hall.status().roster_revision() == 5);
  CHECK(hall.site.clerk().delegates() == 68);
}

TEST_CASE("a fault of the feed is news, reaches the status, and changes the active feed") {
  Hall hall;
  hall.apply(planIn(v1::Phase::live, kStart));
  hall.runTo(kSecond);
  hall.site.feedSent("main", v1::Condition::black, at(hall.now).steady);
  bool news = false;
  for (const Micros end = hall.now + 2 * kSecond; hall.now < end; hall.now += kStep) {
    news = hall.site.tick(at(hall.now)) || news;
  }
  CHECK(news);
  CHECK(hall.status().health(0).conditions(0) == v1::Condition::black);
  CHECK(hall.status().active_feed_id() == "main");
  hall.runTo(hall.now + 2 * kSecond);
  CHECK(hall.status().active_feed_id() == "backup");
  CHECK(hall.status().failovers() == 1);
}
