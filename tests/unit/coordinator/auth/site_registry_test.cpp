// Tokens, keys and who may come in, on virtual time.
#include "coordinator/auth/site_registry.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/roster_command.hpp"
#include "wire/enrolment_token.hpp"
#include "wire/proof.hpp"

using namespace diemcau;
using namespace diemcau::auth;

namespace {

struct Bench {
  core::Core core{core::CoreSettings{}};
  std::vector<v1::AuditEntry> audit;
  bool required = true;
  std::unique_ptr<SiteRegistry> registry;
  std::map<std::pair<std::string, std::string>, std::string> stored;
  Micros now = 1'800'000'000 * kSecond;

  explicit Bench(bool must = true) : required(must) {
    core.restored(now);
    core::Effects effects;
    REQUIRE(core.command(test::rosterCommand("a,,Area\n", "S1,a,Hall 1\nS2,a,Hall 2\nS3,a,Hall 3\n"), now,
                         effects));
    restart();
  }
  void restart() {
    registry =
        std::make_unique<SiteRegistry>(SiteRegistry::Settings{required, std::string(32, 'k')}, core,
                                       [this](const v1::AuditEntry& entry) { audit.push_back(entry); });
    registry->reachable("wss://127.0.0.1:1/site", std::string(32, 'f'));
    for (const auto& [id, body] : stored) {
      REQUIRE(SiteRegistry::mine(id.first));
      REQUIRE(registry->restore(id.first, id.second, body));
    }
  }
  void keep(const core::StoreBatch& batch) {
    for (const auto& put : batch.puts) stored[{put.kind, put.id}] = put.body;
    for (const auto& gone : batch.removes) stored.erase({gone.kind, gone.id});
  }
  v1::EnrolmentToken token(const std::string& site) {
    v1::IssueTokens wish;
    wish.add_site_ids(site);
    core::StoreBatch batch;
    auto issued = registry->issue(wish, "An", now, batch);
    REQUIRE(issued);
    keep(batch);
    return *wire::readToken(issued->tokens(0).token());
  }
  v1::EnrolRequest request(const v1::EnrolmentToken& from, const SigningKey& key) const {
    v1::EnrolRequest out;
    out.set_site_id(from.site_id());
    out.set_secret(from.secret());
    out.set_public_key(key.publicKey());
    out.set_signature(key.sign(wire::enrolProof(from.site_id(), sha256(from.secret()), key.publicKey())));
    out.set_agent_id(std::string(32, 'a'));
    return out;
  }
  Result<v1::EnrolReply> enrol(const v1::EnrolRequest& wish, bool* replaced = nullptr) {
    core::StoreBatch batch;
    bool other = false;
    auto reply = registry->enrol(wish, "10.0.0.9", now, batch, other);
    if (replaced != nullptr) *replaced = other;
    if (!reply) REQUIRE(batch.empty());
    keep(batch);
    return reply;
  }
  SigningKey enrolled(const std::string& site) {
    auto key = SigningKey::make();
    REQUIRE(enrol(request(token(site), key)));
    return key;
  }
  static v1::Hello hello(const std::string& site) {
    v1::Hello hello;
    hello.set_site_id(site);
    hello.set_agent_id(std::string(32, 'a'));
    hello.set_epoch(7);
    return hello;
  }
  // The close code; 0: let in.
  int knock(const std::string& site, const SigningKey* key) {
    const auto nonce = registry->challenge(hello(site), "10.0.0.9", now);
    if (!nonce) return nonce.error().code;
    if (nonce->empty()) return 0;
    const std::string signature =
        key == nullptr ? "" : key->sign(wire::helloProof(hello(site), *nonce, "fp"));
    const auto refusal = registry->check(hello(site), *nonce, signature, "fp", "10.0.0.9", now);
    return refusal ? refusal->code : 0;
  }
  v1::SiteIdentity::State state(const std::string& site) { return registry->identity(site, now).state(); }
  std::string lastAudit() const {
    return audit.empty() ? ""
                         : v1::AuditEntry::Outcome_Name(audit.back().outcome()) + " " + audit.back().act();
  }
};

}  // namespace

TEST_CASE("a token makes one key; used, late, foreign or changed it makes none") {
  Bench bench;
  const auto token = bench.token("S1");
  const auto key = SigningKey::make(), other = SigningKey::make();
  CHECK(bench.state("S1") == v1::SiteIdentity::invited);

  SECTION("right") {
    REQUIRE(bench.enrol(bench.request(token, key)));
    CHECK(bench.state("S1") == v1::SiteIdentity::enrolled);
    CHECK(bench.lastAudit() == "done site.enrol");
    CHECK(bench.knock("S1", &key) == 0);
    // Its answer was lost on the way: the same again is the same.
    CHECK(bench.enrol(bench.request(token, key)));
    CHECK_FALSE(bench.enrol(bench.request(token, other)));
    CHECK(bench.lastAudit() == "refused site.enrol");
    CHECK(bench.knock("S1", &other) == 4401);
    return;
  }
  SECTION("late") {
    bench.now += SiteRegistry::kTokenCounts;
    CHECK_THAT(bench.enrol(bench.request(token, key)).error().text, Catch::Contains("expired"));
  }
  SECTION("for another site") {
    bench.token("S2");
    auto wish = bench.request(token, key);
    wish.set_site_id("S2");
    wish.set_signature(key.sign(wire::enrolProof("S2", sha256(token.secret()), key.publicKey())));
    CHECK_THAT(bench.enrol(wish).error().text, Catch::Contains("not known"));
    CHECK(bench.state("S2") == v1::SiteIdentity::invited);
  }
  SECTION("a guess, for a site that is there and for one that is not") {
    auto wish = bench.request(token, key);
    wish.set_secret(std::string(32, '0'));
    const std::string known = bench.enrol(wish).error().text;
    wish.set_site_id("nowhere");
    CHECK(bench.enrol(wish).error().text == known);
  }
  SECTION("taken over by a newer one") {
    bench.token("S1");
    CHECK_FALSE(bench.enrol(bench.request(token, key)));
  }
  SECTION("a key that is not held") {
    auto wish = bench.request(token, key);
    wish.set_public_key(other.publicKey());
    CHECK_FALSE(bench.enrol(wish));
  }
  SECTION("no key at all") {
    auto wish = bench.request(token, key);
    wish.set_public_key("");
    CHECK_FALSE(bench.enrol(wish));
  }
  CHECK(bench.lastAudit() == "refused site.enrol");
  CHECK(bench.knock("S1", &key) == 4401);
}

TEST_CASE("who may come in where all must be enrolled") {
  Bench bench;
  const auto key = bench.enrolled("S1"), second = bench.enrolled("S2");
  CHECK(bench.knock("S1", &key) == 0);
  CHECK(bench.knock("S1", &second) == 4401);
  CHECK(bench.lastAudit() == "refused site.hello");
  CHECK(bench.knock("S1", nullptr) == 4401);
  CHECK(bench.knock("S3", &key) == 4401);
  CHECK(bench.knock("nowhere", &key) == 4403);
}

TEST_CASE("a signature is worth nothing for another connection, hello or TLS key") {
  Bench bench;
  const auto key = bench.enrolled("S1");
  const auto hello = Bench::hello("S1");
  const auto nonce = *bench.registry->challenge(hello, "a", bench.now);
  const auto signature = key.sign(wire::helloProof(hello, nonce, "fp"));
  CHECK_FALSE(bench.registry->check(hello, nonce, signature, "fp", "a", bench.now));
  const auto fresh = *bench.registry->challenge(hello, "a", bench.now);
  CHECK(fresh != nonce);
  CHECK(bench.registry->check(hello, fresh, signature, "fp", "a", bench.now)->code == 4401);
  CHECK(bench.registry->check(hello, nonce, signature, "of a middleman", "a", bench.now)->code == 4401);
  auto changed = hello;
  changed.set_epoch(8);
  CHECK(bench.registry->check(changed, nonce, signature, "fp", "a", bench.now)->code == 4401);
}

TEST_CASE("on loopback a site without a key may connect, one with a key must use it") {
  Bench bench(false);
  CHECK(bench.knock("S1", nullptr) == 0);
  CHECK(bench.knock("nowhere", nullptr) == 0);  // the core refuses it
  const auto key = bench.enrolled("S1");
  CHECK(bench.knock("S1", nullptr) == 4401);
  CHECK(bench.knock("S1", &key) == 0);
}

TEST_CASE("revoked is out, for good, and a token that was out too") {
  Bench bench;
  const auto key = bench.enrolled("S1");
  const auto open = bench.token("S1");
  v1::RevokeSite wish;
  wish.set_site_id("S1");
  core::StoreBatch batch;
  CHECK_FALSE(bench.registry->revoke(wish, "An", bench.now, batch));  // no reason
  wish.set_reason("máy bị mất");
  REQUIRE(bench.registry->revoke(wish, "An", bench.now, batch));
  bench.keep(batch);
  CHECK(bench.state("S1") == v1::SiteIdentity::revoked);
  CHECK(bench.knock("S1", &key) == 4403);
  CHECK_FALSE(bench.enrol(bench.request(open, SigningKey::make())));
  bench.restart();
  CHECK(bench.knock("S1", &key) == 4403);
  // A new token brings it back with a new key.
  const auto again = bench.enrolled("S1");
  CHECK(bench.knock("S1", &again) == 0);
  CHECK(bench.knock("S1", &key) == 4401);
}

TEST_CASE("a new key takes the place of the old one") {
  Bench bench;
  const auto old = bench.enrolled("S1");
  bool replaced = false;
  const auto key = SigningKey::make();
  REQUIRE(bench.enrol(bench.request(bench.token("S1"), key), &replaced));
  CHECK(replaced);
  CHECK(bench.knock("S1", &old) == 4401);
  CHECK(bench.knock("S1", &key) == 0);
}

TEST_CASE("a restart forgets nothing, and no secret is stored") {
  Bench bench;
  const auto key = bench.enrolled("S1");
  const auto open = bench.token("S2");
  for (const auto& [id, body] : bench.stored) {
    CHECK(body.find(open.secret()) == std::string::npos);
    CHECK(body.find(key.secret.substr(0, 32)) == std::string::npos);
  }
  bench.restart();
  CHECK(bench.knock("S1", &key) == 0);
  CHECK(bench.enrol(bench.request(open, SigningKey::make())));
  CHECK_FALSE(bench.registry->restore("site_key", "S9", "\x0a"));
}

TEST_CASE("tokens for all are for those without a key") {
  Bench bench;
  bench.enrolled("S1");
  v1::IssueTokens wish;
  wish.set_all(true);
  core::StoreBatch batch;
  const auto issued = bench.registry->issue(wish, "An", bench.now, batch);
  REQUIRE(issued);
  CHECK(issued->tokens_size() == 2);
  wish.Clear();
  CHECK_FALSE(bench.registry->issue(wish, "An", bench.now, batch));
  wish.add_site_ids("nowhere");
  CHECK(bench.registry->issue(wish, "An", bench.now, batch).error().code == ErrorCode::kNotFound);
  bench.registry->reachable("", "", "set [sites] url");
  wish.set_all(true);
  wish.clear_site_ids();
  CHECK_THAT(bench.registry->issue(wish, "An", bench.now, batch).error().text,
             Catch::Contains("[sites] url"));
}

TEST_CASE("who knocks a thousand times is one entry a minute") {
  Bench bench;
  for (int i = 0; i < 1000; ++i) bench.knock("S1", nullptr);
  CHECK(bench.audit.size() == 1);
  bench.now += kMinute;
  bench.knock("S1", nullptr);
  REQUIRE(bench.audit.size() == 2);
  CHECK_THAT(bench.audit.back().detail(), Catch::Contains("999 more"));
}
