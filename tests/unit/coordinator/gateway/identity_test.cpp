// Proofs: what the core hears of a site that has to show who it is, and what it is sent.
#include "tests/unit/coordinator/gateway/bench.hpp"

using namespace diemcau;
using namespace diemcau::gateway::test_bench;

namespace {

// Everybody has to sign, S9 needs not, S8 is sent away; right is "signed NONCE".
gateway::SiteGuard strict() {
  gateway::SiteGuard guard;
  guard.challenge = [](const v1::Hello& hello,
                       const gateway::SiteCaller&) -> tl::expected<std::string, gateway::Refusal> {
    if (hello.site_id() == "S8") return tl::unexpected(gateway::Refusal{4403, "revoked"});
    return hello.site_id() == "S9" ? "" : "nonce of " + hello.site_id();
  };
  guard.check = [](const v1::Hello&, const std::string& nonce, const std::string& signature,
                   const gateway::SiteCaller&) -> std::optional<gateway::Refusal> {
    if (signature == "signed " + nonce) return std::nullopt;
    return gateway::Refusal{4401, "not the site's key"};
  };
  guard.seal = [](std::string_view site, const wire::AssignmentBytes& plain) {
    v1::Assignment sealed;
    sealed.ParseFromString(plain.own);
    sealed.set_own_bytes("sealed for " + std::string(site));
    return wire::AssignmentBytes{sealed.SerializeAsString(), plain.shared};
  };
  return guard;
}

}  // namespace

TEST_CASE("the core hears of a hello only after its proof, and what goes to the site is sealed") {
  Bench bench(strict());
  Site site(bench, "S1");
  site.connect();
  CHECK(site.challenged == "nonce of S1");
  CHECK_FALSE(site.welcome);
  CHECK(bench.gateway.counters().hellos == 0);
  CHECK(bench.gateway.counters().greeting == 1);
  site.link.prove("signed nonce of S1");
  site.flush();
  REQUIRE(site.welcome);
  CHECK(bench.gateway.counters().connected == 1);
  REQUIRE_FALSE(site.assignments.empty());
  CHECK(site.assignments.back().own_bytes() == "sealed for S1");
}

TEST_CASE("a wrong proof, none in time, and who is sent away at once: the core hears nothing") {
  Bench bench(strict());
  Site wrong(bench, "S1");
  wrong.answer = "signed something else";
  wrong.connect();
  wrong.flush();
  CHECK(wrong.closed == 4401);
  Site away(bench, "S8");
  away.connect();
  CHECK(away.closed == 4403);
  CHECK(away.challenged.empty());
  Site silent(bench, "S2");
  silent.connect();
  bench.clock.at += kSecond;
  CHECK(bench.until([&] { return silent.closed == 1008; }));
  CHECK(bench.gateway.counters().hellos == 0);
  CHECK(bench.gateway.counters().refused_identity == 2);
  CHECK(bench.core.site("S1", bench.clock.wall())->link() == v1::LinkState::never);
}

TEST_CASE("a stranger's hello does not touch the link of the site that it names") {
  Bench bench(strict());
  Site right(bench, "S1");
  right.answer = "signed nonce of S1";
  right.connect();
  right.flush();
  REQUIRE(right.welcome);
  Site stranger(bench, "S1");
  stranger.answer = "guess";
  stranger.connect();
  stranger.flush();
  CHECK(stranger.closed == 4401);
  CHECK(right.closed == 0);
  CHECK(bench.core.site("S1", bench.clock.wall())->link() == v1::LinkState::online);
}

TEST_CASE("before its proof a site may say nothing else, and a proof only when asked") {
  Bench bench(strict());
  Site hasty(bench, "S1");
  hasty.connect();
  v1::Envelope status;
  status.set_seq(2);
  status.mutable_status();
  hasty.raw(wire::encode(status));
  CHECK(hasty.closed == 1008);
  Site eager(bench, "S9");
  eager.connect();
  REQUIRE(eager.welcome);
  CHECK(eager.assignments.back().own_bytes().empty());
  v1::Envelope proof;
  proof.set_seq(static_cast<std::uint64_t>(eager.sent) + 1);
  proof.mutable_proof()->set_signature("x");
  eager.raw(wire::encode(proof));
  CHECK(eager.closed == 1008);
}

TEST_CASE("a hello that is kept for its proof is small, whatever a stranger writes into it") {
  Bench bench(strict());
  Site stranger(bench, "S1");
  stranger.hello.set_agent_version(std::string(50'000, 'x'));
  stranger.connect();
  CHECK(stranger.closed == 1008);
  CHECK(stranger.challenged.empty());
}
