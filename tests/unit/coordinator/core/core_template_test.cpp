// Sessions made from others: copies and templates.
#include "tests/support/catch.hpp"
#include "tests/unit/coordinator/core/city.hpp"

namespace diemcau::core {
namespace {

std::string original(City& city) {
  return city.create([&](v1::Session& session) {
    session.set_scheduled_end_us(session.scheduled_start_us() + 3 * kHour);
    session.set_notes("Mang tài liệu");
    session.add_documents()->set_url("https://vanban.example/a.pdf");
    session.add_rehearsal_leads_s(600);
    for (const auto* id : {"sang", "chieu"}) {
      auto* sitting = session.add_sittings();
      sitting->set_id(id);
      sitting->set_starts_us(session.scheduled_start_us() + (std::string(id) == "sang" ? 0 : 2 * kHour));
    }
  });
}

Result<v1::CommandReply> copy(City& city, const std::string& from, Micros start, bool from_template = false) {
  v1::Command command;
  auto& wish = *command.mutable_copy_session();
  wish.set_from_id(from);
  wish.set_from_template(from_template);
  wish.set_scheduled_start_us(start);
  return city.order(std::move(command));
}

v1::Plan planAt(City& city, const std::string& session) {
  DIEMCAU_INVARIANT(city.act(session, v1::SessionAct::schedule).has_value());
  DIEMCAU_INVARIANT(city.connect(City::siteId(0, 0)).has_value());
  city.say(City::siteId(0, 0));
  for (const auto& plan : city.halls.at(City::siteId(0, 0)).plans)
    if (plan.session_id() == session) return plan;
  return {};
}

TEST_CASE("a copy is a draft with everything that people set, at another time") {
  City city;
  const auto from = original(city);
  const auto before = city.core->session(from, city.now)->session();
  const Micros start = before.scheduled_start_us() + 7 * 24 * kHour;
  const auto reply = copy(city, from, start);
  REQUIRE(reply);
  const auto& made = reply->session();
  CHECK(made.id() != from);
  CHECK(made.phase() == v1::Phase::draft);
  CHECK(made.copied_from() == from);
  CHECK(made.title() == before.title());
  CHECK(made.scheduled_start_us() == start);
  CHECK(made.scheduled_end_us() == start + 3 * kHour);
  REQUIRE(made.sittings_size() == 2);
  CHECK(made.sittings(1).starts_us() == start + 2 * kHour);
  CHECK(made.notes() == "Mang tài liệu");
  CHECK(made.documents_size() == 1);
  CHECK(made.rehearsal_leads_s(0) == 600);
  CHECK(made.selection().everyone());
  // The passphrase is in no answer, and still comes to the halls.
  CHECK(made.feeds(0).passphrase().empty());
  CHECK(planAt(city, made.id()).feeds(0).passphrase() == "không-ai-biết-main");
}

TEST_CASE("a copy of a session that ran has nothing of what became of it") {
  City city;
  city.connectAll();
  const auto from = city.live();
  REQUIRE(city.act(from, v1::SessionAct::end));
  const auto reply = copy(city, from, city.now + kHour);
  REQUIRE(reply);
  CHECK(reply->session().phase() == v1::Phase::draft);
  CHECK(reply->session().go_at_us() == 0);
  CHECK(reply->session().rehearsal() == 0);
  CHECK(reply->session().site_ids().empty());
  CHECK(copy(city, "s-404", city.now).error().code == ErrorCode::kNotFound);
}

TEST_CASE("a template outlives its session's store, and makes sessions") {
  City city;
  const auto from = original(city);
  v1::Command save;
  save.mutable_save_template()->set_session_id(from);
  save.mutable_save_template()->set_name("Giao ban hằng tuần");
  const auto saved = city.order(save);
  REQUIRE(saved);
  const auto id = saved->id();
  CHECK(saved->session_template().session().feeds(0).passphrase().empty());
  city.restart();
  REQUIRE(city.core->templates().templates_size() == 1);
  CHECK(city.core->templates().templates(0).name() == "Giao ban hằng tuần");
  CHECK(city.core->templates().templates(0).session().feeds(0).passphrase().empty());
  const auto made = copy(city, id, city.now + 5 * kHour, true);
  REQUIRE(made);
  CHECK(made->session().sittings(1).starts_us() == city.now + 7 * kHour);
  CHECK(planAt(city, made->session().id()).feeds(1).passphrase() == "không-ai-biết-backup");

  v1::Command gone;
  gone.mutable_delete_template()->set_id(id);
  REQUIRE(city.order(gone));
  CHECK(city.order(gone).error().code == ErrorCode::kNotFound);
  CHECK(copy(city, id, city.now + kHour, true).error().code == ErrorCode::kNotFound);
  city.restart();
  CHECK(city.core->templates().templates().empty());
}

TEST_CASE("a copy without a time has no times at all") {
  City city;
  const auto reply = copy(city, original(city), 0);
  REQUIRE(reply);
  CHECK(reply->session().scheduled_start_us() == 0);
  CHECK(reply->session().scheduled_end_us() == 0);
  CHECK(reply->session().sittings(1).starts_us() == 0);
}

TEST_CASE("copies and templates concern the sites that they are made for") {
  City city;
  const auto from = original(city);
  v1::Command command;
  command.mutable_copy_session()->set_from_id(from);
  CHECK(city.core->reach(command, city.now)->size() == 20);
  v1::Command save;
  save.mutable_save_template()->set_session_id(from);
  CHECK(city.core->reach(save, city.now)->size() == 20);
}

}  // namespace
}  // namespace diemcau::core
