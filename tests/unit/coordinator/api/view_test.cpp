// The live view: full first, then what changed; the same bytes for readers at the same version; a slow reader
// costs one frame and misses nothing.
#include "coordinator/api/view_hub.hpp"

#include "bench.hpp"

using namespace diemcau;
using namespace diemcau::api;

namespace {

// A socket that takes frames while it is free.
class FakePeer final : public net::Peer {
 public:
  FakePeer(std::unique_ptr<net::PeerHandler> handler, std::string protocol)
      : handler_(std::move(handler)), protocol_(std::move(protocol)) {
    handler_->onOpen(*this);
  }
  ~FakePeer() override {
    if (open) handler_->onClose(1006, "");
  }
  std::uint64_t id() const override { return 1; }
  const std::string& address() const override { return address_; }
  const std::string& protocol() const override { return protocol_; }
  bool choked() const override { return !free; }
  void wantSend() override {
    net::Frame frame;
    while (free && handler_->next(frame)) frames.push_back(std::exchange(frame, {}));
  }
  void close(std::uint16_t code, std::string_view) override { closed = code; }

  void say(std::string_view bytes) { handler_->onMessage(bytes); }
  v1::ViewUpdate last() const {
    REQUIRE_FALSE(frames.empty());
    const net::Frame& frame = frames.back();
    v1::ViewUpdate update;
    REQUIRE_FALSE(frame.text);
    REQUIRE(update.ParseFromString(*frame.body));
    return update;
  }

  bool free = true, open = true;
  std::vector<net::Frame> frames;
  std::uint16_t closed = 0;

 private:
  std::unique_ptr<net::PeerHandler> handler_;
  std::string protocol_, address_ = "127.0.0.1";
};

struct ViewBench : Bench {
  Ports the_ports = ports();
  ApiSettings settings;
  ApiCounters counters;
  Gate gate{the_ports, settings};
  ViewHub hub{the_ports, settings, counters, gate};

  std::unique_ptr<net::PeerHandler> open(const std::string& session = {}) {
    net::HttpRequest request;
    request.path = "/api/v1/view";
    if (!session.empty()) request.query["session"] = session;
    return hub.routes()[0].open(request);
  }
  std::unique_ptr<FakePeer> reader() { return std::make_unique<FakePeer>(open(), "diemcau.view.v1"); }
  void create(const std::string& title) {
    v1::Command command;
    command.set_actor("test");
    command.mutable_create_session()->set_title(title);
    auto* feed = command.mutable_create_session()->add_feeds();
    feed->set_id("main");
    feed->set_uri("test://");
    command.mutable_create_session()->set_scheduled_start_us(clock.wall() + kHour);
    core::Effects effects;
    auto reply = core.command(command, clock.wall(), effects);
    if (!reply) FAIL(reply.error().text);
  }
};

}  // namespace

TEST_CASE("one format, one route") {
  ViewBench bench;
  const auto routes = bench.hub.routes();
  REQUIRE(routes.size() == 1);
  CHECK(routes[0].protocol == "diemcau.view.v1");
}

TEST_CASE("the first update is full, the next holds what changed") {
  ViewBench bench;
  bench.import();
  auto reader = bench.reader();
  CHECK(reader->frames.empty());
  bench.hub.tick();
  REQUIRE(reader->frames.size() == 1);
  CHECK(reader->last().full());
  CHECK(reader->last().sites_size() == 2);
  bench.create("Mới");
  bench.hub.tick();
  REQUIRE(reader->frames.size() == 2);
  CHECK_FALSE(reader->last().full());
  REQUIRE(reader->last().sessions_size() == 1);
  CHECK(reader->last().sessions(0).session().title() == "Mới");
  CHECK(reader->last().sites_size() == 0);
}

TEST_CASE("readers at the same version share the same bytes, encoded once") {
  ViewBench bench;
  auto a = bench.reader(), b = bench.reader(), c = bench.reader();
  bench.hub.tick();
  REQUIRE(a->frames.size() == 1);
  CHECK(a->frames[0].body == b->frames[0].body);
  CHECK(a->frames[0].body == c->frames[0].body);
  CHECK(bench.counters.view_encoded == 1);
  CHECK(bench.counters.view_updates == 3);
}

TEST_CASE("orders under way and their answers go before updates, but not for ever") {
  ViewBench bench;
  bool launching = false;
  bench.the_ports.launching = [&] { return launching; };
  auto reader = bench.reader();
  bench.hub.tick();
  REQUIRE(reader->frames.size() == 1);
  bench.create("Một");
  launching = true;
  bench.hub.tick();
  CHECK(reader->frames.size() == 1);
  launching = false;
  REQUIRE(bench.until([&] { return reader->frames.size() == 2; }));  // by itself
  bench.create("Hai");
  launching = true;
  bench.hub.tick();
  CHECK(reader->frames.size() == 2);
  bench.clock.pass(kSecond);
  bench.hub.tick();
  CHECK(reader->frames.size() == 3);
}

TEST_CASE("a slow reader holds one frame, delays nobody, and misses nothing") {
  ViewBench bench;
  auto slow = bench.reader(), quick = bench.reader();
  bench.hub.tick();
  slow->free = false;
  for (int i = 0; i < 50; ++i) {
    bench.create("S" + std::to_string(i));
    bench.hub.tick();
  }
  CHECK(quick->frames.size() == 51);
  CHECK(slow->frames.size() == 1);
  slow->free = true;
  slow->wantSend();  // the socket is free: the frame that waited, made at the first change
  CHECK(slow->frames.size() == 2);
  bench.hub.tick();  // everything since, in one
  REQUIRE(slow->frames.size() == 3);
  CHECK(slow->last().sessions_size() == 49);
  CHECK(slow->last().version() == quick->last().version());
}

TEST_CASE("a reader that takes nothing is shown out, a slow one is not") {
  ViewBench bench;
  auto stuck = bench.reader(), slow = bench.reader();
  bench.hub.tick();
  stuck->free = slow->free = false;
  for (int i = 0; i < 4; ++i) {
    bench.create("S" + std::to_string(i));
    bench.hub.tick();
    bench.clock.pass(bench.settings.reader_patience / 3);
    slow->free = true;
    slow->wantSend();
    slow->free = false;
  }
  bench.hub.tick();
  CHECK(stuck->closed == 1013);
  CHECK(slow->closed == 0);
  CHECK(bench.counters.view_stuck == 1);
}

TEST_CASE("news does not wait for the tick, not even when it comes while an update is made") {
  ViewBench bench;
  auto reader = bench.reader();
  REQUIRE(bench.until([&] { return reader->frames.size() == 1; }));
  bench.create("A");
  bench.hub.news();
  REQUIRE(bench.until([&] { return reader->frames.size() == 2; }));
  bench.hold = true;
  bench.create("B");
  bench.hub.news();
  REQUIRE(bench.until([&] { return !bench.waiting.empty(); }));
  bench.create("C");
  bench.hub.news();
  bench.commitAll();
  REQUIRE(bench.until([&] { return reader->frames.size() == 4; }));
  CHECK(reader->last().version() == bench.core.viewVersion());
}

TEST_CASE("news that a socket was not free for comes when it is") {
  ViewBench bench;
  auto reader = bench.reader(), other = bench.reader();
  REQUIRE(bench.until([&] { return reader->frames.size() == 1 && other->frames.size() == 1; }));
  reader->free = false;
  bench.create("A");
  bench.hub.tick();
  bench.create("B");
  bench.hub.news();
  REQUIRE(bench.until([&] { return other->frames.size() == 3; }));
  reader->free = true;
  reader->wantSend();
  REQUIRE(bench.until([&] { return reader->frames.size() == 3; }));
  CHECK(reader->last().version() == bench.core.viewVersion());
}

TEST_CASE("without changes an update goes out now and then, so that age can be seen") {
  ViewBench bench;
  auto reader = bench.reader();
  bench.hub.tick();
  bench.hub.tick();
  CHECK(reader->frames.size() == 1);
  bench.clock.pass(bench.settings.view_idle);
  bench.hub.tick();
  REQUIRE(reader->frames.size() == 2);
  CHECK(reader->last().now_us() == bench.clock.wall());
  CHECK_FALSE(reader->last().full());
}

TEST_CASE("what is not yet durable is not shown, unless the store fails") {
  ViewBench bench;
  auto reader = bench.reader();
  bench.hold = true;
  bench.hub.tick();
  CHECK(reader->frames.empty());
  bench.hub.tick();
  CHECK(bench.counters.view_encoded == 1);  // and nothing piles up meanwhile
  bench.commitAll();
  CHECK(reader->frames.size() == 1);

  bench.hold = true;
  bench.healthy = false;
  bench.clock.pass(bench.settings.view_idle);
  bench.hub.tick();
  CHECK(reader->frames.size() == 2);
}

TEST_CASE("a reader that leaves while its update is made is forgotten") {
  ViewBench bench;
  auto reader = bench.reader();
  bench.hold = true;
  bench.hub.tick();
  CHECK(bench.counters.view_readers == 1);
  reader.reset();
  CHECK(bench.counters.view_readers == 0);
  bench.commitAll();
  CHECK(bench.counters.view_updates == 0);
}

TEST_CASE("an unknown session, one reader too many, and a reader that talks") {
  ViewBench bench;
  CHECK(bench.open("none") == nullptr);
  bench.settings.most_readers = 1;
  auto reader = bench.reader();
  CHECK(bench.open() == nullptr);
  CHECK(bench.counters.view_refused == 2);
  reader->say("hello");
  CHECK(reader->closed == net::close_code::kPolicy);
}

TEST_CASE("news waits a little, and longer only when updates took more than their share of the time") {
  ViewBudget budget;
  constexpr Micros kLongest = kSecond, kCost = 8 * kMillisecond;
  Micros now = 5 * kSecond;
  CHECK(budget.wait(now, kLongest) == 0);
  // A burst after a quiet time: as many as the kept share pays for are as close as they may be.
  int close = 0;
  for (; close < 100; ++close) {
    budget.spent(now, now + kCost);
    if (budget.wait(now, kLongest) > ViewBudget::kLeastGap) break;
    now += ViewBudget::kLeastGap;
  }
  CHECK(close == 6);  // 8 ms each less the 2 ms that come back in 20 ms: the seventh is past 40 ms
  // Burst without end: they take the tenth that is theirs.
  const Micros from = now;
  int made = 0;
  for (; now < from + 100 * kSecond; ++made) {
    budget.spent(now, now + kCost);
    now += budget.wait(now, kLongest);
  }
  CHECK(made * kCost == Approx(100 * kSecond / ViewBudget::kTimePerCost).epsilon(0.02));
  // Never longer than it was told, and after a quiet time as quick as ever.
  budget.spent(now, now + 10 * kSecond);
  CHECK(budget.wait(now, kLongest) == kLongest);
  now += 200 * kSecond;
  budget.spent(now, now + kCost);
  CHECK(budget.wait(now, kLongest) == ViewBudget::kLeastGap);
  CHECK(budget.wait(now + kSecond, kLongest) == 0);
}
