// G7 in a whole city: one fault, one alarm; and what lost sites said last is no verdict on anything.
#include "tests/support/catch.hpp"
#include "tests/unit/coordinator/core/city.hpp"

namespace diemcau::core {
namespace {

using C = v1::Condition;

void spoil(City& city, const std::string& prefix, C::Name condition, bool on = true,
           const char* feed = "main") {
  for (auto& [id, hall] : city.halls) {
    if (!id.starts_with(prefix)) continue;
    if (on)
      hall.faults[feed].insert(condition);
    else
      hall.faults[feed].erase(condition);
  }
}

TEST_CASE("a source that is black at 766 sites is one alarm, and recovery brings no storm") {
  City city({.areas = 30, .sites_each = 25});
  city.connectAll();
  const auto id = city.live();
  city.alarms_raised = 0;
  spoil(city, "s", C::black);
  for (auto& [site, hall] : city.halls) hall.shown_feed = "backup";  // the failover is no alarm of its own
  const Micros before = city.now;
  city.pass(3 * kSecond);
  auto raised = city.raised(v1::Alarm::feed);
  REQUIRE(raised.size() == 1);
  CHECK(raised[0].scope() == v1::Alarm::source);
  CHECK(raised[0].site_ids_size() == 750);
  CHECK(raised[0].onset_us() > before);
  CHECK(raised[0].onset_us() <= raised[0].raised_us());
  CHECK(city.core->session(id, city.now)->on_backup() == 750);

  SECTION("while an area is cut") {
    for (int i = 0; i < 25; ++i) city.cut(City::siteId(7, i));
    city.pass(10 * kSecond);
    REQUIRE(city.raised(v1::Alarm::link_lost).size() == 1);
    CHECK(city.raised(v1::Alarm::link_lost)[0].area_id() == City::areaId(7));
    CHECK(city.raised(v1::Alarm::feed)[0].site_ids_size() == 725);
    for (int i = 0; i < 25; ++i) REQUIRE(city.connect(City::siteId(7, i)));
    city.pass(5 * kSecond);
    CHECK(city.raised(v1::Alarm::link_lost).empty());
    CHECK(city.raised(v1::Alarm::feed)[0].site_ids_size() == 750);
    CHECK(city.alarms_raised == 2);
  }
  SECTION("and back, hall by hall") {
    for (int area = 0; area < 30; ++area) {
      spoil(city, City::siteId(area, 0).substr(0, 3), C::black, false);
      city.pass(kSecond);
    }
    city.pass(5 * kSecond);
    CHECK(city.raised(v1::Alarm::feed).empty());
    CHECK(city.alarms_raised == 1);
  }
}

TEST_CASE("an area of 25 that loses its uplink is one alarm") {
  City city({.areas = 8, .sites_each = 25});
  city.connectAll();
  const auto id = city.live();
  city.alarms_raised = 0;
  SECTION("its connections break") {
    for (int i = 0; i < 25; ++i) {
      city.cut(City::siteId(3, i));
      if (i % 10 == 0) city.pass(250 * kMillisecond);
    }
    city.pass(4 * kSecond);
    CHECK(city.alarms_raised == 0);  // a blink is nothing
    city.pass(6 * kSecond);
  }
  SECTION("its connections only fall silent") {
    for (int i = 0; i < 25; ++i) city.halls.at(City::siteId(3, i)).connected = false;
    city.pass(20 * kSecond);
    CHECK(city.core->session(id, city.now)->stale() == 25);
    city.pass(15 * kSecond);
    CHECK(city.core->session(id, city.now)->offline() == 25);
  }
  const auto raised = city.raised(v1::Alarm::link_lost);
  REQUIRE(raised.size() == 1);
  CHECK(raised[0].scope() == v1::Alarm::area);
  CHECK(raised[0].area_id() == City::areaId(3));
  CHECK(raised[0].site_ids_size() == 25);
  CHECK(raised[0].text().vi() == "mất kết nối tại Quận 3, 25 điểm cầu");
  for (int i = 0; i < 25; ++i) REQUIRE(city.connect(City::siteId(3, i)));
  city.pass(6 * kSecond);
  CHECK(city.raised(v1::Alarm::link_lost).empty());
  CHECK(city.alarms_raised == 1);
  CHECK(city.told(id, "alarm.cleared").size() == 1);
}

TEST_CASE("two unrelated halls are two alarms") {
  City city({.areas = 4, .sites_each = 10});
  city.connectAll();
  city.live();
  city.halls.at("s00-003").faults["main"].insert(C::silence);
  city.halls.at("s02-004").faults["main"].insert(C::silence);
  city.pass(6 * kSecond);
  CHECK(city.raised(v1::Alarm::feed).size() == 2);
  CHECK(city.ever(v1::Alarm::feed) == 2);
}

TEST_CASE("alarms are of sessions that are watched") {
  City city({.areas = 2, .sites_each = 5});
  city.connectAll();
  const auto id = city.create();
  REQUIRE(city.act(id, v1::SessionAct::schedule));
  for (int i = 0; i < 5; ++i) city.cut(City::siteId(0, i));
  city.pass(kMinute);
  CHECK(city.ever(v1::Alarm::link_lost) == 0);
  REQUIRE(city.act(id, v1::SessionAct::arm));
  city.pass(10 * kSecond);
  CHECK(city.raised(v1::Alarm::link_lost).size() == 1);
  spoil(city, "s01", C::no_audio);
  city.pass(5 * kSecond);
  CHECK(city.raised(v1::Alarm::feed).size() == 1);
  REQUIRE(city.act(id, v1::SessionAct::disarm));
  CHECK(city.raised(v1::Alarm::feed).empty());
  CHECK(city.raised(v1::Alarm::link_lost).empty());
  city.pass(kMinute);
  CHECK(city.ever(v1::Alarm::link_lost) == 1);
}

TEST_CASE("a cut that shows itself first as a low bit rate is still one alarm") {
  City city({.areas = 4, .sites_each = 10});
  city.connectAll();
  city.live();
  spoil(city, "s", C::low_bitrate);
  city.pass(2 * kSecond);
  spoil(city, "s", C::low_bitrate, false);
  spoil(city, "s", C::no_signal);
  city.pass(5 * kSecond);
  CHECK(city.ever(v1::Alarm::feed) == 1);
  spoil(city, "s", C::no_signal, false);
  spoil(city, "s02", C::corrupted);  // on the way back
  city.pass(2 * kSecond);
  spoil(city, "s02", C::corrupted, false);
  city.pass(10 * kSecond);
  CHECK(city.raised(v1::Alarm::feed).empty());
  CHECK(city.ever(v1::Alarm::feed) == 1);
}

TEST_CASE("main and backup are two causes") {
  City city({.areas = 2, .sites_each = 5});
  city.connectAll();
  city.live();
  spoil(city, "s", C::black, true, "main");
  spoil(city, "s", C::no_signal, true, "backup");
  city.pass(3 * kSecond);
  CHECK(city.raised(v1::Alarm::feed).size() == 2);
}

TEST_CASE("a clock that is not known before the start") {
  City city({.areas = 2, .sites_each = 5});
  city.connectAll();
  const auto id = city.create();
  REQUIRE(city.act(id, v1::SessionAct::schedule));
  REQUIRE(city.act(id, v1::SessionAct::arm));
  for (int i = 0; i < 15; ++i) {
    city.pass(kSecond);
    auto status = city.statusOf(city.halls.at("s01-002"));
    status.mutable_clock()->set_known(false);
    city.halls.at("s01-002").connected = false;
    city.say("s01-002", status);
  }
  CHECK(city.raised(v1::Alarm::clock).size() == 1);
}

TEST_CASE("an alarm is acknowledged with a name, and that survives a restart") {
  City city({.areas = 2, .sites_each = 5});
  city.connectAll();
  const auto id = city.live();
  spoil(city, "s", C::black);
  city.pass(3 * kSecond);
  v1::Command command;
  command.set_actor("Minh");
  command.mutable_ack_alarm()->set_alarm_id(city.raised(v1::Alarm::feed)[0].id());
  command.mutable_ack_alarm()->set_note("đã gọi đài");
  const auto reply = city.order(command);
  REQUIRE(reply);
  CHECK(city.raised(v1::Alarm::feed)[0].acked_by() == "Minh");
  CHECK(city.told(id, "alarm.acked").size() == 1);
  CHECK(city.order(command).error().code == ErrorCode::kConflict);
  city.restart();
  CHECK(city.raised(v1::Alarm::feed)[0].acked_by() == "Minh");
  command.mutable_ack_alarm()->set_alarm_id("a-999");
  CHECK(city.order(command).error().code == ErrorCode::kNotFound);
}

TEST_CASE("a coordinator that is held up is one alarm, which is over when it has kept up for a while") {
  City city;
  const auto round = [&](Micros longest) {
    city.core->loopDelay(longest, city.now);
    city.tick();
    return city.raised(v1::Alarm::slow_centre).size();
  };
  CHECK(round(50 * kMillisecond) == 0);
  CHECK(round(51 * kMillisecond) == 1);
  const auto alarm = city.raised(v1::Alarm::slow_centre).front();
  CHECK(alarm.session_id().empty());
  CHECK(alarm.text().en() ==
        "the coordinator is slow: orders and figures may be late (it was held up for 51 ms)");
  CHECK(alarm.text().vi() == "máy chủ trung tâm xử lý chậm, lệnh và số liệu có thể trễ (có lúc dừng 51 ms)");
  // At its limit, now and then over it: no second one.
  for (int second = 0; second < 60; ++second) {
    city.now += kSecond;
    CHECK(round(second % 9 == 0 ? 400 * kMillisecond : 0) == 1);
  }
  city.now += 4 * kSecond;  // 9 s after the last long one
  CHECK(round(0) == 1);
  city.now += kSecond;
  CHECK(round(0) == 0);
  CHECK(city.ever(v1::Alarm::slow_centre) == 1);
  CHECK(round(kSecond) == 1);
  CHECK(city.ever(v1::Alarm::slow_centre) == 2);
  // One of before a restart is over with it.
  city.restart();
  CHECK(city.raised(v1::Alarm::slow_centre).size() == 1);
  CHECK(round(0) == 0);
}

}  // namespace
}  // namespace diemcau::core
