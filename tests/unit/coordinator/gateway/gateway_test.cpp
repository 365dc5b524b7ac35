// The gateway with a real core and real links at both ends, without sockets: who may connect, what waits for
// the commit, what goes to whom.
#include "tests/unit/coordinator/gateway/bench.hpp"
#include "wire/readiness_part.hpp"

using namespace diemcau;
using namespace diemcau::gateway::test_bench;

TEST_CASE("a site says hello and gets a welcome and its assignment") {
  Bench bench;
  const std::string session = bench.schedule();
  Site site(bench, "S1");
  CHECK(bench.gateway.counters().greeting == 1);
  site.connect();
  REQUIRE(site.welcome);
  CHECK(site.welcome->resume_after() == 0);
  REQUIRE(site.assignments.size() == 1);
  REQUIRE(site.assignments[0].plans_size() == 1);
  v1::Plan plan;
  REQUIRE(plan.ParseFromString(site.assignments[0].plans(0)));
  CHECK(plan.session_id() == session);
  CHECK(bench.gateway.counters().greeting == 0);
  CHECK(bench.gateway.counters().connected == 1);
  CHECK(bench.core.site("S1", bench.clock.wall())->link() == v1::LinkState::online);
  site.hangUp();
  CHECK(bench.gateway.counters().connected == 0);
}

TEST_CASE("who may not connect is told why") {
  Bench bench;
  Site good(bench, "S1");
  good.connect();
  REQUIRE(good.welcome);

  SECTION("an unknown site") {
    Site site(bench, "S99");
    site.connect();
    CHECK(site.closed == 4403);
    CHECK_FALSE(site.reason.empty());
    CHECK(bench.gateway.counters().refused_unknown == 1);
  }
  SECTION("a second agent with the name of a site that is there; the first goes on") {
    Site site(bench, "S1", std::string(32, 'b'));
    site.connect();
    CHECK(site.closed == 4403);
    CHECK(bench.gateway.counters().refused_duplicate == 1);
    CHECK(good.closed == 0);
    CHECK(bench.gateway.counters().connected == 1);
  }
  SECTION("a protocol that is not spoken") {
    Site site(bench, "S2");
    site.hello.set_protocol(0);
    site.connect();
    CHECK(site.closed == 4426);
    CHECK(bench.gateway.counters().refused_too_old == 1);
  }
  SECTION("a hello that is none") {
    Site site(bench, "S2", "not hex");
    site.connect();
    CHECK(site.closed == 1008);
    CHECK(bench.gateway.counters().refused_malformed == 1);
  }
  SECTION("bytes that are no frame") {
    Site site(bench, "S2");
    site.raw("\xff\xff\xff\xff");
    CHECK(site.closed == 1008);
    CHECK(bench.gateway.counters().violations == 1);
  }
  SECTION("something else before the hello") {
    Site site(bench, "S2");
    v1::Envelope envelope;
    envelope.set_seq(1);
    envelope.mutable_ping();
    site.raw(wire::encode(envelope));
    CHECK(site.closed == 1008);
  }
  SECTION("a second hello") {
    good.raw(helloFrame(good.hello, good.sent + 1));
    CHECK(good.closed == 1008);
    CHECK(good.reason.find("second hello") != std::string::npos);
  }
  SECTION("a reason is never longer than a close frame takes, and whole characters") {
    Site site(bench, "S2", "ô" + std::string(400, 'x'));
    site.connect();
    CHECK(site.closed != 0);
    CHECK(site.reason.size() <= 120);
  }
}

TEST_CASE("a site that returns replaces its old link, and the site is not gone when the old one closes") {
  Bench bench;
  Site old(bench, "S1");
  old.connect();
  Site again(bench, "S1");
  again.connect();
  CHECK(old.closed == 4409);
  CHECK(again.welcome);
  CHECK(bench.gateway.counters().replaced == 1);
  old.hangUp();
  CHECK(bench.gateway.counters().connected == 1);
  CHECK(bench.core.site("S1", bench.clock.wall())->link() == v1::LinkState::online);
  again.hangUp();
  CHECK(bench.core.site("S1", bench.clock.wall())->link() == v1::LinkState::offline);
}

TEST_CASE("a connection that never says hello is closed") {
  Bench bench;
  Site silent(bench, "S1");
  bench.clock.at += kSecond;
  REQUIRE(bench.until([&] { return silent.closed != 0; }));
  CHECK(silent.closed == 1008);
  CHECK(bench.gateway.counters().refused_silent == 1);
  CHECK(bench.gateway.counters().greeting == 0);
}

TEST_CASE("a link on which nothing is heard any more is closed, unless it was this process that slept") {
  Bench bench;
  Site silent(bench, "S1"), talking(bench, "S2", std::string(32, 'b'));
  silent.connect();
  talking.connect();
  bench.clock.at += kHour;  // stopped for so long: nothing of what they said was read
  int seconds = 0;
  auto time = bench.loop.every(kSecond / 2, [&] {
    bench.clock.at += 600 * kMillisecond;
    seconds += talking.closed == 0 && silent.closed == 0;
    talking.link.setStatus({});
    talking.flush();
  });
  REQUIRE(bench.until([&] { return silent.closed != 0; }));
  CHECK(seconds >= 2);  // not at the first look
  CHECK(silent.closed == 1008);
  CHECK(talking.closed == 0);
  CHECK(bench.gateway.counters().silent == 1);
}

TEST_CASE("a launch lasts from its commit until the answers to the last order have had their time") {
  Bench bench;
  const auto sites = connected(bench, 5);
  bench.clock.at += kSecond;
  CHECK_FALSE(bench.gateway.launching());
  bench.hold = true;
  bench.schedule();
  CHECK(bench.gateway.launching());  // for the commit
  bench.commitAll();
  CHECK(bench.gateway.launching());  // the first slice is out
  REQUIRE(bench.until([&] { return sites.back()->assignments.size() == 2; }));
  CHECK(bench.gateway.launching());
  bench.clock.at += kSecond;
  CHECK_FALSE(bench.gateway.launching());
}

TEST_CASE("while orders to many go out what sites say is kept, and read behind the last with its own time") {
  Bench bench;
  const auto sites = connected(bench, 5);
  const std::string session = bench.schedule();
  const auto drained = [&] { return bench.gateway.counters().waiting == 0; };
  REQUIRE(bench.until(drained));
  bench.act(session, v1::SessionAct::arm);
  REQUIRE(bench.until(drained));
  bench.act(session, v1::SessionAct::go);  // two are ordered, three wait for their turn
  REQUIRE(bench.gateway.counters().waiting == 3);

  const auto statuses = bench.gateway.counters().statuses;
  v1::Envelope envelope;
  envelope.set_seq(++sites[0]->sent);
  envelope.mutable_status()->set_session_id(session);
  envelope.mutable_status()->set_revision(sites[0]->assignments.back().revision());
  const Micros answered = bench.clock.at;
  sites[0]->raw(wire::encode(envelope));
  CHECK(bench.gateway.counters().statuses == statuses);
  bench.clock.at += kSecond;
  SECTION("the last order is out") {
    REQUIRE(bench.until([&] { return bench.gateway.counters().statuses == statuses + 1; }));
    CHECK(bench.gateway.counters().waiting == 0);
    CHECK(sites.back()->assignments.size() == 4);
  }
  SECTION("the link ends before: what it said is said") {
    sites[0]->hangUp();
    CHECK(bench.gateway.counters().statuses == statuses + 1);
  }
  SECTION("the next order waits for its commit, which may take long") {
    bench.hold = true;
    bench.act(session, v1::SessionAct::pause);
    REQUIRE(bench.until([&] { return bench.gateway.counters().statuses == statuses + 1; }));
    CHECK(bench.gateway.counters().waiting == 3);
    bench.commitAll();
    REQUIRE(bench.until(drained));
  }
  const auto report = bench.core.report(session, bench.clock.wall());
  REQUIRE(report);
  const auto& outcomes = report->outcomes();
  const auto first = std::find_if(outcomes.begin(), outcomes.end(),
                                  [](const v1::Outcome& one) { return one.site_id() == "S1"; });
  REQUIRE(first != outcomes.end());
  CHECK(first->acked_us() == answered);
}

TEST_CASE("while many answers are still coming none is judged: the last of them came when it came") {
  Bench bench;
  const auto sites = connected(bench, 5);
  bench.schedule();
  REQUIRE(bench.until([&] { return bench.gateway.counters().waiting == 0; }));

  const auto statuses = bench.gateway.counters().statuses;
  std::size_t rounds = 0;
  const std::function<void()> come = [&] {
    CHECK(bench.gateway.counters().statuses == statuses);
    for (const auto& site : sites) {
      v1::Envelope envelope;
      envelope.set_seq(++site->sent);
      envelope.mutable_status()->set_revision(site->assignments.back().revision());
      site->raw(wire::encode(envelope));
    }
    if (++rounds < 4) bench.loop.post(come);
  };
  come();
  REQUIRE(bench.until([&] { return bench.gateway.counters().statuses == statuses + 20; }));
  CHECK(rounds == 4);
}

TEST_CASE("records are acknowledged only after their commit") {
  Bench bench;
  const std::string session = bench.schedule();
  Site site(bench, "S1");
  site.connect();
  bench.hold = true;
  site.record(session, 12);
  site.record(session, 13);
  CHECK(site.acked == 0);
  bench.commitAll();
  CHECK(site.acked == 2);
  CHECK(bench.gateway.counters().records == 2);
}

TEST_CASE("a welcome tells only of records that are durable") {
  Bench bench;
  const std::string session = bench.schedule();
  Site site(bench, "S1");
  site.connect();
  bench.hold = true;
  site.record(session, 12);
  site.hangUp();
  Site again(bench, "S1");
  again.connect();
  CHECK_FALSE(again.welcome);  // it would say that record 1 need not be sent again
  bench.commitAll();
  REQUIRE(again.welcome);
  CHECK(again.welcome->resume_after() == 1);
}

TEST_CASE("a gap in the numbers of records ends the link") {
  Bench bench;
  const std::string session = bench.schedule();
  Site site(bench, "S1");
  site.connect();
  v1::Envelope envelope;
  envelope.set_seq(site.sent + 1);
  auto& record = *envelope.mutable_records()->add_records();
  record.set_id(std::string(32, '5'));
  record.set_number(5);
  record.set_session_id(session);
  record.set_by("clerk");
  record.mutable_headcount()->set_present(3);
  site.raw(wire::encode(envelope));
  CHECK(site.closed == 1008);
  CAPTURE(site.reason);
  CHECK(site.reason.find("frame") == std::string::npos);  // about the record, not about the envelope
  CHECK(bench.gateway.counters().records == 0);
}

TEST_CASE("an assignment goes out after its commit, to all, in slices, encoded once") {
  Bench bench;
  std::vector<std::unique_ptr<Site>> sites;
  for (int i = 1; i <= 9; ++i) {
    sites.push_back(std::make_unique<Site>(bench, "S" + std::to_string(i)));
    sites.back()->connect();
    sites.back()->assignments.clear();
  }
  bench.hold = true;
  bench.schedule();
  for (const auto& site : sites) CHECK(site->assignments.empty());
  bench.commitAll();
  REQUIRE(bench.until([&] {
    return std::all_of(sites.begin(), sites.end(),
                       [](const auto& site) { return !site->assignments.empty(); });
  }));
  REQUIRE(sites[0]->bytes_shared);
  for (const auto& site : sites) CHECK(site->bytes_shared == sites[0]->bytes_shared);
}

TEST_CASE("a choked site gets the newest assignment when it is free again, and only that") {
  Bench bench;
  Site site(bench, "S1");
  site.connect();
  site.assignments.clear();
  site.free = false;
  const std::string session = bench.schedule();
  for (int i = 0; i < 3; ++i) {
    v1::Command update;
    auto& changed = *update.mutable_update_session()->mutable_session();
    changed = bench.core.session(session, bench.clock.wall())->session();
    changed.set_title("Họp lần " + std::to_string(i));
    changed.mutable_selection()->set_everyone(true);
    bench.act(update);
  }
  CHECK(site.assignments.empty());
  site.free = true;
  site.wantSend();
  REQUIRE(site.assignments.size() == 1);
  v1::Plan plan;
  REQUIRE(plan.ParseFromString(site.assignments[0].plans(0)));
  CHECK(plan.title() == "Họp lần 2");
}

TEST_CASE("no assignment goes out while a newer one is not yet durable") {
  Bench bench;
  Site site(bench, "S1");
  site.connect();
  site.assignments.clear();
  site.free = false;
  const std::string session = bench.schedule();  // durable, but the socket was not free
  bench.hold = true;
  v1::Command cancel;
  cancel.mutable_act()->set_session_id(session);
  cancel.mutable_act()->set_kind(v1::SessionAct::cancel);
  bench.act(cancel);
  site.free = true;
  site.wantSend();
  CHECK(site.assignments.empty());  // the core would give the one that a crash could still undo
  bench.commitAll();
  REQUIRE(bench.until([&] { return !site.assignments.empty(); }));
  CHECK(site.assignments.back().plans_size() == 0);
}

TEST_CASE("the reconnect window grows with the roster") {
  Bench bench;
  CHECK(bench.gateway.reconnectWindowMs() == 2000);
  v1::Command command;
  auto* sites = command.mutable_import_roster()->add_files();
  sites->set_name("sites.csv");
  std::string rows = "site_id,area_id,name\n";
  for (int i = 1; i <= 3000; ++i) rows += "N" + std::to_string(i) + ",a,New hall " + std::to_string(i) + "\n";
  sites->set_content(rows);
  REQUIRE(bench.act(command).import_report().applied());
  CHECK(bench.gateway.reconnectWindowMs() == 2407);  // 3,009 sites at 1,250 a second
  Site site(bench, "S1");
  site.connect();
  REQUIRE(site.welcome);
  CHECK(site.welcome->reconnect_window_ms() == 2407);
}

TEST_CASE("when the coordinator stops, sites are not gone: it is") {
  Bench bench;
  Site site(bench, "S1");
  site.connect();
  bench.gateway.stopping();
  site.hangUp();
  CHECK(bench.core.site("S1", bench.clock.wall())->link() == v1::LinkState::online);
}

TEST_CASE("a ping is answered at once, with the coordinator's time") {
  Bench bench;
  Site site(bench, "S1");
  site.connect();
  const auto pings = bench.gateway.counters().pings;
  for (int i = 0; i < 20 && bench.gateway.counters().pings == pings; ++i) {
    bench.clock.at += kSecond;
    site.flush();
  }
  CHECK(bench.gateway.counters().pings == pings + 1);
  CHECK(site.offset.known());
}

TEST_CASE("a readiness that the core holds is not read again, and is still the site's") {
  Bench bench;
  const std::string session = bench.schedule();
  Site site(bench, "S1");
  site.connect();
  const auto said = [&](const v1::Status& status) {
    v1::Envelope envelope;
    envelope.set_seq(++site.sent);
    *envelope.mutable_status() = status;
    return wire::encode(envelope);
  };
  const auto shown = [&] { return bench.core.site("S1", bench.clock.wall())->status(); };
  v1::Status status;
  status.set_session_id(session);
  status.mutable_readiness()->set_session_id(session);
  status.mutable_readiness()->set_verdict(v1::Readiness::ready);
  site.raw(said(status));
  CHECK(shown().readiness().verdict() == v1::Readiness::ready);
  status.set_failovers(1);
  site.raw(said(status));
  CHECK(shown().failovers() == 1);
  CHECK(shown().readiness().verdict() == v1::Readiness::ready);
  status.mutable_readiness()->set_verdict(v1::Readiness::not_ready);
  site.raw(said(status));
  CHECK(shown().readiness().verdict() == v1::Readiness::not_ready);
  CHECK(site.closed == 0);

  // Bytes that are no readiness: nobody looks where the core holds their number.
  auto wrong = status;
  wrong.mutable_readiness()->add_checks()->set_by("abc");
  const auto frame = [&] {
    auto out = said(wrong);
    return out.replace(out.find("abc"), 3, "\xff\xff\xff");
  };
  core::Effects effects;
  auto taken = status;
  bench.core.siteStatus("S1", std::move(taken), bench.clock.wall(), effects,
                        wire::findReadiness(frame()).number);
  --site.sent;
  site.raw(frame());
  CHECK(site.closed == 0);
  status.set_failovers(2);
  site.raw(said(status));
  CHECK(shown().failovers() == 2);
  site.raw(frame());
  CHECK(site.closed == 1008);
}
