// The worker's thread: work off the loop, results on it.
#include "coordinator/api/worker.hpp"

#include <future>

#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::api;

TEST_CASE("a job runs on another thread and its result on the loop's, in order") {
  Loop loop;
  Worker worker(loop, 8);
  const auto here = std::this_thread::get_id();
  std::vector<int> order;
  bool elsewhere = true, back = true;
  for (int i = 0; i < 3; ++i) {
    REQUIRE(worker.run([&, i]() -> std::function<void()> {
      elsewhere = elsewhere && std::this_thread::get_id() != here;
      return [&, i] {
        back = back && std::this_thread::get_id() == here;
        order.push_back(i);
        if (i == 2) loop.stop();
      };
    }));
  }
  auto limit = loop.after(20 * kSecond, [&] { loop.stop(); });
  loop.run();
  CHECK(elsewhere);
  CHECK(back);
  CHECK(order == std::vector<int>{0, 1, 2});
}

TEST_CASE("beyond its limit a worker refuses, and takes again when there is room") {
  Loop loop;
  Worker worker(loop, 2);
  std::promise<void> started, go;
  REQUIRE(worker.run([&]() -> std::function<void()> {
    started.set_value();
    go.get_future().wait();
    return {};
  }));
  started.get_future().wait();  // it works now, and no longer waits
  REQUIRE(worker.run([] { return std::function<void()>(); }));
  REQUIRE(worker.run([&loop] { return [&loop] { loop.stop(); }; }));
  CHECK_FALSE(worker.run([] { return std::function<void()>(); }));
  go.set_value();
  auto limit = loop.after(20 * kSecond, [&] { loop.stop(); });
  loop.run();
  CHECK(worker.run([] { return std::function<void()>(); }));
}
