// The WebSocket client against our server and against peers that misbehave.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "tests/support/catch.hpp"
#include "tests/unit/proto/net/support.hpp"

using namespace diemcau;
using namespace diemcau::net;
using namespace diemcau::net::test;

namespace {

// A listening socket that says one thing to whoever comes, or nothing.
class Canned {
 public:
  explicit Canned(std::string text) : text_(std::move(text)) {
    fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(bind(fd_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(listen(fd_, 8) == 0);
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    thread_ = std::thread([this] {
      for (int peer = accept(fd_, nullptr, nullptr); peer >= 0; peer = accept(fd_, nullptr, nullptr)) {
        peers_.push_back(peer);
        if (!text_.empty()) ::send(peer, text_.data(), text_.size(), MSG_NOSIGNAL);
      }
    });
  }
  ~Canned() {
    shutdown(fd_, SHUT_RDWR);
    thread_.join();
    for (const int peer : peers_) ::close(peer);
    ::close(fd_);
  }
  Canned(const Canned&) = delete;
  Canned& operator=(const Canned&) = delete;
  std::uint16_t port = 0;

 private:
  std::string text_;
  int fd_ = -1;
  std::vector<int> peers_;
  std::thread thread_;
};

struct Client {
  explicit Client(LoopThread& on) : loop(on) {
    loop.run([&](Loop& l) { context = clientContext(l); });
  }
  ~Client() {
    loop.run([&](Loop&) {
      connection.reset();
      context.reset();
    });
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void connect(const std::string& url, const std::string& protocol = "test.v1", unsigned timeout_s = 10) {
    loop.run([&](Loop&) {
      ClientOptions target;
      target.url = url;
      target.protocol = protocol;
      target.connect_timeout_s = timeout_s;
      auto made = std::make_unique<Recorder>(record);
      handler = made.get();
      connection = context->connect(target, std::move(made), [record = record](const std::string& reason) {
        record->change([&](Record& r) {
          ++r.failures;
          r.reason = reason;
        });
      });
    });
  }
  std::string failure() {
    REQUIRE(record->waitFor([](const Record& r) { return r.failures == 1; }));
    CHECK(record->opened == 0);
    return record->reason;
  }

  LoopThread& loop;
  std::shared_ptr<Record> record = std::make_shared<Record>();
  Recorder* handler = nullptr;
  std::unique_ptr<ClientContext> context;
  std::unique_ptr<Connection> connection;
};

std::string urlOf(std::uint16_t port, const std::string& host = "127.0.0.1") {
  return "ws://" + host + ":" + std::to_string(port) + "/ws";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a client connects, talks, and hears why it ends") {
  LoopThread loop;
  auto on_server = std::make_shared<Record>();
  RunningServer server(loop, options(on_server));
  Client client(loop);
  client.connect(urlOf(server.port(), GENERATE(as<std::string>(), "127.0.0.1", "localhost", "LOCALHOST")));
  REQUIRE(client.record->waitFor([](const Record& r) { return r.opened == 1; }));
  const std::string large(60'000, 'L');
  loop.run([&](Loop&) {
    CHECK(client.record->peer->protocol() == "test.v1");
    client.handler->out = {"small", large, "last"};
    client.record->peer->wantSend();
  });
  REQUIRE(client.record->waitFor([](const Record& r) { return r.messages.size() == 3; }));
  CHECK(client.record->messages == std::vector<std::string>{"small", large, "last"});
  loop.run([&](Loop&) { on_server->peer->close(4409, "replaced by a newer connection"); });
  REQUIRE(client.record->waitFor([](const Record& r) { return r.closed == 1; }));
  CHECK(client.record->code == 4409);
  CHECK(client.record->reason == "replaced by a newer connection");
  CHECK(client.record->failures == 0);
}

TEST_CASE("the codes for a restart and for later arrive as they were sent") {
  LoopThread loop;
  RunningServer server(loop, options());
  Client client(loop);
  client.connect(urlOf(server.port()));
  REQUIRE(client.record->waitFor([](const Record& r) { return r.opened == 1; }));
  const std::uint16_t code = GENERATE(close_code::kRestart, close_code::kTryLater, close_code::kGoingAway);
  server.drain(code, "bảo trì");
  REQUIRE(client.record->waitFor([](const Record& r) { return r.closed == 1; }));
  CHECK(client.record->code == code);
  CHECK(client.record->reason == "bảo trì");
}

TEST_CASE("each way to fail has its reason, and the handler never opens") {
  LoopThread loop;
  Client client(loop);
  SECTION("nobody listens") {
    std::uint16_t port = 0;
    { port = Canned("").port; }
    client.connect(urlOf(port));
    const std::string reason = client.failure();
    CHECK(has(reason, "connection refused"));
    CHECK(has(reason, std::to_string(port)));
  }
  SECTION("no answer") {
    const Canned silent("");
    client.connect(urlOf(silent.port), "test.v1", 1);
    CHECK(has(client.failure(), "no answer within 1 s"));
  }
  SECTION("refused by the server") {
    RunningServer server(loop, options());
    client.connect("ws://127.0.0.1:" + std::to_string(server.port()) + "/elsewhere");
    CHECK(has(client.failure(), "404"));
  }
  SECTION("another sub-protocol") {
    RunningServer server(loop, options());
    client.connect(urlOf(server.port()), "test.v2");
    CHECK(has(client.failure(), "400"));
  }
  SECTION("not HTTP at all") {
    const Canned noise("220 mail ready\r\n\r\n");
    client.connect(urlOf(noise.port), "test.v1", 2);
    CHECK_FALSE(client.failure().empty());
  }
  SECTION("an upgrade with the wrong key") {
    const Canned wrong(
        "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n");
    client.connect(urlOf(wrong.port), "test.v1", 2);
    CHECK_FALSE(client.failure().empty());
  }
  SECTION("not an address") {
    client.connect("may-chu");
    CHECK(has(client.failure(), "not an address"));
  }
  SECTION("not spoken") {
    client.connect("http://127.0.0.1:1/ws");
    CHECK(has(client.failure(), "only ws://"));
  }
}

TEST_CASE("an address that the system refuses at once leaves nothing behind, however often") {
  LoopThread loop;
  Client client(loop);
  const auto handles = [&] {
    return loop.run([](Loop& l) {
      int count = 0;
      uv_walk(
          l.uv(), [](uv_handle_t*, void* data) { ++*static_cast<int*>(data); }, &count);
      return count;
    });
  };
  const int before = handles();
  for (int i = 0; i < 20; ++i) {
    client.record = std::make_shared<Record>();
    client.connect("ws://255.255.255.255:9/ws");
    CHECK(has(client.failure(), "255.255.255.255"));
  }
  CHECK(handles() == before);
}

TEST_CASE("contexts that come and go close no file but their own") {
  LoopThread loop;
  for (int round = 0; round < 30; ++round) {
    loop.run([](Loop& l) { clientContext(l).reset(); });
    // Takes the numbers that were just given back, while the other thread still closes.
    std::vector<RawClient> clients;
    RunningServer server(loop, options());
    for (int i = 0; i < 5; ++i) clients.emplace_back(server.port());
    for (RawClient& client : clients) REQUIRE(client.handshake("/ws", "test.v1").starts_with("HTTP/1.1 101"));
  }
}

TEST_CASE("letting go ends a connection without further calls, at any moment") {
  LoopThread loop;
  auto on_server = std::make_shared<Record>();
  RunningServer server(loop, options(on_server));
  Client client(loop);
  client.connect(urlOf(server.port()));

  SECTION("before it is made") {
    int opened = 0;  // on a busy machine it is made by now
    loop.run([&](Loop&) {
      client.connection.reset();
      client.record->change([&](const Record& r) { opened = r.opened; });
    });
    Client other(loop);
    other.connect(urlOf(server.port()));
    REQUIRE(other.record->waitFor([](const Record& r) { return r.opened == 1; }));
    CHECK(client.record->opened == opened);
    CHECK(client.record->failures == 0);
    return;
  }
  REQUIRE(client.record->waitFor([](const Record& r) { return r.opened == 1; }));
  REQUIRE(on_server->waitFor([](const Record& r) { return r.opened == 1; }));
  SECTION("while it is idle") {
    loop.run([&](Loop&) { client.connection.reset(); });
  }
  SECTION("with its context") {
    loop.run([&](Loop&) {
      client.context.reset();
      client.connection.reset();
    });
  }
  SECTION("inside its own handler") {
    loop.run([&](Loop&) {
      client.handler->on_message = [&](Peer&, std::string_view) { client.connection.reset(); };
      client.handler->out = {"ping"};
      client.record->peer->wantSend();
    });
  }
  REQUIRE(on_server->waitFor([](const Record& r) { return r.closed == 1; }));
  CHECK(client.record->closed == 0);
  CHECK(client.record->failures == 0);
}

TEST_CASE("a context that goes in the middle of everything leaves nothing behind") {
  LoopThread loop;
  RunningServer server(loop, options());
  const Canned silent("");
  auto record = std::make_shared<Record>();
  std::vector<std::unique_ptr<Connection>> connections;
  std::unique_ptr<ClientContext> context;
  loop.run([&](Loop& l) {
    context = clientContext(l);
    for (int i = 0; i < 300; ++i) {
      ClientOptions target;
      target.url =
          i % 2 == 0 ? urlOf(server.port()) : urlOf(silent.port, i % 3 == 0 ? "LOCALHOST" : "127.0.0.1");
      target.protocol = "test.v1";
      connections.push_back(context->connect(
          target, std::make_unique<Recorder>(record),
          [record](const std::string&) { record->change([](Record& r) { ++r.failures; }); }));
    }
  });
  REQUIRE(record->waitFor([](const Record& r) { return r.opened >= 20; }));
  int opened = 0;
  loop.run([&](Loop&) {
    context.reset();
    opened = record->opened;
  });
  loop.run([&](Loop&) { connections.clear(); });
  CHECK(server.waitFor([](const auto& c) { return c.open_sockets == 0; }));
  CHECK(record->opened == opened);
  CHECK(record->closed == 0);
  CHECK(record->failures == 0);
}

TEST_CASE("a handler may make a new connection when one failed") {
  LoopThread loop;
  RunningServer server(loop, options());
  auto record = std::make_shared<Record>();
  std::unique_ptr<ClientContext> context;
  std::unique_ptr<Connection> connection;
  std::uint16_t dead = 0;
  { dead = Canned("").port; }
  std::function<void(int)> again = [&](int left) {
    ClientOptions target;
    target.url = urlOf(left == 0 ? server.port() : dead);
    target.protocol = "test.v1";
    connection = context->connect(target, std::make_unique<Recorder>(record),
                                  [&, left](const std::string&) { again(left - 1); });
  };
  loop.run([&](Loop& l) {
    context = clientContext(l);
    again(5);
  });
  CHECK(record->waitFor([](const Record& r) { return r.opened == 1; }));
  loop.run([&](Loop&) {
    connection.reset();
    context.reset();
  });
}
