// What the store has of a session's past: its own rows alone, in order, after what was handed over before.
#include "support.hpp"

namespace diemcau::store {
namespace {

core::StoreBatch traced(const std::string& session, std::uint64_t seq) {
  core::StoreBatch batch;
  batch.trace.push_back({session, static_cast<std::int64_t>(seq * 10), session + std::to_string(seq)});
  v1::TimelineEntry entry;
  entry.set_seq(seq);
  entry.set_session_id(session);
  entry.set_at_us(static_cast<std::int64_t>(seq * 10));
  batch.timeline.push_back(entry);
  return batch;
}

}  // namespace

TEST_CASE("A session's trace and timeline are read back, also by the next program") {
  const TempDir dir;
  const std::string path = dir / "store.db";
  for (int round = 0; round < 2; ++round) {
    Loop loop;
    auto store = opened(path, loop);
    if (round == 0)
      for (std::uint64_t seq = 1; seq <= 60; ++seq) store->commit(traced(seq % 3 == 0 ? "a" : "b", seq), {});
    bool done = false;
    store->replayRows("a", [&](Result<core::ReplayRows> rows) {
      REQUIRE(rows);
      REQUIRE(rows->trace.size() == 20);
      REQUIRE(rows->timeline.size() == 20);
      for (std::uint64_t i = 0; i < 20; ++i) {
        CHECK(rows->trace[i] == "a" + std::to_string(3 * (i + 1)));
        CHECK(rows->timeline[i].seq() == 3 * (i + 1));
      }
      done = true;
    });
    REQUIRE(runUntil(loop, [&] { return done; }));
    done = false;
    store->replayRows("nobody", [&](Result<core::ReplayRows> rows) {
      REQUIRE(rows);
      CHECK(rows->trace.empty());
      CHECK(rows->timeline.empty());
      done = true;
    });
    REQUIRE(runUntil(loop, [&] { return done; }));
    REQUIRE(store->close(5000));
  }
}

}  // namespace diemcau::store
