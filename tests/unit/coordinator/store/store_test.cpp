// Committing and reading back.
#include "coordinator/store/store.hpp"

#include "support.hpp"

namespace diemcau::store {

TEST_CASE("What was committed is there after closing and opening again, byte for byte, in order") {
  TempDir dir;
  const std::string path = dir / "a store.db";
  const std::string bytes("\0\xff\x01'\"\n", 6);
  v1::LedgerRecord first = ledgerRecord("site", "b", 7), second = ledgerRecord("site", "a", 8);
  {
    Loop loop;
    auto store = opened(path, loop);
    core::StoreBatch batch;
    batch.puts.push_back({"site", "s1", "", bytes});
    batch.puts.push_back({"site", "s2", "x", ""});
    batch.puts.push_back({"area", "s1", "", "old"});
    batch.puts.push_back({"area", "s1", "", "new"});
    batch.puts.push_back({"area", "gone", "", "1"});
    batch.removes.push_back({"area", "gone"});
    batch.removes.push_back({"area", "never there"});
    batch.records = {first, second};
    bool done = false;
    store->commit(std::move(batch), [&] { done = true; });
    REQUIRE(runUntil(loop, [&] { return done; }));
    CHECK(store->counters().records == 2);
  }
  const Content content = contentOf(path);
  CHECK(content.objects ==
        std::map<std::string, std::string>{{"area/s1", "new"}, {"site/s1", bytes}, {"site/s2", ""}});
  REQUIRE(content.records.size() == 2);
  CHECK(content.records[0].SerializeAsString() == first.SerializeAsString());
  CHECK(content.records[1].SerializeAsString() == second.SerializeAsString());
}

TEST_CASE("A record that is there already is ignored, in the same batch and in a later one") {
  TempDir dir;
  const std::string path = dir / "store.db";
  Loop loop;
  auto store = opened(path, loop);
  core::StoreBatch batch;
  batch.records = {ledgerRecord("a", "1", 1), ledgerRecord("a", "1", 2), ledgerRecord("b", "1", 3)};
  int done = 0;
  store->commit(batch, [&] { ++done; });
  store->commit(batch, [&] { ++done; });
  REQUIRE(runUntil(loop, [&] { return done == 2; }));
  CHECK(store->counters().records == 2);
  store.reset();
  const Content content = contentOf(path);
  REQUIRE(content.records.size() == 2);
  CHECK(content.records[0].record().number() == 1);
}

TEST_CASE("Many batches share a commit; each is done in its turn; an empty one after those before it") {
  TempDir dir;
  const std::string path = dir / "store.db";
  Loop loop;
  auto store = opened(path, loop);
  constexpr std::uint64_t kMany = 1000;
  std::vector<std::uint64_t> done;
  for (std::uint64_t number = 1; number <= kMany; ++number)
    store->commit(batchOf(number), [&, number] { done.push_back(number); });
  store->commit({}, [&] { done.push_back(0); });
  REQUIRE(runUntil(loop, [&] { return done.size() == kMany + 1; }));
  for (std::uint64_t number = 1; number <= kMany; ++number) REQUIRE(done[number - 1] == number);
  CHECK(done.back() == 0);
  const StoreCounters counters = store->counters();
  CHECK(counters.batches == kMany + 1);
  CHECK(counters.commits < kMany / 2);
  CHECK(counters.waiting == 0);
  CHECK(counters.healthy);
  CHECK(counters.failures == 0);
  store.reset();
  CHECK(contentOf(path).wholeBatches() == kMany);
}

TEST_CASE("What may wait goes with the next that may not, in its turn, and by itself when there is none") {
  TempDir dir;
  const std::string path = dir / "store.db";
  Loop loop;
  auto store = opened(path, loop);
  std::vector<std::uint64_t> done;
  const auto commit = [&](std::uint64_t number, Micros may_wait) {
    store->commit(
        batchOf(number), [&, number] { done.push_back(number); }, may_wait);
  };
  commit(1, kHour);
  commit(2, kHour);
  int rounds = 0;
  std::function<void()> round = [&] {
    if (++rounds < 100) loop.post(round);
  };
  round();
  REQUIRE(runUntil(loop, [&] { return rounds == 100; }));
  CHECK(store->counters().waiting == 2);
  commit(3, 0);
  commit(4, kHour);
  REQUIRE(runUntil(loop, [&] { return done.size() == 4; }));
  CHECK(done == std::vector<std::uint64_t>{1, 2, 3, 4});
  CHECK(store->counters().commits == 1);
  commit(5, kMillisecond);
  REQUIRE(runUntil(loop, [&] { return done.size() == 5; }));
  commit(6, kHour);
  store.reset();  // what waits is written at the end too
  CHECK(contentOf(path).wholeBatches() == 6);
}

TEST_CASE("What comes in one round of the loop is one commit, and each is done after it") {
  TempDir dir;
  const std::string path = dir / "store.db";
  Loop loop;
  auto store = opened(path, loop);
  int done = 0;
  loop.post([&] {
    for (std::uint64_t number = 1; number <= 50; ++number) {
      store->commit(batchOf(number), [&] {
        CHECK(store->counters().commits == 1);
        ++done;
      });
      CHECK(store->counters().waiting == number);
    }
  });
  REQUIRE(runUntil(loop, [&] { return done == 50; }));
  CHECK(store->counters().batches == 50);
  store.reset();
  CHECK(contentOf(path).wholeBatches() == 50);
}

TEST_CASE("A store that is gone is not asked by the loop for what it was given last") {
  TempDir dir;
  const std::string path = dir / "store.db";
  Loop loop;
  opened(path, loop)->commit(batchOf(1), nullptr);
  bool ran = false;
  loop.post([&] { ran = true; });
  REQUIRE(runUntil(loop, [&] { return ran; }));
  CHECK(contentOf(path).wholeBatches() == 1);
}

TEST_CASE("Closing commits what waits; what comes later is not taken") {
  TempDir dir;
  const std::string path = dir / "store.db";
  Loop loop;
  auto store = opened(path, loop);
  for (std::uint64_t number = 1; number <= 200; ++number) store->commit(batchOf(number), nullptr);
  CHECK(store->close(30'000));
  bool late = false;
  store->commit(batchOf(201), [&] { late = true; });
  CHECK(store->close(0));
  bool ran = false;
  loop.post([&] { ran = true; });
  REQUIRE(runUntil(loop, [&] { return ran; }));
  CHECK_FALSE(late);
  CHECK(contentOf(path).wholeBatches() == 200);
  CHECK_FALSE(std::filesystem::exists(path + "-wal"));  // the log is written back: one file holds all
}

TEST_CASE("Destroying the store commits what waits") {
  TempDir dir;
  Loop loop;
  opened(dir / "store.db", loop)->commit(batchOf(1), nullptr);
  CHECK(contentOf(dir / "store.db").wholeBatches() == 1);
}

TEST_CASE("An object that the reader does not understand is a damaged store") {
  TempDir dir;
  Loop loop;
  auto store = opened(dir / "store.db", loop);
  store->commit(batchOf(1), nullptr);
  store->close(30'000);
  store = opened(dir / "store.db", loop);
  Content content;
  content.refused_kind = "batch";
  const auto loaded = store->load(content);
  REQUIRE_FALSE(loaded.has_value());
  CHECK(loaded.error().code == ErrorCode::kInternal);
  CHECK_THAT(loaded.error().text, Catch::Contains("damaged") && Catch::Contains("batch \"1\""));
}

TEST_CASE("A hundred thousand records load") {
  TempDir dir;
  Loop loop;
  auto store = opened(dir / "store.db", loop);
  for (std::uint64_t batch = 0; batch < 100; ++batch) {
    core::StoreBatch one;
    for (std::uint64_t i = 0; i < 1000; ++i)
      one.records.push_back(
          ledgerRecord("site" + std::to_string(i % 766), std::to_string(batch * 1000 + i), i));
    store->commit(std::move(one), nullptr);
  }
  Micros began = systemClock().steady();
  REQUIRE(store->close(60'000));
  const Micros wrote = systemClock().steady() - began;
  began = systemClock().steady();
  const Content content = contentOf(dir / "store.db");
  WARN("100,000 records: written in " << wrote / kMillisecond << " ms, checked and loaded in "
                                      << (systemClock().steady() - began) / kMillisecond << " ms");
  CHECK(content.records.size() == 100'000);
}

}  // namespace diemcau::store
