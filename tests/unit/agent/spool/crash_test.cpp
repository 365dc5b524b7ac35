// The spool after crashes: kill -9 in the middle of appending, a torn end at every byte, and damage that no
// crash makes.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>

#include "agent/spool/segment.hpp"
#include "agent/spool/spool.hpp"
#include "base/settings.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/agent/spool/support.hpp"

using namespace diemcau;
using namespace diemcau::agent;
using diemcau::test::ids;
using diemcau::test::TempDir;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kSmallSegment = 2000;  // so that crashes hit the change of segments too

v1::Record checkIn(std::string id) {
  v1::Record record;
  record.set_id(std::move(id));
  record.set_session_id("s1");
  record.mutable_check_in()->set_delegate_id("d-1");
  record.mutable_check_in()->set_state(v1::Presence::present);
  return record;
}

std::string slurp(const std::string& path) {
  return readFile(path, 1 << 24).value();
}

void spill(const std::string& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// The child: appends for ever and tells each id through the pipe once it is confirmed.
[[noreturn]] void appendForEver(const std::string& dir, int round, int out) {
  auto spool = Spool::open(dir, {.segment_bytes = kSmallSegment, .before_delete = {}});
  if (!spool) ::_exit(3);
  for (int i = 0;; ++i) {
    auto record = checkIn(fmt::format("{:02}-{:08}", round, i));
    if (!(*spool)->append(record)) ::_exit(4);
    const auto line = record.id() + "\n";
    if (::write(out, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(5);
    // Some of it is acknowledged while it runs, so that segments go too.
    if (i % 40 == 39 && !(*spool)->acknowledged((*spool)->newest() - 10)) ::_exit(6);
  }
}

}  // namespace

TEST_CASE("kill -9 while appending: nothing that was confirmed is lost, in 15 rounds") {
  TempDir dir;
  std::mt19937 random(20260301);
  std::set<std::string> seen_on_disk;
  for (int round = 0; round < 15; ++round) {
    std::array<int, 2> pipe{};
    REQUIRE(::pipe(pipe.data()) == 0);
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      ::close(pipe[0]);
      appendForEver(dir.path(), round, pipe[1]);
    }
    ::close(pipe[1]);
    const std::size_t enough = 12 * (20 + random() % 150);
    std::string told;
    std::array<char, 512> buffer{};
    while (told.size() < enough) {
      const auto got = ::read(pipe[0], buffer.data(), buffer.size());
      REQUIRE(got > 0);
      told.append(buffer.data(), static_cast<std::size_t>(got));
    }
    ::kill(child, SIGKILL);
    for (ssize_t got = 0; (got = ::read(pipe[0], buffer.data(), buffer.size())) > 0;)
      told.append(buffer.data(), static_cast<std::size_t>(got));
    ::close(pipe[0]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));

    auto spool = Spool::open(dir.path(), {.segment_bytes = kSmallSegment, .before_delete = {}}).value();
    CHECK_FALSE(spool->found().damaged);
    const auto held = ids(*spool);
    const std::set<std::string> on_disk(held.begin(), held.end());
    CHECK(on_disk.size() == held.size());
    // What is no longer on the disk was acknowledged: at most the oldest, never one after a gap.
    std::size_t missing = 0, confirmed = 0;
    bool gap = false;
    for (std::size_t at = 0; at + 12 <= told.size(); at += 12, ++confirmed) {
      const bool there = on_disk.contains(told.substr(at, 11));
      missing += !there;
      gap = gap || (!there && missing != confirmed + 1);
    }
    CHECK_FALSE(gap);
    CHECK(confirmed >= enough / 12);
    CHECK(spool->pending() <= held.size());
    CHECK(spool->newest() - held.size() <= spool->acked());
  }
}

TEST_CASE(
    "a torn end at every byte of the last record: the others stay, the torn one goes, appending goes on") {
  TempDir dir;
  const auto file = dir.path() + "/records-00000000000000000001.log";
  {
    auto spool = Spool::open(dir.path()).value();
    for (const auto* id : {"one", "two"}) {
      auto record = checkIn(id);
      REQUIRE(spool->append(record));
    }
  }
  const auto before = fs::file_size(file);
  {
    auto spool = Spool::open(dir.path()).value();
    auto record = checkIn("torn");
    REQUIRE(spool->append(record));
  }
  const auto whole = slurp(file);
  const auto epoch = slurp(dir.path() + "/epoch");
  for (std::size_t size = before; size < whole.size(); ++size) {
    for (const bool zeros : {false, true}) {  // cut, or zeros as a file system may leave them
      auto bytes = whole.substr(0, size);
      if (zeros) bytes.resize(whole.size(), '\0');
      if (bytes == whole) continue;
      spill(file, bytes);
      auto spool = Spool::open(dir.path()).value();
      REQUIRE_FALSE(spool->found().damaged);
      REQUIRE(ids(*spool) == std::vector<std::string>{"one", "two"});
      auto record = checkIn("new");
      REQUIRE(spool->append(record));
      REQUIRE(record.number() == 3);
      spool.reset();
      REQUIRE(ids(*Spool::open(dir.path()).value()) == std::vector<std::string>{"one", "two", "new"});
    }
  }
  CHECK(slurp(dir.path() + "/epoch") == epoch);
}

TEST_CASE("a segment that was only being made when the power went") {
  TempDir dir;
  {
    auto spool = Spool::open(dir.path()).value();
    auto record = checkIn("one");
    REQUIRE(spool->append(record));
  }
  for (const auto size : {0UL, 1UL, 20UL, 31UL}) {
    spill(dir.path() + "/records-00000000000000000002.log", segmentHeader(7, 2).substr(0, size));
    auto spool = Spool::open(dir.path()).value();
    CHECK_FALSE(spool->found().damaged);
    CHECK(ids(*spool) == std::vector<std::string>{"one"});
  }
}

TEST_CASE("files that were lost and can be derived") {
  TempDir dir;
  std::uint64_t epoch = 0;
  {
    auto spool = Spool::open(dir.path(), {.segment_bytes = 100, .before_delete = {}}).value();
    epoch = spool->epoch();
    for (int i = 0; i < 9; ++i) {
      auto record = checkIn(fmt::format("r{}", i));
      REQUIRE(spool->append(record));
    }
    REQUIRE(spool->acknowledged(5));
  }
  SECTION("epoch: from the segments") {
    fs::remove(dir.path() + "/epoch");
  }
  SECTION("acked: from the first number") {
    fs::remove(dir.path() + "/acked");
  }
  SECTION("acked: nonsense counts as absent") {
    spill(dir.path() + "/acked", "yes\n");
  }
  auto spool = Spool::open(dir.path()).value();
  CHECK(spool->epoch() == epoch);
  CHECK(spool->newest() == 9);
  CHECK(spool->acked() <= 5);
  CHECK(spool->acked() + ids(*spool).size() >= 9);
}

TEST_CASE(
    "damage that no crash makes: what is whole is kept under a new epoch, the old files stay for a person") {
  TempDir dir;
  const auto file = dir.path() + "/records-00000000000000000001.log";
  std::uint64_t epoch = 0;
  {
    auto spool = Spool::open(dir.path()).value();
    epoch = spool->epoch();
    for (const auto* id : {"one", "two", "three", "four"}) {
      auto record = checkIn(id);
      REQUIRE(spool->append(record));
    }
    REQUIRE(spool->acknowledged(1));
  }
  std::vector<std::string> left{"one", "two", "three", "four"};
  auto bytes = slurp(file);
  SECTION("a flipped bit in the second record") {
    bytes[scanSegment(bytes).frames[1].offset + 3] ^= 1;
    left.erase(left.begin() + 1);
  }
  SECTION("a broken header") {
    bytes[9] ^= 1;
  }
  SECTION("records that are gone though they were acknowledged") {
    bytes.resize(kSegmentHeader);
    left.clear();
  }
  spill(file, bytes);
  auto spool = Spool::open(dir.path()).value();
  CHECK(spool->found().damaged);
  CHECK(spool->found().salvaged == left.size());
  CHECK(spool->epoch() != epoch);
  CHECK(spool->acked() == 0);
  CHECK(ids(*spool) == left);
  CHECK(slurp(spool->found().aside + "/records-00000000000000000001.log") == bytes);
  auto record = checkIn("five");
  REQUIRE(spool->append(record));
  CHECK(record.number() == left.size() + 1);
  spool.reset();
  auto again = Spool::open(dir.path()).value();
  CHECK_FALSE(again->found().damaged);
  left.emplace_back("five");
  CHECK(ids(*again) == left);
  again.reset();
  // The file acked still speaks of the old epoch: it says nothing of the new one, even when that is lost too.
  fs::remove(dir.path() + "/epoch");
  CHECK(Spool::open(dir.path()).value()->acked() == 0);
}

TEST_CASE("a crash while damage is being repaired") {
  TempDir dir;
  const auto file = dir.path() + "/records-00000000000000000001.log";
  {
    auto spool = Spool::open(dir.path()).value();
    auto record = checkIn("old");
    REQUIRE(spool->append(record));
  }
  auto record = checkIn("rebuilt");
  record.set_number(1);
  auto bytes = segmentHeader(0x1234, 1);
  putFrame(bytes, record.SerializeAsString());
  spill(file + ".new", bytes);
  SECTION("before it was committed: the old files count") {
    auto spool = Spool::open(dir.path()).value();
    CHECK(ids(*spool) == std::vector<std::string>{"old"});
  }
  SECTION("after: the new file counts") {
    spill(dir.path() + "/epoch", "0000000000001234\n");
    auto spool = Spool::open(dir.path()).value();
    CHECK(spool->epoch() == 0x1234);
    CHECK(ids(*spool) == std::vector<std::string>{"rebuilt"});
  }
  CHECK_FALSE(fs::exists(file + ".new"));
}

TEST_CASE(
    "a directory that is an older copy: number and id tell, and what it holds goes out under a new epoch") {
  TempDir dir;
  auto spool = Spool::open(dir.path(), {.segment_bytes = 60, .before_delete = {}}).value();
  const auto epoch = spool->epoch();
  for (const auto* id : {"one", "two", "three", "four", "five", "six"}) {
    auto record = checkIn(id);
    REQUIRE(spool->append(record));
  }
  REQUIRE(spool->acknowledged(3));
  CHECK_FALSE(spool->contradicts(0, ""));
  CHECK_FALSE(spool->contradicts(6, "six"));
  CHECK_FALSE(spool->contradicts(1, "long gone here"));  // acknowledged and deleted
  CHECK_FALSE(spool->contradicts(6, ""));                // a coordinator that does not tell
  CHECK(spool->contradicts(7, "seven"));
  CHECK(spool->contradicts(5, "another"));

  const auto held = ids(*spool);
  REQUIRE(spool->beginAnew());
  CHECK(spool->epoch() != epoch);
  CHECK(spool->acked() == 0);
  CHECK(spool->newest() == held.size());
  CHECK(ids(*spool) == held);
  CHECK(fs::exists(spool->found().aside));
  auto record = checkIn("seven");
  REQUIRE(spool->append(record));
  CHECK(record.number() == held.size() + 1);
  const auto renewed = spool->epoch();
  spool.reset();
  const auto again = Spool::open(dir.path()).value();
  CHECK_FALSE(again->found().damaged);
  CHECK(again->epoch() == renewed);
  CHECK(again->newest() == held.size() + 1);
}
