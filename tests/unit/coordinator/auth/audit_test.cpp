// The audit log: chained, bounded under a flood, and every change found.
#include "desk.hpp"

namespace diemcau::auth {
namespace {

v1::AuditEntry entryOf(const std::string& actor, v1::AuditEntry::Outcome outcome,
                       const std::string& address = "192.0.2.1") {
  v1::AuditEntry entry;
  entry.set_actor(actor);
  entry.set_act("test");
  entry.set_outcome(outcome);
  entry.set_address(address);
  return entry;
}

struct Log {
  AuditLog log;
  AuditRows rows;
  Micros now = 1'800'000'000 * kSecond;
  void add(v1::AuditEntry entry) {
    core::StoreBatch batch;
    log.add(std::move(entry), now, batch);
    rows.insert(rows.end(), batch.audit.begin(), batch.audit.end());
  }
  v1::AuditVerdict judge() const {
    AuditChain chain;
    chain.feed(rows);
    chain.end({log.newest(), log.head()}, {log.newest(), log.head()});
    return chain.verdict();
  }
};

}  // namespace

TEST_CASE("each entry names the hash of the one before") {
  Log log;
  for (int i = 0; i < 5; ++i) log.add(entryOf("account:an", v1::AuditEntry::done));
  REQUIRE(log.rows.size() == 5);
  std::string previous(32, '\0');
  for (std::size_t i = 0; i < 5; ++i) {
    v1::AuditEntry entry;
    REQUIRE(entry.ParseFromString(log.rows[i].body));
    CHECK(entry.seq() == i + 1);
    CHECK(entry.previous() == previous);
    previous = sha256(log.rows[i].body);
    CHECK(log.rows[i].hash == previous);
  }
  CHECK(log.judge().whole());
  CHECK(log.judge().entries() == 5);
}

TEST_CASE("whatever is changed in the rows is found, at its place") {
  Log log;
  for (int i = 0; i < 9; ++i) log.add(entryOf("account:an", v1::AuditEntry::done));
  const auto rewritten = [&](std::size_t at) {  // a forger who knows how: body and hash agree
    v1::AuditEntry entry;
    REQUIRE(entry.ParseFromString(log.rows[at].body));
    entry.set_actor("account:other");
    log.rows[at].body = entry.SerializeAsString();
    log.rows[at].hash = sha256(log.rows[at].body);
  };
  std::uint64_t place = 0;
  SECTION("a body") {
    log.rows[3].body[5] ^= 1, place = 4;
  }
  SECTION("a hash") {
    log.rows[3].hash[5] ^= 1, place = 4;
  }
  SECTION("a body with its hash: the next one does not follow") {
    rewritten(3), place = 5;
  }
  SECTION("the newest with its hash") {
    rewritten(8), place = 9;
  }
  SECTION("one removed") {
    log.rows.erase(log.rows.begin() + 4), place = 5;
  }
  SECTION("the first removed") {
    log.rows.erase(log.rows.begin()), place = 1;
  }
  SECTION("the newest removed") {
    log.rows.pop_back(), place = 9;
  }
  SECTION("one put in") {
    log.rows.insert(log.rows.begin() + 2, log.rows[2]), place = 4;
  }
  SECTION("one put behind") {
    auto more = log.rows.back();
    more.seq = 10;
    v1::AuditEntry entry;
    REQUIRE(entry.ParseFromString(more.body));
    entry.set_seq(10);
    entry.set_previous(log.rows.back().hash);
    more.body = entry.SerializeAsString();
    more.hash = sha256(more.body);
    log.rows.push_back(more);
    place = 10;
  }
  SECTION("two exchanged") {
    std::swap(log.rows[5], log.rows[6]), place = 6;
  }
  const auto verdict = log.judge();
  CHECK_FALSE(verdict.whole());
  CHECK(verdict.broken_seq() == place);
  CHECK_FALSE(verdict.reason().vi().empty());
}

TEST_CASE("a flood of refusals costs some entries a minute, and is told with its number") {
  Log log;
  for (int i = 0; i < 50'000; ++i)
    log.add(entryOf("nobody", v1::AuditEntry::refused, "198.51.100." + std::to_string(i % 250)));
  CHECK(log.rows.size() == AuditLog::kOfNobody);
  // One who is known is still heard, and acts that were carried out are all there.
  log.add(entryOf("account:an", v1::AuditEntry::refused));
  log.add(entryOf("account:an", v1::AuditEntry::done));
  CHECK(log.rows.size() == AuditLog::kOfNobody + 2);
  log.now += kMinute;
  log.add(entryOf("account:an", v1::AuditEntry::done));
  REQUIRE(log.rows.size() == AuditLog::kOfNobody + 4);
  v1::AuditEntry more;
  REQUIRE(more.ParseFromString(log.rows[log.rows.size() - 2].body));
  CHECK(more.act() == "refused.more");
  CHECK_THAT(more.detail(),
             Catch::StartsWith(std::to_string(50'000 - AuditLog::kOfNobody) + " more attempts"));
  CHECK(log.judge().whole());
}

TEST_CASE("what strangers sent is cleaned and cut") {
  Log log;
  auto entry = entryOf(std::string(5000, 'x') + "\xff", v1::AuditEntry::done);
  entry.set_detail("a\nb\x07" + std::string(5000, 'y'));
  log.add(entry);
  v1::AuditEntry read;
  REQUIRE(read.ParseFromString(log.rows[0].body));
  CHECK(read.actor() == "(not UTF-8)");
  CHECK(read.detail().size() == 500);
  CHECK(read.detail().starts_with("aby"));
}

TEST_CASE("after a restart the chain goes on, and what was taken away meanwhile stays to be seen") {
  Desk desk;
  desk.init();
  desk.chief();
  const auto before = desk.rows.size();
  SECTION("nothing was touched") {
    desk.start();
    desk.chief();
    CHECK(desk.rows.size() == before + 1);
    CHECK(desk.verdict().whole());
  }
  SECTION("the newest entry was taken out") {
    desk.rows.pop_back();
    desk.start();
    CHECK(desk.verdict().broken_seq() == before);
    desk.chief();
    CHECK(desk.verdict().broken_seq() == before);
  }
  SECTION("the newest entry was replaced by one that fits") {
    v1::AuditEntry entry = desk.newest();
    entry.set_actor("account:other");
    desk.rows.back().body = entry.SerializeAsString();
    desk.rows.back().hash = sha256(desk.rows.back().body);
    desk.start();
    CHECK_FALSE(desk.verdict().whole());
    desk.chief();
    CHECK(desk.verdict().broken_seq() == before + 1);
  }
}

TEST_CASE("a log of many pages is read page by page") {
  Desk desk;
  desk.init();
  core::StoreBatch batch;
  for (int i = 0; i < 2'300; ++i)
    desk.people->audit(entryOf("account:an", v1::AuditEntry::done), desk.clock.at, batch);
  desk.commit(batch);
  CHECK(desk.verdict().whole());
  CHECK(desk.verdict().entries() == 2'301);
  desk.rows[1'777].body[3] ^= 1;
  CHECK(desk.verdict().broken_seq() == 1'778);
}

}  // namespace diemcau::auth
