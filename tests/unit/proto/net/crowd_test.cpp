// Many peers, and one that does not read.
#include <atomic>

#include "tests/support/catch.hpp"
#include "tests/unit/proto/net/support.hpp"

using namespace diemcau;
using namespace diemcau::net;
using namespace diemcau::net::test;

namespace {

// A broadcast as the coordinator does it: one body for all, and for each peer only the number that it has
// seen.
struct Broadcast {
  std::shared_ptr<const std::string> body;
  std::uint64_t number = 0;
  std::vector<Peer*> peers;
  std::atomic<std::size_t> open{0};
  std::uint64_t pulled_while_choked = 0;

  void publish(std::string text) {
    body = std::make_shared<const std::string>(std::move(text));
    ++number;
    for (Peer* peer : peers) peer->wantSend();
  }
};

class Subscriber final : public PeerHandler {
 public:
  explicit Subscriber(Broadcast& broadcast) : broadcast_(broadcast) {}
  void onOpen(Peer& peer) override {
    peer_ = &peer;
    broadcast_.peers.push_back(&peer);
    ++broadcast_.open;
  }
  void onMessage(std::string_view) override {}
  bool next(Frame& frame) override {
    if (seen_ == broadcast_.number) return false;
    if (peer_->choked()) ++broadcast_.pulled_while_choked;
    seen_ = broadcast_.number;
    frame.head = std::to_string(seen_) + ":";
    frame.body = broadcast_.body;
    return true;
  }
  void onClose(std::uint16_t, std::string_view) override {
    std::erase(broadcast_.peers, peer_);
    --broadcast_.open;
  }

 private:
  Broadcast& broadcast_;
  Peer* peer_ = nullptr;
  std::uint64_t seen_ = 0;
};

// A client that remembers the newest broadcast that it got.
class Listener final : public PeerHandler {
 public:
  explicit Listener(std::atomic<std::size_t>& got, std::string wanted)
      : got_(got), wanted_(std::move(wanted)) {}
  void onOpen(Peer&) override {}
  void onMessage(std::string_view bytes) override {
    if (bytes == wanted_) ++got_;
  }
  bool next(Frame&) override { return false; }
  void onClose(std::uint16_t, std::string_view) override {}

 private:
  std::atomic<std::size_t>& got_;
  std::string wanted_;
};

template <class Wanted>
bool eventually(LoopThread& loop, Wanted wanted) {
  const auto until = std::chrono::steady_clock::now() + kLimit;
  while (std::chrono::steady_clock::now() < until) {
    if (loop.run([&](Loop&) { return wanted(); })) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("500 clients get one shared body") {
  constexpr std::size_t kClients = 500;
  LoopThread server_loop, client_loop;
  Broadcast broadcast;
  ServerOptions given = options();
  given.sockets[0].open = [&](const HttpRequest&) { return std::make_unique<Subscriber>(broadcast); };
  RunningServer server(server_loop, std::move(given));

  std::atomic<std::size_t> got{0}, failed{0};
  const std::string body(300, 'p');
  std::unique_ptr<ClientContext> context;
  std::vector<std::unique_ptr<Connection>> connections;
  client_loop.run([&](Loop& loop) {
    context = clientContext(loop);
    ClientOptions target;
    target.url = "ws://127.0.0.1:" + std::to_string(server.port()) + "/ws";
    target.protocol = "test.v1";
    for (std::size_t i = 0; i < kClients; ++i) {
      connections.push_back(context->connect(target, std::make_unique<Listener>(got, "1:" + body),
                                             [&](const std::string&) { ++failed; }));
    }
  });
  REQUIRE(eventually(server_loop, [&] { return broadcast.open == kClients; }));
  long uses = 0;
  server_loop.run([&](Loop&) {
    broadcast.publish(body);
    uses = broadcast.body.use_count();
  });
  REQUIRE(eventually(client_loop, [&] { return got == kClients; }));
  CHECK(failed == 0);
  CHECK(uses == 1);  // sent already, or not held by anybody: nothing was queued
  CHECK(server.counters().frames_out == kClients);
  client_loop.run([&](Loop&) {
    connections.clear();
    context.reset();
  });
  CHECK(eventually(server_loop, [&] { return broadcast.open == 0; }));
}

TEST_CASE("guard 7: who has much to say says a little at a time, and the loop turns in between") {
  struct Talk {
    std::uint64_t turns = 0, said_at = 0;
    int in_row = 0, most = 0, all = 0;
  };
  class Talker final : public PeerHandler {
   public:
    explicit Talker(Talk& talk) : talk_(talk) {}
    void onOpen(Peer& peer) override { peer.wantSend(); }
    void onMessage(std::string_view) override {}
    bool next(Frame& frame) override {
      talk_.in_row = talk_.said_at == talk_.turns ? talk_.in_row + 1 : 1;
      talk_.said_at = talk_.turns;
      talk_.most = std::max(talk_.most, talk_.in_row);
      frame.head = "news";
      return ++talk_.all < 5000;
    }
    void onClose(std::uint16_t, std::string_view) override {}

   private:
    Talk& talk_;
  };
  Talk talk;
  LoopThread loop;
  ServerOptions given = options();
  given.sockets[0].open = [&](const HttpRequest&) { return std::make_unique<Talker>(talk); };
  RunningServer server(loop, std::move(given));
  // Counts the loop's turns: a task that posts itself runs once in each.
  auto turn = std::make_shared<std::function<void()>>();
  loop.run([&](Loop& on) {
    *turn = [&talk, &on, weak = std::weak_ptr(turn)] {
      ++talk.turns;
      if (const auto self = weak.lock(); self && talk.all < 5000) on.post(*self);
    };
    (*turn)();
  });
  RawClient client(server.port());
  REQUIRE(client.handshake("/ws", "test.v1").starts_with("HTTP/1.1 101"));
  REQUIRE(client.readExactly(4999 * 6).size() == 4999 * 6);  // two bytes of head, four of text
  REQUIRE(eventually(loop, [&] { return talk.all == 5000; }));
  CHECK(loop.run([&](Loop&) { return talk.most; }) <= 16);
  loop.run([&](Loop&) { turn.reset(); });
}

TEST_CASE("a peer that never reads costs one frame and delays nobody") {
  LoopThread loop;
  Broadcast broadcast;
  ServerOptions given = options();
  given.sockets[0].open = [&](const HttpRequest&) { return std::make_unique<Subscriber>(broadcast); };
  RunningServer server(loop, std::move(given));

  RawClient stuck(server.port(), 4096);
  REQUIRE(stuck.handshake("/ws", "test.v1").starts_with("HTTP/1.1 101"));
  std::vector<RawClient> others;
  for (int i = 0; i < 10; ++i) {
    others.emplace_back(server.port());
    REQUIRE(others.back().handshake("/ws", "test.v1").starts_with("HTTP/1.1 101"));
  }
  REQUIRE(eventually(loop, [&] { return broadcast.open == 11; }));

  // Far more than any socket buffer takes, while the stuck one never reads.
  constexpr int kRounds = 200;
  const std::string body(60'000, 'b');
  std::uint64_t frames_to_stuck = 0;
  for (int round = 1; round <= kRounds; ++round) {
    loop.run([&](Loop&) { broadcast.publish(body); });
    for (RawClient& other : others) {
      const auto frame = other.readFrame();
      REQUIRE(frame.payload.size() == body.size() + std::to_string(round).size() + 1);
      REQUIRE(frame.payload.starts_with(std::to_string(round) + ":"));
    }
  }
  frames_to_stuck = server.counters().frames_out - kRounds * 10;
  const bool choked = loop.run([&](Loop&) {
    return std::any_of(broadcast.peers.begin(), broadcast.peers.end(),
                       [](Peer* peer) { return peer->choked(); });
  });
  CHECK(choked);
  CHECK(frames_to_stuck < 120);  // what the system's buffers took, and not all 200
  CHECK(broadcast.pulled_while_choked == 0);

  // When it reads at last, it gets what it was being sent, and then the newest: nothing was queued in
  // between.
  std::string last;
  std::uint64_t seen = 0;
  while (!last.starts_with(std::to_string(kRounds) + ":")) {
    const auto frame = stuck.readFrame();
    REQUIRE(frame.opcode == 2);
    last = frame.payload.substr(0, 8);
    ++seen;
  }
  CHECK(seen == frames_to_stuck + 1);
}

TEST_CASE("a choked peer can be closed, and is gone soon") {
  LoopThread loop;
  Broadcast broadcast;
  ServerOptions given = options();
  given.sockets[0].open = [&](const HttpRequest&) { return std::make_unique<Subscriber>(broadcast); };
  RunningServer server(loop, std::move(given));
  RawClient stuck(server.port(), 4096);
  REQUIRE(stuck.handshake("/ws", "test.v1").starts_with("HTTP/1.1 101"));
  REQUIRE(eventually(loop, [&] { return broadcast.open == 1; }));
  const std::string body(60'000, 'b');
  REQUIRE(eventually(loop, [&] {
    broadcast.publish(body);
    return broadcast.peers.front()->choked();
  }));
  loop.run([&](Loop&) { broadcast.peers.front()->close(close_code::kTryLater, "too slow"); });
  CHECK(eventually(loop, [&] { return broadcast.open == 0; }));
}
