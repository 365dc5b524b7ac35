// When the follower starts: the instant, clocks that are wrong or set, a coordinator that is away.
#include <limits>

#include "tests/support/catch.hpp"
#include "tests/unit/agent/core/site.hpp"

using namespace diemcau;
using namespace diemcau::test;

TEST_CASE("a late joiner shows at once and says when") {
  Site site(kEight + 20 * kMinute);
  auto plan = planOf("s1", v1::Phase::live);
  plan.set_start_at_us(kEight);
  site.assign({plan});
  CHECK(site.phase() == v1::SitePhase::starting);
  const auto& probes = site.follower.probes();
  REQUIRE(probes.size() == 2);
  REQUIRE(probes[0].show_at);
  CHECK(*probes[0].show_at <= site.now().wall);
  site.pass(200 * kMillisecond);
  CHECK(site.phase() == v1::SitePhase::started);
  CHECK(site.status().started_us() >= kEight + 20 * kMinute);
}

TEST_CASE("the instant is converted by the site's own clock, and follows it") {
  Site site;
  site.wall_ahead = 90 * kSecond;  // this computer's clock is a minute and a half ahead
  auto plan = planOf("s1", v1::Phase::live);
  const auto start = site.now().coordinator + 10 * kSecond;
  plan.set_start_at_us(start);
  site.assign({plan});
  CHECK(*site.follower.probes()[0].show_at == start + 90 * kSecond);
  SECTION("somebody sets the clock right while the site waits") {
    site.wall_ahead = 0;
    site.pass(kSecond);
    CHECK(*site.follower.probes()[0].show_at == start);
  }
  SECTION("the coordinator moves the start") {
    plan.set_start_at_us(start + 5 * kSecond);
    site.assign({plan});
    CHECK(*site.follower.probes()[0].show_at == start + 95 * kSecond);
  }
  site.pass(16 * kSecond);
  CHECK(site.phase() == v1::SitePhase::started);
  CHECK(site.status().started_us() == plan.start_at_us());
}

TEST_CASE("a start that was told by a wrong clock is told anew once the clock is known") {
  Site site(kEight);
  site.wall_ahead = kHour;
  auto plan = planOf("s1", v1::Phase::live);
  plan.set_start_at_us(kEight + kSecond);
  SECTION("an offset from before a restart, and the wall clock was set meanwhile") {
    site.estimate_ahead = kHour;
  }
  SECTION("nothing was known") {
    site.clock_known = false;
  }
  site.assign({plan});
  site.pass(200 * kMillisecond);
  const auto shown = kEight + 100 * kMillisecond;
  REQUIRE(site.phase() == v1::SitePhase::started);
  CHECK(site.status().started_us() > kEight + 30 * kMinute);
  site.estimate_ahead = 0;
  site.clock_known = true;
  site.pass(kSecond);
  CHECK(std::abs(site.status().started_us() - shown) <= 200 * kMillisecond);
  CHECK(site.status().start_error_us() == site.clock_error);
  // A clock that drifts as ordinary ones do changes nothing any more.
  const auto told = site.status().started_us();
  site.pass(10 * kMinute);
  site.estimate_ahead = 30 * kMillisecond;
  site.pass(kSecond);
  CHECK(site.status().started_us() == told);
}

TEST_CASE(
    "a site that was just started, or just got its link, waits for the first clock exchange before it "
    "shows") {
  Site site(kEight - 3 * kSecond);
  site.exchanged = false;
  site.estimate_ahead = kHour;  // kept over the restart, and the wall clock was set meanwhile
  auto plan = planOf("s1", v1::Phase::live);
  plan.set_start_at_us(kEight);
  SECTION("with a link the exchange comes first") {
    site.connect(true);
    site.assign({plan});
    CHECK(site.wantedOnScreen().empty());
    CHECK(site.phase() == v1::SitePhase::starting);
    CHECK(site.follower.probes().size() == 2);
    CHECK(site.follower.probes()[0].prepare);
    site.pass(200 * kMillisecond);
    site.exchanged = true;
    site.estimate_ahead = 0;
    site.follower.clockHeard(site.now());
    CHECK(*site.follower.probes()[0].show_at == kEight);
    site.pass(3 * kSecond);
    CHECK(site.phase() == v1::SitePhase::started);
    CHECK(std::abs(site.status().started_us() - kEight) <= 100 * kMillisecond);
  }
  SECTION("after a reconnect too: the coordinator's clock may have been set meanwhile") {
    site.connect(true);
    site.follower.clockHeard(site.now());
    site.connect(false);
    site.connect(true);
    site.assign({plan});
    CHECK(site.wantedOnScreen().empty());
    site.estimate_ahead = 0;
    site.follower.clockHeard(site.now());
    CHECK(*site.follower.probes()[0].show_at == kEight);
  }
  SECTION("but not for ever") {
    site.connect(true);
    site.assign({plan});
    site.pass(agent::Follower::kFirstExchange);
    CHECK(site.wantedOnScreen() == "main");
  }
  SECTION("one that was just started looks for the coordinator first, and then shows without it") {
    site.assign({plan});
    CHECK(site.wantedOnScreen().empty());
    site.pass(agent::Follower::kFirstExchange);
    CHECK(site.wantedOnScreen() == "main");
  }
  SECTION("one that has run for longer has nothing to wait for when the link is gone") {
    site.pass(agent::Follower::kFirstExchange + kSecond);
    site.assign({plan});
    CHECK(site.wantedOnScreen() == "main");
  }
}

TEST_CASE("a start that a wrong clock put into the future comes as soon as the clock is known") {
  Site site(kEight + 10 * kSecond);
  auto plan = planOf("s1", v1::Phase::live);
  plan.set_start_at_us(kEight);
  site.estimate_ahead = -kHour;  // the coordinator's clock was set while the site was away
  site.assign({plan});
  REQUIRE(*site.follower.probes()[0].show_at > site.now().wall);
  site.pass(kSecond);
  CHECK(site.phase() == v1::SitePhase::starting);
  site.estimate_ahead = 0;
  site.pass(300 * kMillisecond);
  CHECK(site.phase() == v1::SitePhase::started);
}

TEST_CASE("a site that was just started looks for the coordinator before it starts a session alone") {
  Site site(kEight - kMinute);
  site.exchanged = false;
  site.estimate_ahead = kHour;  // kept over the restart, and the wall clock was set meanwhile
  auto plan = planOf("s1", v1::Phase::armed);
  plan.set_auto_start(true);
  site.assign({plan});
  CHECK(site.wantedOnScreen().empty());
  site.pass(kSecond);
  CHECK(site.wantedOnScreen().empty());
  SECTION("it is there: its order counts") {
    site.connect(true);
    site.exchanged = true;
    site.estimate_ahead = 0;
    site.pass(10 * kSecond);
    CHECK(site.wantedOnScreen().empty());
  }
  SECTION("it is not: the plan on the disk counts") {
    site.pass(agent::Follower::kFirstExchange);
    CHECK(site.wantedOnScreen() == "main");
  }
}

TEST_CASE("G6: an automatic start over a link that is up but does not answer") {
  Site site(kEight - kMinute);
  auto plan = planOf("s1", v1::Phase::armed);
  plan.set_auto_start(true);
  site.connect(true);
  site.assign({plan});
  const bool quiet = GENERATE(true, false);
  site.follower.link({.connected = true, .too_old = false, .problem = {}, .quiet = quiet}, site.now());
  site.passUntil(kEight + kSecond);
  CHECK(site.phase() == (quiet ? v1::SitePhase::started : v1::SitePhase::armed));
  if (!quiet) return;
  CHECK(site.status().started_us() == kEight);
  // It answers again and has its own GO: nothing changes on the screen.
  site.connect(true);
  plan.set_phase(v1::Phase::live);
  plan.set_start_at_us(kEight);
  plan.set_revision(2);
  site.assign({plan});
  CHECK(site.phase() == v1::SitePhase::started);
  CHECK(site.status().started_us() == kEight);
}

TEST_CASE("a restart while waiting for the instant starts in time") {
  Site site;
  auto plan = planOf("s1", v1::Phase::live);
  const auto start = site.now().coordinator + 5 * kSecond;
  plan.set_start_at_us(start);
  site.assign({plan});
  site.pass(2 * kSecond);
  site.restart();
  CHECK(site.phase() == v1::SitePhase::starting);
  site.pass(4 * kSecond);
  CHECK(site.status().started_us() == start);
}

TEST_CASE("G6: an automatic start while the coordinator is away") {
  Site site(kEight - 10 * kMinute);
  auto plan = planOf("s1", v1::Phase::scheduled);
  plan.set_auto_start(true);
  site.connect(true);
  site.assign({plan});

  SECTION("it arms and starts by itself, exactly on time") {
    site.connect(false);
    site.passUntil(kEight - 121 * kSecond);
    CHECK(site.phase() == v1::SitePhase::waiting);
    site.passUntil(kEight - 119 * kSecond);
    CHECK(site.phase() == v1::SitePhase::armed);
    CHECK(site.follower.probes().size() == 2);
    site.passUntil(kEight - kSecond);
    CHECK(site.phase() == v1::SitePhase::starting);
    site.passUntil(kEight + kSecond);
    CHECK(site.phase() == v1::SitePhase::started);
    CHECK(site.status().started_us() == kEight);

    SECTION("the coordinator returns and has not caught up yet: the picture stays") {
      site.connect(true);
      site.pass(3 * kSecond);
      CHECK(site.phase() == v1::SitePhase::started);
    }
    SECTION("a newer plan counts again") {
      site.connect(true);
      plan.set_revision(2);
      plan.set_phase(v1::Phase::ended);
      site.assign({plan});
      CHECK(site.phase() == v1::SitePhase::ended);
    }
    SECTION("a restart of the agent joins again") {
      site.restart();
      site.pass(kSecond);
      CHECK(site.phase() == v1::SitePhase::started);
      CHECK(site.status().started_us() == kEight);
    }
  }
  SECTION("while the coordinator is there it decides") {
    site.passUntil(kEight + 5 * kSecond);
    CHECK(site.phase() == v1::SitePhase::waiting);
  }
  SECTION("the link breaks just after the time: the site starts late rather than never") {
    site.passUntil(kEight + 2 * kSecond);
    site.connect(false);
    site.pass(kSecond);
    CHECK(site.phase() == v1::SitePhase::started);
    CHECK(site.status().started_us() > kEight + kSecond);
  }
  SECTION("a plan without automatic start is not started by anybody but the coordinator") {
    plan.set_auto_start(false);
    site.assign({plan});
    site.connect(false);
    site.passUntil(kEight + kMinute);
    CHECK(site.phase() == v1::SitePhase::waiting);
  }
  SECTION("yesterday's plan is not started") {
    site.connect(false);
    Site next_day(kEight + 20 * kHour);
    next_day.assign({plan});
    next_day.pass(kSecond);
    CHECK(next_day.phase() == v1::SitePhase::waiting);
  }
}

TEST_CASE("a probe that names an instant of another day is not believed") {
  for (const Micros said :
       {std::numeric_limits<Micros>::max(), std::numeric_limits<Micros>::min(), Micros{0}}) {
    Site site;
    site.screen_works = false;
    auto plan = planOf("s1", v1::Phase::live);
    plan.set_start_at_us(site.now().coordinator);
    site.assign({plan});
    site.follower.shown("main", said, site.now());
    CHECK(site.phase() == v1::SitePhase::started);
    CHECK(std::abs(site.status().started_us() - site.now().coordinator) <= 24 * kHour);
  }
}
