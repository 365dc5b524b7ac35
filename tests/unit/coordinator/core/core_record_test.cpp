// G1 at the core: records are acknowledged with their commit, counted once, and do what they say.
#include "tests/support/catch.hpp"
#include "tests/unit/coordinator/core/city.hpp"

namespace diemcau::core {
namespace {

v1::Record count(City& city, const std::string& session, std::uint32_t present) {
  auto record = city.record(session);
  record.mutable_headcount()->set_present(present);
  return record;
}

TEST_CASE("an acknowledgement comes with the records in the same batch") {
  City city({.areas = 1, .sites_each = 2, .delegates_each = 3});
  city.connectAll();
  const auto id = city.live();
  v1::RecordBatch batch;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    auto one = count(city, id, static_cast<std::uint32_t>(i));
    one.set_number(i);
    *batch.add_records() = one;
  }
  Effects effects;
  REQUIRE(city.core->siteRecords("s00-000", 1, batch, city.now, effects));
  CHECK(effects.store.records.size() == 3);
  REQUIRE(effects.acks.size() == 1);
  CHECK(effects.acks[0].number == 3);
  CHECK(effects.acks[0].epoch == 1);
  CHECK(effects.store.records[0].received_us() == city.now);
  CHECK(effects.store.records[0].record().sitting_id() == "main");
  city.carry(effects);

  // The same once more: acknowledged again, nothing stored, nothing counted.
  Effects repeat;
  REQUIRE(city.core->siteRecords("s00-000", 1, batch, city.now, repeat));
  CHECK(repeat.store.records.empty());
  REQUIRE(repeat.acks.size() == 1);
  CHECK(repeat.acks[0].number == 3);
  CHECK(city.core->report(id, city.now)->records() == 3);
  CHECK(city.core->attendance(id, "")->total().present() == 3);

  // A gap is refused as a whole.
  v1::RecordBatch gap;
  *gap.add_records() = batch.records(0);
  gap.mutable_records(0)->set_number(5);
  Effects none;
  CHECK_FALSE(city.core->siteRecords("s00-000", 1, gap, city.now, none));
  CHECK(none.store.empty());
  CHECK(none.acks.empty());
  CHECK_FALSE(city.core->siteRecords("nobody", 1, batch, city.now, none));
  const auto welcome = city.connect("s00-000");
  REQUIRE(welcome);
  CHECK(welcome->resume_after() == 3);
  CHECK(welcome->resume_id() == batch.records(2).id());
}

TEST_CASE("repeats after a restart are counted once") {
  City city({.areas = 1, .sites_each = 2});
  city.connectAll();
  const auto id = city.live();
  auto one = count(city, id, 40);
  REQUIRE(city.send("s00-000", {one}));
  one.set_number(1);
  city.restart();
  const auto welcome = city.connect("s00-000");
  REQUIRE(welcome);
  CHECK(welcome->resume_after() == 1);
  REQUIRE(city.send("s00-000", {one}));
  CHECK(city.store.records.size() == 1);
  CHECK(city.acks.back().number == 1);
  // A new spool that still has the old record: known by its id.
  city.halls.at("s00-000").epoch = 2;
  REQUIRE(city.connect("s00-000"));
  REQUIRE(city.send("s00-000", {one}));
  CHECK(city.store.records.size() == 1);
  CHECK(city.core->report(id, city.now)->records() == 1);
}

TEST_CASE("a store that was brought back from a backup takes what comes next, and says what is missing") {
  City city({.areas = 1, .sites_each = 1});
  city.connectAll();
  const auto id = city.live();
  const Memory backup = city.store;
  REQUIRE(city.send("s00-000", {count(city, id, 1), count(city, id, 2)}));
  city.store = backup;
  city.restart();
  REQUIRE(city.connect("s00-000"));
  REQUIRE(city.send("s00-000", {count(city, id, 3)}));
  CHECK(city.acks.back().number == 3);
  CHECK(city.told(id, "records.missing").size() == 1);
  CHECK(city.core->attendance(id, "")->total().present() == 3);
}

TEST_CASE("a record finds its session and sitting, and a clock that runs ahead does not win") {
  City city({.areas = 1, .sites_each = 2});
  city.connectAll();
  const auto id = city.live([](auto& s) {
    s.add_sittings()->set_id("sang");
    s.add_sittings()->set_id("chieu");
  });
  auto ahead = count(city, "", 10);
  ahead.set_at_us(city.now + kHour);
  REQUIRE(city.send("s00-000", {ahead}));
  city.pass(kSecond);
  REQUIRE(city.send("s00-000", {count(city, "", 12)}));
  CHECK(city.core->attendance(id, "sang")->total().present() == 12);
  CHECK(city.core->attendance(id, "chieu")->reported_sites() == 0);
  v1::Command command;
  *command.mutable_update_session()->mutable_session() = city.core->sessions().sessions(0);
  command.mutable_update_session()->mutable_session()->set_current_sitting_id("chieu");
  REQUIRE(city.order(command));
  REQUIRE(city.send("s00-000", {count(city, "", 7)}));
  CHECK(city.core->attendance(id, "chieu")->total().present() == 7);
  CHECK(city.core->session(id, city.now)->attendance().present() == 7);
  CHECK(city.core->session(id, city.now)->reported_sites() == 1);
  CHECK_FALSE(city.core->attendance(id, "toi"));
}

TEST_CASE("attendance at the centre") {
  City city({.areas = 1, .sites_each = 2, .delegates_each = 2});
  city.connectAll();
  const auto id = city.live();
  auto told = count(city, id, 30);
  REQUIRE(city.send("s00-000", {told}));
  v1::Command command;
  auto& entry = *command.mutable_attendance();
  entry.set_session_id(id);
  entry.set_site_id("s00-000");
  entry.set_corrects_id(told.id());
  entry.mutable_headcount()->set_present(33);
  CHECK(city.order(command).error().text == "a correction needs a reason");
  entry.set_reason("đếm lại");
  city.pass(kSecond);
  const auto reply = city.order(command);
  REQUIRE(reply);
  CHECK(reply->id().size() == 32);
  CHECK(city.core->attendance(id, "")->total().present() == 33);
  CHECK(city.store.records.back().epoch() == 0);
  CHECK(city.told(id, "attendance.corrected").size() == 1);
  entry.set_corrects_id(std::string(32, 'f'));
  CHECK(city.order(command).error().code == ErrorCode::kNotFound);
  entry.clear_corrects_id();
  entry.mutable_check_in()->set_delegate_id("nobody");
  CHECK(city.order(command).error().code == ErrorCode::kNotFound);
  entry.mutable_check_in()->set_delegate_id("s00-000-d1");
  entry.mutable_check_in()->set_state(v1::Presence::present);
  REQUIRE(city.order(command));
  CHECK(city.core->session(id, city.now)->checkins() == 1);
  entry.set_site_id("s09-000");
  CHECK(city.order(command).error().code == ErrorCode::kNotFound);
  // The ids of the centre never repeat, over a restart either.
  city.restart();
  entry.set_site_id("s00-001");
  const auto after = city.order(command);
  REQUIRE(after);
  CHECK(after->id() != reply->id());
}

TEST_CASE("help is an alarm until somebody takes it") {
  City city({.areas = 1, .sites_each = 2});
  city.connectAll();
  const auto id = city.live();
  auto help = city.record(id);
  help.mutable_help()->set_topic(v1::HelpRequest::no_sound);
  help.mutable_help()->set_text("loa bên trái");
  REQUIRE(city.send("s00-001", {help}));
  auto raised = city.raised(v1::Alarm::help);
  REQUIRE(raised.size() == 1);
  CHECK(raised[0].text().vi() == "Hội trường 0.1, không có tiếng: loa bên trái");
  CHECK(raised[0].record_id() == help.id());
  CHECK(city.told(id, "help.requested").size() == 1);
  v1::Command command;
  SECTION("acknowledged") {
    command.mutable_ack_alarm()->set_alarm_id(raised[0].id());
  }
  SECTION("answered by text") {
    command.mutable_send_text()->set_session_id(id);
    command.mutable_send_text()->mutable_selection()->add_site_ids("s00-001");
    command.mutable_send_text()->set_text("Kỹ thuật đang tới");
    command.mutable_send_text()->set_answers_record_id(help.id());
  }
  REQUIRE(city.order(command));
  CHECK(city.raised(v1::Alarm::help).empty());
  city.pass(2 * kSecond);
  CHECK(city.halls.at("s00-001").assignment.own().seen_help_ids(0) == help.id());
  CHECK_FALSE(city.halls.at("s00-001").assignment.own().seen_help(0).by().empty());
  city.restart();
  city.connectAll();
  city.pass(2 * kSecond);
  CHECK(city.halls.at("s00-001").assignment.own().seen_help_ids(0) == help.id());
  CHECK_FALSE(city.halls.at("s00-001").assignment.own().seen_help(0).by().empty());
  CHECK(city.core->report(id, city.now)->help_requests_size() == 1);
}

TEST_CASE("a sign-off joins the readiness") {
  City city({.areas = 1, .sites_each = 1});
  city.connectAll();
  const auto id = city.create();
  REQUIRE(city.act(id, v1::SessionAct::schedule));
  REQUIRE(city.act(id, v1::SessionAct::rehearse));
  city.pass(2 * kSecond);
  auto record = city.record(id);
  record.mutable_sign_off()->set_screen(true);
  REQUIRE(city.send("s00-000", {record}));
  const auto confirmed = [&] {
    const auto site = *city.core->site("s00-000", city.now);
    for (const auto& check : site.status().readiness().checks())
      if (check.kind() == v1::Check::screen && check.verdict() == v1::Check::ok) return check.by();
    return std::string();
  };
  CHECK(confirmed() == "Hoa");
  city.pass(5 * kSecond);
  CHECK(confirmed() == "Hoa");
  CHECK(city.told(id, "readiness.signed_off").size() == 1);
  city.restart();
  CHECK(confirmed() == "Hoa");
}

TEST_CASE("after the close the ledger takes records, the report does not change") {
  City city({.areas = 1, .sites_each = 2});
  city.connectAll();
  const auto id = city.live();
  REQUIRE(city.send("s00-000", {count(city, id, 5)}));
  REQUIRE(city.act(id, v1::SessionAct::end));
  REQUIRE(city.send("s00-001", {count(city, id, 6)}));  // still in time
  REQUIRE(city.act(id, v1::SessionAct::close));
  const auto report = city.core->report(id, city.now)->SerializeAsString();
  city.pass(kSecond);
  REQUIRE(city.send("s00-000", {count(city, id, 500)}));
  CHECK(city.store.records.size() == 3);
  CHECK(city.acks.back().number == 2);
  CHECK(city.core->report(id, city.now)->SerializeAsString() == report);
  CHECK(city.core->attendance(id, "")->total().present() == 11);
  city.restart();
  CHECK(city.core->report(id, city.now)->SerializeAsString() == report);
  CHECK(city.core->attendance(id, "")->total().present() == 11);
}

}  // namespace
}  // namespace diemcau::core
