// Views: the latest of each object, only what changed, never a secret, and a full one where a reader's
// version is not ours.
#include <set>

#include "tests/support/catch.hpp"
#include "tests/unit/coordinator/core/city.hpp"

namespace diemcau::core {
namespace {

std::set<std::string> sitesIn(const v1::ViewUpdate& update) {
  std::set<std::string> out;
  for (const auto& site : update.sites()) out.insert(site.site_id());
  return out;
}

// As every reader does: what an update left out stands as it did.
v1::SiteView merged(v1::SiteView site, const v1::SiteView& before) {
  if (site.readiness_kept() && before.status().has_readiness())
    *site.mutable_status()->mutable_readiness() = before.status().readiness();
  if (site.rest_kept()) {
    site.set_name(before.name());
    site.set_agent_version(before.agent_version());
    site.set_waived(before.waived());
    if (before.has_technician()) *site.mutable_technician() = before.technician();
    if (before.has_outcome()) *site.mutable_outcome() = before.outcome();
    if (before.has_attendance()) *site.mutable_attendance() = before.attendance();
  }
  site.clear_readiness_kept();
  site.clear_rest_kept();
  return site;
}

TEST_CASE("a view since a version holds what changed, each object once") {
  City city({.areas = 2, .sites_each = 3});
  city.connectAll();
  const auto id = city.live();
  const auto full = city.core->view(0, "", city.now);
  CHECK(full.full());
  CHECK(full.sites_size() == 6);
  CHECK(full.sessions_size() == 1);
  CHECK(full.version() == city.core->viewVersion());

  const auto nothing = city.core->view(full.version(), "", city.now);
  CHECK_FALSE(nothing.full());
  CHECK(nothing.sites().empty());
  CHECK(nothing.sessions().empty());
  CHECK(nothing.timeline().empty());
  CHECK(nothing.version() == full.version());

  for (int i = 0; i < 5; ++i) city.say("s01-001");
  const auto one = city.core->view(full.version(), "", city.now);
  CHECK(sitesIn(one) == std::set<std::string>{"s01-001"});
  CHECK(one.sites_size() == 1);
  CHECK(one.sessions().empty());  // they count nothing that is new
  CHECK(one.alarms().empty());

  REQUIRE(city.act(id, v1::SessionAct::pause));
  const auto paused = city.core->view(one.version(), "", city.now);
  REQUIRE(paused.timeline_size() == 1);
  CHECK(paused.timeline(0).kind() == "session.paused");
  CHECK(paused.sessions(0).session().phase() == v1::Phase::paused);
}

// A reader of all sessions, or of one: whose updates leave out what stands still.
class Follower {
 public:
  explicit Follower(City& city, std::string only = {}) : city_(city), only_(std::move(only)) {}

  // Takes what is new; afterwards it holds the same as somebody who asks for everything.
  void follow() {
    const auto update = city_.core->view(version_, only_, city_.now);
    if (update.full()) sites_.clear(), sessions_.clear(), alarms_.clear();
    for (const auto& site : update.sites())
      sites_[site.site_id()] = merged(site, sites_[site.site_id()]).SerializeAsString();
    for (const auto& session : update.sessions())
      sessions_[session.session().id()] = session.SerializeAsString();
    for (const auto& alarm : update.alarms()) alarms_[alarm.id()] = alarm.SerializeAsString();
    version_ = update.version();

    const auto all = city_.core->view(0, only_, city_.now);
    for (const auto& site : all.sites()) CHECK(sites_[site.site_id()] == site.SerializeAsString());
    for (const auto& session : all.sessions())
      CHECK(sessions_[session.session().id()] == session.SerializeAsString());
    for (const auto& alarm : all.alarms()) CHECK(alarms_[alarm.id()] == alarm.SerializeAsString());
    CHECK(sites_.size() == static_cast<std::size_t>(all.sites_size()));
    if (!only_.empty()) checkCounts(all);
  }

 private:
  // The counts are kept from one view to the next: they are held against the sites, one by one.
  static void checkCounts(const v1::ViewUpdate& all) {
    REQUIRE(all.sessions_size() == 1);
    const auto& view = all.sessions(0);
    std::uint32_t online = 0, started = 0, late = 0, on_backup = 0;
    for (const auto& site : all.sites()) {
      online += site.link() == v1::LinkState::online;
      started += site.outcome().state() == v1::Outcome::started;
      late += site.outcome().state() == v1::Outcome::late;
      on_backup += site.link() == v1::LinkState::online && site.status().active_feed_id() == "backup";
    }
    if (view.sites() == 0) return;  // a draft
    CHECK(view.online() == online);
    CHECK(view.started() == started);
    CHECK(view.late() == late);
    CHECK(view.on_backup() == on_backup);
  }

  static v1::SiteView merged(const v1::SiteView& site, const std::string& before) {
    v1::SiteView held;
    held.ParseFromString(before);
    return core::merged(site, held);
  }

  City& city_;
  std::string only_;
  std::map<std::string, std::string> sites_, sessions_, alarms_;
  std::uint64_t version_ = 0;
};

TEST_CASE("a reader that follows updates holds the same as one that asks for everything") {
  City city({.areas = 2, .sites_each = 4});
  city.connectAll();
  const auto id = city.create();
  Follower everything(city), one(city, id);
  const auto follow = [&] {
    everything.follow();
    one.follow();
  };
  follow();
  city.halls.at("s00-001").ready = false;
  for (const auto kind : {v1::SessionAct::schedule, v1::SessionAct::rehearse, v1::SessionAct::arm}) {
    REQUIRE(city.act(id, kind));
    follow();
    city.pass(2 * kSecond);
    follow();
  }
  city.halls.at("s00-001").ready = true;
  REQUIRE(city.act(id, v1::SessionAct::go));
  for (int second = 0; second < 9; ++second) {
    city.pass(kSecond);
    follow();
  }
  city.halls.at("s00-002").shown_feed = "backup";
  city.pass(kSecond);
  follow();
  for (auto& [site, hall] : city.halls) hall.faults["main"].insert(v1::Condition::black);
  for (int i = 0; i < 4; ++i) city.cut(City::siteId(1, i));
  city.pass(12 * kSecond);
  follow();
  auto record = city.record(id);
  record.mutable_headcount()->set_present(9);
  REQUIRE(city.send("s00-000", {record}));
  follow();
  city.pass(kMinute);
  follow();
  city.connectAll();
  city.pass(2 * kSecond);
  follow();
  REQUIRE(city.act(id, v1::SessionAct::end));
  REQUIRE(city.act(id, v1::SessionAct::close));
  follow();
}

TEST_CASE("an update of one session leaves out what stands still, until it changes") {
  City city({.areas = 1, .sites_each = 3});
  city.connectAll();
  const auto id = city.live();
  city.pass(2 * kSecond);
  const auto full = city.core->view(0, id, city.now);
  REQUIRE(full.sites_size() == 3);
  CHECK_FALSE(full.sites(0).readiness_kept());
  CHECK_FALSE(full.sites(0).rest_kept());
  auto next = [&, version = full.version()]() mutable {
    const auto update = city.core->view(version, id, city.now);
    version = update.version();
    REQUIRE(update.sites_size() == 1);
    return update.sites(0);
  };
  city.say("s00-000");
  const auto figures = next();
  CHECK(figures.readiness_kept());
  CHECK(figures.rest_kept());
  CHECK(figures.status().health_size() > 0);
  CHECK(figures.name().empty());
  CHECK(figures.area_id() == full.sites(0).area_id());

  auto record = city.record(id);
  record.mutable_headcount()->set_present(9);
  REQUIRE(city.send("s00-000", {record}));
  const auto counted = next();
  CHECK_FALSE(counted.rest_kept());
  CHECK(counted.attendance().counted().present() == 9);

  auto other = city.statusOf(city.halls.at("s00-000"));
  other.mutable_readiness()->set_verdict(v1::Readiness::not_ready);
  auto& check = *other.mutable_readiness()->add_checks();
  check.set_kind(v1::Check::disk);
  check.set_verdict(v1::Check::failed);
  check.mutable_reason()->set_vi("hết chỗ");
  city.say("s00-000", other);
  const auto checked = next();
  CHECK_FALSE(checked.readiness_kept());
  CHECK(checked.rest_kept());
  CHECK(checked.status().readiness().checks(0).reason().vi() == "hết chỗ");
  city.say("s00-000", other);
  const auto again = next();
  CHECK(again.readiness_kept());
  CHECK_FALSE(again.status().has_readiness());
  // The same verdict for another reason.
  other.mutable_readiness()->mutable_checks(0)->mutable_reason()->set_vi("chỉ còn 3 MB");
  city.say("s00-000", other);
  const auto reasoned = next();
  CHECK_FALSE(reasoned.readiness_kept());
  CHECK(reasoned.status().readiness().checks(0).reason().vi() == "chỉ còn 3 MB");

  // Somebody who looks at all sessions is sent all of it.
  const auto all = city.core->view(full.version(), "", city.now);
  REQUIRE(all.sites_size() == 1);
  CHECK_FALSE(all.sites(0).readiness_kept());
  CHECK_FALSE(all.sites(0).name().empty());
}

TEST_CASE("one session's view has its own sites, alarms and entries only") {
  City city({.areas = 2, .sites_each = 3});
  city.connectAll();
  const auto of_area = [&](int area) {
    return [area](v1::Session& s) {
      s.clear_selection();
      s.mutable_selection()->add_area_ids(City::areaId(area));
    };
  };
  const auto first = city.live(of_area(0)), second = city.live(of_area(1));
  for (auto& [site, hall] : city.halls)
    if (site.starts_with("s01")) hall.faults["main"].insert(v1::Condition::black);
  city.pass(4 * kSecond);
  const auto view = city.core->view(0, first, city.now);
  CHECK(sitesIn(view) == std::set<std::string>{"s00-000", "s00-001", "s00-002"});
  CHECK(view.sessions_size() == 1);
  CHECK(view.alarms().empty());
  for (const auto& entry : view.timeline()) CHECK(entry.session_id() == first);
  CHECK(city.core->view(0, second, city.now).alarms_size() == 1);
  CHECK(city.core->view(0, "none", city.now).sites().empty());
  CHECK(city.core->alarms(first, false).alarms().empty());
  CHECK(city.core->sites(second, city.now).sites_size() == 3);
}

TEST_CASE("a version of another life is answered with everything") {
  City city({.areas = 1, .sites_each = 2});
  city.connectAll();
  const auto version = city.core->viewVersion();
  city.restart();
  CHECK(city.core->view(version, "", city.now).full());
  CHECK(city.core->view(city.core->viewVersion() + 1'000, "", city.now).full());
  CHECK_FALSE(city.core->view(city.core->viewVersion(), "", city.now).full());
}

TEST_CASE("no passphrase in any view, list or report") {
  City city({.areas = 1, .sites_each = 2});
  city.connectAll();
  const auto id = city.live();
  const std::string secret = "không-ai-biết";
  const auto clean = [&](const std::string& bytes) { return bytes.find(secret) == std::string::npos; };
  CHECK(clean(city.core->view(0, "", city.now).SerializeAsString()));
  CHECK(clean(city.core->sessions().SerializeAsString()));
  CHECK(clean(city.core->session(id, city.now)->SerializeAsString()));
  CHECK(clean(city.core->report(id, city.now)->SerializeAsString()));
  CHECK(clean(city.core->timeline(id).SerializeAsString()));
  const auto reply = city.act(id, v1::SessionAct::end);
  REQUIRE(reply);
  CHECK(clean(reply->SerializeAsString()));
  REQUIRE(city.act(id, v1::SessionAct::close));
  CHECK(clean(city.store.objects.at({"report", id})));
  CHECK_FALSE(clean(city.store.objects.at({"session", id})));  // the store has it, the sites need it
}

TEST_CASE("the age of data is visible, and old data is never well") {
  City city({.areas = 1, .sites_each = 2});
  city.connectAll();
  const auto id = city.create();
  REQUIRE(city.act(id, v1::SessionAct::schedule));
  REQUIRE(city.act(id, v1::SessionAct::rehearse));
  city.pass(5 * kSecond);
  CHECK(city.core->session(id, city.now)->ready() == 2);
  city.halls.at("s00-001").connected = false;
  const Micros heard = city.core->site("s00-001", city.now)->heard_us();
  city.pass(16 * kSecond);
  auto site = *city.core->site("s00-001", city.now);
  CHECK(site.link() == v1::LinkState::stale);
  CHECK(site.heard_us() == heard);
  CHECK(city.core->session(id, city.now)->ready() == 1);
  CHECK(city.core->session(id, city.now)->stale() == 1);
  city.pass(15 * kSecond);
  CHECK(city.core->site("s00-001", city.now)->link() == v1::LinkState::offline);
  city.core->siteHeard("s00-001", city.now);
  city.tick();
  CHECK(city.core->site("s00-001", city.now)->link() == v1::LinkState::online);
  CHECK_FALSE(city.core->site("none", city.now));
  CHECK_FALSE(city.core->session("none", city.now));
}

TEST_CASE("lists and exports") {
  City city({.areas = 1, .sites_each = 2, .delegates_each = 1});
  city.connectAll();
  const auto first = city.create();
  city.now += kSecond;
  const auto second = city.create();
  const auto sessions = city.core->sessions();
  REQUIRE(sessions.sessions_size() == 2);
  CHECK(sessions.sessions(0).id() == second);  // newest first
  REQUIRE(city.act(first, v1::SessionAct::schedule));
  CHECK(city.core->attendanceCsv(first, "sites")->find("Hội trường 0.0") != std::string::npos);
  CHECK(city.core->attendanceCsv(first, "checkins").has_value());
  CHECK_FALSE(city.core->attendanceCsv(first, "else"));
  CHECK_FALSE(city.core->attendanceCsv("none", "sites"));
  CHECK_FALSE(city.core->report("none", city.now));
  CHECK(city.core->timeline("").entries_size() >= 4);
}

}  // namespace
}  // namespace diemcau::core
