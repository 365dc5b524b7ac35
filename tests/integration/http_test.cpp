// The API's door: who may ask, what it answers to the malformed, and that it stays open.
#include <fmt/format.h>

#include "tests/integration/centre.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::test;

namespace {

std::string firstLine(const std::string& answer) {
  return answer.substr(0, answer.find("\r\n"));
}

std::string plain(const Centre& centre, const std::string& head) {
  RawSocket socket(centre.apiPort());
  socket.send(head);
  return firstLine(socket.readUntil("\r\n\r\n"));
}

// Where the page's own script is: its name changes with its content.
std::string scriptOf(const std::string& page) {
  const auto from = page.find("src=\"/assets/");
  if (from == std::string::npos) return {};
  return page.substr(from + 5, page.find('"', from + 5) - from - 5);
}

}  // namespace

TEST_CASE("health, readiness, metrics and the page answer") {
  Centre centre;
  CHECK(centre.get("/healthz").body == "ok\n");
  CHECK(centre.get("/readyz").status == 200);
  CHECK(centre.metric("diemcau_store_healthy") == 1);
  CHECK(centre.metric("diemcau_roster_sites") == 0);
  const auto page = centre.get("/");
  CHECK(page.status == 200);
  CHECK(page.type == "text/html; charset=utf-8");
  const auto script = scriptOf(page.body);
  REQUIRE(script.starts_with("/assets/"));
  CHECK(centre.get(script).type == "text/javascript; charset=utf-8");
  CHECK(centre.get("/assets/none.js").status == 404);
  CHECK(centre.get("/api/v1/none").type == "application/problem+json");
}

TEST_CASE("a foreign Host or Origin is refused, on requests and on upgrades") {
  Centre centre;
  const auto port = centre.apiPort();
  CHECK(plain(centre, fmt::format("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", port)) ==
        "HTTP/1.1 200 OK");
  CHECK(plain(centre, fmt::format("GET /healthz HTTP/1.1\r\nHost: evil.example:{}\r\n\r\n", port))
            .starts_with("HTTP/1.1 403"));
  CHECK(plain(centre, fmt::format("POST /api/v1/sessions HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nOrigin: "
                                  "http://evil.example\r\nContent-Length: 0\r\n\r\n",
                                  port))
            .starts_with("HTTP/1.1 403"));
  for (const char* protocol : {"diemcau.view.v1"}) {
    RawSocket foreign(port);
    CHECK(firstLine(foreign.upgrade("/api/v1/view", protocol, port, "Origin: http://evil.example\r\n"))
              .starts_with("HTTP/1.1 403"));
    RawSocket own(port);
    const auto head =
        own.upgrade("/api/v1/view", protocol, port, fmt::format("Origin: http://127.0.0.1:{}\r\n", port));
    CHECK(firstLine(head).starts_with("HTTP/1.1 101"));
    CHECK(head.find(protocol) != std::string::npos);
  }
  RawSocket site(centre.sitesPort());
  CHECK(firstLine(
            site.upgrade("/site", "diemcau.site.v1", centre.sitesPort(), "Origin: http://evil.example\r\n"))
            .starts_with("HTTP/1.1 403"));
  CHECK(centre.metric("diemcau_net_refused_total{server=\"api\",reason=\"origin\"}") == 2);
}

TEST_CASE("a socket for another path, protocol or session is refused") {
  Centre centre;
  const auto port = centre.apiPort();
  struct Row {
    const char *path, *protocol;
  };
  for (const auto& row :
       {Row{"/api/v1/views", "diemcau.view.v1"}, Row{"/api/v1/view", "diemcau.view.v9"},
        Row{"/api/v1/view?session=none", "diemcau.view.v1"}, Row{"/site", "diemcau.site.v1"}}) {
    CAPTURE(row.path, row.protocol);
    RawSocket socket(port);
    CHECK(firstLine(socket.upgrade(row.path, row.protocol, port)).starts_with("HTTP/1.1 4"));
  }
  CHECK(centre.get("/readyz").status == 200);
}

TEST_CASE("what is malformed is refused and harms nobody") {
  Centre centre;
  const auto port = centre.apiPort();
  const std::vector<std::string> bad = {
      "rubbish\r\n\r\n",
      fmt::format("GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                  port),
      fmt::format("POST /api/v1/sessions HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: -1\r\n\r\n", port),
      fmt::format(
          "POST /api/v1/sessions HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: 99999999999\r\n\r\n",
          port),
      fmt::format("GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUpgrade: foo\r\nConnection: Upgrade\r\n\r\n",
                  port),
      fmt::format("CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", port),
  };
  for (const auto& request : bad) {
    CAPTURE(request);
    const auto answer = plain(centre, request);
    CHECK_FALSE(answer.starts_with("HTTP/1.1 2"));
  }
  CHECK(centre.get("/readyz").status == 200);
}

TEST_CASE("a body beyond the limit is 413, one that is no JSON 415") {
  Centre centre;
  auto big = centre.post("/api/v1/sessions", {{"title", std::string(1100 * 1024, 'x')}});
  CHECK(big.status == 413);
  auto answer = net::httpRequest("POST", centre.api("/api/v1/sessions"), "a=b",
                                 {{"Content-Type", "application/x-www-form-urlencoded"}}, 10);
  REQUIRE(answer);
  CHECK(answer->status == 415);
}
