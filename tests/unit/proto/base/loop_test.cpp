// The loop: timers, posted tasks, signals and children, and that nothing is called after its handle is gone.
#include "base/loop.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "tests/support/catch.hpp"

using namespace diemcau;

namespace {
constexpr Micros kLimit = 20 * kSecond;  // generous: only a broken loop comes here

// Runs until somebody stops the loop; false when nobody did.
bool runLimited(Loop& loop) {
  bool expired = false;
  const Timer limit = loop.after(kLimit, [&] {
    expired = true;
    loop.stop();
  });
  loop.run();
  return !expired;
}
}  // namespace

TEST_CASE("timers fire in order, never early, and not after they are gone") {
  Loop loop;
  std::vector<int> fired;
  const Micros start = systemClock().steady();
  Micros first_at = 0;
  Timer gone = loop.after(0, [&] { fired.push_back(99); });
  gone.reset();
  const Timer second = loop.after(30 * kMillisecond, [&] {
    fired.push_back(2);
    loop.stop();
  });
  const Timer first = loop.after(5 * kMillisecond, [&] {
    first_at = systemClock().steady();
    fired.push_back(1);
  });
  REQUIRE(runLimited(loop));
  CHECK(fired == std::vector<int>{1, 2});
  CHECK(first_at - start >= 5 * kMillisecond);
}

TEST_CASE("a repeating timer may end itself in its own call") {
  Loop loop;
  int calls = 0;
  Timer timer;
  timer = loop.every(kMillisecond, [&] {
    if (++calls == 3) {
      timer.reset();
      loop.post([&] { loop.stop(); });
    }
  });
  REQUIRE(runLimited(loop));
  CHECK(calls == 3);
}

TEST_CASE("posted tasks run on the loop's thread in the order of their thread") {
  Loop loop;
  std::vector<int> order[4];
  const auto loop_thread = std::this_thread::get_id();
  bool elsewhere = false;
  int done = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 1000; ++i) {
        loop.post([&, t, i] {
          elsewhere = elsewhere || std::this_thread::get_id() != loop_thread;
          order[t].push_back(i);
        });
      }
      loop.post([&] {
        if (++done == 4) loop.stop();
      });
    });
  }
  const bool in_time = runLimited(loop);
  for (auto& thread : threads) thread.join();
  REQUIRE(in_time);
  CHECK_FALSE(elsewhere);
  for (const auto& each : order) {
    REQUIRE(each.size() == 1000);
    CHECK(std::is_sorted(each.begin(), each.end()));
  }
}

TEST_CASE("a task that posts again does not starve timers") {
  Loop loop;
  bool stop = false;
  std::function<void()> again = [&] {
    if (!stop) loop.post(again);
  };
  loop.post(again);
  const Timer timer = loop.after(5 * kMillisecond, [&] {
    stop = true;
    loop.stop();
  });
  CHECK(runLimited(loop));
}

TEST_CASE("signals arrive as calls, and SIGPIPE is ignored") {
  Loop loop;
  bool heard = false;
  const Timer watcher = loop.onSignal(SIGUSR1, [&] {
    heard = true;
    loop.stop();
  });
  loop.post([] { ::kill(::getpid(), SIGUSR1); });
  REQUIRE(runLimited(loop));
  CHECK(heard);
  int fds[2];
  REQUIRE(::pipe(fds) == 0);
  ::close(fds[0]);
  CHECK(::write(fds[1], "x", 1) == -1);
  ::close(fds[1]);
}

TEST_CASE("a child reads what is written and its lines come back, the last one without an end too") {
  Loop loop;
  std::vector<std::string> lines;
  int status = -1, signal = -1;
  ChildOptions options;
  options.argv = {"/bin/sh", "-c", "read a; echo \"$WORD $a\"; printf 'cr\\r\\n'; printf last; exit 7"};
  options.env = {"WORD=xin"};
  options.line = [&](std::string_view line) { lines.emplace_back(line); };
  options.exit = [&](int s, int g) {
    status = s;
    signal = g;
    loop.stop();
  };
  auto child = loop.spawn(std::move(options));
  REQUIRE(child);
  CHECK((*child)->pid() > 0);
  CHECK((*child)->write("chào\n"));
  REQUIRE(runLimited(loop));
  CHECK(lines == std::vector<std::string>{"xin chào", "cr", "last"});
  CHECK(status == 7);
  CHECK(signal == 0);
  CHECK_FALSE((*child)->write("too late\n"));
}

TEST_CASE("all that a child wrote before its end comes before the exit call") {
  Loop loop;
  std::size_t bytes = 0;
  std::size_t longest = 0;
  ChildOptions options;
  options.argv = {"/bin/sh", "-c",
                  "i=0; while [ $i -lt 2000 ]; do echo 0123456789; i=$((i+1)); done; head -c 200000 "
                  "/dev/zero | tr '\\0' x"};
  options.line = [&](std::string_view line) {
    bytes += line.size();
    longest = std::max(longest, line.size());
  };
  options.exit = [&](int, int) { loop.stop(); };
  auto child = loop.spawn(std::move(options));
  REQUIRE(child);
  REQUIRE(runLimited(loop));
  CHECK(longest == 64 * 1024);
  CHECK(bytes == 20'000 + 64 * 1024);
}

TEST_CASE("destroying a child kills it, silently, and leaves no zombie") {
  int pid = 0;
  bool called = false;
  {
    Loop loop;
    ChildOptions options;
    options.argv = {"/bin/sh", "-c", "trap '' TERM; echo up; while :; do read x || :; done"};
    std::unique_ptr<Child> child;
    options.line = [&](std::string_view) {
      pid = child->pid();
      child.reset();
      loop.stop();
    };
    options.exit = [&](int, int) { called = true; };
    auto spawned = loop.spawn(std::move(options));
    REQUIRE(spawned);
    child = std::move(*spawned);
    REQUIRE(runLimited(loop));
  }
  CHECK_FALSE(called);
  CHECK(pid > 0);
  CHECK(::waitpid(pid, nullptr, WNOHANG) == -1);
  CHECK(::kill(pid, 0) == -1);
}

TEST_CASE("a child that is killed tells the signal, and a program that is not there is an error") {
  Loop loop;
  int signal = 0;
  ChildOptions options;
  options.argv = {"/bin/cat"};
  options.exit = [&](int, int g) {
    signal = g;
    loop.stop();
  };
  auto child = loop.spawn(std::move(options));
  REQUIRE(child);
  (*child)->kill(SIGTERM);
  REQUIRE(runLimited(loop));
  CHECK(signal == SIGTERM);

  const auto none = loop.spawn({{"/no/such/program"}, {}, {}, {}});
  REQUIRE_FALSE(none);
  CHECK(none.error().code == ErrorCode::kNotFound);
  CHECK(none.error().text.find("/no/such/program") != std::string::npos);
}

TEST_CASE("a child that does not read is refused more, and bounds our memory") {
  Loop loop;
  ChildOptions options;
  options.argv = {"/bin/sleep", "1000"};
  auto child = loop.spawn(std::move(options));
  REQUIRE(child);
  const std::string piece(16 * 1024, 'x');
  int taken = 0;
  while (taken < 100 && (*child)->write(piece)) ++taken;
  CHECK(taken >= 4);
  CHECK(taken < 20);
}

TEST_CASE("handles may outlive their loop") {
  Timer timer;
  bool called = false;
  {
    Loop loop;
    timer = loop.after(0, [&] { called = true; });
    loop.post([&] { called = true; });
  }
  timer.reset();
  CHECK_FALSE(called);
}

TEST_CASE("takeWorstDelay tells of a task that held up the loop, and not of waiting") {
  Loop loop;
  const Timer idle = loop.after(60 * kMillisecond, [&] { loop.stop(); });
  REQUIRE(runLimited(loop));
  CHECK(loop.takeWorstDelay() < 50 * kMillisecond);
  const Timer busy = loop.after(kMillisecond, [&] {
    const Micros until = systemClock().steady() + 80 * kMillisecond;
    while (systemClock().steady() < until) {
    }
  });
  const Timer end = loop.after(100 * kMillisecond, [&] { loop.post([&] { loop.stop(); }); });
  REQUIRE(runLimited(loop));
  CHECK(loop.takeWorstDelay() >= 80 * kMillisecond);
  CHECK(loop.takeWorstDelay() == 0);
}
