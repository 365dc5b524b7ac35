// Accounts, sessions and tokens: who gets in, until when, and what is written of it.
#include "coordinator/auth/totp.hpp"
#include "desk.hpp"

namespace diemcau::auth {
namespace {

std::string raw32(const std::string& text) {
  std::string out;
  unsigned held = 0, bits = 0;
  for (const char c : text) {
    held = held << 5U | static_cast<unsigned>(c >= 'A' ? c - 'A' : c - '2' + 26);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>(held >> bits & 255U);
  }
  return out;
}

v1::PeopleAct changeOf(const std::string& name, std::optional<bool> disabled,
                       std::optional<v1::Role::Name> role = {}) {
  v1::PeopleAct what;
  auto& change = *what.mutable_change_account();
  change.set_name(name);
  if (disabled) change.set_disabled(*disabled);
  if (role) change.set_replace_grants(true);
  if (role) change.add_grants()->set_role(*role);
  return what;
}

}  // namespace

TEST_CASE("without accounts the door is open, with the first it closes") {
  Desk desk;
  CHECK(desk.people->open());
  CHECK(desk.people->identify({"", "", ""}, desk.clock.at)->kind == core::Identity::Kind::kOpen);
  desk.init();
  CHECK_FALSE(desk.people->open());
  CHECK(desk.people->identify({"", "", ""}, desk.clock.at)->isNobody());
  CHECK(desk.newest().subject() == "chief");
  core::StoreBatch batch;
  CHECK_FALSE(desk.people->firstAdmin("second", "another password", false, batch));
  CHECK(batch.empty());
}

TEST_CASE("a session ends by itself, when it is not used and in any case") {
  Desk desk;
  desk.init();
  const std::string secret = desk.signIn("chief", "the chief's password")->secret();
  const auto in = [&] { return desk.people->identify({secret, "", ""}, desk.clock.at).has_value(); };
  for (const auto& [key, body] : desk.objects) CHECK((key + body).find(secret) == std::string::npos);
  SECTION("unused") {
    desk.clock.at += 2 * kHour;
    CHECK(in());
    desk.clock.at += 2 * kHour + 1;
    CHECK_FALSE(in());
    desk.start();
    CHECK_FALSE(in());
  }
  SECTION("used all the time") {
    for (int i = 0; i < 23; ++i) {
      desk.clock.at += kHour;
      CHECK(in());
    }
    desk.start();
    CHECK(in());
    desk.clock.at += kHour;
    CHECK_FALSE(in());
    desk.people->tick(desk.clock.at);
    for (const auto& [key, body] : desk.objects) CHECK_FALSE(key.starts_with("ticket/"));
  }
}

TEST_CASE("a password for one sign-in must be changed at it") {
  Desk desk;
  desk.init();
  v1::PeopleAct what;
  what.mutable_add_account()->set_name("an");
  what.mutable_add_account()->add_grants()->set_role(v1::Role::viewer);
  const auto made = desk.act(what, desk.chief());
  REQUIRE(made);
  const std::string once = made->one_time_password();
  CHECK(desk.signIn("an", once)->needs() == "new_password");
  CHECK(desk.signIn("an", once)->secret().empty());
  CHECK_FALSE(desk.signIn("an", once, "", "short"));
  CHECK_FALSE(desk.signIn("an", once, "", once));
  CHECK_FALSE(desk.signIn("an", once, "", "a new password")->secret().empty());
  CHECK_FALSE(desk.signIn("an", once, "", "a newer password"));
  CHECK(desk.signIn("an", "a new password"));
}

TEST_CASE("unknown, wrong and disabled get one answer") {
  Desk desk;
  desk.init();
  desk.add("an", v1::Role::viewer);
  desk.add("be", v1::Role::viewer);
  REQUIRE(desk.act(changeOf("be", true), desk.chief()));
  const auto wrong = desk.signIn("an", "wrong wrong"), unknown = desk.signIn("xx", "wrong wrong"),
             disabled = desk.signIn("be", "be has a password");
  for (const auto* answer : {&wrong, &unknown, &disabled}) {
    REQUIRE_FALSE(*answer);
    CHECK(answer->error().code == ErrorCode::kNotSignedIn);
    CHECK(answer->error().text == wrong.error().text);
  }
  CHECK(desk.newest().outcome() == v1::AuditEntry::refused);
  CHECK(desk.newest().actor() == "nobody");
  CHECK(desk.newest().subject() == "be");
}

TEST_CASE("attempts are delayed for the account and for the address") {
  Desk desk;
  desk.init();
  for (int i = 0; i < 6; ++i)
    CHECK(desk.signIn("chief", "wrong wrong").error().code == ErrorCode::kNotSignedIn);
  CHECK(desk.signIn("chief", "the chief's password").error().code == ErrorCode::kTooMany);
  desk.clock.at += kSecond;
  CHECK(desk.signIn("chief", "the chief's password"));
  int names = 0;
  while (desk.signIn("name" + std::to_string(names), "wrong wrong").error().code == ErrorCode::kNotSignedIn &&
         names < 100)
    ++names;
  CHECK(names < 25);
}

TEST_CASE("a stranger who guesses does not hold up who signed in from elsewhere before") {
  Desk desk;
  desk.init();
  REQUIRE(desk.signIn("chief", "the chief's password"));
  desk.address = "198.51.100.9";
  for (int i = 0; i < 7; ++i) CHECK_FALSE(desk.signIn("chief", "wrong wrong"));
  CHECK(desk.signIn("chief", "the chief's password").error().code == ErrorCode::kTooMany);
  desk.address = "192.0.2.7";
  CHECK(desk.signIn("chief", "the chief's password"));
}

TEST_CASE("roles change at once, and one admin always remains") {
  Desk desk;
  desk.init();
  desk.add("an", v1::Role::viewer);
  const std::string secret = desk.signIn("an", "an has a password")->secret();
  CHECK(desk.as(secret).grants[0].role() == v1::Role::viewer);
  REQUIRE(desk.act(changeOf("an", {}, v1::Role::admin), desk.chief()));
  CHECK(desk.as(secret).grants[0].role() == v1::Role::admin);
  CHECK(desk.act(changeOf("chief", {}, v1::Role::viewer), desk.as(secret)));
  for (const auto& last : {changeOf("an", true), changeOf("an", {}, v1::Role::operator_)})
    CHECK(desk.act(last, desk.as(secret)).error().code == ErrorCode::kConflict);
  CHECK(desk.newest().outcome() == v1::AuditEntry::failed);
  REQUIRE(desk.act(changeOf("chief", true), desk.as(secret)));
  desk.start();
  CHECK_FALSE(desk.signIn("chief", "the chief's password"));
}

TEST_CASE("a second factor is asked for, counts once, and can be recovered from") {
  Desk desk;
  desk.init();
  const auto chief = desk.chief();
  v1::PeopleAct begin, confirm;
  begin.mutable_begin_totp();
  const auto begun = desk.act(begin, chief);
  REQUIRE(begun);
  CHECK_THAT(begun->totp_uri(),
             Catch::StartsWith("otpauth://totp/Diemcau:chief?secret=" + begun->totp_secret()));
  const std::string secret = raw32(begun->totp_secret());
  const auto code = [&] { return totpCode(secret, totpStep(desk.clock.at)); };
  CHECK(desk.signIn("chief", "the chief's password")->needs().empty());  // not confirmed yet
  confirm.mutable_confirm_totp()->set_code(totpCode(secret, 1));
  CHECK_FALSE(desk.act(confirm, chief));
  confirm.mutable_confirm_totp()->set_code(code());
  const auto confirmed = desk.act(confirm, chief);
  REQUIRE(confirmed);
  REQUIRE(confirmed->recovery_codes_size() == 8);
  CHECK(desk.signIn("chief", "the chief's password")->needs() == "code");
  CHECK_FALSE(desk.signIn("chief", "the chief's password", code()));  // used at the confirmation
  desk.clock.at += 30 * kSecond;
  CHECK(desk.signIn("chief", "the chief's password", code()));
  CHECK_FALSE(desk.signIn("chief", "the chief's password", code()));
  desk.start();
  const std::string spare = confirmed->recovery_codes(3);
  CHECK(desk.signIn("chief", "the chief's password", spare));
  CHECK_FALSE(desk.signIn("chief", "the chief's password", spare));
  for (const auto& [key, body] : desk.objects) CHECK(body.find(spare) == std::string::npos);
}

TEST_CASE("a changed password ends the other sessions") {
  Desk desk;
  desk.init();
  const std::string mine = desk.signIn("chief", "the chief's password")->secret(),
                    other = desk.signIn("chief", "the chief's password")->secret();
  v1::PeopleAct what;
  what.mutable_change_password()->set_password("wrong wrong");
  what.mutable_change_password()->set_new_password("a better password");
  CHECK_FALSE(desk.act(what, desk.as(mine)));
  what.mutable_change_password()->set_password("the chief's password");
  REQUIRE(desk.act(what, desk.as(mine)));
  CHECK(desk.people->identify({mine, "", ""}, desk.clock.at));
  CHECK_FALSE(desk.people->identify({other, "", ""}, desk.clock.at));
  CHECK(desk.signIn("chief", "a better password"));
}

TEST_CASE("only a cookie brings a CSRF word, and each session its own") {
  Desk desk;
  desk.init();
  const auto one = desk.signIn("chief", "the chief's password", "", "", true),
             two = desk.signIn("chief", "the chief's password", "", "", true);
  CHECK(one->csrf().size() == 32);
  CHECK(one->csrf() != two->csrf());
  CHECK(desk.people->identify({"", one->secret(), ""}, desk.clock.at)->csrf == one->csrf());
  CHECK(desk.people->identify({one->secret(), "", ""}, desk.clock.at)->csrf.empty());
}

TEST_CASE("while the store cannot write, or too many sign in, nobody does and nothing changes") {
  Desk desk;
  desk.init();
  const auto before = desk.objects;
  SECTION("store") {
    desk.healthy = false;
  }
  SECTION("worker") {
    desk.busy = true;
  }
  const auto answer = desk.signIn("chief", "the chief's password");
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::kUnavailable);
  CHECK(desk.objects == before);
}

TEST_CASE("who signs in again and again loses the oldest sessions") {
  Desk desk;
  desk.init();
  const std::string first = desk.signIn("chief", "the chief's password")->secret();
  for (std::size_t i = 0; i < Book::kMostSessionsEach; ++i) {
    desk.clock.at += kSecond;
    REQUIRE(desk.signIn("chief", "the chief's password"));
  }
  CHECK_FALSE(desk.people->identify({first, "", ""}, desk.clock.at));
}

}  // namespace diemcau::auth
