// What is decided on text alone: names, origins, addresses, the bytes of an answer.
#include "net/answer.hpp"
#include "net/request.hpp"
#include "net/url.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::net;

TEST_CASE("without a list, Host must be this machine") {
  struct Row {
    const char* host;
    bool allowed;
  };
  const Row rows[] = {
      {"localhost", true},       {"LocalHost:7680", true},    {"127.0.0.1:1", true},  {"127.9.8.7", true},
      {"[::1]", true},           {"[::1]:80", true},          {"example.com", false}, {"", false},
      {"127.0.0.1.evil", false}, {"localhost:", false},       {"localhost:x", false}, {"[::1", false},
      {"localhost,evil", false}, {"127.0.0.1:123456", false}, {"128.0.0.1", false},   {":80", false}};
  for (const Row& row : rows) {
    INFO(row.host);
    CHECK(hostAllowed(row.host, {}) == row.allowed);
  }
}

TEST_CASE("with a list, Host must be on it") {
  const std::vector<std::string> hosts{"cau.example.vn"};
  CHECK(hostAllowed("cau.example.vn", hosts));
  CHECK(hostAllowed("CAU.example.vn:443", hosts));
  CHECK_FALSE(hostAllowed("localhost", hosts));
  CHECK_FALSE(hostAllowed("x.cau.example.vn", hosts));
}

TEST_CASE("an Origin must name an allowed host and our port") {
  CHECK(originAllowed("http://localhost:7680", {}, 7680));
  CHECK(originAllowed("http://127.0.0.1", {}, 80));
  CHECK(originAllowed("https://[::1]", {}, 443));
  for (const char* bad :
       {"null", "http://localhost", "http://localhost:7681", "http://evil:7680", "ftp://localhost:7680",
        "http://localhost:7680/x", "http://localhost:7680@evil", ""}) {
    INFO(bad);
    CHECK_FALSE(originAllowed(bad, {}, 7680));
  }
}

TEST_CASE("words in a list are compared whole") {
  CHECK(listHas("keep-alive, Upgrade", "upgrade"));
  CHECK(listHas("a,b ,c", "b"));
  CHECK_FALSE(listHas("upgraded", "upgrade"));
  CHECK_FALSE(listHas("", "upgrade"));
}

TEST_CASE("addresses are taken apart strictly") {
  const auto url = parseUrl("ws://[::1]:7680/a/b?c=d");
  REQUIRE(url);
  CHECK(url->scheme == "ws");
  CHECK(url->host == "::1");
  CHECK(url->port == 7680);
  CHECK(url->path == "/a/b?c=d");
  CHECK(url->hostHeader() == "[::1]:7680");
  CHECK(parseUrl("http://may-chu")->path == "/");
  CHECK(parseUrl("http://may-chu?x=1")->path == "/?x=1");
  CHECK(parseUrl("http://may-chu")->hostHeader() == "may-chu");
  for (const char* bad : {"", "may-chu", "http://", "http://:80", "http://a:0", "http://a:70000",
                          "http://a:8x", "http://a b", "http://u@a", "http://[::1", "http://[[i]",
                          "http://[may-chu]", "http://a]", "://a", "http://a\r\nX: y"}) {
    INFO(bad);
    const auto refused = parseUrl(bad);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().text.find("http://127.0.0.1:7680") != std::string::npos);
  }
}

TEST_CASE("an answer carries its length and the headers for safety, and nothing that a value smuggles in") {
  HttpResponse response;
  response.body = "{}";
  response.headers = {{"X-Good", "1"}, {"X-Bad", "1\r\nSet-Cookie: a=b"}, {"Content-Length", "99"}};
  const std::string text = answerBytes(response, false, true);
  CHECK(text.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(text.find("X-Good: 1\r\n") != std::string::npos);
  CHECK(text.find("Set-Cookie") == std::string::npos);
  CHECK(text.find("Content-Length: 2\r\n") != std::string::npos);
  CHECK(text.find("99") == std::string::npos);
  CHECK(text.find("X-Content-Type-Options: nosniff\r\n") != std::string::npos);
  CHECK(text.find("Cache-Control: no-store\r\n") != std::string::npos);
  CHECK(text.find("Referrer-Policy: no-referrer\r\n") != std::string::npos);
  CHECK(text.ends_with("\r\n\r\n{}"));
  CHECK(answerBytes(response, true, true).ends_with("\r\n\r\n"));
  response.headers = {{"cache-control", "max-age=60"}};
  CHECK(answerBytes(response, false, true).find("no-store") == std::string::npos);
  response.status = 304;
  CHECK(answerBytes(response, false, true).find("Content-Length") == std::string::npos);
}
