// A gateway with a real core, and sites with real links, without sockets: the test opens, chokes and commits.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "coordinator/gateway/gateway.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/roster_command.hpp"
#include "wire/codec.hpp"
#include "wire/site_link.hpp"

namespace diemcau::gateway::test_bench {

using diemcau::test::rosterCommand;

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
    settings.many = 4;
    settings.hello_within = 50 * kMillisecond;
    settings.silent_after = 2 * kSecond;
    return settings;
  }

  explicit Bench(gateway::SiteGuard given = {}) : guard(std::move(given)) {
    core.restored(clock.wall());
    std::string rows;
    for (int i = 1; i <= 9; ++i) rows += "S" + std::to_string(i) + ",a,Hall " + std::to_string(i) + "\n";
    REQUIRE(act(rosterCommand("a,,Area\n", rows)).import_report().applied());
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

  void act(const std::string& session, v1::SessionAct::Kind kind) {
    v1::Command command;
    command.mutable_act()->set_session_id(session);
    command.mutable_act()->set_kind(kind);
    act(command);
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
    act(id, v1::SessionAct::schedule);
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

// S1, S2 and so on.
inline std::vector<std::unique_ptr<Site>> connected(Bench& bench, int count) {
  std::vector<std::unique_ptr<Site>> out;
  for (int i = 1; i <= count; ++i) {
    out.push_back(std::make_unique<Site>(bench, "S" + std::to_string(i)));
    out.back()->connect();
  }
  return out;
}

inline std::string helloFrame(const v1::Hello& hello, std::uint64_t seq = 1) {
  v1::Envelope envelope;
  envelope.set_seq(seq);
  *envelope.mutable_hello() = hello;
  return wire::encode(envelope);
}

}  // namespace diemcau::gateway::test_bench
