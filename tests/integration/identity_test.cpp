// Sites' identity with the real coordinator and the real agent over TLS: as a stranger on the network, and as
// the hall that belongs here. Each refusal is told, audited, and changes nothing.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/settings.hpp"
#include "base/signing.hpp"
#include "diemcau/v1/enrolment.pb.h"
#include "tests/integration/centre.hpp"
#include "tests/integration/identity_proxy.hpp"
#include "tests/integration/test_site.hpp"
#include "tests/support/catch.hpp"
#include "wire/enrolment_token.hpp"
#include "wire/proof.hpp"

using namespace diemcau;
using namespace diemcau::test;

namespace {

// What is told of a centre that can be reached from outside, without leaving loopback.
constexpr const char* kOutside = "[sites]\ntls = \"on\"\nenrolment = \"required\"\nheartbeat_ms = 1000\n";

struct GuardedCity {
  Centre centre{kOutside};
  Loop loop;
  std::unique_ptr<net::ClientContext> context = net::clientContext(loop);

  GuardedCity() { centre.importCity(3); }
  std::string token(const std::string& site) {
    const auto answer = centre.post("/api/v1/sites/" + site + "/enrol");
    REQUIRE(answer.status == 200);
    return answer.json()["tokens"][0]["token"];
  }
  Json site(const std::string& id) { return centre.get("/api/v1/sites/" + id).json(); }
  net::TlsFiles tls() const { return {centre.dir() + "/tls.crt", centre.dir() + "/tls.key"}; }

  // A hello in the site's name, as the test wishes.
  std::unique_ptr<TestSite> caller(const std::string& id, const SigningKey* key) {
    auto made = std::make_unique<TestSite>(loop, id);
    made->trust.fingerprint = centre.fingerprint();
    if (key != nullptr)
      made->prove = [copy = *key](const v1::Hello& hello, const std::string& nonce,
                                  const std::string& fingerprint) {
        return copy.sign(wire::helloProof(hello, nonce, fingerprint));
      };
    made->connect(*context, centre.sitesTls());
    return made;
  }
  // The code that it was closed with; 0: let in.
  int outcome(const TestSite& site) {
    REQUIRE(until(loop, [&] { return site.welcomed() || site.close_code != 0 || !site.failure.empty(); }));
    return site.welcomed() ? 0 : site.close_code;
  }
  Centre::Answer enrol(const v1::EnrolmentToken& token, const SigningKey& key, const std::string& site) {
    const Json body = {
        {"site_id", site},
        {"secret", base64Of(token.secret())},
        {"public_key", base64Of(key.publicKey())},
        {"signature", base64Of(key.sign(wire::enrolProof(site, sha256(token.secret()), key.publicKey())))}};
    auto answer =
        net::httpRequest("POST", fmt::format("https://127.0.0.1:{}/enrol", centre.sitesPort()), body.dump(),
                         {{"Content-Type", "application/json"}}, 30, {centre.fingerprint()});
    REQUIRE(answer);
    return {answer->status, answer->content_type, answer->body};
  }
  SigningKey enrolled(const std::string& site) {
    auto key = SigningKey::make();
    REQUIRE(enrol(*wire::readToken(token(site)), key, site).status == 200);
    return key;
  }
  static std::string base64Of(const std::string& bytes) {
    std::string text = toBase64Url(bytes);
    for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
    while (text.size() % 4 != 0) text += '=';
    return text;
  }
  bool logged(const std::string& part) { return centre.process().errors().find(part) != std::string::npos; }
  bool audited(const std::string& act, const std::string& outcome, const std::string& subject) {
    return until(loop, [&] {
      const auto entries = centre.get("/api/v1/audit").json()["entries"];
      return std::any_of(entries.begin(), entries.end(), [&](const auto& entry) {
        return entry["act"] == act && entry["outcome"] == outcome && entry["subject"] == subject;
      });
    });
  }
  bool untouched(const std::string& id) { return site(id)["link"] == "never"; }
};

// A computer in a hall with the real agent.
class HallPc {
 public:
  int enrol(const std::string& token) {
    Process process({AGENT, "enrol", token, "--data", data()});
    const auto code = process.wait();
    said = process.errors();
    return code.value_or(-1);
  }
  void start(const std::vector<std::string>& more = {}) {
    std::vector<std::string> argv{AGENT, "run", "--data", data(), "--desk", "127.0.0.1:0", "--show", "none"};
    argv.insert(argv.end(), more.begin(), more.end());
    process_ = std::make_unique<Process>(argv);
    const auto ready = process_->lineThatBegins("ready desk=");
    INFO(process_->errors());
    REQUIRE(ready);
    desk_ = "http://127.0.0.1:" + fields(*ready)["desk"];
  }
  void stop() {
    process_->signal(SIGTERM);
    REQUIRE(process_->wait() == 0);
    process_.reset();
  }
  std::string log() const { return process_->errors(); }
  Json desk() const {
    const auto answer = net::httpRequest("GET", desk_ + "/api/desk", "", {}, 10);
    REQUIRE(answer);
    return Json::parse(answer->body);
  }
  std::string data() const { return dir_.path() + "/data"; }
  bool hasKey() const { return std::filesystem::exists(data() + "/credentials.json"); }
  std::string said;

 private:
  TempDir dir_;
  std::unique_ptr<Process> process_;
  std::string desk_;
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an enrolled hall follows its plan, and starts again from what is signed on its disk") {
  GuardedCity city;
  HallPc hall;
  REQUIRE(hall.enrol(city.token("S1")) == 0);
  CHECK((std::filesystem::status(hall.data() + "/credentials.json").permissions() &
         (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) ==
        std::filesystem::perms::none);
  CHECK(city.site("S1")["identity"]["state"] == "enrolled");
  CHECK(city.audited("site.enrol", "done", "S1"));
  hall.start();
  REQUIRE(until(city.loop, [&] { return city.site("S1")["link"] == "online"; }));
  const std::string session = city.centre.schedule();
  REQUIRE(until(city.loop, [&] { return city.site("S1")["status"]["session_id"] == session; }));
  CHECK(city.centre.metric("diemcau_signatures_total{what=\"plan\"}") == 1);

  city.centre.kill();
  hall.stop();
  hall.start();
  CHECK(holds(hall.desk().dump(), session));
  hall.stop();
  // Another plan under the old signature: whoever can write to the disk starts nothing.
  const std::string file = hall.data() + "/credentials.json";
  auto credentials = *readFile(file);
  const auto key = Json::parse(credentials)["signing_key"].get<std::string>();
  credentials.replace(credentials.find(key), key.size(),
                      GuardedCity::base64Of(SigningKey::make().publicKey()));
  REQUIRE(writeFileAtomically(file, credentials, 0600));
  hall.start();
  REQUIRE(until(city.loop, [&] { return holds(hall.log(), "not believed"); }));
  CHECK_FALSE(holds(hall.desk().dump(), session));
}

TEST_CASE("without a key, with another site's, for another site, unknown: nobody comes in") {
  GuardedCity city;
  const auto first = city.enrolled("S1"), second = city.enrolled("S2");
  struct Row {
    const char *what, *site;
    const SigningKey* key;
    int code;
  };
  for (const Row& row :
       {Row{"no key where one is needed", "S3", nullptr, 4401},
        Row{"a key, not enrolled", "S3", &first, 4401}, Row{"another site's key", "S1", &second, 4401},
        Row{"no such site", "S99", &first, 4403}}) {
    INFO(row.what);
    const auto caller = city.caller(row.site, row.key);
    CHECK(city.outcome(*caller) == row.code);
    CHECK(city.audited("site.hello", "refused", row.site));
  }
  CHECK(city.untouched("S1"));
  CHECK(city.untouched("S3"));
  CHECK(city.centre.metric("diemcau_gateway_hellos_total") == 0);
  CHECK(city.centre.metric("diemcau_gateway_refused_total{reason=\"identity\"}") == 4);
  const auto right = city.caller("S1", &first);
  CHECK(city.outcome(*right) == 0);
}

TEST_CASE("a signature that was seen on the wire is worth nothing on another connection") {
  GuardedCity city;
  const auto key = city.enrolled("S1");
  std::string caught;
  auto right = city.caller("S1", &key);
  right->prove = [&](const v1::Hello& hello, const std::string& nonce, const std::string& fingerprint) {
    return caught = key.sign(wire::helloProof(hello, nonce, fingerprint));
  };
  REQUIRE(city.outcome(*right) == 0);
  const auto thief = city.caller("S1", &key);
  thief->prove = [&](const v1::Hello&, const std::string&, const std::string&) { return caught; };
  CHECK(city.outcome(*thief) == 4401);
  // The hall itself does not notice.
  CHECK(right->close_code == 0);
  CHECK(city.site("S1")["link"] == "online");
}

TEST_CASE("a token that was used, is another site's, or was replaced makes no key") {
  GuardedCity city;
  HallPc hall, stranger;
  const std::string used = city.token("S1"), other = city.token("S2");
  REQUIRE(hall.enrol(used) == 0);
  CHECK(stranger.enrol(used) == 1);
  CHECK(holds(stranger.said, "used already"));
  CHECK(city.audited("site.enrol", "refused", "S1"));
  // S2's secret for S3.
  const auto key = SigningKey::make();
  CHECK(city.enrol(*wire::readToken(other), key, "S3").status == 403);
  CHECK(city.site("S3")["identity"]["state"] == "never");
  city.token("S2");
  CHECK(stranger.enrol(other) == 1);
  CHECK(stranger.enrol("diemcau1.AAAA") == 64);
  CHECK_FALSE(stranger.hasKey());
  CHECK(city.site("S2")["identity"]["state"] == "invited");
}

TEST_CASE("a man in the middle with another certificate gets no secret and no hello") {
  GuardedCity city;
  TempDir dir;
  const net::TlsFiles own{dir / "a.crt", dir / "a.key"};
  REQUIRE(net::makeOwnCertificate(own));
  Middleman middle(city.loop, own, city.centre.sitesTls(), city.centre.fingerprint());
  auto token = *wire::readToken(city.token("S1"));
  token.set_url(middle.url());
  HallPc hall;
  std::unique_ptr<Process> enrolling = std::make_unique<Process>(
      std::vector<std::string>{AGENT, "enrol", wire::writeToken(token), "--data", hall.data()});
  // The middleman needs the loop meanwhile.
  std::optional<int> code;
  REQUIRE(until(city.loop, [&] { return (code = enrolling->wait(0)).has_value(); }));
  CHECK(*code == 1);
  CHECK(holds(enrolling->errors(), "not the one expected"));
  CHECK_FALSE(hall.hasKey());

  REQUIRE(hall.enrol(city.token("S1")) == 0);
  hall.start({"--coordinator", middle.url()});
  REQUIRE(until(city.loop, [&] { return holds(hall.log(), "not the one expected"); }));
  CHECK(middle.sessions == 0);
  CHECK(city.untouched("S1"));
}

TEST_CASE("whoever has stolen the TLS key still cannot bring back an old assignment") {
  GuardedCity city;
  Middleman middle(city.loop, city.tls(), city.centre.sitesTls(), city.centre.fingerprint());
  HallPc hall;
  REQUIRE(hall.enrol(city.token("S1")) == 0);
  hall.start({"--coordinator", middle.url()});
  REQUIRE(until(city.loop, [&] { return city.site("S1")["link"] == "online"; }));
  const std::string session = city.centre.schedule();
  REQUIRE(until(city.loop, [&] { return city.site("S1")["status"]["session_id"] == session; }));
  const auto scheduled = middle.seen.back();
  city.centre.act(session, "cancel");
  REQUIRE(until(city.loop, [&] { return city.site("S1")["status"]["session_id"] == ""; }));
  const auto over = middle.seen.back();
  REQUIRE(over.revision() > scheduled.revision());

  const auto refusals = [&] {
    std::size_t count = 0;
    const std::string log = hall.log();
    for (auto at = log.find("not believed"); at != std::string::npos; at = log.find("not believed", at + 1))
      ++count;
    return count;
  };
  REQUIRE(refusals() == 0);
  auto forged = scheduled;
  middle.inject(forged);  // as it was
  REQUIRE(until(city.loop, [&] { return refusals() == 1; }));
  forged.set_revision(over.revision() + 1);  // as if it were new
  middle.inject(forged);
  REQUIRE(until(city.loop, [&] { return refusals() == 2; }));
  forged = over;  // the old plan under the newest own part
  *forged.mutable_plans() = scheduled.plans();
  *forged.mutable_plan_seals() = scheduled.plan_seals();
  middle.inject(forged);
  REQUIRE(until(city.loop, [&] { return refusals() == 3; }));
  CHECK_FALSE(holds(hall.desk().dump(), session));
  CHECK(city.site("S1")["status"]["session_id"] == "");
  CHECK(city.site("S1")["link"] == "online");
}

TEST_CASE("a revoked site is cut off within 5 seconds and stays out") {
  GuardedCity city;
  const auto key = city.enrolled("S1");
  const auto right = city.caller("S1", &key);
  REQUIRE(city.outcome(*right) == 0);
  CHECK(city.centre.post("/api/v1/sites/S1/revoke", {{"reason", ""}}).status == 400);
  CHECK(city.centre.post("/api/v1/sites/S2/revoke", {{"reason", "x"}}).status == 404);
  REQUIRE(city.centre.post("/api/v1/sites/S1/revoke", {{"reason", "mất máy"}}).status == 200);
  REQUIRE(until(
      city.loop, [&] { return right->close_code != 0; }, 5 * kSecond));
  CHECK(right->close_code == 4403);
  const auto again = city.caller("S1", &key);
  CHECK(city.outcome(*again) == 4403);
  CHECK(city.site("S1")["identity"]["reason"] == "mất máy");
  city.centre.kill();
  city.centre.start();
  const auto later = city.caller("S1", &key);
  CHECK(city.outcome(*later) == 4403);
}

TEST_CASE("a new key ends the old one's link, after a restart too") {
  GuardedCity city;
  const auto old = city.enrolled("S1");
  const auto before = city.caller("S1", &old);
  REQUIRE(city.outcome(*before) == 0);
  const auto key = city.enrolled("S1");
  REQUIRE(until(city.loop, [&] { return before->close_code != 0; }));
  CHECK(before->close_code == 4401);
  city.centre.kill();
  city.centre.start();
  const auto thief = city.caller("S1", &old);
  CHECK(city.outcome(*thief) == 4401);
  const auto right = city.caller("S1", &key);
  CHECK(city.outcome(*right) == 0);
}

TEST_CASE("the sites' door has one more handle, and no other") {
  GuardedCity city;
  const auto at = [&](const std::string& method, const std::string& path, const std::string& body) {
    auto answer =
        net::httpRequest(method, fmt::format("https://127.0.0.1:{}{}", city.centre.sitesPort(), path), body,
                         {{"Content-Type", "application/json"}}, 30, {city.centre.fingerprint()});
    REQUIRE(answer);
    return answer->status;
  };
  CHECK(at("GET", "/enrol", "") == 404);
  CHECK(at("GET", "/api/v1/sites", "") == 404);
  CHECK(at("POST", "/enrol", "{}") == 403);
  CHECK(at("POST", "/enrol", "not JSON") == 400);
  CHECK(at("POST", "/enrol", std::string(5000, ' ')) == 413);
}
