// Losing the process and losing the disk: an acknowledged batch is there, whole; an unacknowledged one is
// never half.
#include <sys/mount.h>

#include <random>

#include "coordinator/store/store.hpp"
#include "support.hpp"

namespace diemcau::store {
namespace {

// A small disk of its own; not possible without the right to mount.
class SmallDisk {
 public:
  explicit SmallDisk(std::string path) : path_(std::move(path)) {
    std::filesystem::create_directory(path_);
    mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, "size=2m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }

 private:
  std::string path_;
  bool mounted_ = false;
};

void fillDisk(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  REQUIRE(fd >= 0);
  const std::string block(4096, 'f');
  while (::write(fd, block.data(), block.size()) > 0) {
  }
  ::close(fd);
}

}  // namespace

TEST_CASE("Killed at any moment, every batch that was done is there and none is half there") {
  TempDir dir;
  const std::string path = dir / "store.db";
  std::mt19937 random(20260301);
  long before = 0;
  for (int round = 0; round < 10; ++round) {
    long done = 0;
    {
      ChildProgram child("commit", path);
      const int lines = 1 + static_cast<int>(random() % 120);
      for (int i = 0; i < lines; ++i) {
        const std::string line = child.line();
        REQUIRE_FALSE(line.empty());
        done = std::stol(line);
      }
      child.kill();
      for (std::string line = child.line(); !line.empty(); line = child.line()) done = std::stol(line);
    }
    const long there = contentOf(path).wholeBatches();
    INFO("round " << round << ": done " << done << ", there " << there << ", before " << before);
    REQUIRE(there >= done);
    REQUIRE(done > before);
    before = there;
  }
}

TEST_CASE("Without room nothing is acknowledged; with room again everything is, in order") {
  TempDir dir;
  const std::string path = dir / "store.db";
  ChildProgram child("full", path);
  CHECK(child.line() == "ok");
  CHECK(child.wait() == 0);
  CHECK(contentOf(path).wholeBatches() == 3);
}

TEST_CASE("A full disk is survived by the store and by what it held") {
  TempDir dir;
  const SmallDisk disk(dir / "disk");
  if (!disk.mounted()) {
    WARN("no right to mount a small disk: only the limit of file sizes is tested");
    return;
  }
  const std::string path = dir / "disk/store.db";
  Loop loop;
  auto store = opened(path, loop);
  std::string done;
  store->commit(batchOf(1), [&] { done += "1"; });
  REQUIRE(runUntil(loop, [&] { return done == "1"; }));
  fillDisk(dir / "disk/filler");
  store->commit(batchOf(2, 200'000), [&] { done += "2"; });
  store->commit(batchOf(3), [&] { done += "3"; });
  REQUIRE(runUntil(loop, [&] { return store->counters().failures >= 2; }));
  CHECK(done == "1");
  CHECK_FALSE(store->counters().healthy);
  CHECK(store->counters().waiting == 2);
  std::filesystem::remove(dir / "disk/filler");
  REQUIRE(runUntil(loop, [&] { return done == "123"; }));
  CHECK(store->counters().healthy);
  REQUIRE(store->close(30'000));
  CHECK(contentOf(path).wholeBatches() == 3);
}

}  // namespace diemcau::store
