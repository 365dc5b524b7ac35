// Temporary directories, a bounded loop, children, and a look at a store with SQLite itself.
#pragma once

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/loop.hpp"
#include "batches.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace diemcau::store {

using diemcau::test::TempDir;

// Runs the loop until the condition holds; false after a generous limit.
inline bool runUntil(Loop& loop, const std::function<bool()>& condition) {
  bool held = condition();
  Timer poll = loop.every(kMillisecond, [&] {
    held = condition();
    if (held) loop.stop();
  });
  Timer limit = loop.after(60 * kSecond, [&] { loop.stop(); });
  if (!held) loop.run();
  return held;
}

inline std::unique_ptr<Store> opened(const std::string& path, Loop& loop) {
  auto store = openSqlite(path, loop);
  INFO((store ? "" : store.error().text));
  REQUIRE(store.has_value());
  return std::move(*store);
}

inline Content contentOf(const std::string& path) {
  Loop loop;
  Content content;
  const auto loaded = opened(path, loop)->load(content);
  INFO((loaded ? "" : loaded.error().text));
  REQUIRE(loaded.has_value());
  return content;
}

inline Error openError(const std::string& path) {
  Loop loop;
  auto store = openSqlite(path, loop);
  REQUIRE_FALSE(store.has_value());
  CHECK_FALSE(store.error().vi.empty());
  return store.error();
}

inline std::string readAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Another hand at the file: what SQLite says to this statement; empty: done.
inline std::string sql(const std::string& path, const std::string& statement) {
  sqlite3* conn = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &conn) == SQLITE_OK);
  char* message = nullptr;
  sqlite3_exec(conn, statement.c_str(), nullptr, nullptr, &message);
  const std::string out = message == nullptr ? "" : message;
  sqlite3_free(message);
  sqlite3_close(conn);
  return out;
}

// Our helper program; killed at the latest with this object.
class ChildProgram {
 public:
  ChildProgram(const std::string& mode, const std::string& path) {
    int to_child[2], from_child[2];
    REQUIRE((::pipe2(to_child, O_CLOEXEC) == 0 && ::pipe2(from_child, O_CLOEXEC) == 0));
    pid_ = ::fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      ::dup2(to_child[0], 0);
      ::dup2(from_child[1], 1);
      ::execl(STORE_CHILD, STORE_CHILD, mode.c_str(), path.c_str(), static_cast<char*>(nullptr));
      ::_exit(127);
    }
    ::close(to_child[0]);
    ::close(from_child[1]);
    in_ = to_child[1];
    out_ = ::fdopen(from_child[0], "r");
  }
  ~ChildProgram() {
    kill();
    ::close(in_);
    ::fclose(out_);
  }
  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;

  int pid() const { return pid_; }
  // Its next line without the end; empty at the end.
  std::string line() {
    char text[256];
    if (std::fgets(text, sizeof text, out_) == nullptr) return {};
    std::string out = text;
    if (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
  }
  void kill() {
    if (waited_) return;
    ::kill(pid_, SIGKILL);
    wait();
  }
  // Its exit code; -1 when a signal ended it.
  int wait() {
    int status = 0;
    if (!waited_) ::waitpid(pid_, &status, 0);
    waited_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = -1;
  int in_ = -1;
  std::FILE* out_ = nullptr;
  bool waited_ = false;
};

}  // namespace diemcau::store
