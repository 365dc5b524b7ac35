// What a site checks of an assignment: each part changed, swapped for another's, taken from the past, or
// late.
#include "wire/seal.hpp"

#include "base/signing.hpp"
#include "diemcau/v1/enrolment.pb.h"
#include "tests/support/catch.hpp"
#include "wire/enrolment_token.hpp"
#include "wire/proof.hpp"

using namespace diemcau;

namespace {

const SigningKey& centreKey() {
  static const SigningKey key = SigningKey::fromSeed(std::string(32, 'c'));
  return key;
}

constexpr Micros kNow = 1'800'000'000 * kSecond, kLater = kNow + kHour;

v1::Seal sealed(const std::string& message, Micros expires, const SigningKey& by) {
  v1::Seal seal;
  seal.set_expires_us(expires);
  seal.set_signature(by.sign(message));
  return seal;
}

struct Maker {
  std::string site = "S1";
  std::uint64_t own_revision = 10;
  std::vector<std::pair<std::string, std::uint64_t>> plans{{"s-1", 12}};
  std::vector<std::pair<std::string, std::uint64_t>> said;  // in the own part; empty: the plans
  Micros expires = kLater;
  SigningKey key = centreKey();
  bool roster = false;

  v1::Assignment make() const {
    v1::Assignment out;
    std::uint64_t newest = own_revision;
    v1::OwnPart own;
    own.set_site_id(site);
    own.set_revision(own_revision);
    own.set_pinned_feed_id("backup");
    for (const auto& [id, revision] : plans) {
      v1::Plan plan;
      plan.set_session_id(id);
      plan.set_revision(revision);
      const std::string bytes = plan.SerializeAsString();
      out.add_plans(bytes);
      *out.add_plan_seals() = sealed(wire::planProof(bytes, expires), expires, key);
      newest = std::max(newest, revision);
    }
    for (const auto& [id, revision] : said.empty() ? plans : said) {
      auto* session = own.add_sessions();
      session->set_session_id(id);
      session->set_least_revision(revision);
    }
    out.set_revision(newest);
    out.set_own_bytes(own.SerializeAsString());
    *out.mutable_own_seal() = sealed(wire::ownProof(site, out.own_bytes(), expires), expires, key);
    if (roster) {
      v1::SiteRoster list;
      list.set_revision(3);
      list.set_site_name("Hall");
      out.set_roster_bytes(list.SerializeAsString());
      *out.mutable_roster_seal() = sealed(wire::rosterProof(site, out.roster_bytes(), expires), expires, key);
    }
    return out;
  }
};

Result<v1::Assignment> check(const v1::Assignment& given, const v1::Assignment* held = nullptr,
                             Micros now = kNow) {
  return wire::unseal(given, {"S1", held, now}, [](std::string_view message, std::string_view signature) {
    return verifySignature(message, signature, centreKey().publicKey());
  });
}

std::string why(const Result<v1::Assignment>& checked) {
  return checked ? "believed" : checked.error().text;
}

}  // namespace

TEST_CASE("what the coordinator signed for this site is believed, and its parts are filled in") {
  Maker maker;
  maker.roster = true;
  const auto good = check(maker.make());
  REQUIRE(good);
  CHECK(good->own().pinned_feed_id() == "backup");
  CHECK(good->roster().site_name() == "Hall");
  CHECK(good->plans_size() == 1);
  // From the disk it is checked again.
  CHECK(check(*good));
}

TEST_CASE("anything changed is not believed") {
  struct Row {
    const char* what;
    std::function<void(v1::Assignment&)> change;
  };
  for (const Row& row : std::vector<Row>{
           {"a plan", [](v1::Assignment& a) { (*a.mutable_plans(0)) += std::string("\x1a\x01x", 3); }},
           {"a plan's expiry",
            [](v1::Assignment& a) { a.mutable_plan_seals(0)->set_expires_us(kLater + 1); }},
           {"a plan without a seal", [](v1::Assignment& a) { a.clear_plan_seals(); }},
           {"a second plan", [](v1::Assignment& a) { a.add_plans(a.plans(0)); }},
           {"no plan", [](v1::Assignment& a) { a.clear_plans(), a.clear_plan_seals(); }},
           {"the own part",
            [](v1::Assignment& a) { (*a.mutable_own_bytes()) += std::string("\x0a\x01x", 3); }},
           {"no own part", [](v1::Assignment& a) { a.clear_own_bytes(), a.clear_own_seal(); }},
           {"a plain own part instead",
            [](v1::Assignment& a) {
              a.clear_own_bytes();
              a.mutable_own()->set_pinned_feed_id("x");
            }},
           {"the list of delegates",
            [](v1::Assignment& a) { (*a.mutable_roster_bytes()) += std::string("\x12\x01x", 3); }},
           {"the revision, up", [](v1::Assignment& a) { a.set_revision(a.revision() + 1000); }},
           {"the seals, swapped",
            [](v1::Assignment& a) { a.mutable_own_seal()->Swap(a.mutable_plan_seals(0)); }},
       }) {
    INFO(row.what);
    Maker maker;
    maker.roster = true;
    auto given = maker.make();
    row.change(given);
    const auto checked = check(given);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == ErrorCode::kDenied);
  }
  // A plain list of delegates beside a sealed rest is dropped, not believed.
  auto plain = Maker().make();
  plain.mutable_roster()->set_site_name("forged");
  const auto without = check(plain);
  REQUIRE(without);
  CHECK_FALSE(without->has_roster());
}

TEST_CASE("another key, another site, and what has expired") {
  Maker maker;
  maker.key = SigningKey::fromSeed(std::string(32, 'x'));
  CHECK_THAT(why(check(maker.make())), Catch::Contains("not the coordinator's"));
  maker = {};
  maker.site = "S2";
  CHECK_FALSE(check(maker.make()));
  maker = {};
  maker.expires = kNow;
  CHECK_THAT(why(check(maker.make())), Catch::Contains("expired"));
  CHECK_THAT(why(check(maker.make(), nullptr, kNow - 1)), Catch::Contains("believed"));
  // As long as the coordinator's clock is not known, nobody can say.
  CHECK(check(maker.make(), nullptr, 0));
}

TEST_CASE("copies from the past") {
  Maker now;
  now.own_revision = 20;
  now.plans = {{"s-1", 22}};
  const auto held = check(now.make());
  REQUIRE(held);

  SECTION("an old assignment as it was") {
    CHECK_THAT(why(check(Maker().make(), &*held)), Catch::Contains("old copy"));
  }
  SECTION("an old plan under the newest own part") {
    Maker old = now;
    old.plans = {{"s-1", 21}};
    old.said = now.plans;
    CHECK_THAT(why(check(old.make(), &*held)), Catch::Contains("old copy"));
  }
  SECTION("an older plan than the one held, where the own part would allow it") {
    Maker base = now;
    base.plans = {{"s-1", 25}};
    base.said = {{"s-1", 22}};
    const auto newer = check(base.make(), &*held);
    REQUIRE(newer);
    Maker back = base;
    back.plans = {{"s-1", 23}};
    CHECK_THAT(why(check(back.make(), &*newer)), Catch::Contains("old copy"));
  }
  SECTION("a plan left out") {
    Maker less = now;
    less.plans.clear();
    less.own_revision = 20;
    CHECK_FALSE(check(less.make(), &*held));
  }
  SECTION("a session that is over goes by a newer word of the centre") {
    Maker over = now;
    over.plans.clear();
    over.own_revision = 23;
    CHECK(check(over.make(), &*held));
  }
  SECTION("a centre whose store was brought back says so itself") {
    Maker back = now;
    back.plans = {{"s-1", 15}};
    back.own_revision = 30;
    CHECK(check(back.make(), &*held));
  }
  SECTION("the newest again") {
    CHECK(check(now.make(), &*held));
  }
}

TEST_CASE("no two purposes, and no two lists of parts, are the same bytes") {
  v1::Hello hello;
  hello.set_site_id("S1");
  hello.set_agent_id("a");
  hello.set_epoch(1);
  v1::Hello shifted = hello;
  shifted.set_site_id("S");
  shifted.set_agent_id("1a");
  CHECK(wire::helloProof(hello, "n", "f") != wire::helloProof(shifted, "n", "f"));
  CHECK(wire::helloProof(hello, "n", "f") != wire::helloProof(hello, "nf", ""));
  CHECK(wire::planProof("x", 1) != wire::planProof("x", 2));
  CHECK(wire::ownProof("S1", "x", 1) != wire::rosterProof("S1", "x", 1));
  CHECK(wire::ownProof("S1", "x", 1) != wire::ownProof("S", "1x", 1));
}

TEST_CASE("a token is read as a whole or not at all") {
  v1::EnrolmentToken token;
  token.set_url("wss://centre.example:7600/site");
  token.set_fingerprint(std::string(32, 'f'));
  token.set_signing_key(std::string(32, 'k'));
  token.set_site_id("S1");
  token.set_secret(std::string(32, 's'));
  const std::string text = wire::writeToken(token);
  REQUIRE(wire::readToken(text));
  CHECK(wire::readToken("  " + text + "\n")->SerializeAsString() == token.SerializeAsString());
  for (std::size_t size = 0; size < text.size(); ++size) CHECK_FALSE(wire::readToken(text.substr(0, size)));
  for (std::size_t at = 9; at < text.size(); at += 7) {
    std::string typo = text;
    typo[at] = typo[at] == 'A' ? 'B' : 'A';
    CHECK_FALSE(wire::readToken(typo));
  }
  token.set_secret("short");
  CHECK_FALSE(wire::readToken(wire::writeToken(token)));
}
