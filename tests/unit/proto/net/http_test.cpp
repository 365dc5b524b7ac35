// The HTTP side of the server, over real sockets.
#include "tests/support/catch.hpp"
#include "tests/unit/proto/net/support.hpp"

using namespace diemcau;
using namespace diemcau::net;
using namespace diemcau::net::test;

namespace {

std::string get(const RunningServer& server, const std::string& path, const std::string& more = "") {
  return "GET " + path + " HTTP/1.1\r\n" + host(server) + more + "\r\n";
}

// Tells what it was asked.
ServerOptions mirror() {
  ServerOptions given = options();
  given.http = [](HttpRequest request, Respond respond) {
    HttpResponse response;
    response.content_type = "text/plain";
    response.body = request.method + " " + request.path + "|";
    for (const auto& [name, value] : request.query) response.body += name + "=" + value + ";";
    response.body += "|" + request.headers["x-diemcau-actor"] + "|" + request.headers["content-type"] + "|" +
                     request.peer + "|" + request.body;
    respond(std::move(response));
  };
  return given;
}

int statusOf(const std::string& answer) {
  return answer.size() < 12 ? 0 : std::stoi(answer.substr(9, 3));
}

}  // namespace

TEST_CASE("a request reaches the owner whole, and its answer goes back with a length") {
  LoopThread loop;
  RunningServer server(loop, mirror());
  RawClient client(server.port());
  client.send(get(server, "/a/b%20c?x=1&ten=%C4%90%E1%BB%91ng+%C4%90a&y", "X-Diemcau-Actor: lan\r\n"));
  const std::string answer = client.answer();
  CHECK(statusOf(answer) == 200);
  CHECK(answer.find("GET /a/b c|ten=Đống Đa;x=1;y=;|lan||127.0.0.1|") != std::string::npos);
  CHECK(answer.find("X-Content-Type-Options: nosniff") != std::string::npos);
  CHECK(answer.find("Cache-Control: no-store") != std::string::npos);
  CHECK(answer.find("Referrer-Policy: no-referrer") != std::string::npos);
}

TEST_CASE("one connection serves one request after the other, and two sent together") {
  LoopThread loop;
  RunningServer server(loop, mirror());
  RawClient client(server.port());
  for (int i = 0; i < 20; ++i) {
    client.send(get(server, "/" + std::to_string(i)));
    CHECK(client.answer().find("GET /" + std::to_string(i) + "|") != std::string::npos);
  }
  client.send(get(server, "/first") + get(server, "/second"));
  CHECK(client.answer().find("GET /first|") != std::string::npos);
  CHECK(client.answer().find("GET /second|") != std::string::npos);
  CHECK(server.counters().accepted == 1);
  CHECK(server.counters().requests == 22);
}

TEST_CASE("bodies arrive whole, with and without a request behind them") {
  LoopThread loop;
  RunningServer server(loop, mirror());
  RawClient client(server.port());
  const std::string large(300'000, 'z');
  const auto post = [&](const std::string& method, const std::string& body) {
    return method + " /p HTTP/1.1\r\n" + host(server) +
           "Content-Type: text/csv\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  };
  for (const char* method : {"POST", "PUT", "DELETE"}) {
    INFO(method);
    client.send(post(method, "xin chào"));
    CHECK(client.answer().ends_with(std::string("|") + "|text/csv|127.0.0.1|xin chào"));
    client.send(post(method, ""));
    CHECK(client.answer().ends_with("|text/csv|127.0.0.1|"));
  }
  client.send(post("POST", large));
  CHECK(client.answer().ends_with(large));
  client.send(post("POST", "one") + get(server, "/two"));
  CHECK(client.answer().ends_with("|one"));
  CHECK(client.answer().find("GET /two|") != std::string::npos);
}

TEST_CASE("a POST without a length has no body, and ends the connection after its answer") {
  LoopThread loop;
  RunningServer server(loop, mirror());
  RawClient client(server.port());
  client.send("POST /p HTTP/1.1\r\n" + host(server) + "\r\n");
  const std::string answer = client.answer();
  CHECK(statusOf(answer) == 200);
  CHECK(answer.find("Connection: close\r\n") != std::string::npos);
  CHECK(client.ended());
}

TEST_CASE("a sender that waits for 100 Continue gets it") {
  LoopThread loop;
  RunningServer server(loop, mirror());
  RawClient client(server.port());
  client.send("POST /p HTTP/1.1\r\n" + host(server) + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  CHECK(client.readUntil("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("abc");
  CHECK(client.answer().ends_with("|abc"));
}

TEST_CASE("HEAD is answered with the length and no body") {
  LoopThread loop;
  RunningServer server(loop, mirror());
  RawClient client(server.port());
  client.send("HEAD /h HTTP/1.1\r\n" + host(server) + "\r\n");
  const std::string head = client.answer(false);
  CHECK(statusOf(head) == 200);
  CHECK(head.find("Content-Length: 21\r\n") != std::string::npos);
  client.send(get(server, "/next"));
  CHECK(client.answer().starts_with("HTTP/1.1 200"));
}

TEST_CASE("who asks to close, and HTTP/1.0, get their answer and the end") {
  LoopThread loop;
  RunningServer server(loop, mirror());
  for (const std::string& request : {"GET / HTTP/1.1\r\n" + host(server) + "Connection: close\r\n\r\n",
                                     "GET / HTTP/1.0\r\n" + host(server) + "\r\n"}) {
    RawClient client(server.port());
    client.send(request);
    const std::string all = client.readAll();
    CHECK(statusOf(all) == 200);
    CHECK(all.find("Connection: close\r\n") != std::string::npos);
    CHECK(all.find("GET /|") != std::string::npos);
  }
}

TEST_CASE("an answer of many megabytes arrives, also where the reader is slow to begin") {
  LoopThread loop;
  ServerOptions given = options();
  const std::string large(20 * 1024 * 1024, 'q');
  given.http = [&](const HttpRequest&, const Respond& respond) { respond({200, "text/plain", large, {}}); };
  RunningServer server(loop, std::move(given));
  RawClient client(server.port(), 4096);
  client.send(get(server, "/"));
  CHECK(client.answer().size() > large.size());
  client.send(get(server, "/"));
  CHECK(client.answer().ends_with("qqqq"));
}

TEST_CASE("the owner may answer later, twice, or after everything is gone") {
  LoopThread loop;
  ServerOptions given = options();
  auto kept = std::make_shared<std::vector<Respond>>();
  given.http = [kept](const HttpRequest&, Respond respond) { kept->push_back(std::move(respond)); };
  RunningServer server(loop, std::move(given));
  const auto asked = [&](std::size_t count) {
    return server.waitFor([&](const auto& c) { return c.requests == count; });
  };

  SECTION("later") {
    RawClient client(server.port());
    client.send(get(server, "/") + get(server, "/"));
    REQUIRE(asked(1));
    loop.run([&](Loop&) {
      kept->front()({200, "text/plain", "late", {}});
      kept->front()({200, "text/plain", "twice", {}});
    });
    CHECK(client.answer().ends_with("late"));
    REQUIRE(asked(2));
    loop.run([&](Loop&) { kept->back()({201, "text/plain", "second", {}}); });
    CHECK(statusOf(client.answer()) == 201);
  }
  SECTION("after the client left") {
    {
      RawClient client(server.port());
      client.send(get(server, "/"));
      REQUIRE(asked(1));
    }
    loop.run([&](Loop&) { kept->front()({200, "text/plain", "to nobody", {}}); });
    RawClient client(server.port());
    client.send(get(server, "/"));
    REQUIRE(asked(2));
    loop.run([&](Loop&) { kept->back()({200, "text/plain", "here", {}}); });
    CHECK(client.answer().ends_with("here"));
  }
  SECTION("after the server left") {
    RawClient client(server.port());
    client.send(get(server, "/"));
    REQUIRE(asked(1));
    server.destroy();
    loop.run([&](Loop&) { kept->front()({200, "text/plain", "to nobody", {}}); });
    CHECK(client.readAll().empty());
  }
}

TEST_CASE("a server may be destroyed by its own handler") {
  LoopThread loop;
  std::unique_ptr<Server> server;
  ServerOptions given = options();
  given.http = [&](const HttpRequest&, const Respond& respond) {
    server.reset();
    respond({200, "text/plain", "gone", {}});
  };
  const std::uint16_t port = loop.run([&](Loop& on) {
    server = std::move(*serve(on, std::move(given)));
    return server->port();
  });
  RawClient client(port);
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(client.readAll().empty());
  CHECK(loop.run([&](Loop&) { return server == nullptr; }));
}

TEST_CASE("what is refused before anybody sees it") {
  struct Row {
    const char* what;
    std::string request;  // without Host
    int status;
  };
  const Row rows[] = {
      {"PATCH", "PATCH / HTTP/1.1\r\nContent-Length: 1\r\n", 405},
      {"OPTIONS", "OPTIONS / HTTP/1.1\r\n", 405},
      {"chunked", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", 400},
      {"chunked and a length", "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400},
      {"chunked GET", "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", 400},
      {"identity", "POST / HTTP/1.1\r\nTransfer-Encoding: identity\r\nContent-Length: 1\r\n", 400},
      {"length -1", "POST / HTTP/1.1\r\nContent-Length: -1\r\n", 400},
      {"length +1", "POST / HTTP/1.1\r\nContent-Length: +1\r\n", 400},
      {"length 0x10", "POST / HTTP/1.1\r\nContent-Length: 0x10\r\n", 400},
      {"length 1 1", "POST / HTTP/1.1\r\nContent-Length: 1 1\r\n", 400},
      {"two lengths", "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n", 400},
      {"huge length", "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n", 400},
      {"over the limit", "POST / HTTP/1.1\r\nContent-Length: 1048577\r\n", 413},
      {"long path", "GET /" + std::string(1100, 'a') + " HTTP/1.1\r\n", 414},
      {"control in the path", "GET /a%01b HTTP/1.1\r\n", 400},
      {"not UTF-8", "GET /a%ffb HTTP/1.1\r\n", 400},
      {"backslash", "GET /a%5c..%5cb HTTP/1.1\r\n", 400},
      {"control in the query", "GET /?a=%0d%0a HTTP/1.1\r\n", 400},
  };
  LoopThread loop;
  RunningServer server(loop, mirror());
  for (const Row& row : rows) {
    INFO(row.what);
    RawClient client(server.port());
    client.send(row.request + host(server) + "\r\n");
    const std::string answer = client.answer();
    CHECK(statusOf(answer) == row.status);
    CHECK(answer.find("application/problem+json") != std::string::npos);
    CHECK(answer.find("X-Content-Type-Options: nosniff") != std::string::npos);
    CHECK(client.ended());
  }
  CHECK(server.counters().requests == 0);
  CHECK(server.counters().refused_request == std::size(rows) - 1);
  CHECK(server.counters().too_big == 1);
}

TEST_CASE("no path leads out of the root") {
  LoopThread loop;
  RunningServer server(loop, mirror());
  for (const char* path :
       {"/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/a/..%2f..%2fetc", "/..", "/a/%2e%2e", "//x"}) {
    INFO(path);
    RawClient client(server.port());
    client.send(get(server, path));
    const std::string answer = client.answer();
    CHECK(answer.find("..") == std::string::npos);
    CHECK((statusOf(answer) == 200 || statusOf(answer) == 400));
  }
  RawClient client(server.port());
  client.send(get(server, "/a%00b"));
  CHECK(statusOf(client.readAll()) != 200);
}

TEST_CASE("a body beyond the limit is told so while it is still being sent") {
  LoopThread loop;
  RunningServer server(loop, mirror());
  RawClient client(server.port());
  client.send("POST / HTTP/1.1\r\n" + host(server) + "Content-Length: 8000000\r\n\r\n");
  client.send(std::string(200'000, 'x'));
  CHECK(statusOf(client.answer()) == 413);
}

TEST_CASE("a wrong Host or Origin is refused") {
  LoopThread loop;
  RunningServer server(loop, mirror());
  const std::string origin = "Origin: http://evil.example:" + std::to_string(server.port()) + "\r\n";
  const std::string own = "Origin: http://127.0.0.1:" + std::to_string(server.port()) + "\r\n";
  const auto status = [&](const std::string& request) {
    RawClient client(server.port());
    client.send(request);
    return statusOf(client.answer());
  };
  CHECK(status("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n") == 403);
  CHECK(status("GET / HTTP/1.1\r\n\r\n") == 403);
  CHECK(status("GET / HTTP/1.1\r\nHost: 127.3.2.1:99\r\n\r\n") == 200);
  CHECK(status("POST / HTTP/1.1\r\n" + host(server) + origin + "Content-Length: 0\r\n\r\n") == 403);
  CHECK(status("POST / HTTP/1.1\r\n" + host(server) + "Origin: null\r\nContent-Length: 0\r\n\r\n") == 403);
  CHECK(status("POST / HTTP/1.1\r\n" + host(server) + own + "Content-Length: 0\r\n\r\n") == 200);
  CHECK(status("GET / HTTP/1.1\r\n" + host(server) + origin + "\r\n") == 200);
  CHECK(server.counters().refused_host == 2);
  CHECK(server.counters().refused_origin == 2);
}

TEST_CASE("where it is asked for, the address that the caller reached is a name of ours, and no other is") {
  LoopThread loop;
  auto options = mirror();
  options.hosts = {"desk.hall"};
  options.own_address = true;
  RunningServer server(loop, std::move(options));
  const auto port = std::to_string(server.port());
  const auto status = [&](const std::string& host, const std::string& origin = "") {
    RawClient client(server.port());
    const auto from = origin.empty() ? "" : "Origin: http://" + origin + ":" + port + "\r\n";
    client.send("POST / HTTP/1.1\r\nHost: " + host + ":" + port + "\r\n" + from +
                "Content-Length: 0\r\n\r\n");
    return statusOf(client.answer());
  };
  CHECK(status("127.0.0.1") == 200);
  CHECK(status("127.0.0.1", "127.0.0.1") == 200);
  CHECK(status("desk.hall", "desk.hall") == 200);
  CHECK(status("127.0.0.2") == 403);
  CHECK(status("192.0.2.9") == 403);
  CHECK(status("rebound.example", "rebound.example") == 403);
  CHECK(status("127.0.0.1", "192.0.2.9") == 403);
}

TEST_CASE("without an owner for plain requests everything is 404") {
  LoopThread loop;
  RunningServer server(loop, options());
  RawClient client(server.port());
  client.send(get(server, "/"));
  CHECK(statusOf(client.answer()) == 404);
}

TEST_CASE("an owner that throws costs one connection and not the program") {
  LoopThread loop;
  ServerOptions given = options();
  given.http = [](const HttpRequest& request, const Respond& respond) {
    if (request.path == "/throw") throw std::runtime_error("a fault in a test");
    respond({200, "text/plain", "fine", {}});
  };
  RunningServer server(loop, std::move(given));
  RawClient bad(server.port());
  bad.send(get(server, "/throw"));
  CHECK(bad.readAll().empty());
  RawClient good(server.port());
  good.send(get(server, "/"));
  CHECK(good.answer().ends_with("fine"));
}

TEST_CASE("a port in use, a name and a forbidden port are told apart") {
  LoopThread loop;
  RunningServer server(loop, options());
  const auto refused = [&](const ListenAddress& where) {
    ServerOptions given = options();
    given.listen = where;
    auto started = loop.run([&](Loop& on) { return serve(on, std::move(given)); });
    REQUIRE_FALSE(started);
    return started.error();
  };
  const Error in_use = refused({"127.0.0.1", server.port()});
  CHECK(in_use.code == ErrorCode::kConflict);
  CHECK(in_use.text.find("127.0.0.1:" + std::to_string(server.port())) != std::string::npos);
  CHECK_FALSE(in_use.vi.empty());
  CHECK(refused({"khong-phai-so", 1}).code == ErrorCode::kInvalid);
}

TEST_CASE("several servers share one loop") {
  LoopThread loop;
  RunningServer first(loop, mirror());
  auto second = std::make_unique<RunningServer>(loop, mirror());
  ServerOptions six = mirror();
  six.listen = {"::1", 0};
  RunningServer third(loop, std::move(six));
  CHECK(third.port() != 0);
  for (int round = 0; round < 3; ++round) {
    RawClient one(first.port());
    one.send(get(first, "/one"));
    CHECK(one.answer().find("/one|") != std::string::npos);
    if (second) {
      RawClient two(second->port());
      two.send(get(*second, "/two"));
      CHECK(two.answer().find("/two|") != std::string::npos);
      second.reset();
    }
  }
}
