// What a role in one area reaches and sees.
#include "coordinator/core/scope.hpp"

#include "coordinator/core/core.hpp"
#include "coordinator/core/scoped_view.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

std::vector<v1::Grant> grantsOf(std::initializer_list<std::pair<v1::Role::Name, const char*>> given) {
  std::vector<v1::Grant> out;
  for (const auto& [role, area] : given) {
    out.emplace_back().set_role(role);
    out.back().set_area_id(area);
  }
  return out;
}

constexpr Roles kViewers = roleBit(v1::Role::viewer) | roleBit(v1::Role::operator_);
constexpr Micros kThen = 1'800'000'000 * kSecond;

// city > a > a1, and city > b; a session of everyone and a draft of area a.
struct Town {
  Core core{CoreSettings{}};
  std::string everyone, draft_a;

  Town() {
    core.restored(kThen);
    v1::Command command;
    const auto add = [&](const char* name, const char* content) {
      auto* file = command.mutable_import_roster()->add_files();
      file->set_name(name);
      file->set_content(content);
    };
    add("areas.csv", "area_id,parent_id,name\ncity,,City\na,city,Area A\na1,a,Part of A\nb,city,Area B\n");
    add("sites.csv",
        "site_id,area_id,name\nS1,a,Hall one\nS2,a1,Hall two\nT1,b,Foreign hall\nT2,b,Foreign too\n");
    run(command);
    everyone = make([](v1::Selection& selection) { selection.set_everyone(true); });
    v1::Command schedule;
    schedule.mutable_act()->set_session_id(everyone);
    schedule.mutable_act()->set_kind(v1::SessionAct::schedule);
    run(schedule);
    draft_a = make([](v1::Selection& selection) { selection.add_area_ids("a"); });
  }

  v1::CommandReply run(v1::Command command) {
    command.set_actor("test");
    Effects effects;
    auto reply = core.command(command, kThen, effects);
    if (!reply) FAIL(reply.error().text);
    return *reply;
  }
  template <class Select>
  std::string make(Select select) {
    v1::Command command;
    auto& session = *command.mutable_create_session();
    session.set_title("Briefing");
    session.set_scheduled_start_us(kThen + 5 * kHour);
    auto* feed = session.add_feeds();
    feed->set_id("main");
    feed->set_uri("test://");
    select(*session.mutable_selection());
    return run(command).session().id();
  }
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a scope is what the roles that count cover, with everything below") {
  Town town;
  const Roster& roster = town.core.roster();
  const auto in_a = Scope::of(grantsOf({{v1::Role::operator_, "a"}, {v1::Role::auditor, "b"}}), kViewers);
  CHECK(in_a.site("S1", roster));
  CHECK(in_a.site("S2", roster));
  CHECK_FALSE(in_a.site("T1", roster));
  CHECK_FALSE(in_a.site("none", roster));
  CHECK_FALSE(in_a.area("city", roster));
  CHECK(in_a.all({"S1", "S2"}, roster));
  CHECK_FALSE(in_a.all({"S1", "T1"}, roster));
  CHECK_FALSE(in_a.all({}, roster));
  CHECK(in_a.any({"T1", "S1"}, roster));
  const auto all = Scope::of(grantsOf({{v1::Role::viewer, "a"}, {v1::Role::viewer, ""}}), kViewers);
  CHECK(all.isEverywhere());
  CHECK(all.all({}, roster));
  CHECK(Scope::of(grantsOf({{v1::Role::auditor, ""}}), kViewers).none());
  const auto gone = Scope::of(grantsOf({{v1::Role::viewer, "gone"}}), kViewers);
  CHECK_FALSE(gone.any({"S1", "S2", "T1"}, roster));
  CHECK(in_a.key() != gone.key());
}

TEST_CASE("a command reaches the sites that it concerns") {
  Town town;
  const auto reach = [&](const v1::Command& command) {
    const auto sites = town.core.reach(command, kThen);
    REQUIRE(sites);
    return *sites;
  };
  v1::Command command;
  command.mutable_act()->set_session_id(town.everyone);
  CHECK(reach(command) == Ids{"S1", "S2", "T1", "T2"});
  command.mutable_act()->set_session_id(town.draft_a);
  CHECK(reach(command) == Ids{"S1", "S2"});
  command.mutable_act()->set_session_id("none");
  CHECK_FALSE(town.core.reach(command, kThen));
  auto& update = *command.mutable_update_session()->mutable_session();
  update.set_id(town.draft_a);
  update.mutable_selection()->add_site_ids("T1");
  CHECK(reach(command) == Ids{"S1", "S2", "T1"});
  command.mutable_create_session()->mutable_selection()->add_names("foreign hall");
  CHECK(reach(command) == Ids{"T1"});
  command.mutable_send_text()->set_session_id(town.everyone);
  CHECK(reach(command).size() == 4);
  command.mutable_send_text()->mutable_selection()->add_area_ids("a1");
  CHECK(reach(command) == Ids{"S2"});
  command.mutable_waive()->add_site_ids("T2");
  CHECK(reach(command) == Ids{"T2"});
  command.mutable_pin_feed()->add_site_ids("S1");
  CHECK(reach(command) == Ids{"S1"});
  command.mutable_check_again()->add_site_ids("T2");
  CHECK(reach(command) == Ids{"T2"});
  command.mutable_attendance()->set_site_id("T1");
  CHECK(reach(command) == Ids{"T1"});
  command.mutable_import_roster();
  CHECK(reach(command).empty());
}

TEST_CASE("who sees one area sees nothing of the others, in words and counts neither") {
  Town town;
  v1::Command text;
  text.mutable_send_text()->set_session_id(town.everyone);
  text.mutable_send_text()->set_text("hello");
  town.run(text);
  v1::Command waive;
  waive.mutable_waive()->set_session_id(town.everyone);
  waive.mutable_waive()->add_site_ids("T1");
  waive.mutable_waive()->set_reason("no light");
  town.run(waive);
  const auto scope = Scope::of(grantsOf({{v1::Role::viewer, "a"}}), kViewers);
  const ScopedView mine(town.core, scope, kThen);
  CHECK(mine.session(town.everyone));
  CHECK_FALSE(mine.wholeSession(town.everyone));
  CHECK(mine.wholeSession(town.draft_a));

  auto update = town.core.view(0, "", kThen);
  mine.cut(update);
  CHECK(update.sites_size() == 2);
  REQUIRE(update.sessions_size() == 2);
  for (const auto& view : update.sessions()) CHECK(view.sites() <= 2);
  CHECK(update.timeline_size() > 0);
  std::string everything = update.DebugString() + mine.sites(town.core.sites("", kThen)).DebugString() +
                           mine.sessions(town.core.sessions()).DebugString() +
                           mine.timeline(town.core.timeline(town.everyone)).DebugString() +
                           mine.session(*town.core.session(town.everyone, kThen)).DebugString() +
                           mine.attendance(*town.core.attendance(town.everyone, "")).DebugString();
  for (const char* foreign : {"T1", "T2", "oreign", "no light", "Area B"}) {
    CAPTURE(foreign);
    CHECK(everything.find(foreign) == std::string::npos);
  }
  const auto session = mine.session(*town.core.session(town.everyone, kThen));
  CHECK(session.sites() == 2);
  CHECK(session.offline() == 2);
  CHECK(session.waived() == 0);
  CHECK(mine.attendance(*town.core.attendance(town.everyone, "")).sites() == 2);
  // What is whole theirs they see as it is.
  CHECK(mine.sessions(town.core.sessions()).sessions_size() == 2);
  const auto draft = mine.session(*town.core.session(town.draft_a, kThen));
  CHECK(draft.session().selection().area_ids_size() == 1);

  const auto other = Scope::of(grantsOf({{v1::Role::viewer, "b"}}), kViewers);
  const ScopedView theirs(town.core, other, kThen);
  CHECK_FALSE(theirs.session(town.draft_a));
  CHECK(theirs.sessions(town.core.sessions()).sessions_size() == 1);
  CHECK(theirs.session(*town.core.session(town.everyone, kThen)).waived() == 1);
}

TEST_CASE("an alarm is cut to one's own sites and said again for them") {
  Town town;
  const auto scope = Scope::of(grantsOf({{v1::Role::viewer, "a"}}), kViewers);
  const ScopedView mine(town.core, scope, kThen);
  v1::AlarmList list;
  auto& both = *list.add_alarms();
  both.set_id("a-1");
  both.set_kind(v1::Alarm::not_started);
  both.set_scope(v1::Alarm::session);
  for (const char* site : {"S1", "T1", "T2"}) both.add_site_ids(site);
  both.set_sites_peak(3);
  both.mutable_text()->set_en("3 sites have not started: Hall one, Foreign hall, Foreign too");
  auto& foreign = *list.add_alarms();
  foreign.set_id("a-2");
  foreign.add_site_ids("T1");
  v1::ViewUpdate delta;
  *delta.mutable_alarms() = list.alarms();
  const auto seen = mine.alarms(list);
  REQUIRE(seen.alarms_size() == 1);
  CHECK(seen.alarms(0).site_ids_size() == 1);
  CHECK(seen.alarms(0).sites_peak() == 1);
  CHECK_THAT(seen.alarms(0).text().en(), Catch::Contains("Hall one") && !Catch::Contains("oreign"));
  // In an update one that is not theirs, or not any more, is over, without a word more.
  auto told = delta;
  mine.cut(told);
  REQUIRE(told.alarms_size() == 2);
  CHECK(told.alarms(1).state() == v1::Alarm::cleared);
  CHECK(told.alarms(1).site_ids().empty());
}

}  // namespace diemcau::core
