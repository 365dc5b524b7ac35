// Signatures under what the core makes: one a plan's revision, none a site at a launch, and all of it
// believed.
#include "coordinator/auth/sealer.hpp"

#include "tests/support/catch.hpp"
#include "wire/seal.hpp"

using namespace diemcau;
using namespace diemcau::auth;

namespace {

constexpr Micros kNow = 1'800'000'000 * kSecond;

std::shared_ptr<const std::string> planBytes(std::uint64_t revision, Micros start = kNow,
                                             const char* id = "s-1") {
  v1::Plan plan;
  plan.set_session_id(id);
  plan.set_revision(revision);
  plan.set_scheduled_start_us(start);
  v1::Assignment shared;
  shared.add_plans(plan.SerializeAsString());
  return std::make_shared<const std::string>(shared.SerializeAsString());
}

std::string ownBytes(std::uint64_t revision, const char* pinned = "") {
  v1::Assignment own;
  own.set_revision(revision);
  if (*pinned != 0) own.mutable_own()->set_pinned_feed_id(pinned);
  return own.SerializeAsString();
}

struct Workshop {
  SigningKey key = SigningKey::make();
  Sealer sealer{key};
  Micros now = kNow;

  v1::Assignment seal(const std::string& site, const std::string& own,
                      std::shared_ptr<const std::string> shared) {
    const auto bytes = sealer.seal(site, {own, std::move(shared)}, now);
    v1::Assignment out;
    REQUIRE(out.ParseFromString(bytes.own + (bytes.shared ? *bytes.shared : std::string())));
    return out;
  }
  Result<v1::Assignment> believed(const std::string& site, const v1::Assignment& given,
                                  const v1::Assignment* held = nullptr) const {
    return wire::unseal(given, {site, held, now},
                        [this](std::string_view message, std::string_view signature) {
                          return verifySignature(message, signature, key.publicKey());
                        });
  }
};

}  // namespace

TEST_CASE("a launch is one signature, however many sites it goes to") {
  Workshop bench;
  const auto armed = planBytes(5);
  std::map<std::string, v1::Assignment> held;
  for (int i = 0; i < 100; ++i) {
    const std::string site = "S" + std::to_string(i);
    auto got = bench.believed(site, bench.seal(site, ownBytes(5), armed));
    REQUIRE(got);
    held[site] = *got;
  }
  CHECK(bench.sealer.counters().plans == 1);
  CHECK(bench.sealer.counters().own_parts == 100);
  const auto go = planBytes(6);
  for (auto& [site, before] : held) {
    auto got = bench.believed(site, bench.seal(site, ownBytes(6), go), &before);
    REQUIRE(got);
    CHECK(got->revision() == 6);
  }
  CHECK(bench.sealer.counters().plans == 2);
  CHECK(bench.sealer.counters().own_parts == 100);
}

TEST_CASE("the same plan among others is not signed again") {
  Workshop bench;
  bench.seal("S1", ownBytes(5), planBytes(5));
  const auto both = std::make_shared<const std::string>(*planBytes(5) + *planBytes(4, kNow, "s-2"));
  const auto got = bench.believed("S2", bench.seal("S2", ownBytes(5), both));
  REQUIRE(got);
  CHECK(got->plans_size() == 2);
  CHECK(bench.sealer.counters().plans == 2);
}

TEST_CASE(
    "a site's own part is signed when it changes, when its sessions do, and when its revision grew alone") {
  Workshop bench;
  bench.seal("S1", ownBytes(5), planBytes(5));
  CHECK(bench.sealer.counters().own_parts == 1);
  bench.seal("S1", ownBytes(5), planBytes(5));
  CHECK(bench.sealer.counters().own_parts == 1);
  const auto pinned = bench.believed("S1", bench.seal("S1", ownBytes(6, "backup"), planBytes(5)));
  REQUIRE(pinned);
  CHECK(pinned->own().pinned_feed_id() == "backup");
  CHECK(bench.sealer.counters().own_parts == 2);
  REQUIRE(bench.believed("S1", bench.seal("S1", ownBytes(7, "backup"), nullptr)));
  CHECK(bench.sealer.counters().own_parts == 3);
  // As after a store that was brought back: nothing else has changed.
  REQUIRE(bench.believed("S1", bench.seal("S1", ownBytes(900, "backup"), nullptr)));
  CHECK(bench.sealer.counters().own_parts == 4);
}

TEST_CASE("delegates travel sealed too") {
  Workshop bench;
  v1::Assignment own;
  own.set_revision(1);
  own.mutable_roster()->set_site_name("Hall");
  const auto sealed = bench.seal("S1", own.SerializeAsString(), nullptr);
  CHECK_FALSE(sealed.has_roster());
  const auto got = bench.believed("S1", sealed);
  REQUIRE(got);
  CHECK(got->roster().site_name() == "Hall");
  CHECK_FALSE(bench.believed("S2", sealed));
}

TEST_CASE("a plan counts until well behind its session, and is signed anew before that") {
  Workshop bench;
  const Micros start = kNow + 90 * 24 * kHour;
  const auto far = bench.seal("S1", ownBytes(5), planBytes(5, start));
  CHECK(far.plan_seals(0).expires_us() > start + 24 * kHour);
  const auto plan = planBytes(5, kNow);
  const auto first = bench.seal("S2", ownBytes(5), plan);
  bench.now += 20 * 24 * kHour;
  const auto second = bench.seal("S2", ownBytes(5), plan);
  CHECK(second.plan_seals(0).expires_us() > first.plan_seals(0).expires_us());
  bench.now = first.plan_seals(0).expires_us();
  CHECK_FALSE(bench.believed("S2", first));
}

TEST_CASE("a site that the core does not know gets nothing") {
  Workshop bench;
  const auto bytes = bench.sealer.seal("S1", {"", nullptr}, kNow);
  CHECK(bytes.own.empty());
  CHECK(bytes.shared == nullptr);
}
