// One alarm per cause, on pictures made by hand.
#include "coordinator/core/alarm_groups.hpp"

#include <fmt/format.h>

#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

using C = v1::Condition;

// city > area 0..: sites; area 0 also has a ward "w" below it that holds its first three sites.
struct Scene {
  Roster roster;
  AlarmPicture picture;
  AlarmGroups groups{AlarmTimes{}};
  std::uint64_t ids = 0;
  AlarmBook book{[this] { return fmt::format("a-{}", ++ids); }};
  Micros now = kHour;
  std::vector<std::string> sites;

  Scene(int areas, int each) {
    put("area", area("city", ""));
    for (int a = 0; a < areas; ++a) put("area", area(fmt::format("area{}", a), "city"));
    put("area", area("w", "area0"));
    for (int a = 0; a < areas; ++a) {
      for (int s = 0; s < each; ++s) {
        v1::Site site;
        site.set_id(fmt::format("s{}-{:02}", a, s));
        site.set_area_id(a == 0 && s < 3 ? "w" : fmt::format("area{}", a));
        site.set_name("Hội trường " + site.id());
        put("site", site);
        sites.push_back(site.id());
      }
    }
    roster.restored();
    for (const auto* feed : {"main", "backup", ""})
      picture.measuring[{"p", feed}] = {sites.begin(), sites.end()};
  }
  static v1::Area area(const std::string& id, const std::string& parent) {
    v1::Area out;
    out.set_id(id);
    out.set_parent_id(parent);
    out.set_name("Địa bàn " + id);
    return out;
  }
  template <class Message>
  void put(const char* kind, const Message& message) {
    REQUIRE(roster.restore(kind, message.SerializeAsString()));
  }
  static AlarmCause cause(C::Name condition = C::black, const char* feed = "main") {
    return {"p", v1::Alarm::feed, feed, condition};
  }
  void hit(const std::string& site, C::Name condition = C::black) {
    picture.affected[cause(condition)][site] = now;
  }
  void hitArea(int area, C::Name condition = C::black) {
    for (const auto& site : sites)
      if (site.starts_with(fmt::format("s{}-", area))) hit(site, condition);
  }
  void well(const std::string& site, C::Name condition = C::black) {
    picture.affected[cause(condition)].erase(site);
  }
  void pass(Micros span) {
    for (const Micros end = now + span; now < end;) {
      now += 250 * kMillisecond;
      groups.step(picture, roster, book, now);
    }
  }
  std::vector<v1::Alarm> raised() const {
    std::vector<v1::Alarm> out;
    for (const auto& id : book.raisedIds()) out.push_back(*book.find(id));
    return out;
  }
  std::size_t ever() const { return book.all().size(); }
};

TEST_CASE("a black source is one alarm, as soon as half of the sites see it") {
  Scene scene(4, 10);
  for (int i = 0; i < 19; ++i) scene.hit(scene.sites[static_cast<std::size_t>(i * 2)]);
  scene.pass(250 * kMillisecond);
  CHECK(scene.ever() == 0);
  scene.hit(scene.sites[1]);
  scene.pass(250 * kMillisecond);
  REQUIRE(scene.ever() == 1);
  const auto alarm = scene.raised().front();
  CHECK(alarm.scope() == v1::Alarm::source);
  CHECK(alarm.site_ids_size() == 20);
  CHECK(alarm.text().en() == "main feed: black picture at the source, 20 sites");
  CHECK(alarm.text().vi() == "luồng chính: màn hình đen từ nguồn phát, 20 điểm cầu");
  for (const auto& site : scene.sites) scene.hit(site);
  scene.pass(kSecond);
  CHECK(scene.ever() == 1);
  CHECK(scene.raised().front().sites_peak() == 40);
}

TEST_CASE("recovery raises nothing and clears once nobody is affected any more") {
  Scene scene(4, 10);
  for (const auto& site : scene.sites) scene.hit(site);
  scene.pass(kSecond);
  for (std::size_t i = 0; i < scene.sites.size(); ++i) {
    scene.well(scene.sites[i]);
    scene.pass(500 * kMillisecond);
    REQUIRE(scene.ever() == 1);
  }
  REQUIRE(scene.raised().size() == 1);
  CHECK(scene.raised().front().site_ids().empty());
  scene.pass(3 * kSecond);
  CHECK(scene.raised().empty());
  const auto& over = scene.book.all().begin()->second;
  CHECK(over.state() == v1::Alarm::cleared);
  CHECK(over.site_ids_size() == 40);  // those of the worst moment
  CHECK(over.text().en() == "main feed: black picture at the source, 40 sites");
}

TEST_CASE("an area is one alarm, of the nearest area that explains it") {
  Scene scene(4, 10);
  SECTION("a whole area") {
    scene.hitArea(2);
    scene.pass(5 * kSecond);
    REQUIRE(scene.ever() == 1);
    CHECK(scene.raised().front().scope() == v1::Alarm::area);
    CHECK(scene.raised().front().area_id() == "area2");
    CHECK(scene.raised().front().site_ids_size() == 10);
  }
  SECTION("three of three in a ward, not the district above it") {
    for (const auto* site : {"s0-00", "s0-01", "s0-02"}) scene.hit(site);
    scene.pass(5 * kSecond);
    REQUIRE(scene.ever() == 1);
    CHECK(scene.raised().front().area_id() == "w");
  }
  SECTION("less than 60 per cent are single sites") {
    for (const auto* site : {"s1-00", "s1-01", "s1-02", "s1-03", "s1-04"}) scene.hit(site);
    scene.pass(5 * kSecond);
    CHECK(scene.raised().size() == 5);
    for (const auto& alarm : scene.raised()) CHECK(alarm.scope() == v1::Alarm::site);
  }
}

TEST_CASE("two unrelated sites are two alarms, after waiting for a common cause") {
  Scene scene(4, 10);
  scene.hit("s1-01");
  scene.hit("s2-07");
  scene.pass(kSecond);
  CHECK(scene.ever() == 0);
  scene.pass(2 * kSecond);
  REQUIRE(scene.raised().size() == 2);
  CHECK(scene.raised()[0].text().en() == "main feed: black picture at Hội trường s1-01");
}

TEST_CASE("a narrow alarm is cleared quietly into the wider one") {
  Scene scene(4, 10);
  scene.hit("s1-01");
  scene.pass(5 * kSecond);
  REQUIRE(scene.raised().size() == 1);
  scene.hitArea(1);
  scene.pass(5 * kSecond);
  REQUIRE(scene.raised().size() == 1);
  CHECK(scene.raised().front().scope() == v1::Alarm::area);
  scene.book.takeChanges();
  for (const auto& site : scene.sites) scene.hit(site);
  scene.pass(kSecond);
  REQUIRE(scene.raised().size() == 1);
  CHECK(scene.raised().front().scope() == v1::Alarm::source);
  int merged = 0, cleared = 0;
  for (const auto& change : scene.book.takeChanges()) {
    merged += change.what == AlarmChange::kMerged;
    cleared += change.what == AlarmChange::kCleared;
  }
  CHECK(merged == 1);
  CHECK(cleared == 0);
}

TEST_CASE("flapping is one alarm") {
  Scene scene(2, 5);
  for (int i = 0; i < 10; ++i) {
    for (const auto& site : scene.sites) scene.hit(site);
    scene.pass(kSecond);
    scene.picture.affected.clear();
    scene.pass(kSecond);
  }
  CHECK(scene.ever() == 1);
  Scene one(2, 5);
  for (int i = 0; i < 10; ++i) {
    one.hit("s0-04");
    one.pass(500 * kMillisecond);
    one.picture.affected.clear();
    one.pass(kSecond);
  }
  CHECK(one.ever() == 0);  // never for long enough to ask for a person
}

TEST_CASE("an effect of the same cause is no alarm of its own") {
  Scene scene(4, 10);
  SECTION("told by other sites at the same time") {
    for (const auto& site : scene.sites) scene.hit(site, C::no_signal);
    scene.hit("s0-00", C::packet_loss);
    scene.hit("s0-01", C::frozen);
    scene.pass(5 * kSecond);
    CHECK(scene.ever() == 1);
  }
  SECTION("the effect came first: the alarm turns into its cause") {
    for (const auto& site : scene.sites) scene.hit(site, C::low_bitrate);
    scene.pass(kSecond);
    REQUIRE(scene.raised().size() == 1);
    const auto id = scene.raised().front().id();
    scene.picture.affected.clear();
    for (const auto& site : scene.sites) scene.hit(site, C::no_signal);
    scene.pass(5 * kSecond);
    REQUIRE(scene.ever() == 1);
    CHECK(scene.raised().front().id() == id);
    CHECK(scene.raised().front().condition() == C::no_signal);
  }
  SECTION("the effect stays when the cause is over") {
    for (const auto& site : scene.sites) scene.hit(site, C::no_signal);
    scene.pass(kSecond);
    scene.picture.affected.clear();
    for (const auto& site : scene.sites) scene.hit(site, C::low_bitrate);
    scene.pass(2 * kSecond);
    CHECK(scene.ever() == 1);
    scene.pass(5 * kSecond);
    CHECK(scene.ever() == 2);
    REQUIRE(scene.raised().size() == 1);
    CHECK(scene.raised().front().condition() == C::low_bitrate);
  }
  SECTION("picture and sound are two causes") {
    for (const auto& site : scene.sites) scene.hit(site, C::black), scene.hit(site, C::silence);
    scene.pass(5 * kSecond);
    CHECK(scene.ever() == 2);
  }
}

TEST_CASE("nothing hides itself, and hiding has no circle") {
  for (int a = C::Name_MIN; a <= C::Name_MAX; ++a) {
    for (int b = C::Name_MIN; b <= C::Name_MAX; ++b) {
      const auto x = static_cast<C::Name>(a), y = static_cast<C::Name>(b);
      CHECK_FALSE((hides(x, y) && hides(y, x)));
    }
  }
  CHECK(hides(C::no_signal, C::silence));
  CHECK_FALSE(hides(C::black, C::silence));
}

TEST_CASE("lost links wait for the grace, and an area is one alarm") {
  Scene scene(4, 10);
  const AlarmCause cause{"p", v1::Alarm::link_lost, "", C::none};
  for (int i = 0; i < 10; ++i) {
    scene.picture.affected[cause][fmt::format("s3-{:02}", i)] = scene.now;
    scene.pass(250 * kMillisecond);
  }
  scene.pass(2 * kSecond);
  CHECK(scene.ever() == 0);
  scene.pass(5 * kSecond);
  REQUIRE(scene.ever() == 1);
  CHECK(scene.raised().front().area_id() == "area3");
  CHECK(scene.raised().front().text().en() == "link lost in Địa bàn area3, 10 sites");
  scene.picture.affected.clear();
  scene.pass(4 * kSecond);
  CHECK(scene.raised().empty());
  CHECK(scene.ever() == 1);
}

TEST_CASE("a blink of a link is nothing") {
  Scene scene(4, 10);
  const AlarmCause cause{"p", v1::Alarm::link_lost, "", C::none};
  for (const auto& site : scene.sites) scene.picture.affected[cause][site] = scene.now;
  scene.pass(4 * kSecond);
  scene.picture.affected.clear();
  scene.pass(10 * kSecond);
  CHECK(scene.ever() == 0);
}

TEST_CASE("an alarm of before a restart goes on") {
  Scene scene(4, 10);
  v1::Alarm alarm;
  alarm.set_id("old");
  alarm.set_session_id("p");
  alarm.set_kind(v1::Alarm::feed);
  alarm.set_scope(v1::Alarm::source);
  alarm.set_condition(C::black);
  alarm.set_feed_id("main");
  for (const auto& site : scene.sites) alarm.add_site_ids(site);
  scene.book.restore(alarm);
  scene.groups.adopt(alarm);
  for (const auto& site : scene.sites) scene.hit(site);
  scene.pass(5 * kSecond);
  CHECK(scene.ever() == 1);
  scene.picture.affected.clear();
  scene.pass(4 * kSecond);
  CHECK(scene.raised().empty());
  CHECK(scene.book.find("old")->site_ids_size() == 40);
}

TEST_CASE("the book: acknowledged once, with a name") {
  Scene scene(1, 5);
  for (const auto& site : scene.sites) scene.hit(site);
  scene.pass(kSecond);
  const auto id = scene.raised().front().id();
  const auto acked = scene.book.ack(id, "Minh", scene.now);
  REQUIRE(acked);
  CHECK(acked->acked_by() == "Minh");
  const auto again = scene.book.ack(id, "Lan", scene.now);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == ErrorCode::kConflict);
  CHECK(again.error().text.find("Minh") != std::string::npos);
  CHECK(scene.book.ack("none", "Lan", scene.now).error().code == ErrorCode::kNotFound);
}

}  // namespace
}  // namespace diemcau::core
