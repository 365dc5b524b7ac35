// Records: counted once, without gaps, and cleaned rather than refused.
#include "coordinator/core/ledger.hpp"

#include <fmt/format.h>

#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

v1::Record record(std::uint64_t number, int id = -1) {
  v1::Record out;
  out.set_id(fmt::format("{:032x}", id < 0 ? static_cast<int>(number) : id));
  out.set_number(number);
  out.mutable_headcount()->set_present(3);
  return out;
}

v1::RecordBatch batch(std::vector<v1::Record> records) {
  v1::RecordBatch out;
  for (auto& one : records) *out.add_records() = std::move(one);
  return out;
}

void enter(Ledger& ledger, const Ledger::Accepted& accepted, std::uint64_t epoch = 7) {
  for (const auto& one : accepted.records) {
    v1::LedgerRecord entered;
    entered.set_site_id("s1");
    entered.set_epoch(epoch);
    *entered.mutable_record() = one;
    ledger.add(entered);
  }
  ledger.reach("s1", epoch, accepted.newest);
}

TEST_CASE("each record is taken once, whatever is repeated") {
  Ledger ledger;
  auto first = ledger.check("s1", 7, batch({record(1), record(2)}), 0);
  REQUIRE(first);
  CHECK(first->records.size() == 2);
  CHECK(first->newest.number == 2);
  enter(ledger, *first);
  const auto repeat = ledger.check("s1", 7, batch({record(1), record(2), record(3)}), 0);
  REQUIRE(repeat);
  REQUIRE(repeat->records.size() == 1);
  CHECK(repeat->records[0].number() == 3);
  const auto all_known = ledger.check("s1", 7, batch({record(1), record(2)}), 0);
  REQUIRE(all_known);
  CHECK(all_known->records.empty());
  CHECK(all_known->newest.number == 2);
  // Within one batch, and under another number after the spool was made anew.
  CHECK(ledger.check("s1", 7, batch({record(3), record(3)}), 0)->records.size() == 1);
  const auto renumbered = ledger.check("s1", 8, batch({record(1, 2), record(2, 99)}), 0);
  REQUIRE(renumbered);
  REQUIRE(renumbered->records.size() == 1);
  CHECK(renumbered->newest.number == 2);
  CHECK(ledger.check("s2", 7, batch({record(1)}), 0)->records.size() == 1);  // ids are the site's own
}

TEST_CASE("a gap is an error, except where the site was told that we have it") {
  Ledger ledger;
  CHECK_FALSE(ledger.check("s1", 7, batch({record(2)}), 0));
  CHECK_FALSE(ledger.check("s1", 7, batch({record(1), record(3)}), 0));
  const auto restored = ledger.check("s1", 7, batch({record(6), record(7)}), 5);
  REQUIRE(restored);
  CHECK(restored->missing == 5);
  CHECK(restored->records.size() == 2);
  CHECK_FALSE(ledger.check("s1", 7, batch({record(7)}), 5));
}

TEST_CASE("what is no record is refused") {
  Ledger ledger;
  auto no_id = record(1);
  no_id.set_id("xyz");
  CHECK_FALSE(ledger.check("s1", 7, batch({no_id}), 0));
  CHECK_FALSE(ledger.check("s1", 7, batch({record(0)}), 0));
  CHECK_FALSE(ledger.check("s1", 0, batch({record(1)}), 0));
  CHECK(ledger.check("s1", 7, batch({}), 0)->newest.number == 0);
}

TEST_CASE("what a site got wrong is cleaned and kept") {
  auto wild = record(1);
  wild.set_by(std::string("Ho\x01") + "a");
  wild.set_session_id("../etc");
  wild.set_corrects_id("not hex");
  wild.mutable_headcount()->set_present(4'000'000'000U);
  wild.mutable_headcount()->set_note(std::string(5'000, 'n'));
  const auto clean = cleanRecord(wild);
  REQUIRE(clean);
  CHECK(clean->by().find('\x01') == std::string::npos);
  CHECK(clean->session_id().empty());
  CHECK(clean->corrects_id().empty());
  CHECK(clean->headcount().present() == kMostPeople);
  CHECK(clean->headcount().note().size() == 500);
  auto check_in = record(1);
  check_in.mutable_check_in()->set_delegate_id("d 1");
  check_in.mutable_check_in()->set_state(static_cast<v1::Presence::State>(77));
  CHECK(cleanRecord(check_in)->check_in().delegate_id().empty());
  CHECK(cleanRecord(check_in)->check_in().state() == v1::Presence::not_marked);
  auto newer = record(1);
  newer.clear_body();
  CHECK(cleanRecord(newer));  // a body that only a newer coordinator knows
}

TEST_CASE("after a restart the ledger knows the same") {
  Ledger ledger;
  enter(ledger, *ledger.check("s1", 7, batch({record(1), record(2)}), 0));
  v1::LedgerRecord centre;
  centre.set_site_id("s1");
  *centre.mutable_record() = record(9);
  ledger.add(centre);
  CHECK(ledger.newest("s1", 7).number == 2);
  CHECK(ledger.newest("s1", 0).number == 0);  // the centre has no spool
  CHECK(ledger.newest("s1", 8).number == 0);
  CHECK(ledger.newest("s9", 7).number == 0);
  CHECK(ledger.has("s1", record(9).id()));
  CHECK_FALSE(ledger.has("s2", record(9).id()));
}

TEST_CASE("attendance entered at the centre is checked, not cleaned") {
  CHECK(checkAttendance(record(1)));
  auto much = record(1);
  much.mutable_headcount()->set_online(kMostPeople + 1);
  CHECK_FALSE(checkAttendance(much));
  v1::Record nothing;
  CHECK_FALSE(checkAttendance(nothing));
  nothing.mutable_check_in()->set_state(static_cast<v1::Presence::State>(9));
  CHECK_FALSE(checkAttendance(nothing));
}

}  // namespace
}  // namespace diemcau::core
