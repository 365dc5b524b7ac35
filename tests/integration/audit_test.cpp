// The audit log and the accounts across kill -9, across a hand with a database tool, and without a
// coordinator.
#include <sqlite3.h>

#include "tests/integration/house.hpp"

using namespace diemcau;
using namespace diemcau::test;

namespace {

void sql(const std::string& path, const std::string& statement) {
  sqlite3* conn = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &conn) == SQLITE_OK);
  char* message = nullptr;
  sqlite3_exec(conn, statement.c_str(), nullptr, nullptr, &message);
  const std::string said = message == nullptr ? "" : message;
  sqlite3_free(message);
  sqlite3_close(conn);
  CAPTURE(statement);
  REQUIRE(said.empty());
}

}  // namespace

TEST_CASE("what was signed in and audited is there after kill -9") {
  House house;
  const auto op = house.account("ba", "operator", "a");
  CHECK(house.post(op, "/api/v1/sessions/" + house.in_a + "/arm") == 200);
  const auto before = house.verdict();
  CHECK(before["whole"] == true);
  house.centre.kill();
  house.centre.start();
  CHECK(house.get(op, "/api/v1/me")["name"] == "ba");
  const auto after = house.verdict();
  CHECK(after["whole"] == true);
  CHECK(std::stoul(after["entries"].get<std::string>()) >= std::stoul(before["entries"].get<std::string>()));
  const auto entry = house.audited("account:ba");
  CHECK(entry["act"] == "session.arm");
  CHECK(entry["subject"] == house.in_a);
  CHECK(entry["outcome"] == "done");
  // The timeline names the account too.
  CHECK(house.get(house.admin, "/api/v1/sessions/" + house.in_a + "/timeline")
            .dump()
            .find("\"actor\":\"ba\"") != std::string::npos);
}

TEST_CASE("an audit log that a hand has been at is found out, and where") {
  House house;
  house.account("vi", "viewer");
  const auto entries = std::stoul(house.verdict()["entries"].get<std::string>());
  REQUIRE(entries >= 5);
  house.centre.process().signal(SIGTERM);
  REQUIRE(house.centre.process().wait() == 0);
  const std::string path = house.centre.dir() + "/coordinator.db";
  struct Row {
    const char *what, *statement, *said;
  };
  const auto row = GENERATE(values<Row>({
      {"a body changed",
       "UPDATE audit SET body = CAST(replace(body, 'schedule', 'schedulf') AS BLOB) WHERE seq = 3",
       "entry 3"},
      {"a time changed", "UPDATE audit SET at_us = at_us + 1 WHERE seq = 3", "entry 3"},
      {"body and hash of another",
       "UPDATE audit SET body = (SELECT body FROM audit WHERE seq = 2), hash = (SELECT hash "
       "FROM audit WHERE seq = 2) WHERE seq = 3",
       "entry 3"},
      {"one removed", "DELETE FROM audit WHERE seq = 2", "entry 2"},
      {"the newest removed", "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)", "is missing"},
      {"all removed", "DELETE FROM audit", "entry 1"},
      {"one put in behind", "INSERT INTO audit SELECT max(seq) + 1, at_us, body, hash FROM audit", "entry"},
      {"two exchanged",
       "UPDATE audit SET seq = -seq WHERE seq IN (2, 3); UPDATE audit SET seq = 5 + seq WHERE seq < 0",
       "entry 2"},
  }));
  CAPTURE(row.what);
  sql(path, "DROP TRIGGER audit_never_changes; DROP TRIGGER audit_never_goes");
  sql(path, row.statement);
  Process offline({COORDINATOR, "audit-verify", "--data", house.centre.dir()});
  CHECK(offline.wait() == 1);
  CAPTURE(offline.errors());
  CHECK(offline.errors().find("the audit log is broken at ") != std::string::npos);
  CHECK(offline.errors().find(row.said) != std::string::npos);
  // The coordinator says so too, and goes on for good: what comes after cannot hide it.
  house.centre.start();
  CHECK(house.verdict()["whole"] == false);
  house.signIn("vi", "vi's password");
  CHECK(house.verdict()["whole"] == false);
}

TEST_CASE("the triggers refuse what a hand would do to the audit log") {
  House house;
  house.centre.process().signal(SIGTERM);
  REQUIRE(house.centre.process().wait() == 0);
  sqlite3* conn = nullptr;
  REQUIRE(sqlite3_open((house.centre.dir() + "/coordinator.db").c_str(), &conn) == SQLITE_OK);
  for (const char* statement : {"DELETE FROM audit", "UPDATE audit SET at_us = 0"})
    CHECK(sqlite3_exec(conn, statement, nullptr, nullptr, nullptr) != SQLITE_OK);
  sqlite3_close(conn);
}

TEST_CASE("who has the machine can make a first admin once, and recover one") {
  House house;
  house.centre.process().signal(SIGTERM);
  REQUIRE(house.centre.process().wait() == 0);
  const auto run = [&](std::vector<std::string> words) {
    words.insert(words.begin(), COORDINATOR);
    words.insert(words.end(), {"--data", house.centre.dir()});
    return words;
  };
  Process again(run({"init", "--admin", "other", "--generate"}));
  CHECK(again.wait() == 78);
  CHECK(again.errors().find("accounts already") != std::string::npos);
  Process unknown(run({"recover", "--admin", "nobody-here", "--generate"}));
  CHECK(unknown.wait() == 64);
  Process recover(run({"recover", "--admin", "chief", "--generate"}));
  const auto line = recover.lineThatBegins("one-time-password=");
  REQUIRE(line);
  REQUIRE(recover.wait() == 0);
  house.centre.start();
  CHECK(house.centre.get("/api/v1/me", bearer(house.admin)).status == 401);
  CHECK(house.centre.post("/api/v1/sign-in", {{"name", "chief"}, {"password", "chief's new password"}})
            .status == 401);
  house.admin = house.signIn("chief", line->substr(line->find('=') + 1), "yet another password");
  CHECK(house.audited("system")["act"] == "account.recover");
  CHECK(house.verdict()["whole"] == true);
  Process busy(run({"recover", "--admin", "chief", "--generate"}));
  CHECK(busy.wait() == 75);  // not beside a coordinator
}
