// The gateway with a real core and real links at both ends, without sockets: who may connect, what waits for
// the commit, what goes to whom.
#include "coordinator/gateway/gateway.hpp"

#include <deque>

#include "base/log.hpp"
#include "tests/support/catch.hpp"
#include "wire/codec.hpp"
#include "wire/site_link.hpp"

using namespace diemcau;

namespace {

class HandClock final : public Clock {
 public:
  Micros wall() const override { return at; }
  Micros steady() const override { return at; }
  Micros at = 1'800'000'000 * kSecond;
};

struct Bench {
  Loop loop;
  HandClock clock;
  core::Core core{core::CoreSettings{}};
  bool hold = false;
  std::deque<std::function<void()>> waiting;
  gateway::SiteGuard guard;
  gateway::Gateway gateway{loop,
                           clock,
                           core,
                           [this](core::Effects effects, std::function<void()> then) {
                             submit(std::move(effects), std::move(then));
                           },
                           small(),
                           guard};

  static gateway::GatewaySettings small() {
    gateway::GatewaySettings settings;
    settings.slice = 2;
    settings.hello_within = 50 * kMillisecond;
    settings.silent_after = 2 * kSecond;
    return settings;
  }

  explicit Bench(gateway::SiteGuard given = {}) : guard(std::move(given)) {
    core.restored(clock.wall());
    v1::Command command;
    auto& files = *command.mutable_import_roster();
    auto* areas = files.add_files();
    areas->set_name("areas.csv");
    areas->set_content("area_id,parent_id,name\na,,Area\n");
    auto* sites = files.add_files();
    sites->set_name("sites.csv");
    std::string rows = "site_id,area_id,name\n";
    for (int i = 1; i <= 9; ++i) rows += "S" + std::to_string(i) + ",a,Hall " + std::to_string(i) + "\n";
    sites->set_content(rows);
    REQUIRE(act(command).import_report().applied());
  }

  void submit(core::Effects effects, std::function<void()> then) {
    gateway.submitted(effects);
    auto done = [this, effects = std::move(effects), then = std::move(then)] {
      gateway.applied(effects);
      if (then) then();
    };
    if (hold) {
      waiting.push_back(std::move(done));
    } else {
      done();
    }
  }

  void commitAll() {
    hold = false;
    while (!waiting.empty()) {
      auto done = std::move(waiting.front());
      waiting.pop_front();
      done();
    }
  }

  v1::CommandReply act(v1::Command command) {
    command.set_actor("test");
    core::Effects effects;
    auto reply = core.command(command, clock.wall(), effects);
    if (!reply) FAIL(reply.error().text);
    submit(std::move(effects), {});
    return *reply;
  }

  // A session of all sites, scheduled: every site has an assignment.
  std::string schedule() {
    v1::Command create;
    auto& session = *create.mutable_create_session();
    session.set_title("Họp");
    session.set_scheduled_start_us(clock.wall() + 3 * kHour);
    session.mutable_selection()->set_everyone(true);
    auto* feed = session.add_feeds();
    feed->set_id("main");
    feed->set_uri("test://");
    const std::string id = act(create).session().id();
    v1::Command schedule;
    schedule.mutable_act()->set_session_id(id);
    schedule.mutable_act()->set_kind(v1::SessionAct::schedule);
    act(schedule);
    return id;
  }

  template <class Condition>
  bool until(Condition condition) {
    auto check = loop.every(2 * kMillisecond, [&] {
      if (condition()) loop.stop();
    });
    auto limit = loop.after(20 * kSecond, [this] { loop.stop(); });
    loop.run();
    return condition();
  }
};

// A site: a real link behind a socket that the test opens and chokes.
class Site final : public net::Peer {
 public:
  Site(Bench& bench, std::string site_id, std::string agent = std::string(32, 'a'), std::uint64_t epoch = 7)
      : bench_(bench), handler_(bench.gateway.route().open({})) {
    static std::uint64_t last = 0;
    id_ = ++last;
    hello.set_site_id(std::move(site_id));
    hello.set_agent_id(std::move(agent));
    hello.set_agent_version("1");
    hello.set_protocol(1);
    hello.set_epoch(epoch);
    handler_->onOpen(*this);
  }
  ~Site() override { hangUp(); }

  std::uint64_t id() const override { return id_; }
  const std::string& address() const override { return address_; }
  const std::string& protocol() const override { return protocol_; }
  bool choked() const override { return !free; }
  void close(std::uint16_t code, std::string_view why) override {
    closed = code;
    reason = why;
  }
  void wantSend() override {
    net::Frame frame;
    while (free && handler_->next(frame)) {
      bytes_shared = frame.body;
      auto events =
          link.receive(frame.head + (frame.body ? *frame.body : std::string()), bench_.clock.steady());
      if (!events) FAIL(events.error().text);
      if (events->challenge) {
        challenged = events->challenge->nonce();
        if (!answer.empty()) link.prove(answer);
      }
      if (events->welcome) welcome = *events->welcome;
      if (events->assignment) assignments.push_back(*events->assignment);
      if (events->acked != 0) acked = events->acked;
      frame = {};
    }
  }

  Site& connect() {
    link.connected(hello, bench_.clock.steady());
    flush();
    return *this;
  }
  // Everything that the site's link has to say.
  void flush() {
    std::string frame;
    while (closed == 0 && link.next(frame, bench_.clock.steady())) {
      ++sent;
      handler_->onMessage(frame);
    }
  }
  void record(const std::string& session, std::uint32_t present) {
    v1::Record record;
    record.set_number(spool.size() + 1);
    std::string id = std::to_string(record.number());
    record.set_id(std::string(32 - id.size(), '0') + id);
    record.set_session_id(session);
    record.set_at_us(bench_.clock.wall());
    record.set_by("clerk");
    record.mutable_headcount()->set_present(present);
    spool.push_back({record.number(), record.SerializeAsString()});
    link.spooled(record.number());
    flush();
  }
  void raw(const std::string& bytes) { handler_->onMessage(bytes); }
  void hangUp() {
    if (handler_) handler_->onClose(1006, "");
    handler_.reset();
  }

  v1::Hello hello;
  std::vector<wire::SiteLink::SpoolRecord> spool;
  wire::ClockOffset offset;
  wire::SiteLink link{offset, [this](std::uint64_t after, std::size_t) {
                        return std::vector<wire::SiteLink::SpoolRecord>(
                            spool.begin() + static_cast<std::ptrdiff_t>(after), spool.end());
                      }};
  bool free = true;
  std::uint16_t closed = 0;
  std::string reason;
  std::string challenged, answer;  // the nonce, and what is sent back; empty: nothing
  std::optional<v1::Welcome> welcome;
  std::vector<v1::Assignment> assignments;
  std::shared_ptr<const std::string> bytes_shared;
  std::uint64_t acked = 0;
  std::uint64_t sent = 0;  // frames

 private:
  Bench& bench_;
  std::unique_ptr<net::PeerHandler> handler_;
  std::uint64_t id_ = 0;
  std::string address_ = "127.0.0.1", protocol_ = "diemcau.site.v1";
};

std::string helloFrame(const v1::Hello& hello, std::uint64_t seq = 1) {
  v1::Envelope envelope;
  envelope.set_seq(seq);
  *envelope.mutable_hello() = hello;
  return wire::encode(envelope);
}

}  // namespace

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
  for (int i = 1; i <= 1500; ++i) rows += "N" + std::to_string(i) + ",a,New hall " + std::to_string(i) + "\n";
  sites->set_content(rows);
  REQUIRE(bench.act(command).import_report().applied());
  CHECK(bench.gateway.reconnectWindowMs() == 3018);  // 1,509 sites at 500 a second
  Site site(bench, "S1");
  site.connect();
  REQUIRE(site.welcome);
  CHECK(site.welcome->reconnect_window_ms() == 3018);
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

namespace {

// Everybody has to sign, S9 needs not, S8 is sent away; right is "signed NONCE".
gateway::SiteGuard strict() {
  gateway::SiteGuard guard;
  guard.challenge = [](const v1::Hello& hello,
                       const gateway::SiteCaller&) -> tl::expected<std::string, gateway::Refusal> {
    if (hello.site_id() == "S8") return tl::unexpected(gateway::Refusal{4403, "revoked"});
    return hello.site_id() == "S9" ? "" : "nonce of " + hello.site_id();
  };
  guard.check = [](const v1::Hello&, const std::string& nonce, const std::string& signature,
                   const gateway::SiteCaller&) -> std::optional<gateway::Refusal> {
    if (signature == "signed " + nonce) return std::nullopt;
    return gateway::Refusal{4401, "not the site's key"};
  };
  guard.seal = [](std::string_view site, const wire::AssignmentBytes& plain) {
    v1::Assignment sealed;
    sealed.ParseFromString(plain.own);
    sealed.set_own_bytes("sealed for " + std::string(site));
    return wire::AssignmentBytes{sealed.SerializeAsString(), plain.shared};
  };
  return guard;
}

}  // namespace

TEST_CASE("the core hears of a hello only after its proof, and what goes to the site is sealed") {
  Bench bench(strict());
  Site site(bench, "S1");
  site.connect();
  CHECK(site.challenged == "nonce of S1");
  CHECK_FALSE(site.welcome);
  CHECK(bench.gateway.counters().hellos == 0);
  CHECK(bench.gateway.counters().greeting == 1);
  site.link.prove("signed nonce of S1");
  site.flush();
  REQUIRE(site.welcome);
  CHECK(bench.gateway.counters().connected == 1);
  REQUIRE_FALSE(site.assignments.empty());
  CHECK(site.assignments.back().own_bytes() == "sealed for S1");
}

TEST_CASE("a wrong proof, none in time, and who is sent away at once: the core hears nothing") {
  Bench bench(strict());
  Site wrong(bench, "S1");
  wrong.answer = "signed something else";
  wrong.connect();
  wrong.flush();
  CHECK(wrong.closed == 4401);
  Site away(bench, "S8");
  away.connect();
  CHECK(away.closed == 4403);
  CHECK(away.challenged.empty());
  Site silent(bench, "S2");
  silent.connect();
  bench.clock.at += kSecond;
  CHECK(bench.until([&] { return silent.closed == 1008; }));
  CHECK(bench.gateway.counters().hellos == 0);
  CHECK(bench.gateway.counters().refused_identity == 2);
  CHECK(bench.core.site("S1", bench.clock.wall())->link() == v1::LinkState::never);
}

TEST_CASE("a stranger's hello does not touch the link of the site that it names") {
  Bench bench(strict());
  Site right(bench, "S1");
  right.answer = "signed nonce of S1";
  right.connect();
  right.flush();
  REQUIRE(right.welcome);
  Site stranger(bench, "S1");
  stranger.answer = "guess";
  stranger.connect();
  stranger.flush();
  CHECK(stranger.closed == 4401);
  CHECK(right.closed == 0);
  CHECK(bench.core.site("S1", bench.clock.wall())->link() == v1::LinkState::online);
}

TEST_CASE("before its proof a site may say nothing else, and a proof only when asked") {
  Bench bench(strict());
  Site hasty(bench, "S1");
  hasty.connect();
  v1::Envelope status;
  status.set_seq(2);
  status.mutable_status();
  hasty.raw(wire::encode(status));
  CHECK(hasty.closed == 1008);
  Site eager(bench, "S9");
  eager.connect();
  REQUIRE(eager.welcome);
  CHECK(eager.assignments.back().own_bytes().empty());
  v1::Envelope proof;
  proof.set_seq(static_cast<std::uint64_t>(eager.sent) + 1);
  proof.mutable_proof()->set_signature("x");
  eager.raw(wire::encode(proof));
  CHECK(eager.closed == 1008);
}

TEST_CASE("a hello that is kept for its proof is small, whatever a stranger writes into it") {
  Bench bench(strict());
  Site stranger(bench, "S1");
  stranger.hello.set_agent_version(std::string(50'000, 'x'));
  stranger.connect();
  CHECK(stranger.closed == 1008);
  CHECK(stranger.challenged.empty());
}
