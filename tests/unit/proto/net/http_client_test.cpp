// The blocking HTTP client of the command lines.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/catch.hpp"
#include "tests/unit/proto/net/support.hpp"

using namespace diemcau;
using namespace diemcau::net;
using namespace diemcau::net::test;

namespace {

// Reads one request head and says `text`.
class OneAnswer {
 public:
  explicit OneAnswer(std::string text, bool close_after = true) {
    fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(bind(fd_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(listen(fd_, 1) == 0);
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/x";
    thread_ = std::thread([this, text = std::move(text), close_after] {
      peer_ = accept(fd_, nullptr, nullptr);
      if (peer_ < 0) return;
      std::string head;
      char byte = 0;
      while (head.find("\r\n\r\n") == std::string::npos && recv(peer_, &byte, 1, 0) == 1) head += byte;
      ::send(peer_, text.data(), text.size(), MSG_NOSIGNAL);
      if (close_after) shutdown(peer_, SHUT_RDWR);
    });
  }
  ~OneAnswer() {
    shutdown(fd_, SHUT_RDWR);
    thread_.join();
    if (peer_ >= 0) ::close(peer_);
    ::close(fd_);
  }
  OneAnswer(const OneAnswer&) = delete;
  OneAnswer& operator=(const OneAnswer&) = delete;
  std::string url;

 private:
  int fd_ = -1, peer_ = -1;
  std::thread thread_;
};

Result<HttpAnswer> ask(const std::string& text, bool close_after = true, unsigned timeout_s = 20) {
  const OneAnswer server(text, close_after);
  return httpRequest("GET", server.url, "", {}, timeout_s);
}

}  // namespace

TEST_CASE("answers by length, in chunks and until the end") {
  const auto by_length =
      ask("HTTP/1.1 201 Created\r\ncontent-length: 5\r\nContent-Type: text/plain\r\n\r\nhello", false);
  REQUIRE(by_length);
  CHECK(by_length->status == 201);
  CHECK(by_length->content_type == "text/plain");
  CHECK(by_length->body == "hello");
  const auto chunked =
      ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n "
          "world\r\n0\r\nTrailer: 1\r\n\r\n",
          false);
  REQUIRE(chunked);
  CHECK(chunked->body == "hello world");
  const auto until_end = ask("HTTP/1.1 200 OK\r\n\r\neverything");
  REQUIRE(until_end);
  CHECK(until_end->body == "everything");
  const auto empty = ask("HTTP/1.1 204 No Content\r\n\r\n", false);
  REQUIRE(empty);
  CHECK(empty->status == 204);
  const auto after_continue =
      ask("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", false);
  REQUIRE(after_continue);
  CHECK(after_continue->body == "ok");
}

TEST_CASE("answers that cannot be read are told as such") {
  for (const char* text :
       {"", "HTTP/1.1 200", "220 mail ready\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n"}) {
    INFO(text);
    const auto answer = ask(text);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::kUnavailable);
    CHECK_FALSE(answer.error().vi.empty());
  }
}

TEST_CASE("a server that says nothing is given up") {
  const auto answer = ask("", false, 1);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::kUnavailable);
}

TEST_CASE("nobody there, no address, no way to say it") {
  std::string dead;
  { dead = OneAnswer("").url; }
  const auto refused = httpRequest("GET", dead, "", {}, 5);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kUnavailable);
  CHECK(refused.error().text.find("refused") != std::string::npos);
  CHECK(httpRequest("GET", "may-chu", "", {}, 5).error().code == ErrorCode::kInvalid);
  CHECK(httpRequest("GET", "ftp://127.0.0.1", "", {}, 5).error().code == ErrorCode::kInvalid);
  CHECK(httpRequest("GET", dead, "", {{"X", "a\r\nb"}}, 5).error().code == ErrorCode::kInvalid);
}

TEST_CASE("it speaks with our server, large bodies both ways") {
  LoopThread loop;
  ServerOptions given = options();
  given.limits.max_body = 8 * 1024 * 1024;
  given.http = [](HttpRequest request, const Respond& respond) {
    respond({200, "text/plain", request.method + request.headers["x-diemcau-actor"] + request.body, {}});
  };
  RunningServer server(loop, std::move(given));
  const std::string url = "http://localhost:" + std::to_string(server.port()) + "/x?y=z";
  const std::string body(5 * 1024 * 1024, 'k');
  const auto answer = httpRequest("PUT", url, body, {{"X-Diemcau-Actor", "Trần Thị Lan"}}, 20);
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->body == "PUTTrần Thị Lan" + body);
  const auto too_big = httpRequest("POST", url, std::string(9 * 1024 * 1024, 'k'), {}, 20);
  REQUIRE(too_big);
  CHECK(too_big->status == 413);
  CHECK(httpRequest("HEAD", url, "", {}, 20)->body.empty());
}
