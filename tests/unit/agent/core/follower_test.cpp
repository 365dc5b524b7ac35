// The follower through a session's life, on virtual time.
#include "tests/support/catch.hpp"
#include "tests/unit/agent/core/site.hpp"

using namespace diemcau;
using namespace diemcau::test;

TEST_CASE("a whole session: waiting, rehearsal, armed, started at the instant, paused, ended") {
  Site site;
  site.connect(true);
  CHECK(site.phase() == v1::SitePhase::idle);

  auto plan = planOf("s1", v1::Phase::scheduled);
  CHECK(site.assign({plan}));
  CHECK(site.phase() == v1::SitePhase::waiting);
  CHECK(site.follower.probes().empty());
  CHECK(site.status().revision() == 1);

  plan.set_phase(v1::Phase::rehearsing);
  plan.set_rehearsal(1);
  site.assign({plan});
  CHECK(site.phase() == v1::SitePhase::rehearsing);
  REQUIRE(site.follower.probes().size() == 2);
  CHECK(site.wantedOnScreen().empty());
  CHECK(site.status().readiness().verdict() == v1::Readiness::checking);
  site.pass(6 * kSecond);
  CHECK(site.status().readiness().verdict() == v1::Readiness::ready);
  CHECK(site.status().readiness().rehearsal() == 1);
  CHECK(site.status().health_size() == 2);

  plan.set_phase(v1::Phase::scheduled);
  site.assign({plan});
  CHECK(site.follower.probes().empty());
  CHECK(site.status().health_size() == 0);
  CHECK(site.status().readiness().verdict() == v1::Readiness::ready);

  plan.set_phase(v1::Phase::armed);
  site.assign({plan});
  site.pass(30 * kSecond);
  CHECK(site.phase() == v1::SitePhase::armed);
  CHECK(site.wantedOnScreen().empty());
  CHECK(site.status().readiness().verdict() == v1::Readiness::ready);

  const auto start = site.now().coordinator + 3 * kSecond;
  plan.set_phase(v1::Phase::live);
  plan.set_start_at_us(start);
  site.assign({plan});
  CHECK(site.phase() == v1::SitePhase::starting);
  CHECK(site.wantedOnScreen() == "main");
  site.pass(2 * kSecond);
  CHECK(site.phase() == v1::SitePhase::starting);
  site.pass(1500 * kMillisecond);
  CHECK(site.phase() == v1::SitePhase::started);
  CHECK(site.status().started_us() == start);
  CHECK(site.status().start_error_us() == site.clock_error);

  plan.set_phase(v1::Phase::paused);
  site.assign({plan});
  CHECK(site.phase() == v1::SitePhase::paused);
  CHECK(site.follower.probes().size() == 2);
  CHECK(site.status().started_us() == start);

  plan.set_phase(v1::Phase::ended);
  site.assign({plan});
  CHECK(site.phase() == v1::SitePhase::ended);
  CHECK(site.follower.probes().empty());
  CHECK(site.status().started_us() == start);

  site.assign({});
  CHECK(site.phase() == v1::SitePhase::idle);
  CHECK(site.status().session_id().empty());
}

TEST_CASE("G2: the same assignment twice, or an older one, does nothing") {
  Site site;
  auto plan = planOf("s1", v1::Phase::live);
  plan.set_start_at_us(site.now().coordinator);
  site.revision = 6;
  REQUIRE(site.assign({plan}));
  site.pass(kSecond);
  (void)site.follower.takeNews(site.now());
  const auto before = site.status().SerializeAsString();

  site.revision = 6;
  CHECK_FALSE(site.assign({plan}));
  site.revision = 2;
  CHECK_FALSE(site.assign({planOf("s1", v1::Phase::cancelled)}));
  CHECK(site.status().SerializeAsString() == before);
  CHECK_FALSE(site.follower.takeNews(site.now()));
}

TEST_CASE("an assignment that cannot be read changes nothing") {
  Site site;
  site.assign({planOf("s1", v1::Phase::armed)});
  v1::Assignment broken;
  broken.set_revision(99);
  broken.add_plans("\xff\xff not a plan");
  CHECK_FALSE(site.follower.apply(broken, site.now()));
  CHECK(site.status().revision() == 1);
  CHECK(site.phase() == v1::SitePhase::armed);
}

TEST_CASE("while armed the feed that will be shown gets its screen ready, and only that one") {
  Site site;
  site.assign({planOf("s1", v1::Phase::rehearsing)});
  for (const auto& probe : site.follower.probes()) CHECK_FALSE(probe.prepare);
  site.assign({planOf("s1", v1::Phase::armed)});
  const auto& probes = site.follower.probes();
  REQUIRE(probes.size() == 2);
  CHECK(probes[0].setup.feed().id() == "main");
  CHECK(probes[0].prepare);
  CHECK(probes[0].setup.title() == "Giao ban");
  CHECK(probes[0].setup.time_zone() == planOf("s1", v1::Phase::armed).time_zone());
  CHECK_FALSE(probes[0].show_at);
  CHECK_FALSE(probes[1].prepare);
}

TEST_CASE("asked to check again, a waiting site measures anew for a while; what a person confirmed stays") {
  Site site;
  site.connect(true);
  const auto plan = planOf("s1", v1::Phase::scheduled);
  const auto wish = [&](Micros span) {
    v1::OwnPart own;
    own.mutable_recheck()->set_session_id("s1");
    own.mutable_recheck()->set_until_us(site.now().coordinator + span);
    return own;
  };
  site.assign({plan});
  v1::SignOff sign_off;
  sign_off.set_screen(true);
  site.follower.signOff("s1", sign_off, "An", site.now().coordinator);
  site.assign({plan}, wish(30 * kSecond));
  CHECK(site.phase() == v1::SitePhase::rehearsing);
  CHECK(site.follower.probes().size() == 2);
  CHECK(site.status().readiness().verdict() == v1::Readiness::checking);
  site.pass(20 * kSecond);
  CHECK(site.status().readiness().verdict() == v1::Readiness::ready);
  CHECK(site.check(v1::Check::screen).by() == "An");
  site.pass(15 * kSecond);
  CHECK(site.phase() == v1::SitePhase::waiting);
  CHECK(site.follower.probes().empty());
  CHECK(site.status().readiness().verdict() == v1::Readiness::ready);

  // The hall's main feed is gone since, and the centre asks once more: in a rehearsal too it is measured from
  // the start.
  site.feeds["main"].add_conditions(v1::Condition::no_signal);
  auto rehearsing = planOf("s1", v1::Phase::rehearsing);
  site.assign({rehearsing}, wish(30 * kSecond));
  CHECK(site.status().readiness().verdict() == v1::Readiness::checking);
  site.pass(20 * kSecond);
  CHECK(site.check(v1::Check::main_feed).verdict() == v1::Check::failed);
}

TEST_CASE("a wish to check another session, or one of the past, is none") {
  Site site;
  site.connect(true);
  v1::OwnPart own;
  own.mutable_recheck()->set_session_id("s2");
  own.mutable_recheck()->set_until_us(site.now().coordinator + kMinute);
  site.assign({planOf("s1", v1::Phase::scheduled)}, own);
  CHECK(site.phase() == v1::SitePhase::waiting);
  own.mutable_recheck()->set_session_id("s1");
  own.mutable_recheck()->set_until_us(site.now().coordinator - kSecond);
  site.assign({planOf("s1", v1::Phase::scheduled)}, own);
  CHECK(site.phase() == v1::SitePhase::waiting);
}

TEST_CASE("a restart in the middle: the phase, the moment of the start and the sign-off are still known") {
  Site site;
  site.connect(true);
  auto plan = planOf("s1", v1::Phase::armed);
  site.assign({plan});
  v1::SignOff sign_off;
  sign_off.set_screen(true);
  site.follower.signOff("s1", sign_off, "Nguyễn Văn An", site.now().coordinator);
  site.pass(10 * kSecond);
  const auto start = site.now().coordinator + 2 * kSecond;
  plan.set_phase(v1::Phase::live);
  plan.set_start_at_us(start);
  site.assign({plan});
  site.pass(5 * kSecond);
  REQUIRE(site.phase() == v1::SitePhase::started);

  site.restart();
  CHECK(site.phase() == v1::SitePhase::started);
  CHECK(site.status().started_us() == start);
  CHECK(site.wantedOnScreen() == "main");
  CHECK(site.check(v1::Check::screen).by() == "Nguyễn Văn An");
  site.pass(3 * kSecond);
  CHECK(site.status().started_us() == start);
}

TEST_CASE("which session matters") {
  Site site;
  auto later = planOf("later", v1::Phase::scheduled);
  later.set_scheduled_start_us(kEight + kHour);
  const auto next = planOf("next", v1::Phase::scheduled);
  auto rehearsing = planOf("rehearsing", v1::Phase::rehearsing);
  rehearsing.set_scheduled_start_us(kEight + 2 * kHour);
  auto armed = planOf("armed", v1::Phase::armed);
  armed.set_scheduled_start_us(kEight + 3 * kHour);
  auto live = planOf("live", v1::Phase::live);
  live.set_scheduled_start_us(kEight + 4 * kHour);
  live.set_start_at_us(kEight);
  auto paused = planOf("paused", v1::Phase::paused);
  const auto ended = planOf("ended", v1::Phase::ended);
  const auto cancelled = planOf("cancelled", v1::Phase::cancelled);

  struct Row {
    std::vector<v1::Plan> plans;
    std::string chosen;
  };
  const std::vector<Row> rows{
      {{later, next}, "next"},
      {{next, later}, "next"},
      {{ended, later}, "later"},
      {{ended, cancelled}, "ended"},
      {{cancelled}, ""},
      {{next, rehearsing}, "rehearsing"},
      {{armed, rehearsing, next}, "armed"},
      {{armed, live, next}, "live"},
      {{paused, armed, next}, "paused"},
  };
  for (const auto& row : rows) {
    site.assign(row.plans);
    CHECK(site.status().session_id() == row.chosen);
  }
}

TEST_CASE("another session begins from nothing") {
  Site site;
  auto first = planOf("s1", v1::Phase::live);
  first.set_start_at_us(site.now().coordinator);
  site.assign({first});
  site.pass(kSecond);
  REQUIRE(site.status().started_us() != 0);
  site.assign({planOf("s2", v1::Phase::armed)});
  CHECK(site.status().started_us() == 0);
  CHECK(site.status().failovers() == 0);
  CHECK(site.status().readiness().session_id() == "s2");
}

TEST_CASE("a site that cannot show anything says failed and why, and recovers") {
  Site site;
  site.feeds["main"] = badSample("main", v1::Condition::no_signal);
  site.feeds["backup"] = badSample("backup", v1::Condition::no_signal);
  site.feeds["main"].mutable_problem()->set_vi("Máy chủ từ chối kết nối");
  site.feeds["main"].mutable_problem()->set_en("the server refused the connection");
  site.screen_works = false;
  auto plan = planOf("s1", v1::Phase::live);
  plan.set_start_at_us(site.now().coordinator + 2 * kSecond);
  site.assign({plan});
  site.pass(3900 * kMillisecond);
  CHECK(site.phase() == v1::SitePhase::starting);
  site.pass(kSecond);
  CHECK(site.phase() == v1::SitePhase::failed);
  CHECK(site.status().problem().en() == "the server refused the connection");
  site.screen_works = true;
  site.feeds["main"] = goodSample("main");
  site.pass(2 * kSecond);
  CHECK(site.phase() == v1::SitePhase::started);
  CHECK(site.status().problem().vi().empty());
}

TEST_CASE("main is lost in the live session: backup is shown, then main again; each change is counted") {
  Site site;
  auto plan = planOf("s1", v1::Phase::live);
  plan.set_start_at_us(site.now().coordinator);
  site.assign({plan});
  site.pass(5 * kSecond);
  const auto started = site.status().started_us();

  site.feeds["main"] = badSample("main", v1::Condition::black);
  site.pass(4 * kSecond);
  CHECK(site.active() == "backup");
  CHECK(site.wantedOnScreen() == "backup");
  CHECK(site.status().failovers() == 1);
  CHECK(site.phase() == v1::SitePhase::started);

  site.feeds["main"] = goodSample("main");
  site.pass(9 * kSecond);
  CHECK(site.active() == "backup");
  site.pass(3 * kSecond);
  CHECK(site.active() == "main");
  CHECK(site.wantedOnScreen() == "main");
  CHECK(site.status().failovers() == 2);
  CHECK(site.status().started_us() == started);
}

TEST_CASE("a probe that died counts as no signal") {
  Site site;
  auto plan = planOf("s1", v1::Phase::live);
  plan.set_start_at_us(site.now().coordinator);
  site.assign({plan});
  site.pass(5 * kSecond);
  for (int i = 0; i < 5; ++i) {
    site.feeds["main"] = badSample("main", v1::Condition::no_signal);
    site.follower.lost("main", text("Đầu đo dừng", "the probe stopped"), site.now());
    CHECK(site.status().health_size() == 2);
    site.pass(kSecond);
  }
  CHECK(site.active() == "backup");
}

TEST_CASE("an operator pins a feed in the middle, and lets go") {
  Site site;
  auto plan = planOf("s1", v1::Phase::live);
  plan.set_start_at_us(site.now().coordinator);
  site.assign({plan});
  site.pass(12 * kSecond);
  v1::OwnPart own;
  own.set_pinned_feed_id("backup");
  site.assign({plan}, own);
  CHECK(site.wantedOnScreen() == "backup");
  site.feeds["backup"] = badSample("backup", v1::Condition::frozen);
  site.pass(20 * kSecond);
  CHECK(site.active() == "backup");
  site.assign({plan});
  site.pass(kSecond);
  CHECK(site.active() == "main");
}

TEST_CASE("texts from the centre: receipts only for texts that are there, and they survive a restart") {
  Site site;
  v1::OwnPart own;
  own.add_texts()->set_id("t1");
  own.add_texts()->set_id("t2");
  site.assign({planOf("s1", v1::Phase::scheduled)}, own);
  CHECK_FALSE(site.follower.received("t9"));
  REQUIRE(site.follower.received("t1"));
  REQUIRE(site.follower.received("t1"));
  CHECK(site.status().received_text_ids_size() == 1);
  site.restart();
  CHECK(site.status().received_text_ids_size() == 1);
  own.mutable_texts()->DeleteSubrange(0, 1);
  site.assign({planOf("s1", v1::Phase::scheduled)}, own);
  CHECK(site.status().received_text_ids_size() == 0);
}

TEST_CASE("the roster stays until a newer one comes") {
  Site site;
  v1::Assignment assignment;
  assignment.set_revision(1);
  assignment.mutable_roster()->set_revision(4);
  assignment.mutable_roster()->add_delegates()->set_name("Đỗ Thị Hà");
  REQUIRE(site.follower.apply(assignment, site.now()).value());
  site.revision = 1;
  site.assign({});
  CHECK(site.status().roster_revision() == 4);
  CHECK(site.follower.assignment().roster().delegates_size() == 1);
}

TEST_CASE("a test picture: on the screen until a session needs it, and no word of it to the centre") {
  Site site;
  site.feeds[Follower::kTestFeed] = goodSample(Follower::kTestFeed);
  const auto shows = [&] { return site.wantedOnScreen() == Follower::kTestFeed; };
  SECTION("stopped by hand") {
    REQUIRE(site.follower.testPicture(true, site.now()));
    CHECK(shows());
    site.pass(3 * kSecond);
    CHECK(site.follower.test().shown);
    CHECK(site.follower.test().sample.has_value());
    CHECK(site.status().health().empty());
    REQUIRE(site.follower.testPicture(false, site.now()));
    CHECK(site.follower.probes().empty());
    CHECK_FALSE(site.follower.test().shown);
  }
  SECTION("stopped by its own time") {
    REQUIRE(site.follower.testPicture(true, site.now()));
    site.pass(Follower::kTestFor - kSecond);
    CHECK(shows());
    site.pass(2 * kSecond);
    CHECK_FALSE(shows());
    CHECK_FALSE(site.follower.test().on);
  }
  SECTION("beside the hidden probes of a rehearsal, and over when the session is armed") {
    site.assign({planOf("s1", v1::Phase::rehearsing)});
    REQUIRE(site.follower.testPicture(true, site.now()));
    CHECK(site.follower.probes().size() == 3);
    CHECK(shows());
    site.assign({planOf("s1", v1::Phase::armed, 2)});
    CHECK_FALSE(shows());
    CHECK(site.follower.probes().size() == 2);
    CHECK(site.follower.testPicture(true, site.now()).error().code == ErrorCode::kConflict);
  }
}

TEST_CASE("news are told once, and figures that only move are not news") {
  Site site;
  site.assign({planOf("s1", v1::Phase::armed)});
  CHECK(site.follower.takeNews(site.now()));
  CHECK_FALSE(site.follower.takeNews(site.now()));
  site.pass(20 * kSecond);
  (void)site.follower.takeNews(site.now());
  site.feeds["main"].set_bitrate_kbps(3210);
  site.pass(2 * kSecond);
  CHECK_FALSE(site.follower.takeNews(site.now()));
  site.feeds["main"] = badSample("main", v1::Condition::silence);
  site.pass(1100 * kMillisecond);
  CHECK(site.follower.takeNews(site.now()));
}
