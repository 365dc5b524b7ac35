// Files written all or nothing, and addresses to listen on.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/settings.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace diemcau;
using diemcau::test::TempDir;
namespace fs = std::filesystem;

TEST_CASE("writeFileAtomically replaces a file, sets its mode, leaves nothing beside it") {
  const TempDir dir;
  const std::string path = dir / "key";
  REQUIRE(writeFileAtomically(path, "one", 0600));
  CHECK(readFile(path).value() == "one");
  struct stat info {};
  REQUIRE(stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 07777) == 0600);
  const std::string big(300'000, 'x');
  REQUIRE(writeFileAtomically(path, big));
  CHECK(readFile(path).value() == big);
  CHECK(std::distance(fs::directory_iterator(dir.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("what cannot be read or written says which file and why") {
  const TempDir dir;
  const std::string missing = dir / "missing/file";
  const auto read = readFile(missing);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ErrorCode::kNotFound);
  CHECK(read.error().text.find(missing) != std::string::npos);
  const auto write = writeFileAtomically(missing, "x");
  REQUIRE_FALSE(write);
  CHECK(write.error().text.find(missing) != std::string::npos);
  // A directory in the way: the old thing stays, and nothing is left beside it.
  const fs::path taken = dir / "taken";
  fs::create_directories(taken / "inside");
  CHECK_FALSE(writeFileAtomically(taken, "x"));
  CHECK(fs::is_directory(taken / "inside"));
  CHECK(std::distance(fs::directory_iterator(dir.path()), fs::directory_iterator()) == 1);
  CHECK_FALSE(readFile(dir.path()));
}

TEST_CASE("readFile stops at its limit") {
  const TempDir dir;
  const std::string path = dir / "big";
  REQUIRE(writeFileAtomically(path, std::string(1000, 'x')));
  CHECK(readFile(path, 1000));
  const auto got = readFile(path, 999);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == ErrorCode::kTooBig);
  CHECK_FALSE(readFile("/dev/zero", 100'000));
}

TEST_CASE("parseListen") {
  CHECK(parseListen("127.0.0.1:7600").value().host == "127.0.0.1");
  CHECK(parseListen("127.0.0.1:7600").value().port == 7600);
  CHECK(parseListen("[::1]:0").value().host == "::1");
  CHECK(parseListen("127.0.0.1:0").value().loopback());
  CHECK(parseListen("127.9.9.9:1").value().loopback());
  CHECK(parseListen("[::1]:1").value().loopback());
  CHECK(parseListen("localhost:1").value().loopback());
  CHECK_FALSE(parseListen("0.0.0.0:1").value().loopback());
  CHECK_FALSE(parseListen("192.168.1.1:1").value().loopback());
  CHECK_FALSE(parseListen("[::]:1").value().loopback());
  for (const char* bad :
       {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:x", ":80", "::1:80", "[::1]", "[::1:80",
        "example.vn:80", "127.0.0.1.5:80", "127.0.0.1:-1", "127.evil.vn:80"}) {
    INFO(bad);
    const auto got = parseListen(bad);
    REQUIRE_FALSE(got);
    CHECK(got.error().text.find("127.0.0.1:7600") != std::string::npos);
  }
}
