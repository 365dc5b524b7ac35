// A feed begun and ended again and again in one process, as a probe does for hours while its sender is away:
// no thread, no descriptor and no memory stays behind.
#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string>

#include "agent/probe/elements.hpp"
#include "agent/probe/session.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace diemcau::probe {
namespace {

// More by DIEMCAU_PROBE_CYCLES; what may stay behind in all is the same.
constexpr int kCycles = 150, kWarmUp = 30;
constexpr std::ptrdiff_t kMostKept = 1 << 20;  // bytes
constexpr std::ptrdiff_t kIdle = 2;            // threads that GLib keeps for the next one

struct Held {
  std::ptrdiff_t threads = 0, descriptors = 0, bytes = 0;
};

Held heldNow() {
  const auto entries = [](const char* directory) {
    return std::distance(std::filesystem::directory_iterator(directory), {});
  };
  return {entries("/proc/self/task"), entries("/proc/self/fd"),
          static_cast<std::ptrdiff_t>(mallinfo2().uordblks)};
}

// Until the first byte has come, or the first pictures too.
bool begunAndEnded(MainLoop& loop, const std::string& path, bool with_picture) {
  bool came = false;
  Session::Options options;
  options.address.kind = FeedKind::kFile;
  options.address.path = path;
  options.sample = [&](const v1::HealthSample& sample, bool) {
    if (!sample.connected() || (with_picture && sample.video().fps() <= 0)) return;
    came = true;
    loop.quit();
  };
  options.finished = [&](const v1::Text&) { loop.quit(); };
  options.end_at_end = true;
  Session session(loop, std::move(options), nullptr);
  session.start();
  loop.run();
  return came;
}

TEST_CASE("begun and ended hundreds of times, a feed leaves nothing behind") {
  const test::TempDir dir;
  const std::string path = dir.path() + "/feed.ts";
  test::Process studio(
      {DIEMCAU_STUDIO, "--size", "320x180", "--kbps", "400", "--file", path, "--seconds", "3"});
  while (studio.line()) {
  }
  REQUIRE(studio.wait() == 0);
  REQUIRE(startMedia(FeedKind::kFile, false));

  const char* wish = std::getenv("DIEMCAU_PROBE_CYCLES");
  const int cycles = wish == nullptr ? kCycles : std::atoi(wish);
  MainLoop loop;
  int came = 0;
  const auto play = [&](int times) {
    for (int i = 0; i < times; ++i) came += begunAndEnded(loop, path, i % 20 == 0);
  };
  play(kWarmUp);
  const Held before = heldNow();
  play(cycles);
  const Held after = heldNow();
  CHECK(came == kWarmUp + cycles);
  CHECK(after.threads <= before.threads + kIdle);
  CHECK(after.descriptors == before.descriptors);
  INFO("bytes before " << before.bytes << ", after " << after.bytes);
  CHECK(after.bytes - before.bytes < kMostKept);
  std::printf("figure: %d feeds begun and ended: %td KiB more in use\n", cycles,
              (after.bytes - before.bytes) / 1024);
}

}  // namespace
}  // namespace diemcau::probe
