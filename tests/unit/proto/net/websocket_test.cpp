// WebSockets of the server, spoken to with raw bytes.
#include "tests/support/catch.hpp"
#include "tests/unit/proto/net/support.hpp"

using namespace diemcau;
using namespace diemcau::net;
using namespace diemcau::net::test;

TEST_CASE("messages come back, whole and in order, whatever their size and pieces") {
  LoopThread loop;
  auto record = std::make_shared<Record>();
  RunningServer server(loop, options(record));
  RawClient client(server.port());
  REQUIRE(client.handshake("/ws", "test.v1").starts_with("HTTP/1.1 101"));
  for (const std::size_t size :
       {0U, 1U, 125U, 126U, 500U, 511U, 512U, 513U, 1024U, 40'000U, 65'535U, 65'536U}) {
    const std::string text(size, static_cast<char>('a' + size % 26));
    client.sendFrame(2, text);
    const auto back = client.readFrame();
    CHECK(back.opcode == 2);
    CHECK(back.payload == text);
  }
  client.sendFrame(2, std::string(700, 'x'), false);
  client.sendFrame(0, "", false);
  client.sendFrame(9, "still there?");  // a ping between two pieces
  client.sendFrame(0, std::string(700, 'y'), true);
  CHECK(client.readFrame().opcode == 10);
  CHECK(client.readFrame().payload == std::string(700, 'x') + std::string(700, 'y'));
  for (int i = 0; i < 100; ++i) client.sendFrame(2, std::to_string(i));
  for (int i = 0; i < 100; ++i) CHECK(client.readFrame().payload == std::to_string(i));
  client.sendFrame(8, std::string("\x03\xe8", 2) + "tạm biệt");
  REQUIRE(record->waitFor([](const Record& r) { return r.closed == 1; }));
  CHECK(record->code == 1000);
  CHECK(record->reason == "tạm biệt");
  CHECK(client.readCloseCode() == 1000);
  CHECK(client.ended());
}

TEST_CASE("a message beyond the limit ends with 1009 before it is stored") {
  LoopThread loop;
  auto record = std::make_shared<Record>();
  ServerOptions given = options(record);
  given.limits.max_message = 1000;
  RunningServer server(loop, std::move(given));
  RawClient client(server.port());
  REQUIRE(client.handshake("/ws", "test.v1").starts_with("HTTP/1.1 101"));

  SECTION("exactly at the limit is fine") {
    client.sendFrame(2, std::string(1000, 'a'));
    CHECK(client.readFrame().payload.size() == 1000);
    return;
  }
  SECTION("one frame") {
    client.sendFrame(2, std::string(1001, 'a'));
  }
  SECTION("announced only") {
    client.sendFrameHead(0x82, std::uint64_t{1} << 62U);
    client.send(std::string(600, 'a'));
  }
  SECTION("many pieces") {
    client.sendFrame(2, std::string(600, 'a'), false);
    client.sendFrame(0, std::string(600, 'a'), true);
  }
  SECTION("pieces without end") {
    client.sendFrame(2, "a", false);
    for (int i = 0; i < 2000; ++i) client.sendFrame(0, "a", false);
  }
  CHECK(client.readCloseCode() == 1009);
  client.sendFrame(8, std::string("\x03\xf1", 2));
  CHECK(client.ended());
  REQUIRE(record->waitFor([](const Record& r) { return r.closed == 1; }));
  CHECK(record->code == 1009);
  CHECK(record->messages.empty());
  CHECK(server.counters().too_big == 1);
}

TEST_CASE("upgrades that are refused") {
  LoopThread loop;
  auto record = std::make_shared<Record>();
  ServerOptions given = options(record);
  given.sockets.push_back(
      {"/closed", "test.v1", [](const HttpRequest&) { return std::unique_ptr<PeerHandler>(); }});
  given.sockets.push_back({"/view", "view.v1", [record](const HttpRequest&) { return echo(record); }});
  RunningServer server(loop, std::move(given));
  const auto shake = [&](const std::string& path, const std::string& protocol, const std::string& more = "") {
    RawClient client(server.port());
    return client.handshake(path, protocol, more).substr(0, 12);
  };
  CHECK(shake("/ws", "other.v1") == "HTTP/1.1 400");
  CHECK(shake("/ws", "") == "HTTP/1.1 400");
  CHECK(shake("/ws", "diemcau http") == "HTTP/1.1 400");
  CHECK(shake("/ws", "view.v1") == "HTTP/1.1 400");  // one that we speak, but elsewhere
  CHECK(shake("/wsx", "test.v1") == "HTTP/1.1 404");
  CHECK(shake("/closed", "test.v1") == "HTTP/1.1 403");
  CHECK(shake("/ws", "test.v1", "Origin: http://evil.example\r\n") == "HTTP/1.1 403");
  CHECK(shake("/ws", "test.v1", "Origin: http://localhost:1\r\n") == "HTTP/1.1 403");
  CHECK(shake("/ws", "test.v1", "Content-Length: 5\r\n") == "HTTP/1.1 413");
  CHECK(server.counters().open_sockets == 0);
  CHECK(server.counters().refused_origin == 2);
  const std::string own = "Origin: http://localhost:" + std::to_string(server.port()) + "\r\n";
  CHECK(shake("/ws", "test.v1", own) == "HTTP/1.1 101");
  CHECK(shake("/ws", "nobody.v9, test.v1") == "HTTP/1.1 101");
  RawClient rebound(server.port());
  rebound.send(
      "GET /ws HTTP/1.1\r\nHost: evil.example\r\nUpgrade: websocket\r\nConnection: "
      "Upgrade\r\nSec-WebSocket-Key: "
      "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: test.v1\r\n\r\n");
  CHECK(rebound.readUntil("\r\n").starts_with("HTTP/1.1 403"));
  RawClient old(server.port());
  old.send(
      "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: "
      "Upgrade\r\nSec-WebSocket-Key: "
      "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Protocol: test.v1\r\n\r\n");
  CHECK(old.readUntil("\r\n").starts_with("HTTP/1.1 426"));
}

TEST_CASE("bytes behind the upgrade request are not lost, and an upgrade works on a kept connection") {
  LoopThread loop;
  ServerOptions given = options();
  given.http = [](const HttpRequest&, const Respond& respond) { respond({200, "text/plain", "ok", {}}); };
  RunningServer server(loop, std::move(given));
  RawClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(client.answer().ends_with("ok"));
  client.send(
      "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: "
      "test.v1\r\n\r\n" +
      std::string("\x82\x82\0\0\0\0hi", 8));
  CHECK(client.readUntil("\r\n\r\n").starts_with("HTTP/1.1 101"));
  CHECK(client.readFrame().payload == "hi");
}

TEST_CASE("a handler ends its connection, from any of its calls") {
  LoopThread loop;
  auto record = std::make_shared<Record>();
  ServerOptions given = options();
  std::string when;
  given.sockets[0].open = [&](const HttpRequest&) {
    auto handler = std::make_unique<Recorder>(record);
    if (when == "open") handler->on_open = [](Peer& peer) { peer.close(4403, "not you"); };
    if (when == "message")
      handler->on_message = [](Peer& peer, std::string_view) { peer.close(4403, "not you"); };
    if (when == "throw")
      handler->on_message = [](Peer&, std::string_view) { throw std::runtime_error("a test"); };
    return handler;
  };
  when = GENERATE(as<std::string>(), "open", "message", "outside", "throw");
  INFO(when);
  RunningServer server(loop, std::move(given));
  RawClient client(server.port());
  REQUIRE(client.handshake("/ws", "test.v1").starts_with("HTTP/1.1 101"));
  REQUIRE(record->waitFor([](const Record& r) { return r.opened == 1; }));
  if (when == "outside") loop.run([&](Loop&) { record->peer->close(4403, "not you"); });
  client.sendFrame(2, "hello");
  std::string reason;
  const int code = client.readCloseCode(&reason);
  CHECK(code == (when == "throw" ? 0 : 4403));
  if (when != "throw") {
    CHECK(reason == "not you");
    client.sendFrame(8, std::string("\x11\x33", 2));
  }
  CHECK(client.ended());
  REQUIRE(record->waitFor([](const Record& r) { return r.closed == 1; }));
  CHECK(record->code == (when == "throw" ? 1006 : 4403));
  CHECK(server.waitFor([](const auto& c) { return c.open_sockets == 0; }));
}

TEST_CASE("a peer that does not answer a close is cut off") {
  LoopThread loop;
  auto record = std::make_shared<Record>();
  RunningServer server(loop, options(record));
  RawClient client(server.port());
  REQUIRE(client.handshake("/ws", "test.v1").starts_with("HTTP/1.1 101"));
  REQUIRE(record->waitFor([](const Record& r) { return r.opened == 1; }));
  loop.run([&](Loop&) { record->peer->close(4409, "replaced"); });
  CHECK(client.readCloseCode() == 4409);
  REQUIRE(record->waitFor([](const Record& r) { return r.closed == 1; }));
  CHECK(record->code == 4409);
}

TEST_CASE("a long reason is cut between two characters") {
  LoopThread loop;
  auto record = std::make_shared<Record>();
  RunningServer server(loop, options(record));
  RawClient client(server.port());
  REQUIRE(client.handshake("/ws", "test.v1").starts_with("HTTP/1.1 101"));
  REQUIRE(record->waitFor([](const Record& r) { return r.opened == 1; }));
  std::string reason;
  for (int i = 0; i < 100; ++i) reason += "ế";
  loop.run([&](Loop&) { record->peer->close(4403, reason); });
  std::string got;
  CHECK(client.readCloseCode(&got) == 4403);
  CHECK(got.size() == 120);
  CHECK(reason.starts_with(got));
}

TEST_CASE("a draining server tells everybody and takes nobody new") {
  LoopThread loop;
  auto record = std::make_shared<Record>();
  RunningServer server(loop, options(record));
  std::vector<RawClient> clients;
  for (int i = 0; i < 20; ++i) {
    clients.emplace_back(server.port());
    REQUIRE(clients.back().handshake("/ws", "test.v1").starts_with("HTTP/1.1 101"));
  }
  RawClient idle(server.port());
  idle.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(idle.answer().starts_with("HTTP/1.1 404"));
  server.drain(close_code::kRestart, "new version");
  for (RawClient& client : clients) {
    std::string reason;
    CHECK(client.readCloseCode(&reason) == 1012);
    CHECK(reason == "restart: new version");
    client.sendFrame(8, std::string("\x03\xf4", 2));
    CHECK(client.ended());
  }
  CHECK(idle.ended());
  REQUIRE(record->waitFor([](const Record& r) { return r.closed == 20; }));
  CHECK(server.waitFor([](const auto& c) { return c.open_sockets == 0; }));
}

TEST_CASE("a server that goes makes no more calls, and destroys its handlers at once") {
  LoopThread loop;
  auto record = std::make_shared<Record>();
  auto alive = std::make_shared<int>(0);
  ServerOptions given = options();
  struct Counted final : Recorder {
    explicit Counted(std::shared_ptr<Record> record, std::shared_ptr<int> token)
        : Recorder(std::move(record)), token_(std::move(token)) {}
    std::shared_ptr<int> token_;
  };
  given.sockets[0].open = [=](const HttpRequest&) { return std::make_unique<Counted>(record, alive); };
  RunningServer server(loop, std::move(given));
  std::vector<RawClient> clients;
  for (int i = 0; i < 5; ++i) {
    clients.emplace_back(server.port());
    REQUIRE(clients.back().handshake("/ws", "test.v1").starts_with("HTTP/1.1 101"));
  }
  const long handlers = loop.run([&](Loop&) { return alive.use_count(); });
  CHECK(handlers >= 6);
  server.destroy();
  CHECK(loop.run([&](Loop&) { return alive.use_count(); }) == handlers - 5);
  for (RawClient& client : clients) CHECK(client.ended());
  CHECK(record->closed == 0);
}
