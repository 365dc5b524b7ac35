// Sites as they come: hello and its refusals, duplicates, assignments encoded once, hostile words.
#include "tests/support/catch.hpp"
#include "tests/unit/coordinator/core/city.hpp"

namespace diemcau::core {
namespace {

v1::Hello helloOf(const Hall& hall) {
  v1::Hello hello;
  hello.set_site_id(hall.id);
  hello.set_agent_id(hall.agent_id);
  hello.set_protocol(1);
  hello.set_epoch(1);
  return hello;
}

TEST_CASE("hello is answered, or refused with what to do") {
  City city({.areas = 1, .sites_each = 2});
  struct Row {
    const char* why;
    std::function<void(v1::Hello&)> spoil;
    ErrorCode code;
    const char* says;
  };
  const std::vector<Row> rows{
      {"unknown site", [](auto& h) { h.set_site_id("s99"); }, ErrorCode::kDenied, "import it with"},
      {"no site", [](auto& h) { h.clear_site_id(); }, ErrorCode::kInvalid, "malformed"},
      {"site id with a path", [](auto& h) { h.set_site_id("../x"); }, ErrorCode::kInvalid, "malformed"},
      {"short agent id", [](auto& h) { h.set_agent_id("abc"); }, ErrorCode::kInvalid, "malformed"},
      {"agent id not hex", [](auto& h) { h.set_agent_id(std::string(32, 'z')); }, ErrorCode::kInvalid,
       "malformed"},
      {"no epoch", [](auto& h) { h.clear_epoch(); }, ErrorCode::kInvalid, "malformed"},
      {"old protocol", [](auto& h) { h.set_protocol(0); }, ErrorCode::kConflict, "too old"},
      {"protocol of the future", [](auto& h) { h.set_protocol(2); }, ErrorCode::kConflict, "too old"}};
  for (const auto& row : rows) {
    INFO(row.why);
    auto hello = helloOf(city.halls.at("s00-000"));
    row.spoil(hello);
    Effects effects;
    const auto refused = city.core->siteHello(hello, city.now, effects);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == row.code);
    CHECK(refused.error().text.find(row.says) != std::string::npos);
    CHECK_FALSE(refused.error().vi.empty());
    CHECK(effects.assign.empty());
  }
  const auto welcome = city.connect("s00-000");
  REQUIRE(welcome);
  CHECK(welcome->protocol() == 1);
  CHECK(welcome->heartbeat_ms() == 5000);
  CHECK(welcome->resume_after() == 0);
}

TEST_CASE("a second agent of the same name is refused while the first is alive, with one alarm") {
  City city({.areas = 1, .sites_each = 2});
  city.connectAll();
  auto second = helloOf(city.halls.at("s00-000"));
  second.set_agent_id(std::string(32, 'b'));
  for (int i = 0; i < 5; ++i) {
    Effects effects;
    const auto refused = city.core->siteHello(second, city.now, effects);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kDenied);
    CHECK(refused.error().text.find("in use by another agent") != std::string::npos);
    city.carry(effects);
    city.pass(2 * kSecond);
  }
  CHECK(city.raised(v1::Alarm::duplicate_site).size() == 1);
  CHECK(city.ever(v1::Alarm::duplicate_site) == 1);
  REQUIRE(city.connect("s00-000"));  // the first itself may come again at any time
  city.pass(70 * kSecond);
  CHECK(city.raised(v1::Alarm::duplicate_site).empty());
  // The first is silent for long enough: the other takes its place.
  city.halls.at("s00-000").connected = false;
  city.pass(16 * kSecond);
  Effects effects;
  CHECK(city.core->siteHello(second, city.now, effects));
}

TEST_CASE("an assignment is encoded once for all sites with the same sessions") {
  City city({.areas = 2, .sites_each = 5});
  city.connectAll();
  const auto id = city.live();
  const auto a = city.core->assignment("s00-000"), b = city.core->assignment("s01-004");
  REQUIRE(a.shared != nullptr);
  CHECK(a.shared.get() == b.shared.get());
  REQUIRE(city.act(id, v1::SessionAct::pause));
  const auto c = city.core->assignment("s00-000");
  CHECK(c.shared.get() != a.shared.get());
  CHECK(c.shared.get() == city.core->assignment("s01-004").shared.get());
  CHECK(city.core->assignment("s99").own.empty());
  CHECK(city.core->assignment("s99").shared == nullptr);
}

TEST_CASE("each act goes once to each of its sites") {
  City city({.areas = 1, .sites_each = 3});
  city.connectAll();
  const auto id = city.create();
  v1::Command command;
  command.set_actor("Lan");
  command.mutable_act()->set_session_id(id);
  command.mutable_act()->set_kind(v1::SessionAct::schedule);
  Effects effects;
  REQUIRE(city.core->command(command, city.now, effects));
  CHECK(effects.assign == std::vector<std::string>{"s00-000", "s00-001", "s00-002"});
  CHECK(effects.news);
  Effects quiet;
  city.core->tick(city.now, quiet);
  city.core->tick(city.now + kMillisecond, quiet);
  CHECK(quiet.assign.empty());
  CHECK(quiet.store.empty());
}

TEST_CASE(
    "a readiness that is repeated stays, with what its technician said, until there is another or none") {
  City city({.areas = 1, .sites_each = 1});
  city.connectAll();
  const auto id = city.create();
  REQUIRE(city.act(id, v1::SessionAct::schedule));
  REQUIRE(city.act(id, v1::SessionAct::rehearse));
  const std::string site = "s00-000";
  const auto shown = [&] { return city.core->site(site, city.now)->status().readiness(); };
  const auto status = [&] {
    auto out = city.statusOf(city.halls.at(site));
    out.mutable_readiness()->set_session_id(id);
    return out;
  };
  const auto first = status();
  REQUIRE(first.readiness().checks_size() == 1);
  for (int times = 0; times < 3; ++times) {
    city.say(site, first);
    CHECK(shown().verdict() == v1::Readiness::ready);
    CHECK(city.store.puts["readiness"] == 1);
  }
  auto sign_off = city.record(id);
  sign_off.mutable_sign_off()->set_screen(true);
  REQUIRE(city.send(site, {sign_off}));
  city.say(site, first);
  REQUIRE(shown().checks_size() == 2);
  CHECK(shown().checks(1).kind() == v1::Check::screen);

  city.halls.at(site).ready = false;
  city.say(site, status());
  CHECK(shown().verdict() == v1::Readiness::not_ready);
  auto none = first;
  none.clear_readiness();
  city.say(site, none);
  CHECK(shown().verdict() == v1::Readiness::not_ready);  // what was told last
  city.say(site, first);
  CHECK(shown().verdict() == v1::Readiness::ready);
  CHECK(shown().checks_size() == 2);
}

TEST_CASE("a readiness that was nobody's is taken in once the site takes part") {
  City city({.areas = 1, .sites_each = 1});
  city.connectAll();
  const auto id = city.create();
  v1::Status status;
  status.set_session_id(id);
  status.mutable_readiness()->set_session_id(id);
  status.mutable_readiness()->set_verdict(v1::Readiness::ready);
  const auto shown = [&] { return city.core->site("s00-000", city.now)->status().readiness().verdict(); };
  city.say("s00-000", status);
  CHECK(shown() == v1::Readiness::not_checked);
  REQUIRE(city.act(id, v1::SessionAct::schedule));
  city.say("s00-000", status);
  CHECK(shown() == v1::Readiness::ready);
}

TEST_CASE("figures are no news, what people wait for is") {
  City city({.areas = 1, .sites_each = 2});
  city.connectAll();
  city.live();
  const auto news = [&](v1::Status status) {
    Effects effects;
    city.core->siteStatus("s00-000", std::move(status), city.now, effects);
    return effects.news;
  };
  auto status = city.statusOf(city.halls.at("s00-000"));
  news(status);
  REQUIRE(status.health_size() > 0);
  status.mutable_health(0)->set_bitrate_kbps(status.health(0).bitrate_kbps() + 1);
  CHECK_FALSE(news(status));
  status.mutable_health(0)->add_conditions(v1::Condition::black);
  CHECK(news(status));
  CHECK_FALSE(news(status));
  status.set_active_feed_id("backup");
  CHECK(news(status));
  Effects gone;
  city.core->siteGone("s00-000", city.now, gone);
  CHECK(gone.news);
}

TEST_CASE("a status that an older assignment caused acknowledges nothing") {
  City city({.areas = 1, .sites_each = 2});
  city.connectAll();
  const auto id = city.create();
  for (const auto kind : {v1::SessionAct::schedule, v1::SessionAct::arm}) REQUIRE(city.act(id, kind));
  city.pass(2 * kSecond);
  const auto old = city.statusOf(city.halls.at("s00-000"));
  REQUIRE(city.act(id, v1::SessionAct::go));
  city.say("s00-000", old);
  CHECK(city.outcome(id, "s00-000").acked_us() == 0);
  CHECK(city.core->session(id, city.now)->acked() == 0);
  city.say("s00-000");
  CHECK(city.outcome(id, "s00-000").acked_us() == city.now);
  city.say("s00-000", old);  // out of order: nothing is undone
  CHECK(city.outcome(id, "s00-000").acked_us() != 0);
}

TEST_CASE("hostile words harm nothing") {
  City city({.areas = 1, .sites_each = 3});
  city.connectAll();
  const auto id = city.live();
  auto wild = city.statusOf(city.halls.at("s00-000"));
  wild.set_revision(~std::uint64_t{0});
  wild.set_session_id("none");
  wild.set_started_us(std::numeric_limits<std::int64_t>::min());
  wild.mutable_clock()->set_offset_us(std::numeric_limits<std::int64_t>::min());
  wild.mutable_clock()->set_rtt_us(std::numeric_limits<std::int64_t>::max());
  city.say("s00-000", wild);
  wild.set_session_id(id);
  for (auto& sample : *wild.mutable_health()) {
    sample.set_at_us(std::numeric_limits<std::int64_t>::max());
    sample.add_conditions(v1::Condition::black);
  }
  city.say("s00-000", wild);
  city.halls.at("s00-000").connected = false;
  city.pass(5 * kSecond);
  CHECK(city.outcome(id, "s00-000").state() == v1::Outcome::started);
  city.say("nobody", wild);
  Effects effects;
  city.core->siteGone("nobody", city.now, effects);
  city.core->siteHeard("nobody", city.now);
  auto hello = helloOf(city.halls.at("s00-001"));
  hello.set_revision(~std::uint64_t{0});
  REQUIRE(city.core->siteHello(hello, city.now, effects));
  REQUIRE(city.act(id, v1::SessionAct::pause));
  CHECK(city.core->sessions().sessions(0).revision() < (std::uint64_t{1} << 53));
}

TEST_CASE("loss and return are on the timeline of running sessions, after the grace") {
  City city({.areas = 1, .sites_each = 3});
  city.connectAll();
  const auto id = city.live();
  city.cut("s00-001");
  city.pass(2 * kSecond);
  REQUIRE(city.connect("s00-001"));
  city.pass(2 * kSecond);
  CHECK(city.told(id, "site.offline").empty());
  city.cut("s00-001");
  city.pass(8 * kSecond);
  CHECK(city.told(id, "site.offline").size() == 1);
  CHECK(city.told(id, "site.online").empty());
  REQUIRE(city.connect("s00-001"));
  city.pass(2 * kSecond);
  CHECK(city.told(id, "site.online").size() == 1);
}

}  // namespace
}  // namespace diemcau::core
