// A session from draft to closed, and everything that people may ask of it on the way.
#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/unit/coordinator/core/city.hpp"

namespace diemcau::core {
namespace {

using v1::Phase;
using v1::SessionAct;

TEST_CASE("a briefing from plan to report") {
  City city({.areas = 2, .sites_each = 3, .delegates_each = 2});
  city.connectAll();
  const auto id = city.create();
  CHECK(city.phase(id) == Phase::draft);
  city.pass(2 * kSecond);
  for (const auto& [site, hall] : city.halls) CHECK(hall.plans.empty());  // a draft never travels

  auto reply = city.act(id, SessionAct::schedule);
  REQUIRE(reply);
  CHECK(reply->session().site_ids_size() == 6);
  city.pass(2 * kSecond);
  for (const auto& [site, hall] : city.halls) REQUIRE(hall.plans.size() == 1);

  REQUIRE(city.act(id, SessionAct::rehearse));
  city.halls.at("s00-000").ready = false;
  city.pass(10 * kSecond);
  auto view = *city.core->session(id, city.now);
  CHECK(view.ready() == 5);
  CHECK(view.not_ready() == 1);
  city.pass(40 * kSecond);
  CHECK(city.phase(id) == Phase::scheduled);  // it ends by itself
  REQUIRE(city.told(id, "readiness.summary").size() == 1);
  CHECK(city.told(id, "readiness.summary")[0] == "5 ready, 1 not ready, 0 not checked");

  reply = city.act(id, SessionAct::arm);
  REQUIRE(reply);
  REQUIRE(reply->warnings_size() == 1);
  CHECK(reply->warnings(0).en() == "Hội trường 0.0: main feed: no signal (Anh Ba 0912)");
  city.pass(2 * kSecond);
  CHECK(city.raised(v1::Alarm::not_ready).size() == 1);

  REQUIRE(city.act(id, SessionAct::go));
  city.pass(6 * kSecond);
  view = *city.core->session(id, city.now);
  CHECK(view.started() == 6);
  CHECK(view.acked() == 6);
  CHECK(city.raised(v1::Alarm::not_ready).empty());

  REQUIRE(city.act(id, SessionAct::pause));
  city.pass(2 * kSecond);
  REQUIRE(city.act(id, SessionAct::resume));
  city.pass(2 * kSecond);
  auto count = city.record(id);
  count.mutable_headcount()->set_present(2);
  REQUIRE(city.send("s00-000", {count}));
  REQUIRE(city.act(id, SessionAct::end));
  city.pass(2 * kSecond);
  REQUIRE(city.act(id, SessionAct::close));
  city.pass(2 * kSecond);
  for (const auto& [site, hall] : city.halls) CHECK(hall.plans.empty());

  const auto report = city.core->report(id, city.now);
  REQUIRE(report);
  CHECK(report->final());
  CHECK(report->launch().started() == 6);
  CHECK(report->records() == 1);
  CHECK(report->attendance(0).total().present() == 2);
  CHECK(report->outcomes_size() == 6);
  for (const auto* kind : {"session.created", "session.scheduled", "session.rehearsing", "rehearsal.finished",
                           "session.armed", "session.live", "launch.go", "launch.deadline", "session.paused",
                           "session.resumed", "session.ended", "session.closed"})
    CHECK(city.told(id, kind).size() == 1);
}

TEST_CASE("what cannot be scheduled is refused and nothing changes") {
  City city({.areas = 1, .sites_each = 2});
  struct Row {
    const char* why;
    std::function<void(v1::Session&)> spoil;
  };
  const std::vector<Row> rows{
      {"selection names no site", [](auto& s) { s.clear_selection(); }},
      {"no feed", [](auto& s) { s.clear_feeds(); }},
      {"nowhere", [](auto& s) { s.clear_selection(), s.mutable_selection()->add_area_ids("nowhere"); }},
      {"in the past", [](auto& s) { s.set_auto_start(true), s.set_scheduled_start_us(kHour); }}};
  for (const auto& row : rows) {
    const auto id = city.create(row.spoil);
    const auto puts = city.store.puts;
    const auto refused = city.act(id, SessionAct::schedule);
    INFO(row.why);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().text.find(row.why) != std::string::npos);
    CHECK(city.phase(id) == Phase::draft);
    CHECK(city.store.puts == puts);
  }
  CHECK(city.act("unknown", SessionAct::schedule).error().code == ErrorCode::kNotFound);
  v1::Command nobody;
  nobody.set_actor(" ");
  CHECK_FALSE(city.order(nobody));
  CHECK_FALSE(city.order({}));  // no body
}

TEST_CASE("a site is in one running session only") {
  City city({.areas = 2, .sites_each = 2});
  const auto first = city.create();
  const auto second = city.create([](auto& s) {
    s.set_title("Họp quận");
    s.clear_selection();
    s.mutable_selection()->add_area_ids(City::areaId(1));
  });
  for (const auto& id : {first, second}) REQUIRE(city.act(id, SessionAct::schedule));
  REQUIRE(city.act(second, SessionAct::arm));
  const auto refused = city.act(first, SessionAct::arm);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kConflict);
  CHECK(refused.error().text.find("Họp quận") != std::string::npos);
  CHECK(refused.error().text.find("Hội trường 1.0, Hội trường 1.1") != std::string::npos);
  REQUIRE(city.act(second, SessionAct::disarm));
  CHECK(city.act(first, SessionAct::arm));
}

TEST_CASE("a running session takes new feeds and sites") {
  City city({.areas = 2, .sites_each = 2});
  city.connectAll();
  const auto id = city.live([](auto& s) {
    s.clear_selection();
    s.mutable_selection()->add_area_ids(City::areaId(0));
  });
  v1::Command command;
  auto& wish = *command.mutable_update_session()->mutable_session();
  wish = city.core->sessions().sessions(0);
  wish.mutable_selection()->set_everyone(true);
  wish.add_feeds()->set_id("tv");
  wish.mutable_feeds(2)->set_uri("udp://239.1.1.9:5000");
  const auto reply = city.order(command);
  REQUIRE(reply);
  CHECK(reply->session().site_ids_size() == 4);
  city.pass(4 * kSecond);
  for (const auto& [site, hall] : city.halls) {
    REQUIRE(hall.plans.size() == 1);
    CHECK(hall.plans[0].feeds_size() == 3);
    CHECK(hall.plans[0].feeds(0).passphrase() == "không-ai-biết-main");
  }
  CHECK(city.outcome(id, City::siteId(0, 0)).state() == v1::Outcome::started);
  CHECK(city.outcome(id, City::siteId(1, 0)).state() == v1::Outcome::late);
  CHECK(city.outcome(id, City::siteId(1, 0)).started_us() != 0);
  auto late = command;
  late.mutable_update_session()->mutable_session()->set_scheduled_start_us(city.now + kHour);
  CHECK(city.order(late).error().code == ErrorCode::kConflict);
}

TEST_CASE("while it waits, an update takes in what the roster has got since") {
  City city({.areas = 1, .sites_each = 2});
  const auto id = city.create();
  REQUIRE(city.act(id, SessionAct::schedule));
  v1::Command import;
  auto* file = import.mutable_import_roster()->add_files();
  file->set_name("x.csv");
  file->set_content("site_id,area_id,name\ns9,a00,Hội trường mới\n");
  REQUIRE(city.order(import));
  v1::Command update;
  *update.mutable_update_session()->mutable_session() = city.core->sessions().sessions(0);
  CHECK(city.order(update)->session().site_ids_size() == 3);
  REQUIRE(city.act(id, SessionAct::arm));
  file->set_content("site_id,area_id,name\ns8,a00,Hội trường nữa\n");
  REQUIRE(city.order(import));
  CHECK(city.order(update)->session().site_ids_size() == 3);
}

TEST_CASE("a waived site is not waited for") {
  City city({.areas = 1, .sites_each = 4});
  city.connectAll();
  const auto away = City::siteId(0, 3);
  city.cut(away);
  const auto id = city.create();
  REQUIRE(city.act(id, SessionAct::schedule));
  REQUIRE(city.act(id, SessionAct::arm));
  v1::Command command;
  command.mutable_waive()->set_session_id(id);
  command.mutable_waive()->add_site_ids(away);
  CHECK_FALSE(city.order(command));  // no reason
  command.mutable_waive()->set_reason("mất điện");
  const auto reply = city.order(command);
  REQUIRE(reply);
  CHECK(reply->sites() == 1);
  REQUIRE(city.act(id, SessionAct::go));
  city.pass(20 * kSecond);
  CHECK(city.outcome(id, away).state() == v1::Outcome::waived);
  CHECK(city.outcome(id, away).reason().vi() == "mất điện");
  CHECK(city.ever(v1::Alarm::not_started) == 0);
  CHECK(city.ever(v1::Alarm::link_lost) == 0);
  CHECK(city.core->session(id, city.now)->waived() == 1);
  command.mutable_waive()->add_site_ids("nobody");
  CHECK(city.order(command).error().code == ErrorCode::kNotFound);
}

TEST_CASE("text reaches its sites, with receipts") {
  City city({.areas = 2, .sites_each = 6});
  city.connectAll();
  const auto id = city.live();
  v1::Command command;
  command.mutable_send_text()->set_session_id(id);
  command.mutable_send_text()->set_text("Chuẩn bị kết thúc");
  auto reply = city.order(command);
  REQUIRE(reply);
  CHECK(reply->sites() == 12);
  city.pass(2 * kSecond);
  CHECK(city.halls.at("s00-000").assignment.own().texts(0).text() == "Chuẩn bị kết thúc");
  CHECK(city.told(id, "text.received") == std::vector<std::string>{"all 12 sites have received the text"});
  CHECK(city.store.puts["receipt"] == 12);

  command.mutable_send_text()->mutable_selection()->add_site_ids("s01-001");
  reply = city.order(command);
  REQUIRE(reply);
  CHECK(reply->sites() == 1);
  city.pass(2 * kSecond);
  CHECK(city.told(id, "text.received").back() == "Hội trường 1.1 has received the text");
  CHECK(city.store.puts["receipt"] == 13);

  command.mutable_send_text()->set_text("");
  CHECK_FALSE(city.order(command));
  command.mutable_send_text()->set_text(std::string(2'001, 'x'));
  CHECK_FALSE(city.order(command));
  v1::Command to_nobody;
  to_nobody.mutable_send_text()->set_text("ai đó");
  CHECK_FALSE(city.order(to_nobody));
}

TEST_CASE("a site is asked to check again before the launch, and only then") {
  City city({.areas = 1, .sites_each = 2});
  city.connectAll();
  const auto id = city.create();
  v1::Command command;
  command.mutable_check_again()->set_session_id(id);
  command.mutable_check_again()->add_site_ids("s00-001");
  CHECK(city.order(command).error().code == ErrorCode::kConflict);  // a draft: no site knows of it
  REQUIRE(city.act(id, SessionAct::schedule));
  REQUIRE(city.order(command));
  city.pass(2 * kSecond);
  const auto& own = city.halls.at("s00-001").assignment.own();
  CHECK(own.recheck().session_id() == id);
  CHECK(own.recheck().until_us() > city.now);
  CHECK_FALSE(city.halls.at("s00-000").assignment.own().has_recheck());
  command.mutable_check_again()->add_site_ids("s99");
  CHECK(city.order(command).error().code == ErrorCode::kNotFound);
  command.mutable_check_again()->clear_site_ids();
  CHECK(city.order(command).error().code == ErrorCode::kInvalid);
  command.mutable_check_again()->add_site_ids("s00-001");
  REQUIRE(city.act(id, SessionAct::arm));
  REQUIRE(city.act(id, SessionAct::go));
  CHECK(city.order(command).error().code == ErrorCode::kConflict);
}

TEST_CASE("a pinned feed goes to its sites and ends with the session") {
  City city({.areas = 1, .sites_each = 2});
  city.connectAll();
  const auto id = city.live();
  v1::Command command;
  command.mutable_pin_feed()->add_site_ids("s00-001");
  command.mutable_pin_feed()->set_feed_id("tv");
  CHECK(city.order(command).error().code == ErrorCode::kNotFound);
  command.mutable_pin_feed()->set_feed_id("backup");
  REQUIRE(city.order(command));
  city.pass(2 * kSecond);
  CHECK(city.halls.at("s00-001").assignment.own().pinned_feed_id() == "backup");
  CHECK(city.halls.at("s00-000").assignment.own().pinned_feed_id().empty());
  city.halls.at("s00-001").shown_feed = "backup";
  city.pass(2 * kSecond);
  CHECK(city.core->session(id, city.now)->on_backup() == 1);
  REQUIRE(city.act(id, SessionAct::end));
  city.pass(2 * kSecond);
  CHECK(city.halls.at("s00-001").assignment.own().pinned_feed_id().empty());
}

TEST_CASE("an import that has problems changes nothing") {
  City city({.areas = 1, .sites_each = 2});
  v1::Command command;
  auto* file = command.mutable_import_roster()->add_files();
  file->set_name("x.csv");
  file->set_content("site_id,area_id,name\ns9,nowhere,X\n");
  auto reply = city.order(command);
  REQUIRE(reply);
  CHECK_FALSE(reply->import_report().applied());
  CHECK(reply->import_report().problems_total() == 1);
  CHECK(city.core->roster().site("s9") == nullptr);
  file->set_content("site_id,area_id,name\ns9,a00,Hội trường mới\ns00-000,a00,Tên khác\n");
  reply = city.order(command);
  REQUIRE(reply);
  CHECK(reply->import_report().applied());
  CHECK(city.core->roster().site("s9")->name() == "Hội trường mới");
  CHECK(city.store.objects.contains({"site", "s9"}));
  v1::Assignment renamed;
  const auto bytes = city.core->assignment("s00-000");
  REQUIRE(renamed.ParseFromString(bytes.own));
  CHECK(renamed.roster().site_name() == "Tên khác");
}

TEST_CASE("rehearsals begin by the clock, once each") {
  City city({.areas = 1, .sites_each = 2});
  city.connectAll();
  const auto id = city.create([&](auto& s) {
    s.set_scheduled_start_us(city.now + 20 * kMinute);
    s.add_rehearsal_leads_s(15 * 60);
    s.add_rehearsal_leads_s(10 * 60);
    s.add_rehearsal_leads_s(3600);  // its moment has passed
  });
  REQUIRE(city.act(id, SessionAct::schedule));
  city.pass(4 * kMinute);
  CHECK(city.told(id, "session.rehearsing").empty());
  city.pass(2 * kMinute);
  CHECK(city.told(id, "session.rehearsing").size() == 1);
  CHECK(city.phase(id) == Phase::scheduled);
  city.restart();
  city.connectAll();
  city.pass(2 * kMinute);
  CHECK(city.told(id, "session.rehearsing").size() == 1);
  city.pass(3 * kMinute);
  CHECK(city.told(id, "session.rehearsing").size() == 2);
}

}  // namespace
}  // namespace diemcau::core
