// Signing in from the command line, and what is kept of it.
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "base/settings.hpp"
#include "canned.hpp"
#include "coordinator/ctl/token_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace diemcau::ctl::test {
namespace {

Environment in(const diemcau::test::TempDir& home, const std::string& token = {}) {
  return [path = home.path(), token](const char* name) {
    const std::string asked = name;
    return asked == "HOME" ? path : asked == "DIEMCAU_TOKEN" ? token : std::string();
  };
}

}  // namespace

TEST_CASE("a sign-in is kept for its own coordinator, readable by its owner alone") {
  const diemcau::test::TempDir home;
  const auto environment = in(home);
  CHECK(tokenFor("http://one:1", environment).empty());
  REQUIRE(keepToken("http://one:1/", "secret one", environment));
  REQUIRE(keepToken("http://two:2", "secret two", environment));
  CHECK(tokenFor("http://one:1", environment) == "secret one");
  CHECK(tokenFor("http://two:2//", environment) == "secret two");
  CHECK(tokenFor("http://one:11", environment).empty());
  CHECK(tokenFor("http://one", environment).empty());
  struct stat status {};
  REQUIRE(::stat((home / ".config/diemcau/token").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  REQUIRE(keepToken("http://one:1", "newer", environment));
  CHECK(tokenFor("http://one:1", environment) == "newer");
  REQUIRE(keepToken("http://one:1", "", environment));
  CHECK(tokenFor("http://one:1", environment).empty());
  CHECK(tokenFor("http://two:2", environment) == "secret two");
  CHECK(tokenFor("http://two:2", in(home, "given")) == "given");
  CHECK_FALSE(keepToken("http://one:1", "x", [](const char*) { return std::string(); }));
}

TEST_CASE("what was kept is sent, and who is not signed in is told how") {
  CannedCoordinator coordinator;
  coordinator.answer("GET /api/v1/sessions", R"({"sessions":[]})");
  const diemcau::test::TempDir home;
  REQUIRE(keepToken(coordinator.url(), "dcs_abc", in(home)));
  CHECK(shell({"--url", coordinator.url(), "session", "list"}, {{"HOME", home.path()}}).code == 0);
  CHECK(coordinator.last().headers["authorization"] == "Bearer dcs_abc");
  CHECK(shell({"--url", coordinator.url(), "session", "list"}, {{"DIEMCAU_TOKEN", "dct_x"}}).code == 0);
  CHECK(coordinator.last().headers["authorization"] == "Bearer dct_x");
  CHECK(shell({"--url", coordinator.url(), "session", "list"}).code == 0);
  CHECK_FALSE(coordinator.last().headers.contains("authorization"));

  coordinator.answer("GET /api/v1/sessions",
                     R"({"detail":"sign in first","detail_vi":"hãy đăng nhập trước"})", 401);
  const auto refused = shell({"--url", coordinator.url(), "--lang", "vi", "session", "list"});
  CHECK(refused.code == 1);
  CHECK(has(refused.err, "hãy đăng nhập trước"));
  CHECK(has(refused.err, "diemcau sign-in"));
}

TEST_CASE("roles are written as ROLE or ROLE@AREA") {
  CannedCoordinator coordinator;
  coordinator.answer("POST /api/v1/accounts", R"({"account":{"name":"an"},"one_time_password":"once-only"})");
  coordinator.answer("PUT /api/v1/accounts/an", R"({"account":{"name":"an"}})");
  const auto added =
      shell(coordinator, {"account", "add", "an", "--role", "viewer", "--role", "operator@hn-01"});
  CHECK(added.code == 0);
  CHECK(has(added.out, "once-only"));
  const auto body = nlohmann::json::parse(coordinator.last().body);
  CHECK(body["grants"][0]["role"] == "viewer");
  CHECK(body["grants"][1]["role"] == "operator");
  CHECK(body["grants"][1]["area_id"] == "hn-01");
  CHECK(shell(coordinator, {"account", "roles", "an", "--role", "king"}).code == 64);
  CHECK(shell(coordinator, {"account", "roles", "an", "--role", "none"}).code == 64);
  CHECK(shell(coordinator, {"account", "disable", "an"}).code == 0);
  CHECK(nlohmann::json::parse(coordinator.last().body)["disabled"] == true);
}

TEST_CASE("a broken audit log is a failure for scripts, and names the entry") {
  CannedCoordinator coordinator;
  coordinator.answer(
      "GET /api/v1/audit/verify",
      R"({"whole":false,"broken_seq":"7","reason":{"vi":"mục 7 đã bị sửa","en":"entry 7 was changed"}})");
  const auto broken = shell(coordinator, {"--lang", "en", "audit", "verify"});
  CHECK(broken.code == 1);
  CHECK(has(broken.err, "entry 7 was changed"));
  coordinator.answer("GET /api/v1/audit/verify", R"({"whole":true,"entries":"7","head":"abcd"})");
  CHECK(shell(coordinator, {"audit", "verify"}).code == 0);
}

}  // namespace diemcau::ctl::test
