// Copies of a store that is in use.
#include "coordinator/store/store.hpp"
#include "support.hpp"

namespace diemcau::store {

TEST_CASE("A copy made while another process commits is whole and opens as a store") {
  TempDir dir;
  const std::string path = dir / "store.db";
  ChildProgram child("commit", path);
  long done = 0;
  for (int copy = 0; copy < 5; ++copy) {
    for (int i = 0; i < 40; ++i) done = std::stol(child.line());
    const std::string to = dir / ("copy" + std::to_string(copy));
    const auto made = backupSqlite(path, to);
    INFO((made ? "" : made.error().text));
    REQUIRE(made.has_value());
    CHECK(contentOf(to).wholeBatches() >= done);
    struct stat status {};
    REQUIRE(::stat(to.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777u) == 0600);
    CHECK_FALSE(std::filesystem::exists(to + ".part"));
  }
  for (int i = 0; i < 40; ++i) done = std::stol(child.line());  // it was not disturbed
  child.kill();
  CHECK(contentOf(path).wholeBatches() >= done);
}

TEST_CASE("A copy of our own open store holds what was committed, and the store goes on") {
  TempDir dir;
  Loop loop;
  auto store = opened(dir / "store.db", loop);
  int done = 0;
  store->commit(batchOf(1), [&] { ++done; });
  REQUIRE(runUntil(loop, [&] { return done == 1; }));
  REQUIRE(backupSqlite(dir / "store.db", dir / "copy.db").has_value());
  store->commit(batchOf(2), [&] { ++done; });
  REQUIRE(runUntil(loop, [&] { return done == 2; }));
  CHECK(contentOf(dir / "copy.db").wholeBatches() == 1);
  REQUIRE(store->close(30'000));
  CHECK(contentOf(dir / "store.db").wholeBatches() == 2);
}

TEST_CASE("A closed store can be copied too") {
  TempDir dir;
  {
    Loop loop;
    opened(dir / "store.db", loop)->commit(batchOf(1), nullptr);
  }
  REQUIRE(backupSqlite(dir / "store.db", dir / "copy.db").has_value());
  CHECK(contentOf(dir / "copy.db").wholeBatches() == 1);
  CHECK(contentOf(dir / "store.db").wholeBatches() == 1);
}

TEST_CASE("A backup that cannot be made says why and leaves nothing behind") {
  TempDir dir;
  const auto refused = [&](const std::string& from, const std::string& to) {
    const auto made = backupSqlite(dir / from, dir / to);
    REQUIRE_FALSE(made.has_value());
    CHECK_FALSE(made.error().vi.empty());
    return made.error();
  };
  CHECK(refused("none.db", "copy.db").code == ErrorCode::kNotFound);
  {
    Loop loop;
    auto store = opened(dir / "store.db", loop);
    for (std::uint64_t number = 1; number <= 100; ++number) store->commit(batchOf(number, 2000), nullptr);
  }
  CHECK(refused("store.db", "store.db").code == ErrorCode::kConflict);
  CHECK_THAT(refused("store.db", "no/dir/copy.db").text, Catch::Contains("cannot be written"));
  REQUIRE(sql(dir / "other.db", "CREATE TABLE invoice (a)").empty());
  CHECK_THAT(refused("other.db", "copy.db").text, Catch::Contains("not a store"));
  std::fstream file(dir / "store.db", std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(20 * 4096);
  file << std::string(4096, '\x5a');
  file.close();
  const Error damaged = refused("store.db", "copy.db");
  CHECK_THAT(damaged.text, Catch::Contains("damaged") && Catch::Contains(dir / "store.db"));
  CHECK_FALSE(std::filesystem::exists(dir / "copy.db"));
  CHECK_FALSE(std::filesystem::exists(dir / "copy.db.part"));
}

}  // namespace diemcau::store
