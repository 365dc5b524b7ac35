// Opening: who may, what is refused, and that a refused file is not touched.
#include "coordinator/store/store.hpp"
#include "support.hpp"

namespace diemcau::store {
namespace {

unsigned modeOf(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777u;
}

// A closed store of many pages.
std::string filled(const TempDir& dir) {
  const std::string path = dir / "store.db";
  Loop loop;
  auto store = opened(path, loop);
  for (std::uint64_t number = 1; number <= 300; ++number) store->commit(batchOf(number, 500), nullptr);
  REQUIRE(store->close(30'000));
  return path;
}

void overwrite(const std::string& path, std::size_t at, const std::string& bytes) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(at));
  file << bytes;
  REQUIRE(file.good());
}

void checkRefusedAsDamaged(const std::string& path) {
  const std::string before = readAll(path);
  const Error error = openError(path);
  CHECK(error.code == ErrorCode::kInternal);
  CHECK_THAT(error.text, Catch::Contains("damaged") && Catch::Contains(path) && Catch::Contains("restore"));
  CHECK(readAll(path) == before);
}

}  // namespace

TEST_CASE("The store and its log are readable by the service alone, whatever they were before") {
  TempDir dir;
  const std::string path = dir / "store.db";
  { std::ofstream there(path); }
  REQUIRE(::chmod(path.c_str(), 0644) == 0);
  Loop loop;
  auto store = opened(path, loop);
  CHECK(modeOf(path) == 0600);
  CHECK(modeOf(path + "-wal") == 0600);
  CHECK(modeOf(path + ".lock") == 0600);
}

TEST_CASE("A store that another process holds is locked, until that process is gone") {
  TempDir dir;
  const std::string path = dir / "store.db";
  ChildProgram holder("hold", path);
  REQUIRE(holder.line() == "open");
  const Error error = openError(path);
  CHECK(error.code == ErrorCode::kUnavailable);
  CHECK_THAT(error.text, Catch::Contains("locked") && Catch::Contains(std::to_string(holder.pid())));
  holder.kill();
  Loop loop;
  const auto store = opened(path, loop);
  CHECK_THAT(openError(path).text, Catch::Contains("locked"));  // nor twice in one process
}

TEST_CASE("A damaged header is refused") {
  TempDir dir;
  const std::string path = filled(dir);
  overwrite(path, 0, "garbage garbage!");
  checkRefusedAsDamaged(path);
}

TEST_CASE("A damaged page is refused") {
  TempDir dir;
  const std::string path = filled(dir);
  const std::size_t pages = readAll(path).size() / 4096;
  REQUIRE(pages > 20);
  overwrite(path, (pages / 2) * 4096, std::string(4096, '\x5a'));
  checkRefusedAsDamaged(path);
}

TEST_CASE("A file that was cut short is refused") {
  TempDir dir;
  const std::string path = filled(dir);
  std::filesystem::resize_file(path, readAll(path).size() / 2 / 4096 * 4096);
  checkRefusedAsDamaged(path);
}

TEST_CASE("A file that never was a store is refused") {
  TempDir dir;
  const std::string path = dir / "store.db";
  std::ofstream(path) << std::string(5000, 'a');
  checkRefusedAsDamaged(path);
}

TEST_CASE("Names that cannot be a store are refused with the reason") {
  TempDir dir;
  const Error missing = openError(dir / "no/such/dir.db");
  CHECK(missing.code == ErrorCode::kNotFound);
  CHECK_THAT(missing.text, Catch::Contains("directory must exist"));
  std::filesystem::create_directory(dir / "folder");
  CHECK_THAT(openError(dir / "folder").text, Catch::Contains("is not a file"));
  CHECK(openError("").code == ErrorCode::kInvalid);
  CHECK(openError(dir / "a\"b").code == ErrorCode::kInvalid);
}

TEST_CASE("The ledger only grows, even for a hand with a database tool") {
  TempDir dir;
  const std::string path = filled(dir);
  CHECK_THAT(sql(path, "UPDATE record SET number = 9"), Catch::Contains("only grows"));
  CHECK_THAT(sql(path, "DELETE FROM record WHERE ordinal = 1"), Catch::Contains("only grows"));
  CHECK_THAT(sql(path, "UPDATE timeline SET at_us = 0"), Catch::Contains("only grows"));
  CHECK_THAT(sql(path, "DELETE FROM timeline"), Catch::Contains("only grows"));
  CHECK_THAT(sql(path, "PRAGMA recursive_triggers = ON; REPLACE INTO timeline SELECT * FROM timeline"),
             Catch::Contains("only grows"));
  CHECK_THAT(
      sql(path,
          "INSERT INTO record SELECT 999999, site_id, record_id, epoch, number, session_id, received_us, "
          "body FROM record LIMIT 1"),
      Catch::Contains("UNIQUE"));
  CHECK(sql(path, "UPDATE object SET body = x'00'").empty());
  CHECK(contentOf(path).wholeBatches() == 300);
}

}  // namespace diemcau::store
