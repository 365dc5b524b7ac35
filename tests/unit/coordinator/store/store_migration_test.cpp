// The schema's steps: applied once and whole, and refused when they are not ours.
#include "coordinator/store/migrations.hpp"

#include <set>

#include "coordinator/store/store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace diemcau::store {
namespace {

Connection memory() {
  sq::sqlite3* raw = nullptr;
  REQUIRE(sq::sqlite3_open(":memory:", &raw) == SQLITE_OK);
  return Connection(raw);
}

const Migration kOne{1, "one", "CREATE TABLE one (a INTEGER) STRICT"};
const Migration kTwo{2, "two", "CREATE TABLE two (a INTEGER) STRICT; INSERT INTO two VALUES (2)"};

std::string asked(const Connection& conn, const char* sql) {
  return scalar(conn.get(), sql).value();
}

Error refused(const Connection& conn, const std::vector<Migration>& migrations) {
  const auto done = migrate(conn.get(), "x.db", migrations);
  REQUIRE_FALSE(done.has_value());
  CHECK_THAT(done.error().text, Catch::Contains("x.db"));
  return done.error();
}

}  // namespace

TEST_CASE("Steps are applied in order, once, and registered with their checksums") {
  const Connection conn = memory();
  REQUIRE(migrate(conn.get(), "x.db", {kOne}));
  REQUIRE(migrate(conn.get(), "x.db", {kOne, kTwo}));
  REQUIRE(migrate(conn.get(), "x.db", {kOne, kTwo}));
  CHECK(asked(conn, "SELECT count(*) FROM two") == "1");
  CHECK(asked(conn, "SELECT group_concat(number || name) FROM migration") == "1one,2two");
  CHECK(asked(conn, "SELECT checksum FROM migration WHERE number = 2") == checksumOf(kTwo));
  CHECK(asked(conn, "SELECT count(*) FROM migration WHERE applied_us > 0") == "2");
}

TEST_CASE("A step that changed after it was applied is refused") {
  const Connection conn = memory();
  REQUIRE(migrate(conn.get(), "x.db", {kOne}));
  const Error error = refused(conn, {{1, "one", "CREATE TABLE one (b INTEGER) STRICT"}, kTwo});
  CHECK(error.code == ErrorCode::kConflict);
  CHECK_THAT(error.text, Catch::Contains("checksum") && Catch::Contains("step 1"));
  CHECK(asked(conn, "SELECT count(*) FROM sqlite_schema WHERE name = 'two'") == "0");
}

TEST_CASE("A store of a newer program is refused") {
  const Connection conn = memory();
  REQUIRE(migrate(conn.get(), "x.db", {kOne, kTwo}));
  const Error error = refused(conn, {kOne});
  CHECK(error.code == ErrorCode::kConflict);
  CHECK_THAT(error.text, Catch::Contains("newer version"));
}

TEST_CASE("A step that fails leaves nothing behind, and can be tried again") {
  const Connection conn = memory();
  const Error error =
      refused(conn, {kOne, {2, "bad", "CREATE TABLE two (a INTEGER); INSERT INTO nowhere VALUES (1)"}});
  CHECK_THAT(error.text, Catch::Contains("step 2") && Catch::Contains("nowhere"));
  CHECK(asked(conn, "SELECT count(*) FROM sqlite_schema WHERE name = 'two'") == "0");
  CHECK(asked(conn, "SELECT max(number) FROM migration") == "1");
  CHECK(migrate(conn.get(), "x.db", {kOne, kTwo}).has_value());
}

TEST_CASE("A database of another program is refused") {
  const Connection conn = memory();
  REQUIRE(exec(conn.get(), "CREATE TABLE invoice (a)"));
  const Error error = refused(conn, {kOne});
  CHECK(error.code == ErrorCode::kConflict);
  CHECK_THAT(error.text, Catch::Contains("another program"));
  CHECK(asked(conn, "PRAGMA application_id") == "0");
}

TEST_CASE("The shipped steps are numbered without gaps and every checksum is its own") {
  std::set<std::string> sums;
  int number = 0;
  for (const Migration& step : sqliteMigrations()) {
    CHECK(step.number == ++number);
    CHECK(checksumOf(step).size() == 64);
    sums.insert(checksumOf(step));
  }
  CHECK(static_cast<int>(sums.size()) == number);
  REQUIRE(number >= 1);
}

TEST_CASE("A store of an earlier schema keeps its objects") {
  const Connection conn = memory();
  const auto& all = sqliteMigrations();
  REQUIRE(migrate(conn.get(), "x.db", {all.begin(), all.begin() + 3}));
  REQUIRE(exec(conn.get(),
               "INSERT INTO object VALUES ('site', 'b', '', x'00'), ('site', 'a', 's-1', x'0102'), ('area', "
               "'a', '', x'')"));
  const char* content =
      "SELECT group_concat(kind || id || session_id || hex(body)) FROM (SELECT * FROM object ORDER BY kind, "
      "id)";
  const std::string before = asked(conn, content);
  CHECK(before == "areaa,siteas-10102,siteb00");
  REQUIRE(migrate(conn.get(), "x.db", all));
  CHECK(asked(conn, content) == before);
  CHECK_FALSE(exec(conn.get(), "INSERT INTO object VALUES ('site', 'a', '', x'')").has_value());
}

TEST_CASE("A large object costs those beside it nothing") {
  const Connection conn = memory();
  REQUIRE(migrate(conn.get(), "x.db", sqliteMigrations()));
  REQUIRE(exec(conn.get(), "INSERT INTO object VALUES ('report', 's-1', 's-1', zeroblob(1000000))"));
  const auto pages = [&] {
    int now = 0, highest = 0;
    sq::sqlite3_db_status(conn.get(), SQLITE_DBSTATUS_CACHE_HIT, &now, &highest, 0);
    return now;
  };
  const int before = pages();
  for (int n = 0; n < 100; ++n)
    REQUIRE(exec(
        conn.get(),
        ("INSERT INTO object VALUES ('readiness', 's-1/" + std::to_string(n) + "', 's-1', x'01')").c_str()));
  CHECK(pages() - before < 100 * 20);  // where a search reads the report: fifty each
}

TEST_CASE("Opening a file whose steps are not ours says so") {
  const test::TempDir dir;
  const std::string path = dir / "store.db";
  Loop loop;
  REQUIRE(openSqlite(path, loop).has_value());
  const auto change = [&](const char* sql) {
    sq::sqlite3* raw = nullptr;
    REQUIRE(sq::sqlite3_open(path.c_str(), &raw) == SQLITE_OK);
    REQUIRE(exec(Connection(raw).get(), sql));
  };
  change("INSERT INTO migration VALUES (99, 'later', 'x', 1)");
  CHECK_THAT(openSqlite(path, loop).error().text, Catch::Contains("newer version"));
  change("DELETE FROM migration WHERE number = 99; UPDATE migration SET checksum = 'x'");
  CHECK_THAT(openSqlite(path, loop).error().text, Catch::Contains("another checksum"));
}

}  // namespace diemcau::store
