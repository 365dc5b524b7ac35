// The flight recorder: what the centre saw at a moment is what a replay of that moment shows, also after a
// restart.
#include "coordinator/core/replay.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/coordinator/core/city.hpp"

namespace diemcau::core {
namespace {

ReplayRows rowsOf(const City& city, const std::string& session) {
  ReplayRows rows;
  for (const auto& row : city.store.trace)
    if (row.session_id == session) rows.trace.push_back(row.body);
  for (const auto& entry : city.store.timeline)
    if (entry.session_id() == session) rows.timeline.push_back(entry);
  return rows;
}

// What both a view and a replay can tell, in words.
std::string told(const v1::ViewUpdate& view) {
  const auto& session = view.sessions(0);
  std::string out = fmt::format(
      "{} online {} offline {} ready {} started {} late {} failed {} waived {} alarms {} aside {} present {} "
      "reported {} backup {}\n",
      v1::Phase::Name_Name(session.session().phase()), session.online(), session.offline() + session.stale(),
      session.ready(), session.started(), session.late(), session.failed(), session.waived(),
      session.alarms(), session.shelved_alarms(), session.attendance().present(), session.reported_sites(),
      session.on_backup());
  for (const auto& site : view.sites()) {
    std::string faults;
    for (const auto& sample : site.status().health())
      for (const int condition : sample.conditions())
        faults +=
            sample.feed_id() + ":" + v1::Condition::Name_Name(static_cast<v1::Condition::Name>(condition));
    out += fmt::format("{} {} {} {} {} {}\n", site.site_id(), v1::LinkState::Name_Name(site.link()),
                       v1::SitePhase::Name_Name(site.status().phase()), site.status().active_feed_id(),
                       site.has_outcome() ? v1::Outcome::State_Name(site.outcome().state()) : "-", faults);
  }
  for (const auto& alarm : view.alarms())
    if (alarm.state() == v1::Alarm::raised)
      out += alarm.id() + " " + alarm.acked_by() + (alarm.shelved_until_us() != 0 ? " aside" : "") + "\n";
  return out;
}

std::string replayed(const City& city, const std::string& session, Micros at) {
  const auto then = replay(rowsOf(city, session), city.core->recordsOf(session), at);
  const auto view = city.core->viewThen(session, then);
  DIEMCAU_INVARIANT(view.has_value());
  CHECK(view->now_us() == at);
  return told(*view);
}

struct Moment {
  Micros at;
  std::string seen;
};

TEST_CASE("a replay shows what the centre saw") {
  City city({.areas = 2, .sites_each = 4, .delegates_each = 2});
  city.connectAll();
  std::vector<Moment> moments;
  std::string session;
  // Time for what is in the air to be written down.
  const auto look = [&] {
    city.pass(3 * kSecond);
    moments.push_back({city.now, told(city.core->view(0, session, city.now))});
    city.pass(2 * kSecond);
  };
  session = city.create([&](v1::Session& wish) { wish.set_scheduled_start_us(city.now + 30 * kMinute); });
  REQUIRE(city.act(session, v1::SessionAct::schedule));
  look();
  REQUIRE(city.act(session, v1::SessionAct::rehearse));
  look();
  REQUIRE(city.act(session, v1::SessionAct::stop_rehearsal));
  REQUIRE(city.act(session, v1::SessionAct::arm));
  city.halls.at(City::siteId(0, 3)).starts = false;
  look();
  REQUIRE(city.act(session, v1::SessionAct::go));
  city.pass(8 * kSecond);
  look();
  city.halls.at(City::siteId(1, 1)).faults["main"] = {v1::Condition::black};
  city.halls.at(City::siteId(1, 1)).shown_feed = "backup";
  look();
  v1::Command shelve;
  shelve.mutable_shelve_alarm()->set_alarm_id(city.raised(v1::Alarm::feed).at(0).id());
  shelve.mutable_shelve_alarm()->set_reason("thợ đang đến");
  shelve.mutable_shelve_alarm()->set_until_us(city.now + 40 * kSecond);
  REQUIRE(city.order(shelve));
  look();
  auto record = city.record(session);
  record.mutable_headcount()->set_present(7);
  REQUIRE(city.send(City::siteId(0, 0), {record}));
  city.cut(City::siteId(0, 1));
  city.pass(35 * kSecond);
  look();
  city.restart();
  for (auto& [id, hall] : city.halls)
    if (id != City::siteId(0, 1)) REQUIRE(city.connect(id));
  city.pass(40 * kSecond);
  look();
  city.halls.at(City::siteId(1, 1)).faults.clear();
  city.halls.at(City::siteId(1, 1)).shown_feed = "main";
  REQUIRE(city.connect(City::siteId(0, 1)));
  auto more = city.record(session);
  more.mutable_headcount()->set_present(9);
  REQUIRE(city.send(City::siteId(0, 0), {more}));
  city.pass(10 * kSecond);
  look();
  REQUIRE(city.act(session, v1::SessionAct::pause));
  look();
  REQUIRE(city.act(session, v1::SessionAct::end));
  REQUIRE(city.act(session, v1::SessionAct::close));
  city.pass(5 * kSecond);
  for (const auto& moment : moments) {
    INFO("at " << moment.at);
    CHECK(replayed(city, session, moment.at) == moment.seen);
  }
  const auto span = replaySpan(rowsOf(city, session));
  CHECK(span.traced());
  CHECK(span.first_us() <= moments.front().at);
  CHECK(span.last_us() >= moments.back().at);
}

TEST_CASE("a site that stays as it is writes nothing") {
  City city({.areas = 2, .sites_each = 10});
  city.connectAll();
  city.live();
  city.pass(10 * kSecond);
  const auto rows = city.store.trace.size();
  city.pass(5 * kMinute);
  CHECK(city.store.trace.size() == rows);
  city.halls.at(City::siteId(0, 0)).faults["main"] = {v1::Condition::frozen};
  city.pass(5 * kSecond);
  REQUIRE(city.store.trace.size() == rows + 1);
  v1::TraceBatch row;
  REQUIRE(row.ParseFromString(city.store.trace.back().body));
  CHECK(row.sites_size() == 1);
}

TEST_CASE("a session far ahead is not recorded") {
  City city({.areas = 1, .sites_each = 3});
  const auto session =
      city.create([&](v1::Session& wish) { wish.set_scheduled_start_us(city.now + 5 * kHour); });
  REQUIRE(city.act(session, v1::SessionAct::schedule));
  city.connectAll();
  city.pass(kMinute);
  CHECK(city.store.trace.empty());
}

TEST_CASE("what the flight recorder costs at 766 sites") {
  City city({.areas = 24, .sites_each = 32});
  city.connectAll();
  const auto session = city.live();
  const auto bytes = [&] {
    std::size_t sum = 0;
    for (const auto& row : city.store.trace) sum += row.body.size();
    return sum;
  };
  const auto launched = bytes();
  // A storm: each minute the main feed is lost everywhere and comes back.
  for (int minute = 0; minute < 3; ++minute) {
    for (auto& [id, hall] : city.halls)
      hall.faults["main"] = {v1::Condition::no_signal}, hall.shown_feed = "backup";
    city.pass(30 * kSecond);
    for (auto& [id, hall] : city.halls) hall.faults.clear(), hall.shown_feed = "main";
    city.pass(30 * kSecond);
  }
  WARN("768 sites: " << launched << " bytes for the launch, " << (bytes() - launched) / 3
                     << " bytes a minute in a storm that turns all of them over, 0 while it is calm");
  CHECK(launched < 500'000);
  CHECK((bytes() - launched) / 3 < 200'000);
}

}  // namespace
}  // namespace diemcau::core
