// TLS on both ends: who is believed, what is spoken, and that the guards hold under it too.
#include <sys/stat.h>

#include <cstdlib>
#include <thread>

#include "base/settings.hpp"
#include "net/openssl.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/proto/net/tls_client.hpp"

using namespace diemcau;
using namespace diemcau::net;
using namespace diemcau::net::test;

namespace {

struct Own {
  explicit Own(const std::string& name = "tls") : files{dir / (name + ".crt"), dir / (name + ".key")} {
    REQUIRE(makeOwnCertificate(files));
    fingerprint = *tlsFingerprint(files);
  }
  diemcau::test::TempDir dir;
  TlsFiles files;
  std::string fingerprint;
};

ServerOptions secured(const Own& own, std::shared_ptr<Record> record = std::make_shared<Record>()) {
  ServerOptions given = options(std::move(record));
  given.tls = own.files;
  given.limits.handshake_timeout_s =
      300;  // reading the system's authorities takes its time under a sanitizer
  given.http = [](HttpRequest request, const Respond& respond) {
    respond(
        {200, "text/plain", request.path == "/big" ? std::string(3 << 20, 'x') : "ok " + request.body, {}});
  };
  return given;
}

std::string at(const RunningServer& server, const std::string& scheme, const std::string& path) {
  return scheme + "://127.0.0.1:" + std::to_string(server.port()) + path;
}

Result<HttpAnswer> ask(const RunningServer& server, const std::string& path, const Trust& trust,
                       const std::string& scheme = "https") {
  return httpRequest("GET", at(server, scheme, path), "", {}, 20, trust);
}

bool serves(const RunningServer& server, const Own& own) {
  const auto answer = ask(server, "/", {own.fingerprint});
  return answer && answer->status == 200;
}

// One WebSocket client; what happens to it is in `record`, a failure in `reason`.
struct Visitor {
  Visitor(LoopThread& on, const std::string& url, const Trust& trust, std::vector<std::string> say = {})
      : loop(on) {
    loop.run([&](Loop& l) {
      context = clientContext(l);
      auto handler = std::make_unique<Recorder>(record);
      handler->out = std::move(say);
      ClientOptions given{.url = url, .protocol = "test.v1"};
      given.trust = trust;
      connection = context->connect(given, std::move(handler), [this](const std::string& why) {
        record->change([&](Record& r) {
          ++r.failures;
          r.reason = why;
        });
      });
    });
  }
  ~Visitor() {
    loop.run([&](Loop&) {
      connection.reset();
      context.reset();
    });
  }
  Visitor(const Visitor&) = delete;
  Visitor& operator=(const Visitor&) = delete;

  // The reason; empty when it connected after all.
  std::string refusal() {
    record->waitFor([](const Record& r) { return r.failures != 0 || r.opened != 0; });
    std::string why;
    record->change([&](const Record& r) { why = r.opened != 0 ? std::string() : r.reason; });
    return why;
  }

  LoopThread& loop;
  std::shared_ptr<Record> record = std::make_shared<Record>();
  std::unique_ptr<ClientContext> context;
  std::unique_ptr<Connection> connection;
};

}  // namespace

TEST_CASE(
    "the certificate of our own is made once, its key is private, and a lost certificate keeps the key") {
  const Own own;
  struct stat found {};
  REQUIRE(stat(own.files.key.c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0600);
  const auto key = readFile(own.files.key);
  REQUIRE(makeOwnCertificate(own.files));
  CHECK(*readFile(own.files.key) == *key);
  REQUIRE(std::remove(own.files.certificate.c_str()) == 0);
  REQUIRE(makeOwnCertificate(own.files));
  CHECK(*tlsFingerprint(own.files) == own.fingerprint);
  // Without its key it must not be replaced silently: every site would have to be enrolled again.
  REQUIRE(std::remove(own.files.key.c_str()) == 0);
  CHECK_FALSE(makeOwnCertificate(own.files));
}

TEST_CASE("a fingerprint is read as people paste it, and half of one is none") {
  const std::string hex(64, 'a');
  CHECK(*cleanFingerprint(hex) == hex);
  CHECK(*cleanFingerprint("SHA256:" + std::string(64, 'A')) == hex);
  std::string colons;
  for (int i = 0; i < 32; ++i) colons += i == 0 ? "Aa" : ":aA";
  CHECK(*cleanFingerprint(colons) == hex);
  for (const std::string& bad : {std::string(), hex.substr(1), hex + "a", std::string(64, 'g')}) {
    INFO(bad);
    CHECK_FALSE(cleanFingerprint(bad));
  }
}

TEST_CASE("who has the right fingerprint talks, over WebSocket and HTTP, in small and in large") {
  const Own own;
  LoopThread loop;
  auto record = std::make_shared<Record>();
  RunningServer server(loop, secured(own, record));
  const std::string large(60'000, 'm');
  Visitor caller(loop, at(server, "wss", "/ws"), {own.fingerprint}, {"small", large, "last"});
  REQUIRE(caller.record->waitFor([](const Record& r) { return r.messages.size() == 3 || r.failures != 0; }));
  CHECK(caller.record->messages == std::vector<std::string>{"small", large, "last"});
  const auto small = httpRequest("POST", at(server, "https", "/"), "body", {}, 20, {own.fingerprint});
  REQUIRE(small);
  CHECK(small->body == "ok body");
  const auto big = ask(server, "/big", {own.fingerprint});
  REQUIRE(big);
  CHECK(big->body.size() == 3U << 20U);
}

TEST_CASE("another key is not believed, and nothing is said to it") {
  const Own own, other;
  LoopThread loop;
  auto record = std::make_shared<Record>();
  RunningServer server(loop, secured(own, record));
  Visitor caller(loop, at(server, "wss", "/ws"), {other.fingerprint}, {"secret"});
  CHECK_THAT(caller.refusal(), Catch::Contains("not the one expected"));
  const auto answer = ask(server, "/", {other.fingerprint});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::kDenied);
  CHECK_THAT(answer.error().text, Catch::Contains("not the one expected"));
  CHECK(server.counters().requests == 0);
  CHECK(record->opened == 0);
}

TEST_CASE("without a fingerprint a certificate of nobody's is not believed") {
  const Own own;
  LoopThread loop;
  RunningServer server(loop, secured(own));
  Visitor caller(loop, at(server, "wss", "/ws"), {}, {"secret"});
  CHECK_THAT(caller.refusal(), Catch::Contains("no authority"));
  const auto answer = ask(server, "/", {});
  REQUIRE_FALSE(answer);
  CHECK_THAT(answer.error().text, Catch::Contains("no authority"));
  CHECK(server.counters().requests == 0);
}

TEST_CASE("the system's authorities and the name decide where there is no fingerprint") {
  const Own own;
  // This process' system: the only authority is the certificate itself.
  setenv("SSL_CERT_FILE", own.files.certificate.c_str(), 1);
  LoopThread loop;
  RunningServer server(loop, secured(own));
  const std::string port = std::to_string(server.port());
  for (const char* host : {"localhost", "127.0.0.1"}) {
    INFO(host);
    CHECK(httpRequest("GET", "https://" + std::string(host) + ":" + port + "/", "", {}, 20));
    Visitor caller(loop, "wss://" + std::string(host) + ":" + port + "/ws", {});
    CHECK(caller.refusal().empty());
  }
  unsetenv("SSL_CERT_FILE");
}

TEST_CASE("what is believed of a certificate") {
  const Own own;
  const auto pem = *readFile(own.files.certificate);
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  const X509Ptr leaf(PEM_read_bio_X509(bio, nullptr, nullptr, nullptr));
  BIO_free(bio);
  REQUIRE(leaf);
  struct Row {
    const char* what;
    bool certificate, chain_ok;
    std::string pin, host;
    bool believed;
  };
  const std::string wrong(64, '0');
  const Row rows[] = {
      {"right key, no authority", true, false, own.fingerprint, "hall.example", true},
      {"right key, wrong name", true, true, own.fingerprint, "other.example", true},
      {"wrong key", true, false, wrong, "localhost", false},
      {"wrong key with an authority and the name", true, true, wrong, "localhost", false},
      {"no certificate with a pin", false, true, own.fingerprint, "localhost", false},
      {"no certificate", false, true, "", "localhost", false},
      {"an authority and the name", true, true, "", "localhost", true},
      {"an authority and the address", true, true, "", "127.0.0.1", true},
      {"an authority and the address, version 6", true, true, "", "::1", true},
      {"an authority and another name", true, true, "", "localhost.example", false},
      {"an authority and another address", true, true, "", "127.0.0.2", false},
      {"the name alone", true, false, "", "localhost", false},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    std::string why;
    CHECK(believed(row.certificate ? leaf.get() : nullptr, row.chain_ok, {row.pin}, row.host, why) ==
          row.believed);
    CHECK(why.empty() == row.believed);
  }
}

TEST_CASE("plain and TLS do not mix on one port") {
  const Own own;
  LoopThread loop;
  RunningServer server(loop, secured(own));
  RawClient plain(server.port());
  plain.send("GET / HTTP/1.1\r\n" + host(server) + "\r\n");
  CHECK(plain.readAll().find("HTTP/1.1 200") == std::string::npos);
  Visitor caller(loop, at(server, "ws", "/ws"), {});
  CHECK_FALSE(caller.refusal().empty());
  CHECK_FALSE(ask(server, "/", {}, "http"));
  CHECK(server.counters().requests == 0);
  CHECK(serves(server, own));

  RunningServer open(loop, options());
  Visitor secret(loop, at(open, "wss", "/ws"), {own.fingerprint});
  CHECK_FALSE(secret.refusal().empty());
  CHECK_FALSE(ask(open, "/", {own.fingerprint}));
}

TEST_CASE("TLS 1.2 and newer; older is refused") {
  const Own own;
  LoopThread loop;
  RunningServer server(loop, secured(own));
  CHECK_FALSE(TlsClient(server.port(), {TLS1_VERSION, TLS1_1_VERSION, ""}).shaken());
  CHECK_FALSE(TlsClient(server.port(), {TLS1_1_VERSION, TLS1_1_VERSION, ""}).shaken());
  TlsClient two(server.port(), {TLS1_2_VERSION, TLS1_2_VERSION, ""});
  REQUIRE(two.shaken());
  CHECK(two.version() == "TLSv1.2");
  two.send("GET / HTTP/1.1\r\n" + host(server) + "\r\n");
  CHECK(two.answer().ends_with("ok "));
  TlsClient three(server.port(), {TLS1_3_VERSION, TLS1_3_VERSION, ""});
  REQUIRE(three.shaken());
  three.send("GET / HTTP/1.1\r\n" + host(server) + "\r\n");
  CHECK(three.answer().ends_with("ok "));
}

TEST_CASE("guard 2 under TLS: HTTP/2 is never negotiated") {
  const Own own;
  LoopThread loop;
  RunningServer server(loop, secured(own));
  TlsClient both(server.port(), {0, 0, std::string("\x02h2\x08http/1.1", 12)});
  REQUIRE(both.shaken());
  CHECK(both.alpn() == "http/1.1");
  both.send("GET / HTTP/1.1\r\n" + host(server) + "\r\n");
  CHECK(both.answer().ends_with("ok "));
  TlsClient only(server.port(), {0, 0, std::string("\x02h2", 3)});
  CHECK(only.alpn().empty());
  if (only.shaken()) {
    only.send(std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") + std::string("\0\0\0\4\0\0\0\0\0", 9));
    CHECK(only.readAll().find(std::string("\0\0\0\4\1", 5)) == std::string::npos);  // no SETTINGS ACK
  }
  CHECK(serves(server, own));
}

TEST_CASE("guards 1, 3, 4 under TLS: upgrades to nothing, CONNECT, lengths that lie") {
  const Own own;
  LoopThread loop;
  RunningServer server(loop, secured(own));
  for (const char* token : {"foo", "h2c", "websocketx"}) {
    INFO(token);
    TlsClient client(server.port());
    client.send("GET / HTTP/1.1\r\n" + host(server) + "\r\n");
    CHECK(client.answer().ends_with("ok "));
    client.send("GET / HTTP/1.1\r\n" + host(server) + "Connection: Upgrade\r\nUpgrade: " + token +
                "\r\n\r\n");
    const std::string rest = client.readAll();
    CHECK(rest.find(" 101 ") == std::string::npos);
    CHECK(rest.find(" 200 ") == std::string::npos);
  }
  TlsClient raw(server.port());
  raw.send("CONNECT localhost:22 HTTP/1.1\r\n" + host(server) + "\r\n");
  CHECK(raw.readAll().empty());
  TlsClient smuggler(server.port());
  smuggler.send("POST / HTTP/1.1\r\n" + host(server) +
                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /admin HTTP/1.1\r\n" +
                host(server) + "\r\n");
  const std::string answer = smuggler.readAll();
  CHECK(answer.starts_with("HTTP/1.1 400"));
  CHECK(answer.find("HTTP/1.1", 8) == std::string::npos);
  CHECK(serves(server, own));
}

TEST_CASE("who never finishes the TLS handshake is cut off, and counts among the handshakes") {
  const Own own;
  LoopThread loop;
  ServerOptions given = secured(own);
  given.limits.handshake_timeout_s = 1;
  given.limits.max_handshakes = 2;
  RunningServer server(loop, std::move(given));
  RawClient silent(server.port());
  RawClient half(server.port());
  half.send(std::string("\x16\x03\x01\x02\x00\x01", 6));
  CHECK(silent.ended());
  CHECK(half.ended());
  CHECK(serves(server, own));
  CHECK(server.waitFor([](const ServerCounters& c) { return c.timeouts >= 1; }));
}

TEST_CASE("a new certificate is used by itself, open connections go on, and a broken file changes nothing") {
  const Own own, next("next");
  LoopThread loop;
  RunningServer server(loop, secured(own));
  Visitor caller(loop, at(server, "wss", "/ws"), {own.fingerprint});
  REQUIRE(caller.refusal().empty());

  REQUIRE(writeFileAtomically(own.files.certificate, "-----BEGIN CERTIFICATE-----\nhalf"));
  CHECK_FALSE(server.reload());
  CHECK(TlsClient(server.port()).fingerprint() == own.fingerprint);
  // The certificate alone: it does not fit the key.
  REQUIRE(writeFileAtomically(own.files.certificate, *readFile(next.files.certificate)));
  CHECK_FALSE(server.reload());
  CHECK(TlsClient(server.port()).fingerprint() == own.fingerprint);

  REQUIRE(writeFileAtomically(own.files.key, *readFile(next.files.key), 0600));
  const auto until = std::chrono::steady_clock::now() + kLimit;
  std::string shown;
  while (shown != next.fingerprint && std::chrono::steady_clock::now() < until) {
    TlsClient look(server.port());
    if (look.shaken()) shown = look.fingerprint();
    std::this_thread::yield();
  }
  CHECK(shown == next.fingerprint);
  CHECK(serves(server, next));
  loop.run([&](Loop&) { caller.record->peer->close(1000, "done"); });
  CHECK(caller.record->waitFor([](const Record& r) { return r.closed == 1; }));
  CHECK(caller.record->code == 1000);
}

TEST_CASE("a server does not start with a certificate that cannot be used") {
  const Own own;
  Loop loop;
  ServerOptions given = secured(own);
  given.tls->key = own.dir / "missing.key";
  const auto started = serve(loop, std::move(given));
  REQUIRE_FALSE(started);
  CHECK_THAT(started.error().text, Catch::Contains("missing.key"));
}
