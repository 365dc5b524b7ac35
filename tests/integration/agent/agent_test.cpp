// The real agent with real probes, against a scripted hub: a session's life, records over broken links,
// crashes.
#include "base/text.hpp"
#include "tests/integration/agent/site_under_test.hpp"

using namespace diemcau;
using namespace diemcau::test;

TEST_CASE("a session's life on real probes: rehearsal, armed, started at the instant, ended") {
  Hub hub;
  SiteUnderTest site(hub);
  site.start();
  auto it = plan(v1::Phase::scheduled);
  assign(hub, it);
  REQUIRE(hub.wait(phaseIs(v1::SitePhase::waiting)));
  CHECK(hub.state().hello.protocol() == 1);
  CHECK(hub.state().hello.epoch() != 0);
  CHECK(hub.state().hello.agent_id().size() == 32);
  CHECK(site.probes().empty());

  it.set_phase(v1::Phase::rehearsing);
  it.set_rehearsal(1);
  assign(hub, it);
  const bool ready =
      hub.wait([](const Hub::State& s) { return s.status.readiness().verdict() == v1::Readiness::ready; });
  INFO(hub.state().status.DebugString() << site.process().errors());
  REQUIRE(ready);
  CHECK(site.probes().size() == 2);
  CHECK(hub.state().status.health_size() == 2);
  CHECK(hub.state().status.health(0).video().fps() > 1);
  std::string output;
  CHECK(site.command({"confirm", "--by", "Lê Văn Tám", "--all"}, output) == 0);
  REQUIRE(hub.wait([](const Hub::State& s) {
    const auto& checks = s.status.readiness().checks();
    return std::any_of(checks.begin(), checks.end(), [](const v1::Check& check) {
      return check.kind() == v1::Check::screen && check.by() == "Lê Văn Tám" &&
             check.verdict() == v1::Check::ok;
    });
  }));
  REQUIRE(hub.wait([](const Hub::State& s) { return s.ledger.size() == 1; }));
  CHECK(hub.state().ledger[0].sign_off().microphone());

  it.set_phase(v1::Phase::armed);
  assign(hub, it);
  REQUIRE(hub.wait(phaseIs(v1::SitePhase::armed)));
  it = goLive(hub, it);
  const auto status = hub.state().status;
  CHECK(status.started_us() >= it.start_at_us());
  CHECK(status.clock().known());
  CHECK(status.active_feed_id() == "main");
  CHECK(site.state()["phase"] == "started");

  it.set_phase(v1::Phase::ended);
  assign(hub, it);
  REQUIRE(hub.wait(phaseIs(v1::SitePhase::ended)));
  CHECK(hub.state().status.started_us() == status.started_us());
  site.process().signal(SIGTERM);
  CHECK(site.process().wait() == 0);
}

TEST_CASE("records: acknowledged, kept while the hub is away, sent again, counted once") {
  Hub hub;
  SiteUnderTest site(hub);
  site.start();
  assign(hub, plan(v1::Phase::scheduled));
  REQUIRE(hub.wait(phaseIs(v1::SitePhase::waiting)));
  std::set<std::string> entered{site.headcount(1)};
  REQUIRE(
      hub.wait([](const Hub::State& s) { return s.status.spool_pending() == 0 && s.ledger.size() == 1; }));
  CHECK(hub.state().ledger[0].by() == "Phạm Thị Dung");
  CHECK(hub.state().ledger[0].sitting_id() == "sang");

  // The commit hangs, then the hub dies with what it had not committed.
  hub.change([](Hub::State& s) { s.acknowledge = false; });
  for (int i = 2; i <= 20; ++i) entered.insert(site.headcount(i));
  REQUIRE(hub.wait([](const Hub::State& s) { return s.status.spool_pending() == 19; }));
  hub.cut();
  for (int i = 21; i <= 30; ++i) entered.insert(site.headcount(i));
  CHECK(site.state()["unsent"] == 29);
  CHECK(site.state()["link"]["connected"] == false);
  hub.change([](Hub::State& s) { s.acknowledge = true; });
  hub.resume();
  REQUIRE(
      hub.wait([](const Hub::State& s) { return s.ledger.size() == 30 && s.status.spool_pending() == 0; }));
  const auto state = hub.state();
  CHECK(state.ids == entered);
  CHECK(state.gaps == 0);
  CHECK(state.connections >= 2);
  for (std::size_t i = 0; i < state.ledger.size(); ++i) CHECK(state.ledger[i].number() == i + 1);
}

TEST_CASE(
    "a disk that was brought back from a copy: what is entered after it is not lost behind old numbers") {
  Hub hub;
  SiteUnderTest site(hub);
  site.start();
  assign(hub, plan(v1::Phase::scheduled));
  REQUIRE(hub.wait(phaseIs(v1::SitePhase::waiting)));
  std::set<std::string> entered{site.headcount(1), site.headcount(2)};
  REQUIRE(hub.wait([](const Hub::State& s) { return s.ledger.size() == 2; }));
  site.stop();
  site.copyDisk();
  site.start();
  for (int i = 3; i <= 6; ++i) entered.insert(site.headcount(i));
  REQUIRE(hub.wait([](const Hub::State& s) { return s.ledger.size() == 6; }));
  site.stop();
  site.copyBack();

  hub.cut();
  site.start();
  SECTION("fewer than the centre has") {
    entered.insert(site.headcount(7));
  }
  SECTION("more than the centre has") {
    for (int i = 7; i <= 12; ++i) entered.insert(site.headcount(i));
  }
  const auto old = hub.state().hello.epoch();
  hub.resume();
  REQUIRE(hub.wait([&](const Hub::State& s) { return s.ids == entered && s.status.spool_pending() == 0; }));
  CHECK(hub.state().ledger.size() == entered.size());
  CHECK(hub.state().gaps == 0);
  CHECK(hub.state().hello.epoch() != old);
  entered.insert(site.headcount(99));
  REQUIRE(hub.wait([&](const Hub::State& s) { return s.ids == entered; }));
}

TEST_CASE("kill -9 of the agent in the live session: phase, start and records are there again") {
  Hub hub;
  SiteUnderTest site(hub);
  site.start();
  goLive(hub, plan(v1::Phase::armed));
  const auto before = hub.state();
  const auto probes = site.probes();
  CHECK(probes.size() == 2);

  hub.change([](Hub::State& s) { s.acknowledge = false; });
  std::set<std::string> entered;
  for (int i = 0; i < 5; ++i) entered.insert(site.headcount(40 + i));
  site.process().signal(SIGKILL);
  CHECK(site.process().wait() == 128 + SIGKILL);
  hub.change([](Hub::State& s) {
    s.acknowledge = true;
    s.status.Clear();
  });
  site.start();
  REQUIRE(hub.wait(phaseIs(v1::SitePhase::started)));
  INFO(site.process().errors());
  CAPTURE(hub.state().status.DebugString(), hub.state().connections);
  REQUIRE(hub.wait([](const Hub::State& s) { return s.ledger.size() == 5; }));
  const auto after = hub.state();
  CHECK(after.ids == entered);
  CHECK(after.gaps == 0);
  CHECK(after.hello.agent_id() == before.hello.agent_id());
  CHECK(after.hello.epoch() == before.hello.epoch());
  CHECK(after.hello.revision() == before.status.revision());
  CHECK(after.status.started_us() == before.status.started_us());
  CHECK(site.state()["attendance"]["headcount"]["present"] == 44);
  // The probes of the killed agent saw the end of their input and went.
  CHECK(site.becomes([&](const Json&) {
    return std::all_of(probes.begin(), probes.end(), [](pid_t pid) { return ::kill(pid, 0) != 0; });
  }));
}

TEST_CASE("a session goes on without the hub, and starts by itself when it was told to") {
  Hub hub;
  SiteUnderTest site(hub);
  site.start();
  auto it = plan(v1::Phase::scheduled);
  it.set_auto_start(true);
  it.set_arm_lead_s(120);
  it.set_scheduled_start_us(wallNow() + 6 * kSecond);
  assign(hub, it);
  REQUIRE(hub.wait(phaseIs(v1::SitePhase::waiting)));
  REQUIRE(hub.wait([](const Hub::State& s) { return s.status.clock().known(); }));
  hub.cut();
  REQUIRE(site.becomes([](const Json& state) { return state["phase"] == "started"; }));
  hub.resume();
  REQUIRE(hub.wait(phaseIs(v1::SitePhase::started)));
  CHECK(hub.state().status.started_us() >= it.scheduled_start_us());
  CHECK(hub.state().status.started_us() < it.scheduled_start_us() + kMinute);
}

TEST_CASE("the main feed is black: the backup is shown; a probe that dies is started again") {
  Hub hub;
  SiteUnderTest site(hub);
  site.start();
  auto it = goLive(hub, plan(v1::Phase::armed, "test://black"));
  REQUIRE(hub.wait([](const Hub::State& s) { return s.status.active_feed_id() == "backup"; }));
  CHECK(hub.state().status.failovers() == 1);

  const auto probes = site.probes();
  REQUIRE(probes.size() == 2);
  for (const auto pid : probes) ::kill(pid, SIGKILL);
  REQUIRE(hub.wait([](const Hub::State& s) {
    return std::all_of(s.status.health().begin(), s.status.health().end(),
                       [](const v1::HealthSample& sample) { return !sample.connected(); });
  }));
  CHECK_FALSE(hub.state().status.health(0).problem().vi().empty());
  REQUIRE(hub.wait([](const Hub::State& s) {
    return s.status.health_size() == 2 && s.status.health(0).connected() && s.status.health(1).connected();
  }));
  CHECK(hub.state().status.phase() == v1::SitePhase::started);
}

TEST_CASE("SIGTERM in the live session: the probes go with the agent, and a restart goes on") {
  Hub hub;
  SiteUnderTest site(hub);
  site.start();
  goLive(hub, plan(v1::Phase::armed));
  const auto started = hub.state().status.started_us();
  const auto probes = site.probes();
  REQUIRE(probes.size() == 2);
  site.process().signal(SIGTERM);
  CHECK(site.process().wait() == 0);
  for (const auto pid : probes) CHECK(::kill(pid, 0) != 0);
  hub.change([](Hub::State& s) { s.status.Clear(); });
  site.start();
  REQUIRE(hub.wait(phaseIs(v1::SitePhase::started)));
  CHECK(hub.state().status.started_us() == started);
}

TEST_CASE("a hub that refuses the site: said plainly on the desk") {
  Hub hub;
  hub.change([](Hub::State& s) { s.refuse = 4403; });
  SiteUnderTest site(hub);
  site.start();
  REQUIRE(hub.wait([&](const Hub::State& s) { return s.connections > 0; }));
  CHECK(site.becomes([](const Json& state) {
    return state["link"]["problem"]["en"].get<std::string>().find("refuses this site (unknown site)") !=
           std::string::npos;
  }));
  CHECK(hub.state().connections == 1);
}

TEST_CASE("two agents on one directory: the second ends at once with a reason") {
  Hub hub;
  SiteUnderTest site(hub);
  site.start();
  std::string output;
  CHECK(runToEnd(site.argv(), output) == 69);
  CHECK(output.find("in use by another agent") != std::string::npos);
}

TEST_CASE("wrong settings end with 78 and a sentence") {
  struct Row {
    std::vector<std::string> flags;
    const char* says;
  };
  for (const auto& row :
       std::vector<Row>{{{"--data", "/nowhere"}, "no name"},
                        {{"--site", "a b"}, "letters, digits"},
                        {{"--site", "a", "--coordinator", "ws://10.1.2.3:7600/site"}, "without TLS"},
                        {{"--site", "a", "--fingerprint", "abc"}, "not a fingerprint"},
                        {{"--site", "a", "--desk", "everywhere"}, "[desk] listen"},
                        {{"--config", "/nowhere/agent.toml"}, "/nowhere/agent.toml"}}) {
    auto argv = row.flags;
    argv.insert(argv.begin(), {DIEMCAU_AGENT, "--check-config"});
    std::string output;
    CHECK(runToEnd(argv, output) == 78);
    CAPTURE(output);
    CHECK(output.find(row.says) != std::string::npos);
  }
  std::string output;
  CHECK(runToEnd({DIEMCAU_AGENT, "--check-config", "--site", "a"}, output) == 0);
}

TEST_CASE("the desk's commands: what people and scripts see") {
  Hub hub;
  SiteUnderTest site(hub);
  site.start();
  hub.assign([](v1::Assignment& assignment) {
    assignment.add_plans(plan(v1::Phase::scheduled).SerializeAsString());
    auto* roster = assignment.mutable_roster();
    roster->set_revision(1);
    roster->set_site_name("Phường Đống Đa");
    for (const auto* id : {"d1", "d2"}) {
      auto* delegate = roster->add_delegates();
      delegate->set_id(id);
      delegate->set_name("Đại biểu");
    }
    auto* text = assignment.mutable_own()->add_texts();
    text->set_id("t1");
    text->set_text("Kiểm tra micrô");
    text->set_by("Trung tâm");
    text->set_at_us(wallNow());
  });
  REQUIRE(hub.wait(phaseIs(v1::SitePhase::waiting)));

  std::string output;
  CHECK(site.command({"status", "--lang", "vi"}, output) == 0);
  CHECK(output.find("Phường Đống Đa") != std::string::npos);
  CHECK(output.find("Đã kết nối trung tâm") != std::string::npos);
  output.clear();
  CHECK(site.command({"checkin", "--by", "An", "d1", "nobody", "d2", "--lang", "en"}, output) == 1);
  CHECK(output.find("d1: saved") != std::string::npos);
  CHECK(output.find("no delegate \"nobody\"") != std::string::npos);
  CHECK(output.find("d2: saved") != std::string::npos);
  output.clear();
  CHECK(site.command({"help", "no_sound", "--text", "Mất tiếng từ 8h05"}, output) == 0);
  CHECK(site.command({"headcount", "--by", "An", "--present", "57", "--absent", "2"}, output) == 0);
  CHECK(site.command({"messages", "--received-all"}, output) == 0);
  CHECK(output.find("Kiểm tra micrô") != std::string::npos);
  REQUIRE(hub.wait(
      [](const Hub::State& s) { return s.ledger.size() == 4 && s.status.received_text_ids_size() == 1; }));
  CHECK(hub.state().ledger[2].help().topic() == v1::HelpRequest::no_sound);
  output.clear();
  CHECK(site.command({"status", "--json"}, output) == 0);
  const auto state = Json::parse(output);
  CHECK(state["attendance"]["by_name"]["present"] == 2);
  CHECK(state["attendance"]["headcount"]["present"] == 57);
  CHECK(state["help"][0]["sent"] == true);
  CHECK(site.command({"headcount", "--by", "An"}, output) == 64);
}
