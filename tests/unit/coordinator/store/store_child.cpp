// What the store's tests kill, lock out, and take the disk away from.
//   commit PATH   commits numbered batches for ever and prints each number when it is done
//   hold PATH     opens the store, prints "open", and stays until it is killed
//   full PATH     runs out of room in the middle and gets it back; prints what went wrong, or "ok"
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <functional>

#include "base/loop.hpp"
#include "batches.hpp"

namespace diemcau::store {
namespace {

void print(const std::string& line) {
  const std::string text = line + "\n";
  if (::write(1, text.data(), text.size()) < 0) ::_exit(3);
}

int commitForEver(Store& store, Loop& loop) {
  Content content;
  if (!store.load(content)) return 4;
  std::uint64_t next = content.entries.size() + 1;
  std::function<void()> send = [&] {
    const std::uint64_t number = next++;
    store.commit(batchOf(number, number % 7 == 0 ? 20'000 : 10), [&send, number] {
      print(std::to_string(number));
      send();
    });
  };
  for (int in_flight = 0; in_flight < 8; ++in_flight) send();
  loop.run();
  return 0;
}

bool until(Loop& loop, const std::function<bool()>& condition) {
  bool held = false;
  Timer poll = loop.every(kMillisecond, [&] {
    held = condition();
    if (held) loop.stop();
  });
  Timer limit = loop.after(30 * kSecond, [&] { loop.stop(); });
  loop.run();
  return held;
}

void limitFiles(rlim_t bytes) {
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = bytes;
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

std::string runOutOfRoom(Store& store, Loop& loop) {
  std::string done;
  store.commit(batchOf(1), [&] { done += "1"; });
  if (!until(loop, [&] { return done == "1"; })) return "the first batch was not committed";
  limitFiles(200'000);
  store.commit(batchOf(2, 1 << 20), [&] { done += "2"; });
  store.commit(batchOf(3), [&] { done += "3"; });
  if (!until(loop, [&] { return store.counters().failures >= 2; }))
    return "it did not fail, or did not try again";
  if (done != "1") return "acknowledged without being on the disk: " + done;
  if (store.counters().healthy || store.counters().waiting != 2) return "it does not say that it fails";
  limitFiles(RLIM_INFINITY);
  if (!until(loop, [&] { return done == "123"; })) return "it did not recover, or not in order: " + done;
  if (!store.counters().healthy || store.counters().waiting != 0)
    return "it does not say that it is well again";
  limitFiles(200'000);
  store.commit(batchOf(4, 2 << 20), [&] { done += "4"; });
  if (store.close(200)) return "close() says that all was committed";
  return done == "123" ? "ok" : "acknowledged after all: " + done;
}

int run(const char* mode, const char* path) {
  std::signal(SIGXFSZ, SIG_IGN);
  Loop loop;
  auto store = openSqlite(path, loop);
  if (!store) {
    print(store.error().text);
    return 2;
  }
  if (std::strcmp(mode, "commit") == 0) return commitForEver(**store, loop);
  if (std::strcmp(mode, "hold") == 0) {
    print("open");
    loop.run();
    return 0;
  }
  print(runOutOfRoom(**store, loop));
  return 0;
}

}  // namespace
}  // namespace diemcau::store

int main(int argc, char** argv) {
  return argc == 3 ? diemcau::store::run(argv[1], argv[2]) : 1;
}
