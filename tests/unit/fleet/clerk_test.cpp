// Headcounts and check-ins: plausible, once, corrected by some, and always what the spool holds.
#include "tests/fleet/clerk.hpp"

#include <set>

#include "tests/support/catch.hpp"
#include "tests/unit/fleet/fixture.hpp"

using namespace diemcau;
using namespace diemcau::fleet;
using namespace diemcau::fleet::test;

namespace {

std::vector<v1::Record> recordsOf(const Spool& spool) {
  std::vector<v1::Record> out;
  for (const auto& each : spool.read(0, 1 << 24)) {
    v1::Record record;
    REQUIRE(record.ParseFromString(each.bytes));
    REQUIRE(record.number() == each.number);
    REQUIRE(record.number() == out.size() + 1);
    out.push_back(std::move(record));
  }
  return out;
}

std::uint32_t sum(const v1::Headcount& count) {
  return count.present() + count.online() + count.excused() + count.absent();
}

}  // namespace

TEST_CASE("one headcount in a sitting, after a while, that adds up to the roster") {
  const Behaviour behaviour = plainBehaviour();
  Clerk clerk(behaviour, "D1", 99, {true, 0});
  Spool spool;
  clerk.roster(rosterOf(68));
  const auto plan = planIn(v1::Phase::live);
  CHECK_FALSE(clerk.follow(plan, at(0), spool));
  CHECK_FALSE(clerk.follow(plan, at(29 * kSecond), spool));
  CHECK(clerk.follow(plan, at(30 * kSecond), spool));
  for (Micros t = 31 * kSecond; t < kHour; t += kSecond) REQUIRE_FALSE(clerk.follow(plan, at(t), spool));
  const auto records = recordsOf(spool);
  REQUIRE(records.size() == 1);
  CHECK(records[0].id().size() == 32);
  CHECK(records[0].session_id() == "s1");
  CHECK(records[0].sitting_id() == "sang");
  CHECK(records[0].at_us() == kStart + 30 * kSecond);
  CHECK_FALSE(records[0].by().empty());
  CHECK(sum(records[0].headcount()) == 68);
  CHECK(records[0].headcount().present() > 40);
  CHECK(clerk.entered().at({"s1", "sang"}).headcount.present() == records[0].headcount().present());
}

TEST_CASE("the next sitting is counted by itself") {
  const Behaviour behaviour = plainBehaviour();
  Clerk clerk(behaviour, "D1", 99, {true, 0});
  Spool spool;
  auto plan = planIn(v1::Phase::live);
  clerk.follow(plan, at(0), spool);
  clerk.follow(plan, at(30 * kSecond), spool);
  plan.set_current_sitting_id("chieu");
  clerk.follow(plan, at(kHour), spool);
  clerk.follow(plan, at(kHour + 30 * kSecond), spool);
  const auto records = recordsOf(spool);
  REQUIRE(records.size() == 2);
  CHECK(records[1].sitting_id() == "chieu");
  CHECK(clerk.entered().size() == 2);
}

TEST_CASE("a correction names the record that it replaces, and is what counts") {
  Behaviour behaviour = plainBehaviour();
  behaviour.corrects = true;
  for (int seed = 0; seed < 50; ++seed) {
    behaviour.seed = static_cast<std::uint64_t>(seed);
    Clerk clerk(behaviour, "D1", 99, {true, 0});
    Spool spool;
    clerk.roster(rosterOf(68));
    const auto plan = planIn(v1::Phase::live);
    CHECK(clerk.toCome() == 0);
    for (Micros t = 0; t <= 30 * kSecond; t += kSecond) clerk.follow(plan, at(t), spool);
    CHECK(clerk.toCome() == 1);
    for (Micros t = 31 * kSecond; t < kMinute; t += kSecond) clerk.follow(plan, at(t), spool);
    CHECK(clerk.toCome() == 0);
    const auto records = recordsOf(spool);
    REQUIRE(records.size() == 2);
    CHECK(records[1].corrects_id() == records[0].id());
    CHECK(records[1].id() != records[0].id());
    CHECK(sum(records[1].headcount()) == 68);
    CHECK(records[1].headcount().present() != records[0].headcount().present());
    const auto& counts = clerk.entered().at({"s1", "sang"}).headcount;
    CHECK(counts.present() == records[1].headcount().present());
  }
}

TEST_CASE("hurry enters what is missing, once, without the habit of counting too") {
  const Behaviour behaviour = plainBehaviour();
  Clerk clerk(behaviour, "D1", 99, {false, 0});
  Spool spool;
  const auto plan = planIn(v1::Phase::live);
  for (Micros t = 0; t < kHour; t += kMinute) CHECK_FALSE(clerk.follow(plan, at(t), spool));
  CHECK(clerk.hurry(plan, at(kHour)));
  CHECK(clerk.follow(plan, at(kHour), spool));
  CHECK_FALSE(clerk.hurry(plan, at(kHour + 1)));
  CHECK_FALSE(clerk.follow(plan, at(kHour + 1), spool));
  CHECK(spool.newest() == 1);
}

TEST_CASE("after the end of the session and when resting nothing begins") {
  const Behaviour behaviour = plainBehaviour();
  Clerk clerk(behaviour, "D1", 99, {true, 0});
  Spool spool;
  const auto ended = planIn(v1::Phase::ended);
  for (Micros t = 0; t < kHour; t += kMinute) CHECK_FALSE(clerk.follow(ended, at(t), spool));
  CHECK(clerk.hurry(ended, at(kHour)));
  clerk.rest();
  CHECK_FALSE(clerk.follow(ended, at(kHour), spool));
  CHECK_FALSE(clerk.hurry(ended, at(kHour)));
}

TEST_CASE("check-ins are of delegates on the roster, each once, about the share") {
  const Behaviour behaviour = plainBehaviour();
  Clerk clerk(behaviour, "D1", 99, {true, 25});
  Spool spool;
  clerk.roster(rosterOf(400));
  const auto plan = planIn(v1::Phase::live);
  clerk.follow(plan, at(0), spool);
  clerk.follow(plan, at(kMinute), spool);
  std::set<std::string> delegates, ids;
  for (const auto& record : recordsOf(spool)) {
    ids.insert(record.id());
    if (!record.has_check_in()) continue;
    CHECK(record.check_in().delegate_id().starts_with("D1-"));
    CHECK(record.check_in().state() != v1::Presence::not_marked);
    CHECK((record.check_in().state() != v1::Presence::excused || !record.check_in().reason().empty()));
    delegates.insert(record.check_in().delegate_id());
  }
  CHECK(ids.size() == spool.newest());
  CHECK(delegates.size() == spool.newest() - 1);
  CHECK(delegates.size() > 60);
  CHECK(delegates.size() < 140);
  CHECK(clerk.entered().at({"s1", "sang"}).checked_in == delegates);
}

TEST_CASE("another run of the same seed enters new records with the same counts") {
  const Behaviour behaviour = plainBehaviour();
  const auto run = [&](std::uint64_t epoch) {
    Clerk clerk(behaviour, "D1", epoch, {true, 0});
    Spool spool;
    clerk.follow(planIn(v1::Phase::live), at(0), spool);
    clerk.follow(planIn(v1::Phase::live), at(kMinute), spool);
    return recordsOf(spool).at(0);
  };
  const auto one = run(1), two = run(2);
  CHECK(one.id() != two.id());
  CHECK(one.headcount().present() == two.headcount().present());
}

TEST_CASE("the spool reads within its limit and never acknowledges what it does not hold") {
  Spool spool;
  for (int n = 0; n < 10; ++n) {
    v1::Record record;
    record.set_id(std::string(32, 'a'));
    CHECK(spool.add(record) == static_cast<std::uint64_t>(n + 1));
  }
  const std::size_t one = spool.read(0, 1 << 20)[0].bytes.size();
  CHECK(spool.read(0, 3 * one).size() == 3);
  CHECK(spool.read(8, 1 << 20).size() == 2);
  CHECK(spool.read(8, 1 << 20)[0].number == 9);
  CHECK(spool.read(10, 1 << 20).empty());
  CHECK(spool.read(0, one - 1).empty());
  spool.acknowledged(4);
  spool.acknowledged(2);
  CHECK(spool.pending() == 6);
  spool.acknowledged(1000);
  CHECK(spool.pending() == 0);
  CHECK(spool.acked() == 10);
}
