// The simulated disk keeps what was synced, and only some of the rest.
#include "tests/sim/disk.hpp"
#include "tests/sim/process.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using agent::Disk;
using sim::Mutation;

TEST_CASE("a power cut keeps what was synced, and tears what was not") {
  bool torn = false, whole = false, gone = false;
  for (std::uint64_t seed = 1; seed < 40; ++seed) {
    sim::SimDisk disk{sim::Dice(seed), Mutation::kNone};
    int error = 0;
    auto file = disk.open("/data/a", Disk::kFresh, error);
    CHECK(file->write("first", 0) == 0);
    CHECK(file->sync() == 0);
    CHECK(disk.syncDirectory("/data") == 0);
    CHECK(file->write("second", 5) == 0);
    disk.afterPowerCut();
    const auto left = disk.read("/data/a", 100).value();
    REQUIRE(left.substr(0, 5) == "first");
    torn = torn || (left.size() > 5 && left != "firstsecond");
    whole = whole || left == "firstsecond";
    gone = gone || left == "first";
  }
  CHECK(torn);
  CHECK(whole);
  CHECK(gone);
}

TEST_CASE("a file whose directory was not synced may be gone; kill -9 loses nothing") {
  bool gone = false, there = false;
  for (std::uint64_t seed = 1; seed < 40; ++seed) {
    sim::SimDisk disk{sim::Dice(seed), Mutation::kNone};
    int error = 0;
    auto file = disk.open("/data/a", Disk::kFresh, error);
    file->write("x", 0);
    file->sync();
    disk.afterKill();
    REQUIRE(disk.read("/data/a", 10).value() == "x");
    disk.afterPowerCut();
    const bool held = disk.read("/data/a", 10).has_value();
    (held ? there : gone) = true;
  }
  CHECK(gone);
  CHECK(there);
}

TEST_CASE("a replaced file is the old one or the new one, wherever the machine dies") {
  for (std::uint64_t seed = 1; seed < 60; ++seed) {
    sim::SimDisk disk{sim::Dice(seed), Mutation::kNone};
    REQUIRE(disk.replace("/data/a", "old"));
    disk.crashAt(static_cast<unsigned>(1 + seed % 6), true);
    bool crashed = false;
    try {
      const auto done = disk.replace("/data/a", "new");
      CHECK(done);
    } catch (const sim::Crash&) {
      crashed = true;
    }
    disk.afterPowerCut();
    const auto left = disk.read("/data/a", 10).value();
    CHECK((left == "old" || left == "new"));
    if (!crashed) CHECK(left == "new");
  }
}

TEST_CASE("a full disk takes a part and says so") {
  sim::SimDisk disk{sim::Dice(1), Mutation::kNone};
  int error = 0;
  auto file = disk.open("/data/a", Disk::kFresh, error);
  disk.full(true);
  CHECK(file->write("some words", 0) != 0);
  CHECK_FALSE(disk.replace("/data/b", "x"));
  CHECK(disk.open("/data/c", Disk::kFresh, error) == nullptr);
  disk.full(false);
  CHECK(file->write("some words", 0) == 0);
}
