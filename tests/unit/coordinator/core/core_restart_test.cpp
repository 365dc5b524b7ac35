// The coordinator dies in the middle and comes back from its store: the same state, no alarm twice, nothing
// forgotten.
#include "tests/support/catch.hpp"
#include "tests/unit/coordinator/core/city.hpp"

namespace diemcau::core {
namespace {

using v1::SessionAct;

// What must be the same after a restart: all but links, which are known again when the sites are back.
std::string essence(const v1::SessionReport& report) {
  auto out = report;
  out.clear_made_us();
  out.clear_timeline();
  std::string bytes;
  for (const auto& outcome : out.outcomes()) bytes += outcome.ShortDebugString() + "\n";
  for (const auto& attendance : out.attendance()) bytes += attendance.ShortDebugString() + "\n";
  bytes += out.launch().ShortDebugString() + out.session().ShortDebugString();
  for (const auto& record : out.help_requests()) bytes += record.ShortDebugString();
  for (const auto& record : out.sign_offs()) bytes += record.ShortDebugString();
  return bytes;
}

TEST_CASE("everything survives in the middle of a live session") {
  City city({.areas = 4, .sites_each = 5, .delegates_each = 2});
  city.connectAll();
  city.halls.at("s00-001").starts = false;
  city.halls.at("s00-002").problem = "không có màn hình";
  const auto id = city.live();
  v1::Command text;
  text.mutable_send_text()->set_session_id(id);
  text.mutable_send_text()->set_text("Xin chào");
  REQUIRE(city.order(text));
  v1::Command pin;
  pin.mutable_pin_feed()->add_site_ids("s02-000");
  pin.mutable_pin_feed()->set_feed_id("backup");
  REQUIRE(city.order(pin));
  for (auto& [site, hall] : city.halls) {
    auto record = city.record(id);
    record.mutable_headcount()->set_present(10);
    REQUIRE(city.send(site, {record}));
    hall.faults["main"].insert(v1::Condition::black);
  }
  city.pass(5 * kSecond);
  const auto before = *city.core->report(id, city.now);
  const auto view = *city.core->session(id, city.now);
  const auto alarms = city.core->alarms("", false).SerializeAsString();
  const auto timeline = city.core->timeline(id).SerializeAsString();
  const auto revision = city.halls.at("s00-000").assignment.revision();

  city.restart();
  CHECK(essence(*city.core->report(id, city.now)) == essence(before));
  CHECK(city.core->alarms("", false).SerializeAsString() == alarms);
  CHECK(city.core->timeline(id).SerializeAsString() == timeline);
  const auto again = *city.core->session(id, city.now);
  CHECK(again.started() == view.started());
  CHECK(again.late() == view.late());
  CHECK(again.failed() == view.failed());
  CHECK(again.attendance().SerializeAsString() == view.attendance().SerializeAsString());
  CHECK(again.offline() == 20);  // never as well on old data

  city.connectAll();
  city.pass(10 * kSecond);
  CHECK(city.core->session(id, city.now)->online() == 20);
  CHECK(city.raised(v1::Alarm::feed).size() == 1);
  CHECK(city.ever(v1::Alarm::feed) == 1);
  CHECK(city.ever(v1::Alarm::not_started) == 1);
  CHECK(city.ever(v1::Alarm::link_lost) == 0);
  const auto& hall = city.halls.at("s02-000");
  CHECK(hall.assignment.revision() > revision);
  CHECK(hall.assignment.own().pinned_feed_id() == "backup");
  CHECK(hall.assignment.own().texts(0).text() == "Xin chào");
  CHECK(city.told(id, "text.received").size() == 1);
  CHECK(essence(*city.core->report(id, city.now)) == essence(before));

  // The fault ends after the restart: the one alarm is cleared.
  for (auto& [site, one] : city.halls) one.faults.clear();
  city.pass(6 * kSecond);
  CHECK(city.raised(v1::Alarm::feed).empty());
}

TEST_CASE("a restart between GO and the deadline judges nobody before they could come back") {
  City city({.areas = 2, .sites_each = 5});
  city.connectAll();
  const auto id = city.create();
  for (const auto kind : {SessionAct::schedule, SessionAct::arm, SessionAct::go}) REQUIRE(city.act(id, kind));
  city.pass(kSecond);
  city.restart(4 * kSecond);
  city.pass(2 * kSecond);
  CHECK(city.core->session(id, city.now)->pending() == 10);
  city.connectAll();
  city.pass(12 * kSecond);
  const auto view = *city.core->session(id, city.now);
  CHECK(view.started() == 10);
  CHECK(city.ever(v1::Alarm::not_started) == 0);
}

TEST_CASE("sites that do not come back after a restart are an alarm") {
  City city({.areas = 2, .sites_each = 10});
  city.connectAll();
  city.live();
  city.restart();
  for (int i = 0; i < 10; ++i) REQUIRE(city.connect(City::siteId(0, i)));
  city.pass(20 * kSecond);
  CHECK(city.ever(v1::Alarm::link_lost) == 0);
  city.pass(20 * kSecond);
  REQUIRE(city.raised(v1::Alarm::link_lost).size() == 1);
  CHECK(city.raised(v1::Alarm::link_lost)[0].site_ids_size() == 10);
}

TEST_CASE("alarms that are no group stay one through a restart, while the sites are away") {
  City city({.areas = 2, .sites_each = 5});
  city.connectAll();
  for (int i = 0; i < 5; ++i) city.halls.at(City::siteId(0, i)).starts = false;
  const auto id = city.live();
  auto help = city.record(id);
  help.mutable_help()->set_topic(v1::HelpRequest::no_picture);
  REQUIRE(city.send("s00-001", {help}));
  city.restart();
  city.pass(20 * kSecond);
  CHECK(city.ever(v1::Alarm::help) == 1);
  CHECK(city.ever(v1::Alarm::not_started) == 1);
  CHECK(city.raised(v1::Alarm::not_started)[0].site_ids_size() == 5);
  CHECK(city.core->alarms("", false).alarms_size() == 2);
}

TEST_CASE("revisions only grow, over many restarts") {
  City city({.areas = 1, .sites_each = 2});
  city.connectAll();
  const auto id = city.live();
  std::uint64_t last = 0;
  for (int i = 0; i < 5; ++i) {
    REQUIRE(city.act(id, i % 2 == 0 ? SessionAct::pause : SessionAct::resume));
    city.pass(2 * kSecond);
    const auto revision = city.halls.at("s00-000").assignment.revision();
    CHECK(revision > last);
    last = revision;
    city.restart();
    city.connectAll();
  }
}

TEST_CASE("a site that holds a revision of a lost store follows again, and acknowledges nothing by it") {
  City city({.areas = 1, .sites_each = 2});
  city.connectAll();
  const auto id = city.create();
  for (const auto kind : {SessionAct::schedule, SessionAct::arm}) REQUIRE(city.act(id, kind));
  city.pass(2 * kSecond);
  auto& hall = city.halls.at("s00-000");
  hall.assignment.set_revision(5'000'000);
  REQUIRE(city.act(id, SessionAct::go));
  city.pass(250 * kMillisecond);
  auto old = city.statusOf(city.halls.at("s00-001"));
  REQUIRE(city.connect("s00-000"));
  old.set_revision(5'000'000);
  old.set_started_us(0);
  city.say("s00-000", old);
  CHECK(city.outcome(id, "s00-000").acked_us() == 0);
  city.pass(2 * kSecond);
  CHECK(hall.assignment.revision() > 5'000'000);
  CHECK(city.outcome(id, "s00-000").acked_us() != 0);
}

TEST_CASE("a damaged store is told apart") {
  Core core({});
  for (const auto* kind :
       {"session", "outcome", "readiness", "alarm", "text", "text_to", "own", "launch", "report"})
    CHECK_FALSE(core.restoreObject(kind, "p/s", "\xff\xff\xff\xff"));
  CHECK_FALSE(core.restoreObject("meta", "revision", "12x"));
  CHECK(core.restoreObject("of a newer version", "x", "\xff"));
}

TEST_CASE("what is written is small") {
  City city({.areas = 10, .sites_each = 20});
  city.connectAll();
  const auto id = city.create();
  for (const auto kind : {SessionAct::schedule, SessionAct::rehearse}) REQUIRE(city.act(id, kind));
  city.pass(50 * kSecond);
  for (const auto kind : {SessionAct::arm, SessionAct::go}) REQUIRE(city.act(id, kind));
  city.pass(10 * kSecond);
  const auto puts = city.store.puts;
  CHECK(puts.at("readiness") <= 200);
  CHECK(puts.at("outcome") <= 400);
  CHECK(puts.at("session") <= 8);
  city.pass(kMinute);  // statuses alone write nothing
  CHECK(city.store.puts == puts);
}

}  // namespace
}  // namespace diemcau::core
