// The small files beside the spool: kept as a whole, private, and not believed when they are broken.
#include "agent/spool/site_files.hpp"

#include <filesystem>
#include <fstream>

#include "base/settings.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/agent/spool/support.hpp"

using namespace diemcau;
using namespace diemcau::agent;
using diemcau::test::TempDir;
namespace fs = std::filesystem;

TEST_CASE("an agent keeps its id") {
  TempDir dir;
  const auto id = SiteFiles(dir.path()).agentId().value();
  CHECK(id.size() == 32);
  CHECK(SiteFiles(dir.path()).agentId().value() == id);
  std::ofstream(dir.path() + "/agent_id") << "../../etc/passwd\n";
  CHECK(SiteFiles(dir.path()).agentId().value().size() == 32);
}

TEST_CASE("a site keeps the key of its delegates' codes, and no other site has it") {
  TempDir dir, other;
  const auto key = SiteFiles(dir.path()).deskKey().value();
  CHECK(key.size() == 64);
  CHECK(SiteFiles(dir.path()).deskKey().value() == key);
  CHECK(SiteFiles(other.path()).deskKey().value() != key);
}

TEST_CASE("the assignment comes back as it was and nobody else can read it") {
  TempDir dir;
  SiteFiles files(dir.path());
  CHECK_FALSE(files.assignment());
  v1::Assignment assignment;
  assignment.set_revision(7);
  assignment.add_plans("a plan with a passphrase");
  REQUIRE(files.saveAssignment(assignment));
  CHECK(files.assignment()->SerializeAsString() == assignment.SerializeAsString());
  CHECK((fs::status(dir.path() + "/assignment").permissions() & fs::perms::all) ==
        (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a broken file counts as absent") {
  TempDir dir;
  SiteFiles files(dir.path());
  v1::Status status;
  status.set_session_id("s1");
  status.set_started_us(123);
  REQUIRE(files.saveStatus(status));
  const auto bytes = readFile(dir.path() + "/status").value();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    std::ofstream(dir.path() + "/status", std::ios::binary) << bytes.substr(0, size);
    CHECK_FALSE(files.status());
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto broken = bytes;
    broken[at] ^= 4;
    std::ofstream(dir.path() + "/status", std::ios::binary) << broken;
    CHECK_FALSE(files.status());
  }
}

TEST_CASE("the clock's estimate comes back") {
  TempDir dir;
  SiteFiles files(dir.path());
  CHECK_FALSE(files.clock());
  REQUIRE(files.saveClock(
      {.wall = 1'772'323'200'000'000, .wall_offset = -4'500, .error = 900, .drift_ppm = -12.25}));
  const auto saved = files.clock().value();
  CHECK(saved.wall == 1'772'323'200'000'000);
  CHECK(saved.wall_offset == -4'500);
  CHECK(saved.error == 900);
  CHECK(saved.drift_ppm == Approx(-12.25));
  for (const auto* text : {"", "1 2 3", "1 2 3 4", "1 2 -3 4.0\n", "a b c d\n"}) {
    std::ofstream(dir.path() + "/clock") << text;
    CHECK_FALSE(files.clock());
  }
}
