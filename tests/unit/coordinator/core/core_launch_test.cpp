// G3: a start is never silently missed. Launches by hand and by the clock, and every way of not starting.
#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/unit/coordinator/core/city.hpp"

namespace diemcau::core {
namespace {

using v1::Phase;
using v1::SessionAct;

std::string armed(City& city, const std::function<void(v1::Session&)>& change = {}) {
  const auto id = city.create(change);
  DIEMCAU_INVARIANT(city.act(id, SessionAct::schedule).has_value());
  DIEMCAU_INVARIANT(city.act(id, SessionAct::arm).has_value());
  city.pass(2 * kSecond);
  return id;
}

TEST_CASE("every site ends started, late, failed or waived, and one alarm names those that did not start") {
  City city({.areas = 4, .sites_each = 5});
  city.connectAll();
  city.halls.at("s00-000").problem = "không mở được màn hình";
  city.halls.at("s00-001").starts = false;
  city.halls.at("s00-002").start_delay = 900 * kMillisecond;
  city.halls.at("s01-000").simulated = true;
  const auto id = armed(city);
  city.cut("s00-003");
  const Micros go = city.now;
  const auto reply = city.act(id, SessionAct::go);
  REQUIRE(reply);
  const auto& session = reply->session();
  CHECK(session.start_at_us() == go + 2 * kSecond + 4 * 20 * kMillisecond);
  CHECK(session.deadline_us() == session.start_at_us() + 3 * kSecond);
  while (city.now < session.deadline_us() - 250 * kMillisecond) city.pass(250 * kMillisecond);
  CHECK(city.ever(v1::Alarm::not_started) == 0);
  city.pass(5 * kSecond);

  struct Row {
    const char* site;
    v1::Outcome::State state;
    const char* reason;
  };
  for (const auto& row :
       std::vector<Row>{{"s00-000", v1::Outcome::failed, "không mở được màn hình"},
                        {"s00-001", v1::Outcome::late, "has the order, but has not reported a start"},
                        {"s00-002", v1::Outcome::late, "started 0.9 s late"},
                        {"s00-004", v1::Outcome::started, ""}}) {
    const auto outcome = city.outcome(id, row.site);
    CHECK(outcome.state() == row.state);
    CHECK(outcome.reason().en() == row.reason);
  }
  CHECK(city.outcome(id, "s00-003").reason().en().starts_with("offline since "));
  auto view = *city.core->session(id, city.now);
  CHECK(view.started() == 16);
  CHECK(view.late() == 2);
  CHECK(view.failed() == 2);
  CHECK(view.pending() == 0);
  REQUIRE(city.raised(v1::Alarm::not_started).size() == 1);
  CHECK(city.raised(v1::Alarm::not_started)[0].site_ids_size() == 3);  // the late one plays by now
  CHECK(city.told(id, "launch.deadline") ==
        std::vector<std::string>{"16 sites started, 2 late, 2 failed, 0 waived"});

  // They come one after the other; the alarm ends with the last.
  city.halls.at("s00-001").starts = true;
  city.halls.at("s00-000").problem.clear();
  city.pass(3 * kSecond);
  CHECK(city.outcome(id, "s00-001").state() == v1::Outcome::late);
  CHECK(city.outcome(id, "s00-001").started_us() != 0);
  REQUIRE(city.raised(v1::Alarm::not_started).size() == 1);
  REQUIRE(city.connect("s00-003"));
  city.pass(3 * kSecond);
  CHECK(city.raised(v1::Alarm::not_started).empty());
  CHECK(city.ever(v1::Alarm::not_started) == 1);

  const auto report = *city.core->report(id, city.now);
  REQUIRE(report.outcomes_size() == 20);
  CHECK(std::is_sorted(report.outcomes().begin(), report.outcomes().end(),
                       [](const auto& a, const auto& b) { return a.site_id() < b.site_id(); }));
  const auto& launch = report.launch();
  CHECK(launch.last_ack_ms() > 0);
  CHECK(launch.last_ack_ms() <= 1'000);  // without the one that was not connected at GO
  CHECK(launch.real_sites() == 19);
}

TEST_CASE("a site that was cut off but started by its plan is started, however late it tells") {
  City city({.areas = 1, .sites_each = 3});
  city.connectAll();
  const auto id = armed(city);
  const auto reply = city.act(id, SessionAct::go);
  city.pass(500 * kMillisecond);
  city.say("s00-001");  // has the order
  city.cut("s00-001");
  city.pass(20 * kSecond);
  CHECK(city.outcome(id, "s00-001").state() == v1::Outcome::failed);
  city.halls.at("s00-001").started_session = id;
  city.halls.at("s00-001").started = reply->session().start_at_us() + 3'000;
  REQUIRE(city.connect("s00-001"));
  city.pass(2 * kSecond);
  CHECK(city.outcome(id, "s00-001").state() == v1::Outcome::started);
  CHECK(city.told(id, "site.started").size() == 1);
}

TEST_CASE("the lead can be given, within bounds") {
  City city({.areas = 1, .sites_each = 2});
  city.connectAll();
  const auto id = armed(city);
  CHECK_FALSE(city.act(id, SessionAct::go, 99));
  CHECK_FALSE(city.act(id, SessionAct::go, 600'001));
  const Micros go = city.now;
  const auto reply = city.act(id, SessionAct::go, 10'000);
  REQUIRE(reply);
  CHECK(reply->session().start_at_us() == go + 10 * kSecond);
  CHECK_FALSE(city.act(id, SessionAct::go));  // once
}

TEST_CASE("an end before the deadline still gives every site its verdict") {
  City city({.areas = 1, .sites_each = 3});
  city.connectAll();
  const auto id = armed(city);
  REQUIRE(city.act(id, SessionAct::go));
  REQUIRE(city.act(id, SessionAct::end));
  CHECK(city.core->session(id, city.now)->pending() == 0);
  city.pass(10 * kSecond);
  CHECK(city.ever(v1::Alarm::not_started) == 0);
}

TEST_CASE("a session that starts by itself") {
  City city({.areas = 1, .sites_each = 4});
  city.connectAll();
  const Micros start = city.now + 10 * kMinute;
  const auto id = city.create([&](auto& s) {
    s.set_auto_start(true);
    s.set_scheduled_start_us(start);
    s.add_rehearsal_leads_s(0);
  });
  REQUIRE(city.act(id, SessionAct::schedule));
  SECTION("arms at its lead, and the start is exactly the planned one") {
    city.pass(7 * kMinute);
    CHECK(city.phase(id) == Phase::scheduled);
    city.pass(kMinute + kSecond);
    CHECK(city.phase(id) == Phase::armed);
    city.pass(2 * kMinute);
    CHECK(city.phase(id) == Phase::live);
    const auto view = *city.core->session(id, city.now);
    CHECK(view.session().start_at_us() == start);
    CHECK(view.session().go_at_us() < start);
    city.pass(5 * kSecond);
    CHECK(city.core->session(id, city.now)->started() == 4);
  }
  SECTION("disarmed by a person it stays disarmed") {
    city.pass(9 * kMinute);
    const auto reply = city.act(id, SessionAct::disarm);
    REQUIRE(reply);
    CHECK(reply->warnings_size() == 1);
    city.pass(5 * kMinute);
    CHECK(city.phase(id) == Phase::scheduled);
  }
  SECTION("cancelled it never starts") {
    REQUIRE(city.act(id, SessionAct::cancel));
    city.pass(12 * kMinute);
    CHECK(city.phase(id) == Phase::cancelled);
  }
  SECTION("the coordinator was away at the moment: it follows what the halls did by themselves") {
    city.pass(5 * kMinute);
    city.restart(15 * kMinute);
    for (auto& [site, hall] : city.halls) hall.started = start + 2'000, hall.started_session = id;
    city.pass(2 * kSecond);
    CHECK(city.phase(id) == Phase::live);
    CHECK(city.core->session(id, city.now)->session().start_at_us() == start);
    city.halls.at("s00-003").started = 0;
    city.halls.at("s00-003").starts = false;
    for (const auto* site : {"s00-000", "s00-001", "s00-003"}) REQUIRE(city.connect(site));
    city.pass(kMinute);
    const auto view = *city.core->session(id, city.now);
    CHECK(view.started() == 2);
    CHECK(view.late() == 1);
    CHECK(view.failed() == 1);
    CHECK(city.ever(v1::Alarm::not_started) == 1);
  }
  SECTION("sites that another session holds: it says why, once, and goes on trying") {
    const auto other = city.create();
    REQUIRE(city.act(other, SessionAct::schedule));
    REQUIRE(city.act(other, SessionAct::arm));
    city.pass(9 * kMinute);
    CHECK(city.phase(id) == Phase::scheduled);
    CHECK(city.told(id, "session.arm_refused").size() == 1);
    REQUIRE(city.act(other, SessionAct::disarm));
    city.pass(2 * kSecond);
    CHECK(city.phase(id) == Phase::armed);
  }
}

}  // namespace
}  // namespace diemcau::core
