// The guards that libwebsockets 4.1.6 needs, each attacked with the bytes that go wrong without it. Worth
// most under the address sanitizer.
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/catch.hpp"
#include "tests/unit/proto/net/support.hpp"

using namespace diemcau;
using namespace diemcau::net;
using namespace diemcau::net::test;

namespace {

ServerOptions plain() {
  ServerOptions given = options();
  given.http = [](const HttpRequest&, const Respond& respond) { respond({200, "text/plain", "ok", {}}); };
  return given;
}

bool serves(const RunningServer& server) {
  RawClient client(server.port());
  client.send("GET / HTTP/1.1\r\n" + host(server) + "\r\n");
  return client.answer().ends_with("ok");
}

// An address of this machine that is no loopback; 0 when it has none.
in_addr_t ownAddress() {
  ifaddrs* all = nullptr;
  in_addr_t found = 0;
  if (getifaddrs(&all) != 0) return 0;
  for (const ifaddrs* one = all; one != nullptr; one = one->ifa_next) {
    const bool usable = one->ifa_addr != nullptr && one->ifa_addr->sa_family == AF_INET &&
                        (one->ifa_flags & IFF_UP) != 0 && (one->ifa_flags & IFF_LOOPBACK) == 0;
    if (usable) found = reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr.s_addr;
  }
  freeifaddrs(all);
  return found;
}

// A plain connection to that address, from it.
class FromOutside {
 public:
  FromOutside(in_addr_t address, std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = address;
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }
  ~FromOutside() { ::close(fd_); }
  FromOutside(const FromOutside&) = delete;
  FromOutside& operator=(const FromOutside&) = delete;
  // Until the peer closes it; false at the limit.
  bool ended() const {
    pollfd one{fd_, POLLRDHUP, 0};
    const int limit = static_cast<int>(std::chrono::milliseconds(kLimit).count());
    return connected_ && ::poll(&one, 1, limit) == 1;
  }

 private:
  int fd_;
  bool connected_ = false;
};

}  // namespace

TEST_CASE("guard 1: a kept connection that asks for an unknown upgrade is ended") {
  LoopThread loop;
  RunningServer server(loop, plain());
  for (const char* token : {"foo", "websocketx", "web", "WEBSOCKET/13", "h2c", "TLS/1.0, HTTP/1.1"}) {
    INFO(token);
    RawClient client(server.port());
    client.send("GET / HTTP/1.1\r\n" + host(server) + "\r\n");
    CHECK(client.answer().ends_with("ok"));
    client.send("GET / HTTP/1.1\r\n" + host(server) + "Connection: Upgrade\r\nUpgrade: " + token +
                "\r\n\r\n");
    const std::string rest = client.readAll();
    CHECK(rest.find(" 101 ") == std::string::npos);
    CHECK(rest.find(" 200 ") == std::string::npos);
    CHECK(serves(server));
  }
}

TEST_CASE("guard 1: the same as a first request, with body, and pipelined") {
  LoopThread loop;
  RunningServer server(loop, plain());
  const std::string upgrade = "GET / HTTP/1.1\r\n" + host(server) + "Connection: Upgrade\r\nUpgrade: foo\r\n";
  for (const std::string& bytes :
       {upgrade + "\r\n", upgrade + "Content-Length: 4\r\n\r\nabcd",
        "GET / HTTP/1.1\r\n" + host(server) + "\r\n" + upgrade + "\r\n",
        "POST / HTTP/1.1\r\n" + host(server) + "Content-Length: 2\r\n\r\nxy" + upgrade + "\r\n"}) {
    RawClient client(server.port());
    client.send(bytes);
    CHECK(client.readAll().find(" 101 ") == std::string::npos);
    CHECK(serves(server));
  }
}

TEST_CASE("guard 2: HTTP/2 is not spoken, neither by upgrade nor by prior knowledge") {
  LoopThread loop;
  RunningServer server(loop, plain());
  RawClient upgrade(server.port());
  upgrade.send(
      "GET / HTTP/1.1\r\n" + host(server) +
      "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
  CHECK(upgrade.readAll().find(" 101 ") == std::string::npos);
  RawClient prior(server.port());
  prior.send(std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") + std::string("\0\0\0\4\0\0\0\0\0", 9));
  const std::string answer = prior.readAll();
  CHECK(answer.find(std::string("\0\0\0\4\1", 5)) == std::string::npos);  // no SETTINGS ACK
  CHECK(serves(server));
}

TEST_CASE("guard 3: CONNECT opens no raw connection") {
  LoopThread loop;
  ServerOptions given = plain();
  given.limits.handshake_timeout_s = 3600;  // or our own time limit would end it, and nobody sees the guard
  RunningServer server(loop, std::move(given));
  RawClient client(server.port());
  client.send("CONNECT localhost:22 HTTP/1.1\r\n" + host(server) + "\r\n");
  CHECK(client.ended());  // and not kept for ever
  RawClient kept(server.port());
  kept.send("GET / HTTP/1.1\r\n" + host(server) + "\r\n");
  CHECK(kept.answer().ends_with("ok"));
  kept.send("CONNECT localhost:22 HTTP/1.1\r\n" + host(server) + "\r\nraw bytes");
  CHECK(kept.ended());
  CHECK(serves(server));
}

TEST_CASE("guard 4: lengths that lie") {
  LoopThread loop;
  RunningServer server(loop, plain());
  RawClient smuggler(server.port());
  smuggler.send("POST / HTTP/1.1\r\n" + host(server) +
                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /admin HTTP/1.1\r\n" +
                host(server) + "\r\n");
  const std::string answer = smuggler.readAll();
  CHECK(answer.starts_with("HTTP/1.1 400"));
  CHECK(answer.find("HTTP/1.1", 8) == std::string::npos);  // one answer only
  CHECK(server.counters().requests == 0);
}

TEST_CASE("guard 5: nothing is served from a directory, whatever is asked and how") {
  LoopThread loop;
  ServerOptions given = options();  // nobody answers plain requests
  RunningServer server(loop, std::move(given));
  for (const char* method : {"GET", "POST", "PUT", "DELETE"}) {
    for (const char* path : {"/", "/index.html", "/etc/passwd", "/ws/", "/."}) {
      INFO(method << " " << path);
      RawClient client(server.port());
      client.send(std::string(method) + " " + path + " HTTP/1.1\r\n" + host(server) +
                  "Content-Length: 0\r\n\r\n");
      CHECK(client.answer().starts_with("HTTP/1.1 404"));
    }
  }
}

TEST_CASE("guard 6: one address has so many connections, and another is served all the same") {
  const in_addr_t own = ownAddress();
  if (own == 0) {
    WARN("skipped: this machine has no address but the loopback");
    return;
  }
  LoopThread loop;
  ServerOptions given = plain();
  given.listen = {"0.0.0.0", 0};
  given.limits.max_per_address = 3;
  RunningServer server(loop, std::move(given));
  std::vector<std::unique_ptr<FromOutside>> inside;
  for (int i = 0; i < 3; ++i) inside.push_back(std::make_unique<FromOutside>(own, server.port()));
  REQUIRE(server.waitFor([](const auto& c) { return c.accepted == 3; }));
  CHECK(FromOutside(own, server.port()).ended());
  CHECK(server.counters().refused_limit == 1);
  CHECK(serves(server));  // from the loopback
  inside.clear();         // and when they have gone there is room again
  REQUIRE(server.waitFor([](const auto& c) { return c.accepted == 4; }));
  const auto takes = [&] {
    const FromOutside again(own, server.port());
    return server.waitFor([](const auto& c) { return c.accepted == 5; });
  };
  CHECK(takes());
}

TEST_CASE("guard 6: beyond the number of connections new ones are closed at once") {
  LoopThread loop;
  ServerOptions given = plain();
  given.limits.max_connections = 3;
  RunningServer server(loop, std::move(given));
  std::vector<RawClient> inside;
  for (int i = 0; i < 3; ++i) inside.emplace_back(server.port());
  RawClient outside(server.port());
  CHECK(outside.ended());
  CHECK(server.counters().refused_limit == 1);
  inside[0].send("GET / HTTP/1.1\r\n" + host(server) + "\r\n");
  CHECK(inside[0].answer().ends_with("ok"));
}

TEST_CASE(
    "only so many are between accept and hello: more wait in the system's queue, and are served in their "
    "turn") {
  LoopThread loop;
  ServerOptions given = plain();
  given.limits.max_handshakes = 2;
  RunningServer server(loop, std::move(given));
  RawClient silent_one(server.port());
  RawClient silent_two(server.port());
  REQUIRE(server.waitFor([](const auto& c) { return c.accepted == 2; }));
  RawClient waiting(server.port());
  waiting.send("GET / HTTP/1.1\r\n" + host(server) + "\r\n");
  CHECK(server.counters().accepted == 2);
  silent_one.send("GET / HTTP/1.1\r\n" + host(server) + "\r\n");
  CHECK(silent_one.answer().ends_with("ok"));
  CHECK(waiting.answer().ends_with("ok"));
}

TEST_CASE(
    "silent connections that take all the room make it again for those who wait, well before their time") {
  LoopThread loop;
  ServerOptions given = plain();
  given.limits.max_handshakes = 2;
  given.limits.handshake_timeout_s = 3600;
  RunningServer server(loop, std::move(given));
  std::vector<RawClient> silent;
  for (int i = 0; i < 2; ++i) silent.emplace_back(server.port());
  REQUIRE(server.waitFor([](const auto& c) { return c.accepted == 2; }));
  CHECK(serves(server));
  for (auto& client : silent) CHECK(client.ended());
  RawClient alone(server.port());
  REQUIRE(server.waitFor([](const auto& c) { return c.accepted == 4; }));
  CHECK(serves(server));  // there is room: nobody is sent away
  CHECK(server.counters().timeouts == 2);
}

TEST_CASE("who never finishes its headers or its body is cut off") {
  LoopThread loop;
  ServerOptions given = plain();
  given.limits.handshake_timeout_s = 1;
  RunningServer server(loop, std::move(given));
  RawClient nothing(server.port());
  RawClient half(server.port());
  half.send("GET / HTTP/1.1\r\nHost: loc");
  RawClient body(server.port());
  body.send("POST / HTTP/1.1\r\n" + host(server) + "Content-Length: 10\r\n\r\nabc");
  CHECK(nothing.ended());
  CHECK(half.ended());
  CHECK(body.ended());
  CHECK(server.counters().timeouts == 3);
  CHECK(serves(server));
}

TEST_CASE("requests sent on and on behind a body cost their connection, and never the loop") {
  LoopThread loop;
  ServerOptions given = options();
  auto kept = std::make_shared<std::vector<Respond>>();
  const bool late = GENERATE(false, true);
  given.http = [kept, late](const HttpRequest& request, Respond respond) {
    if (late && request.method == "POST") {
      kept->push_back(std::move(respond));
    } else {
      respond({200, "text/plain", "ok", {}});
    }
  };
  RunningServer server(loop, std::move(given));
  const std::string post = "POST / HTTP/1.1\r\n" + host(server) + "Content-Length: 3\r\n\r\nabc";
  RawClient client(server.port());
  client.send("GET / HTTP/1.1\r\n" + host(server) + "\r\n" + post + post + post + post);
  CHECK(client.answer().ends_with("ok"));
  CHECK(serves(server));
  CHECK(client.ended());
}

TEST_CASE("an encoded line break in the address starts no header") {
  LoopThread loop;
  ServerOptions given = options();
  auto actors = std::make_shared<std::vector<std::string>>();
  given.http = [actors](HttpRequest request, const Respond& respond) {
    actors->push_back(request.headers["x-diemcau-actor"]);
    respond({200, "text/plain", "ok", {}});
  };
  RunningServer server(loop, std::move(given));
  for (const char* path : {"/?a=%0aX-Diemcau-Actor:%20evil", "/%0aX-Diemcau-Actor:evil",
                           "/?a=%0d%0aX-Diemcau-Actor:evil", "/?%0aContent-Length:5", "/a%0d"}) {
    INFO(path);
    RawClient client(server.port());
    client.send("GET " + std::string(path) + " HTTP/1.1\r\n" + host(server) + "\r\n");
    CHECK(client.answer().find(" 200 ") == std::string::npos);
  }
  CHECK(actors->empty());
}

TEST_CASE("noise, endless headers and half requests harm nobody") {
  LoopThread loop;
  RunningServer server(loop, plain());
  std::string noise;
  for (unsigned i = 0; i < 5000; ++i) noise += static_cast<char>((i * 2654435761U) >> 13U);
  for (const std::string& bytes :
       {noise, std::string("\x16\x03\x01\x02\x00", 5), "GET / HTTP/1.1\r\nX: " + std::string(100'000, 'x'),
        "GET / HTTP/1.1\r\n" + std::string(20'000, '\n'),
        std::string("GET http://evil/ HTTP/1.1\r\nHost: evil\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\n\0\0\0\r\n\r\n", 23), std::string("BREW / HTTP/1.1\r\n\r\n")}) {
    RawClient client(server.port());
    client.send(bytes);
    CHECK(serves(server));
  }
}
