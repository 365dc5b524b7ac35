// A backup brought back.
#include "coordinator/store/store.hpp"
#include "support.hpp"

namespace diemcau::store {
namespace {

void fill(const std::string& path, std::uint64_t from, std::uint64_t to) {
  Loop loop;
  auto store = opened(path, loop);
  for (std::uint64_t number = from; number <= to; ++number) store->commit(batchOf(number), nullptr);
}

}  // namespace

TEST_CASE("A restored store holds what the backup holds, and the old one is kept with all it had") {
  TempDir dir;
  const std::string path = dir / "store.db";
  fill(path, 1, 3);
  REQUIRE(backupSqlite(path, dir / "copy.db").has_value());
  {
    ChildProgram child("commit", path);  // killed with a log beside the store, from which nothing may leak
    for (int i = 0; i < 20; ++i) child.line();
    child.kill();
  }
  const auto kept = restoreSqlite(dir / "copy.db", path);
  INFO((kept ? "" : kept.error().text));
  REQUIRE(kept.has_value());
  CHECK_FALSE(std::filesystem::exists(path + "-wal"));
  CHECK_FALSE(std::filesystem::exists(path + ".restoring"));
  CHECK(contentOf(path).wholeBatches() == 3);
  CHECK(contentOf(*kept).wholeBatches() >= 20);
  CHECK(contentOf(dir / "copy.db").wholeBatches() == 3);
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777u) == 0600);

  const auto again = restoreSqlite(dir / "copy.db", path);
  REQUIRE(again.has_value());
  CHECK(*again != *kept);
}

TEST_CASE("A damaged store is replaced and kept") {
  TempDir dir;
  const std::string path = dir / "store.db";
  fill(path, 1, 3);
  REQUIRE(backupSqlite(path, dir / "copy.db").has_value());
  std::ofstream(path, std::ios::binary | std::ios::trunc) << std::string(8192, '\x5a');
  CHECK_THAT(openError(path).text, Catch::Contains("diemcau restore"));
  const auto kept = restoreSqlite(dir / "copy.db", path);
  REQUIRE(kept.has_value());
  CHECK(readAll(*kept) == std::string(8192, '\x5a'));
  CHECK(contentOf(path).wholeBatches() == 3);
}

TEST_CASE("A backup can be put where no store was") {
  TempDir dir;
  fill(dir / "store.db", 1, 2);
  REQUIRE(backupSqlite(dir / "store.db", dir / "copy.db").has_value());
  const auto kept = restoreSqlite(dir / "copy.db", dir / "new.db");
  REQUIRE(kept.has_value());
  CHECK(kept->empty());
  CHECK(contentOf(dir / "new.db").wholeBatches() == 2);
}

TEST_CASE("A restore that cannot be done says why and changes nothing") {
  TempDir dir;
  const std::string path = dir / "store.db";
  fill(path, 1, 3);
  REQUIRE(backupSqlite(path, dir / "copy.db").has_value());
  const auto refused = [&](const std::string& backup) {
    const auto kept = restoreSqlite(backup, path);
    REQUIRE_FALSE(kept.has_value());
    CHECK_FALSE(kept.error().vi.empty());
    CHECK_FALSE(std::filesystem::exists(path + ".restoring"));
    return kept.error();
  };
  CHECK(refused(dir / "none.db").code == ErrorCode::kNotFound);
  {
    Loop loop;
    auto store = opened(path, loop);
    const Error busy = refused(dir / "copy.db");
    CHECK(busy.code == ErrorCode::kUnavailable);
    CHECK_THAT(busy.text, Catch::Contains("stop that one first"));
  }
  REQUIRE(sql(dir / "other.db", "CREATE TABLE invoice (a)").empty());
  CHECK_THAT(refused(dir / "other.db").text, Catch::Contains("not a store"));
  REQUIRE(sql(dir / "copy.db",
              "INSERT INTO migration (number, name, checksum, applied_us) VALUES (1000, 'later', 'x', 1)")
              .empty());
  CHECK_THAT(refused(dir / "copy.db").text, Catch::Contains("newer version"));
  CHECK(contentOf(path).wholeBatches() == 3);
}

}  // namespace diemcau::store
