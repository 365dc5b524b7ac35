// Codes of a telephone, delays, passwords, names and roles.
#include "coordinator/auth/book.hpp"
#include "coordinator/auth/passwords.hpp"
#include "coordinator/auth/throttle.hpp"
#include "coordinator/auth/totp.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::auth {

// RFC 6238, appendix B, SHA-1; the last six of its eight digits.
TEST_CASE("codes are those of RFC 6238") {
  const std::string secret = "12345678901234567890";
  struct Row {
    std::int64_t seconds;
    const char* code;
  };
  for (const auto& row : {Row{59, "287082"}, Row{1111111109, "081804"}, Row{1111111111, "050471"},
                          Row{1234567890, "005924"}, Row{2000000000, "279037"}, Row{20000000000, "353130"}}) {
    CHECK(totpCode(secret, totpStep(row.seconds * kSecond)) == row.code);
  }
  CHECK(base32(secret) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  CHECK(base32("f") == "MY");
  CHECK(base32("foobar") == "MZXW6YTBOI");
}

TEST_CASE("a code counts once, and one step early or late") {
  const std::string secret = makeTotpSecret();
  CHECK(secret.size() == 20);
  const Micros now = 1'800'000'010 * kSecond;
  const auto step = totpStep(now);
  for (const int off : {-1, 0, 1})
    CHECK(totpMatch(secret, totpCode(secret, step + off), 0, now) == step + off);
  for (const int off : {-2, 2, 100}) CHECK_FALSE(totpMatch(secret, totpCode(secret, step + off), 0, now));
  CHECK_FALSE(totpMatch(secret, totpCode(secret, step), step, now));
  CHECK_FALSE(totpMatch(secret, "", 0, now));
}

TEST_CASE("delays begin after some attempts, double, and end") {
  Throttle throttle(3, 8 * kSecond);
  Micros now = kHour;
  for (int i = 0; i < 3; ++i) {
    throttle.failed("an", now);
    CHECK(throttle.wait("an", now) == 0);
  }
  for (const Micros wait : {1, 2, 4, 8, 8}) {
    throttle.failed("an", now);
    CHECK(throttle.wait("an", now) == wait * kSecond);
    CHECK(throttle.wait("other", now) == 0);
    now += wait * kSecond;
    CHECK(throttle.wait("an", now) == 0);
  }
  throttle.succeeded("an");
  throttle.failed("an", now);
  CHECK(throttle.wait("an", now) == 0);
}

TEST_CASE("an attempt that was none is forgiven, and an hour later all is forgotten") {
  Throttle throttle(1, kMinute);
  throttle.failed("an", 0);
  throttle.failed("an", 0);
  CHECK(throttle.wait("an", 0) == kSecond);
  throttle.forgive("an");
  CHECK(throttle.wait("an", 0) == 0);
  throttle.failed("an", 2 * kHour);
  CHECK(throttle.wait("an", 2 * kHour) == 0);
}

TEST_CASE("a flood of names costs bounded memory and does not free the one that is watched") {
  Throttle throttle(0, kMinute);
  Micros now = kHour;
  for (std::size_t i = 0; i < 3 * Throttle::kMost; ++i) {
    throttle.failed("name" + std::to_string(i), ++now);
    if (i % 1000 == 0) throttle.failed("an", ++now);
  }
  CHECK(throttle.wait("an", now) > 0);
}

TEST_CASE("a password is long enough and not the name") {
  CHECK(goodPassword("long enough", "an"));
  CHECK(goodPassword("mật khẩu dài", "an"));
  CHECK_FALSE(goodPassword("too short", "an"));
  CHECK_FALSE(goodPassword("aaaaaaaaaaaaaaa", "an"));
  CHECK_FALSE(goodPassword("alongername1", "alongername"));
  CHECK_FALSE(goodPassword(std::string(1025, 'x') + "y", "an"));
  CHECK_FALSE(goodPassword("not utf-8 \xff\xfe", "an"));
}

TEST_CASE("hashes are argon2id, differ, and fit their password alone") {
  const auto one = hashPassword("a good password"), two = hashPassword("a good password");
  REQUIRE((one && two));
  CHECK(one->starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
  CHECK(*one != *two);
  CHECK(passwordFits(*one, "a good password"));
  CHECK_FALSE(passwordFits(*one, "a good passwore"));
  CHECK_FALSE(passwordFits("", "a good password"));
  CHECK(makePassword() != makePassword());
  CHECK(makeSecret("dcs_").size() == 4 + 43);
  CHECK(hashSecret("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("names and roles are checked") {
  CHECK(checkedName("Nguyen.An").value() == "nguyen.an");
  for (const char* wrong : {"", "a b", "á", "a/b", "123456789012345678901234567890123"})
    CHECK_FALSE(checkedName(wrong));
  const auto known = [](const std::string& area) { return area == "a"; };
  const auto good = [&](v1::Role::Name role, const std::string& area) {
    Grants grants;
    grants.Add()->set_role(role);
    grants.Mutable(0)->set_area_id(area);
    return checkGrants(grants, known).has_value();
  };
  CHECK(good(v1::Role::viewer, ""));
  CHECK(good(v1::Role::operator_, "a"));
  CHECK(good(v1::Role::admin, ""));
  CHECK_FALSE(good(v1::Role::operator_, "b"));
  CHECK_FALSE(good(v1::Role::admin, "a"));
  CHECK_FALSE(good(v1::Role::auditor, "a"));
  CHECK_FALSE(good(v1::Role::none, ""));
  CHECK_FALSE(good(static_cast<v1::Role::Name>(77), ""));
  CHECK_FALSE(checkGrants(Grants(), known));
}

}  // namespace diemcau::auth
