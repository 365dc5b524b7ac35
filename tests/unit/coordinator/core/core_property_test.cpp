// Random operators and random sites: what must hold holds after every step, whatever they do, over restarts
// too.
#include <rapidcheck.h>

#include <algorithm>

#include "coordinator/core/session_phase.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/coordinator/core/city.hpp"

namespace diemcau::core {
namespace {

// Follows a core from outside and compares each moment with the one before.
struct Witness {
  City& city;
  std::map<std::string, v1::Phase::Name> phases;
  std::map<std::string, std::uint64_t> revisions;  // by site
  std::map<std::string, std::uint64_t> plan_revisions;
  std::uint64_t entries = 0;

  void look() {
    const auto sessions = city.core->sessions();
    for (const auto& session : sessions.sessions()) lookAt(session);
    for (const auto& [id, hall] : city.halls) {
      v1::Assignment assignment;
      const auto bytes = city.core->assignment(id);
      RC_ASSERT(assignment.ParseFromString(bytes.own));
      RC_ASSERT(assignment.revision() >= revisions[id]);
      revisions[id] = assignment.revision();
    }
    for (; entries < city.store.timeline.size(); ++entries)
      RC_ASSERT(city.store.timeline[entries].seq() == entries + 1);
    std::set<std::tuple<std::string, int, int, std::string, std::string>> causes;
    const auto alarms = city.core->alarms("", true);
    for (const auto& alarm : alarms.alarms()) {
      const auto site =
          alarm.scope() == v1::Alarm::site && !alarm.site_ids().empty() ? alarm.site_ids(0) : "";
      if (alarm.kind() != v1::Alarm::help)
        RC_ASSERT(causes
                      .insert({alarm.session_id() + alarm.feed_id() + site, alarm.kind(), alarm.condition(),
                               alarm.area_id(), v1::Alarm::Scope_Name(alarm.scope())})
                      .second);
      RC_ASSERT(!alarm.text().vi().empty() && !alarm.text().en().empty());
    }
  }

  void lookAt(const v1::Session& session) {
    const auto known = phases.find(session.id());
    if (known != phases.end() && known->second != session.phase()) {
      // The clock may do several acts in one step; each of them is in the table.
      std::set<v1::Phase::Name> reachable{known->second};
      for (int depth = 0; depth < 4; ++depth)
        for (const auto from : std::set(reachable))
          for (const auto act : possibleActs(from)) reachable.insert(*transition(from, act));
      RC_ASSERT(reachable.contains(session.phase()));
      RC_ASSERT(!isFinal(known->second));
    }
    phases[session.id()] = session.phase();
    RC_ASSERT(session.revision() >= plan_revisions[session.id()]);
    plan_revisions[session.id()] = session.revision();
    const auto view = *city.core->session(session.id(), city.now);
    RC_ASSERT(view.online() + view.stale() + view.offline() == view.sites());
    RC_ASSERT(view.ready() + view.not_ready() + view.checking() + view.not_checked() == view.sites());
    const auto report = *city.core->report(session.id(), city.now);
    if (!isLaunched(session.phase())) {
      RC_ASSERT(report.outcomes().empty());
      return;
    }
    RC_ASSERT(report.outcomes_size() == static_cast<int>(view.sites()));
    for (const auto& outcome : report.outcomes()) {
      const bool says_why = outcome.state() != v1::Outcome::late && outcome.state() != v1::Outcome::failed;
      RC_ASSERT(says_why || !outcome.reason().en().empty());
      RC_ASSERT(outcome.state() != v1::Outcome::started || outcome.started_us() != 0);
      // After the deadline nothing is open (G3); a restart gives the sites time to come back.
      if (city.now > session.deadline_us() + 15 * kSecond) RC_ASSERT(outcome.state() != v1::Outcome::pending);
    }
  }
};

void randomStep(City& city, std::vector<std::string>& sessions) {
  const auto site = City::siteId(*rc::gen::inRange(0, 3), *rc::gen::inRange(0, 4));
  auto& hall = city.halls.at(site);
  const auto session = sessions[*rc::gen::inRange<std::size_t>(0, sessions.size())];
  switch (*rc::gen::inRange(0, 12)) {
    case 0:
    case 1:
    case 2:
      (void)city.act(session, static_cast<v1::SessionAct::Kind>(*rc::gen::inRange(0, 12)));
      break;
    case 3:
      (void)city.connect(site);
      break;
    case 4:
      city.cut(site);
      break;
    case 5:
      for (int i = 0; i < 4; ++i) (void)city.connect(City::siteId(*rc::gen::inRange(0, 3), i));
      break;
    case 6: {
      auto& faults = hall.faults[*rc::gen::element<std::string>("main", "backup")];
      const auto condition = static_cast<v1::Condition::Name>(*rc::gen::inRange(1, 13));
      if (!faults.insert(condition).second) faults.clear();
      break;
    }
    case 7: {
      auto record = city.record(session);
      if (*rc::gen::arbitrary<bool>())
        record.mutable_headcount()->set_present(*rc::gen::inRange(0U, 90U));
      else
        record.mutable_help()->set_topic(v1::HelpRequest::no_picture);
      if (hall.connected) (void)city.send(site, {record});
      break;
    }
    case 8:
      hall.starts = *rc::gen::arbitrary<bool>();
      hall.problem = *rc::gen::element<std::string>("", "", "hỏng máy chiếu");
      hall.ready = *rc::gen::arbitrary<bool>();
      break;
    case 9: {
      v1::Command command;
      command.mutable_waive()->set_session_id(session);
      command.mutable_waive()->add_site_ids(site);
      command.mutable_waive()->set_reason("thử");
      (void)city.order(command);
      break;
    }
    case 10:
      if (sessions.size() < 3) sessions.push_back(city.create());
      break;
    default:
      if (*rc::gen::inRange(0, 4) == 0) city.restart(*rc::gen::inRange(1, 40) * kSecond);
      break;
  }
  city.pass(*rc::gen::element<Micros>(250 * kMillisecond, kSecond, 4 * kSecond, 20 * kSecond));
}

TEST_CASE("random acts and random sites break nothing") {
  const bool holds = rc::check("what must hold holds after every step", [] {
    City city({.areas = 3, .sites_each = 4});
    std::vector<std::string> sessions{city.create()};
    Witness witness{city, {}, {}, {}, 0};
    const int steps = *rc::gen::inRange(5, 40);
    for (int i = 0; i < steps; ++i) {
      randomStep(city, sessions);
      witness.look();
    }
    // What was acknowledged is in the store, once.
    std::set<std::pair<std::string, std::string>> ids;
    for (const auto& record : city.store.records)
      RC_ASSERT(ids.insert({record.site_id(), record.record().id()}).second);
    // And another core made from the store says the same.
    std::vector<std::string> before;
    for (const auto& id : sessions) before.push_back(city.core->attendance(id, "")->SerializeAsString());
    city.restart();
    for (std::size_t i = 0; i < sessions.size(); ++i)
      RC_ASSERT(city.core->attendance(sessions[i], "")->SerializeAsString() == before[i]);
    witness.look();
  });
  CHECK(holds);
}

}  // namespace
}  // namespace diemcau::core
