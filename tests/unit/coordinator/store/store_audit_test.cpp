// The audit log's table: written with the change it speaks of, read in pages, and never changed.
#include "support.hpp"

namespace diemcau::store {
namespace {

core::StoreBatch audited(std::uint64_t seq) {
  core::StoreBatch batch;
  batch.puts.push_back({"thing", std::to_string(seq), "", "x"});
  batch.audit.push_back({seq, static_cast<std::int64_t>(seq * 10),
                         std::string("body\0", 5) + std::to_string(seq),
                         std::string(32, static_cast<char>(seq))});
  return batch;
}

class Newest final : public Reader {
 public:
  bool object(std::string_view, std::string_view, std::string_view) override { return true; }
  void record(const v1::LedgerRecord&) override {}
  void timeline(const v1::TimelineEntry&) override {}
  void audit(const core::AuditRow& newest) override { rows.push_back(newest); }
  std::vector<core::AuditRow> rows;
};

}  // namespace

TEST_CASE("Entries are read in pages, after what was handed over before") {
  const TempDir dir;
  Loop loop;
  auto store = opened(dir / "store.db", loop);
  constexpr std::uint64_t kEntries = 250;
  for (std::uint64_t seq = 1; seq <= kEntries; ++seq) store->commit(audited(seq), {});
  std::vector<core::AuditRow> all;
  bool done = false;
  std::function<void(Result<std::vector<core::AuditRow>>)> take =
      [&](Result<std::vector<core::AuditRow>> page) {
        REQUIRE(page);
        CHECK(page->size() <= 100);
        for (const auto& row : *page) all.push_back(row);
        done = page->empty();
        if (!done) store->auditPage(all.back().seq, 100, take);
      };
  store->auditPage(0, 100, take);
  REQUIRE(runUntil(loop, [&] { return done; }));
  REQUIRE(all.size() == kEntries);
  for (std::uint64_t seq = 1; seq <= kEntries; ++seq) {
    CHECK(all[seq - 1].seq == seq);
    CHECK(all[seq - 1].at_us == static_cast<std::int64_t>(seq * 10));
    CHECK(all[seq - 1].body == std::string("body\0", 5) + std::to_string(seq));
    CHECK(all[seq - 1].hash == std::string(32, static_cast<char>(seq)));
  }
}

TEST_CASE("A start hears of the newest entry alone") {
  const TempDir dir;
  const std::string path = dir / "store.db";
  {
    Loop loop;
    auto store = opened(path, loop);
    Newest none;
    REQUIRE(store->load(none));
    CHECK(none.rows.empty());
    for (std::uint64_t seq = 1; seq <= 7; ++seq) store->commit(audited(seq), {});
    REQUIRE(store->close(10'000));
  }
  Loop loop;
  Newest newest;
  REQUIRE(opened(path, loop)->load(newest));
  REQUIRE(newest.rows.size() == 1);
  CHECK(newest.rows[0].seq == 7);
}

TEST_CASE("The database refuses to change or delete an entry") {
  const TempDir dir;
  const std::string path = dir / "store.db";
  {
    Loop loop;
    auto store = opened(path, loop);
    store->commit(audited(1), {});
    REQUIRE(store->close(10'000));
  }
  CHECK_THAT(sql(path, "UPDATE audit SET at_us = 1"), Catch::Contains("never changed"));
  CHECK_THAT(sql(path, "DELETE FROM audit"), Catch::Contains("never deleted"));
  CHECK_THAT(sql(path, "INSERT OR REPLACE INTO audit VALUES (1, 1, x'00', x'00')"),
             Catch::Contains("never replaced"));
}

}  // namespace diemcau::store
