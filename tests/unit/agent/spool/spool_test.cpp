// The spool in one process: numbers, reading, acknowledging, full disks, 100,000 records.
#include "agent/spool/spool.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "agent/spool/crc32c.hpp"
#include "base/settings.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/agent/spool/support.hpp"

using namespace diemcau;
using namespace diemcau::agent;
using diemcau::test::ids;
using diemcau::test::TempDir;
namespace fs = std::filesystem;

namespace {

v1::Record headcount(const std::string& id, std::uint32_t present = 1) {
  v1::Record record;
  record.set_id(id);
  record.set_session_id("s1");
  record.set_by("Trần Thị Bưởi");
  record.mutable_headcount()->set_present(present);
  return record;
}

std::size_t segments(const std::string& dir) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(dir)) count += entry.path().extension() == ".log";
  return count;
}

// While it lives, files of this process cannot grow beyond `bytes`: what a full disk looks like to write().
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("the checksum is CRC-32C") {
  // Check value of the catalogue of parametrised CRC algorithms, "CRC-32/ISCSI".
  CHECK(crc32c("123456789") == 0xE3069283U);
  CHECK(crc32c("") == 0U);
}

TEST_CASE("numbers go on from 1, across restarts and acknowledgements") {
  TempDir dir;
  std::uint64_t epoch = 0;
  {
    auto spool = Spool::open(dir.path()).value();
    epoch = spool->epoch();
    CHECK(epoch != 0);
    CHECK(spool->newest() == 0);
    for (int i = 1; i <= 3; ++i) {
      auto record = headcount(fmt::format("r{}", i));
      REQUIRE(spool->append(record));
      CHECK(record.number() == static_cast<std::uint64_t>(i));
    }
    REQUIRE(spool->acknowledged(2));
    CHECK(spool->pending() == 1);
  }
  auto spool = Spool::open(dir.path()).value();
  CHECK(spool->epoch() == epoch);
  CHECK(spool->newest() == 3);
  CHECK(spool->acked() == 2);
  auto record = headcount("r4");
  REQUIRE(spool->append(record));
  CHECK(record.number() == 4);
  const auto waiting = spool->read(spool->acked(), 1 << 20);
  REQUIRE(waiting.size() == 2);
  CHECK(waiting[0].number == 3);
  v1::Record read;
  REQUIRE(read.ParseFromString(waiting[1].bytes));
  CHECK(read.SerializeAsString() == record.SerializeAsString());
}

TEST_CASE("acknowledging is safe against repeats, old news and nonsense") {
  TempDir dir;
  auto spool = Spool::open(dir.path()).value();
  auto record = headcount("r1");
  REQUIRE(spool->append(record));
  REQUIRE(spool->acknowledged(900));
  CHECK(spool->acked() == 1);
  REQUIRE(spool->acknowledged(1));
  REQUIRE(spool->acknowledged(0));
  CHECK(spool->acked() == 1);
  CHECK(spool->pending() == 0);
  CHECK(spool->read(1, 1000).empty());
}

TEST_CASE("reading stops at the size asked for, but always gives one") {
  TempDir dir;
  auto spool = Spool::open(dir.path(), {.segment_bytes = 300, .before_delete = {}}).value();
  for (int i = 0; i < 20; ++i) {
    auto record = headcount(fmt::format("r{}", i));
    REQUIRE(spool->append(record));
  }
  CHECK(spool->read(0, 0).size() == 1);
  const auto some = spool->read(3, 200);
  REQUIRE(some.size() > 1);
  CHECK(some.size() < 17);
  std::uint64_t expected = 4;
  for (const auto& entry : some) CHECK(entry.number == expected++);
  CHECK(spool->read(0, 1 << 20).size() == 20);
}

TEST_CASE("segments go when they are acknowledged, and not before what counts of them was kept") {
  TempDir dir;
  bool may = false;
  int asked = 0;
  SpoolOptions options{.segment_bytes = 400, .before_delete = [&]() -> Done {
                         ++asked;
                         if (may) return {};
                         return fail(ErrorCode::kInternal, "not kept");
                       }};
  auto spool = Spool::open(dir.path(), options).value();
  for (int i = 0; i < 40; ++i) {
    auto record = headcount(fmt::format("r{}", i));
    REQUIRE(spool->append(record));
  }
  const auto before = segments(dir.path());
  REQUIRE(before > 3);
  REQUIRE(spool->acknowledged(39));
  CHECK(asked == 1);
  CHECK(segments(dir.path()) == before);
  may = true;
  REQUIRE(spool->acknowledged(40));
  CHECK(segments(dir.path()) == 1);
  // Nothing but the newest segment is left, and the numbers still go on.
  spool.reset();
  auto again = Spool::open(dir.path(), options).value();
  auto record = headcount("next");
  REQUIRE(again->append(record));
  CHECK(record.number() == 41);
}

TEST_CASE("a full disk: a clear sentence, nothing half-written, and it goes on when there is room") {
  TempDir dir;
  auto spool = Spool::open(dir.path()).value();
  auto first = headcount("first");
  REQUIRE(spool->append(first));
  const auto file = dir.path() + "/records-00000000000000000001.log";
  const auto size = fs::file_size(file);
  {
    const SmallDisk full(size + 20);  // room for a part of the next frame only
    auto record = headcount("lost");
    const auto done = spool->append(record);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == ErrorCode::kUnavailable);
    CHECK(done.error().text.find("full") != std::string::npos);
    CHECK(done.error().vi.find("đầy") != std::string::npos);
    CHECK(spool->newest() == 1);
    CHECK(fs::file_size(file) == size);
  }
  auto second = headcount("second");
  REQUIRE(spool->append(second));
  CHECK(second.number() == 2);
  spool.reset();
  CHECK(ids(*Spool::open(dir.path()).value()) == std::vector<std::string>{"first", "second"});
}

TEST_CASE("a full disk while a new segment begins loses nothing either") {
  TempDir dir;
  auto spool = Spool::open(dir.path(), {.segment_bytes = 64, .before_delete = {}}).value();
  auto first = headcount("first");
  REQUIRE(spool->append(first));
  {
    const SmallDisk full(10);
    auto record = headcount("lost");
    REQUIRE_FALSE(spool->append(record));
  }
  auto second = headcount("second");
  REQUIRE(spool->append(second));
  spool.reset();
  auto again = Spool::open(dir.path()).value();
  CHECK(ids(*again) == std::vector<std::string>{"first", "second"});
  CHECK_FALSE(again->found().damaged);
}

TEST_CASE("an entry that is too long is refused as a whole, with those that came with it") {
  TempDir dir;
  auto spool = Spool::open(dir.path()).value();
  std::vector<v1::Record> records{headcount("a"), headcount("b")};
  records[1].mutable_headcount()->set_note(std::string(70'000, 'x'));
  const auto done = spool->append(records);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == ErrorCode::kTooBig);
  CHECK(spool->newest() == 0);
}

TEST_CASE("100,000 records come back whole and in order") {
  TempDir dir;
  constexpr int kMany = 100'000, kGroup = 1000;
  {
    auto spool = Spool::open(dir.path()).value();
    for (int i = 0; i < kMany; i += kGroup) {
      std::vector<v1::Record> records;
      for (int j = i; j < i + kGroup; ++j) records.push_back(headcount(fmt::format("{:032x}", j), j));
      REQUIRE(spool->append(records));
    }
  }
  auto spool = Spool::open(dir.path()).value();
  REQUIRE(spool->newest() == kMany);
  CHECK(segments(dir.path()) > 10);
  std::uint64_t next = 1;
  bool right = true;
  spool->each([&](const v1::Record& record) {
    right = right && record.number() == next && record.headcount().present() == next - 1;
    ++next;
  });
  CHECK(right);
  CHECK(next == kMany + 1);
  REQUIRE(spool->acknowledged(kMany));
  CHECK(segments(dir.path()) == 1);
}

TEST_CASE("two agents cannot share one directory") {
  TempDir dir;
  auto held = holdDirectory(dir.path() + "/data");
  REQUIRE(held);
  const auto second = holdDirectory(dir.path() + "/data");
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::kConflict);
  CHECK(second.error().text.find(std::to_string(::getpid())) != std::string::npos);
  held = File();
  CHECK(holdDirectory(dir.path() + "/data"));
  CHECK((fs::status(dir.path() + "/data").permissions() & fs::perms::all) == fs::perms::owner_all);
}
