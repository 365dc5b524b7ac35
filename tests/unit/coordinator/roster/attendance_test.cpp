// What counts: order, repeats, corrections, conflicts, the way up the areas.
#include "coordinator/core/attendance.hpp"

#include <fmt/format.h>
#include <rapidcheck.h>

#include <map>

#include "support.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

using Presence = v1::Presence;

v1::Counts counts(const Attendance& attendance, const char* site = "s1") {
  return attendance.site(city(), site, "morning").counted();
}

}  // namespace

TEST_CASE("A site that reported nothing is expected and not marked") {
  const Attendance attendance;
  const auto site = attendance.site(city(), "s1", "morning");
  CHECK_FALSE(site.reported());
  CHECK_FALSE(site.has_headcount());
  CHECK(site.counted().expected() == 3);
  CHECK(site.counted().not_marked() == 3);
  CHECK_FALSE(site.differs());
}

TEST_CASE("The newest headcount counts: by the moment it was made, then by the ledger's order") {
  Attendance attendance;
  CHECK(attendance.add(counted(record("s1", "a", 100), 10)));
  CHECK(attendance.add(counted(record("s1", "b", 300), 30, 2, 1, 1)));
  CHECK(attendance.add(counted(record("s1", "c", 200), 20)));  // came late over a slow link
  CHECK(counts(attendance).present() == 30);
  CHECK(counts(attendance).online() == 2);
  CHECK(counts(attendance).not_marked() == 0);
  CHECK(attendance.add(counted(record("s1", "d", 300), 31)));
  CHECK(counts(attendance).present() == 31);
  const auto site = attendance.site(city(), "s1", "morning");
  CHECK(site.by() == "clerk of s1");
  CHECK(site.at_us() == 300);
  CHECK(attendance.site(city(), "s1", "afternoon").reported() == false);
}

TEST_CASE("What a site enters later is newer, also where its clock went back in between") {
  const auto numbered = [](v1::LedgerRecord record, std::uint64_t number, Micros received) {
    record.mutable_record()->set_number(number);
    record.set_received_us(received);
    return record;
  };
  const auto centre = [](v1::LedgerRecord record) {
    record.set_epoch(0);
    record.mutable_record()->set_number(9);
    return record;
  };
  Attendance attendance;
  // The clock of this computer is 300 s fast, and nobody has told it yet.
  attendance.add(numbered(counted(record("s1", "a", 400), 10), 1, 500));
  attendance.add(numbered(counted(record("s1", "b", 101), 11), 2, 501));
  CHECK(counts(attendance).present() == 11);
  attendance.add(numbered(counted(record("s1", "c", 102, "b"), 12), 3, 502));
  attendance.add(numbered(counted(record("s1", "d", 90, "c"), 13), 4, 503));
  CHECK(counts(attendance).present() == 13);
  attendance.add(numbered(marked(record("s1", "e", 99), "d1", Presence::present), 5, 504));
  attendance.add(numbered(marked(record("s1", "f", 98), "d1", Presence::absent), 6, 504));
  CHECK(attendance.site(city(), "s1", "morning").by_name().absent() == 1);
  SECTION("an entry at the centre after it counts, and one before it does not") {
    attendance.add(centre(counted(record("s1", "g", 600), 20)));
    CHECK(counts(attendance).present() == 20);
    attendance.add(centre(counted(record("s1", "h", 300), 21)));
    CHECK(counts(attendance).present() == 20);
  }
  SECTION("what a device kept while it could not reach its agent is as old as it says") {
    auto kept = numbered(counted(record("s1", "g", 89), 20), 7, 505);
    kept.mutable_record()->set_held(true);
    attendance.add(kept);
    CHECK(counts(attendance).present() == 13);
    attendance.add(numbered(counted(record("s1", "h", 95), 14), 8, 506));
    CHECK(counts(attendance).present() == 14);
  }
  SECTION("nobody enters in the future") {
    attendance.add(numbered(counted(record("s1", "g", 900'000), 20), 7, 600));
    attendance.add(centre(counted(record("s1", "h", 601), 21)));
    CHECK(counts(attendance).present() == 21);
  }
  SECTION("another spool of the site counts by its own clock") {
    auto other = numbered(counted(record("s1", "g", 700), 20), 1, 701);
    other.set_epoch(2);
    attendance.add(other);
    CHECK(counts(attendance).present() == 20);
  }
}

TEST_CASE(
    "A repeat is ignored, and so is what is not attendance; the same id of another site is another record") {
  Attendance attendance;
  CHECK(attendance.add(counted(record("s1", "a", 100), 1)));
  CHECK_FALSE(attendance.add(counted(record("s1", "a", 100), 1)));
  CHECK_FALSE(attendance.add(counted(record("s1", "a", 900), 99)));
  CHECK(counts(attendance).present() == 1);
  CHECK(attendance.add(counted(record("s2", "a", 100), 2)));
  auto help = record("s1", "h", 500);
  help.mutable_record()->mutable_help()->set_text("no sound");
  CHECK_FALSE(attendance.add(help));
  CHECK_FALSE(attendance.add(record("s1", "empty", 500)));
}

TEST_CASE("A correction takes the place of what it corrects") {
  Attendance attendance;
  attendance.add(counted(record("s1", "a", 100), 10));
  SECTION("the newest one") {
    attendance.add(counted(record("s1", "b", 200, "a"), 11));
    CHECK(counts(attendance).present() == 11);
    CHECK(attendance.site(city(), "s1", "morning").at_us() == 200);
  }
  SECTION("a correction of an old one does not undo a newer one") {
    attendance.add(counted(record("s1", "b", 200), 20));
    attendance.add(counted(record("s1", "c", 300, "a"), 11));
    CHECK(counts(attendance).present() == 20);
  }
  SECTION("a correction of a correction") {
    attendance.add(counted(record("s1", "b", 200, "a"), 11));
    attendance.add(counted(record("s1", "c", 300, "b"), 12));
    CHECK(counts(attendance).present() == 12);
  }
  SECTION("a correction counts even when the clock went back") {
    attendance.add(counted(record("s1", "b", 50, "a"), 11));
    CHECK(counts(attendance).present() == 11);
  }
  SECTION("of two corrections of one record the newest counts") {
    attendance.add(counted(record("s1", "b", 300, "a"), 11));
    attendance.add(counted(record("s1", "c", 200, "a"), 12));
    CHECK(counts(attendance).present() == 11);
  }
  SECTION("one that names an unknown record is a record like any other") {
    attendance.add(counted(record("s1", "b", 200, "gone"), 11));
    CHECK(counts(attendance).present() == 11);
    attendance.add(counted(record("s2", "c", 200, "a"), 5));  // another site's id is unknown here
    CHECK(counts(attendance).present() == 11);
    CHECK(counts(attendance, "s2").present() == 5);
  }
  SECTION("one that names itself is one too") {
    attendance.add(counted(record("s1", "b", 200, "b"), 11));
    CHECK(counts(attendance).present() == 11);
  }
  SECTION("it may change the kind: the headcount is gone") {
    attendance.add(marked(record("s1", "b", 200, "a"), "d1", Presence::present));
    const auto site = attendance.site(city(), "s1", "morning");
    CHECK_FALSE(site.has_headcount());
    CHECK(site.counted().present() == 1);
    CHECK(site.checkins() == 1);
  }
  SECTION("it may move to another sitting") {
    attendance.add(counted(record("s1", "b", 200, "a", "afternoon"), 10));
    CHECK_FALSE(attendance.site(city(), "s1", "morning").reported());
    CHECK(attendance.site(city(), "s1", "afternoon").counted().present() == 10);
  }
  SECTION("it may name another delegate") {
    attendance.add(marked(record("s1", "b", 200), "d1", Presence::present));
    attendance.add(marked(record("s1", "c", 300, "b"), "d2", Presence::present));
    const auto site = attendance.site(city(), "s1", "morning");
    CHECK(site.checkins() == 1);
    CHECK(site.by_name().present() == 1);
  }
}

TEST_CASE("Named check-ins count by state; the newest of a delegate counts; unmarking takes it back") {
  Attendance attendance;
  attendance.add(marked(record("s1", "a", 100), "d1", Presence::absent));
  attendance.add(marked(record("s1", "b", 200), "d1", Presence::present));
  attendance.add(marked(record("s1", "c", 200), "d2", Presence::excused, "ốm"));
  attendance.add(marked(record("s1", "d", 210), "guest", Presence::online));
  auto site = attendance.site(city(), "s1", "morning");
  CHECK(site.reported());
  CHECK(site.checkins() == 3);
  CHECK(site.counted().present() == 1);
  CHECK(site.counted().excused() == 1);
  CHECK(site.counted().online() == 1);
  CHECK(site.counted().absent() == 0);
  CHECK(site.counted().not_marked() == 1);  // d3; the guest was not expected
  attendance.add(marked(record("s1", "e", 300), "d1", Presence::not_marked));
  site = attendance.site(city(), "s1", "morning");
  CHECK(site.checkins() == 2);
  CHECK(site.counted().not_marked() == 2);
}

TEST_CASE("The headcount counts where there is one; it differs when the names do not fit into it") {
  Attendance attendance;
  attendance.add(marked(record("s1", "a", 100), "d1", Presence::present));
  attendance.add(counted(record("s1", "b", 200), 2));
  auto site = attendance.site(city(), "s1", "morning");
  CHECK(site.counted().present() == 2);
  CHECK(site.by_name().present() == 1);
  CHECK(site.counted().not_marked() == 1);
  CHECK_FALSE(site.differs());  // one more is there whose name is not yet marked

  SECTION("more names than heads") {
    attendance.add(marked(record("s1", "c", 300), "d2", Presence::present));
    attendance.add(marked(record("s1", "d", 300), "d3", Presence::present));
    CHECK(attendance.site(city(), "s1", "morning").differs());
  }
  SECTION("a state that the headcount does not know") {
    attendance.add(marked(record("s1", "c", 300), "d2", Presence::absent));
    CHECK(attendance.site(city(), "s1", "morning").differs());
  }
  SECTION("everybody named, and still fewer than counted") {
    attendance.add(counted(record("s1", "h", 300), 2, 0, 1, 1));
    attendance.add(marked(record("s1", "c", 300), "d2", Presence::excused));
    attendance.add(marked(record("s1", "d", 300), "d3", Presence::absent));
    CHECK(attendance.site(city(), "s1", "morning").differs());
    attendance.add(counted(record("s1", "i", 400), 1, 0, 1, 1));
    CHECK_FALSE(attendance.site(city(), "s1", "morning").differs());
  }
}

TEST_CASE("Totals go up the areas to the root") {
  Attendance attendance;
  attendance.add(counted(record("s1", "a", 100), 3));
  attendance.add(counted(record("s2", "a", 100), 0, 1));
  attendance.add(
      counted(record("s9", "a", 100), 7));  // reported, though no longer in the session nor on the roster
  const auto all = attendance.sitting(city(), briefing(), "morning");
  CHECK(all.session_id() == "briefing");
  CHECK(all.sites() == 4);
  CHECK(all.reported_sites() == 3);
  CHECK(all.total().expected() == 4);
  CHECK(all.total().present() == 10);
  std::map<std::string, v1::AreaAttendance> areas;
  for (const auto& area : all.by_area()) areas[area.area_id()] = area;
  REQUIRE(areas.size() == 4);
  CHECK(areas["n1"].counted().present() == 3);
  CHECK(areas["n1"].sites() == 1);
  CHECK(areas["north"].counted().present() == 3);
  CHECK(areas["north"].counted().online() == 1);
  CHECK(areas["north"].sites() == 2);
  CHECK(areas["south"].reported_sites() == 0);
  CHECK(areas["city"].sites() == 3);
  CHECK(areas["city"].reported_sites() == 2);
  CHECK(areas["city"].counted().expected() == 4);
  const auto none = attendance.sitting(city(), briefing(), "evening");
  CHECK(none.reported_sites() == 0);
  CHECK(none.total().present() == 0);
}

TEST_CASE("A delegate who is there at two sites is a conflict, until one takes it back") {
  Attendance attendance;
  attendance.add(marked(record("s2", "a", 100), "d1", Presence::online));
  attendance.add(marked(record("s1", "a", 200), "d1", Presence::present));
  attendance.add(marked(record("s1", "b", 200), "d2", Presence::present));
  attendance.add(marked(record("s3", "b", 200), "d2", Presence::absent));
  auto all = attendance.sitting(city(), briefing(), "morning");
  REQUIRE(all.conflicts_size() == 1);
  CHECK(all.conflicts(0).delegate_id() == "d1");
  CHECK(all.conflicts(0).site_ids_size() == 2);
  CHECK(all.total().present() + all.total().online() == 3);  // shown, not dropped
  attendance.add(marked(record("s2", "c", 300, "a"), "d1", Presence::not_marked));
  all = attendance.sitting(city(), briefing(), "morning");
  CHECK(all.conflicts_size() == 0);
}

namespace {

std::vector<v1::LedgerRecord> someLedger() {
  std::vector<v1::LedgerRecord> ledger;
  const int size = *rc::gen::inRange(0, 30);
  for (int i = 0; i < size; ++i) {
    const std::string site = *rc::gen::element<std::string>("s1", "s2", "s3");
    const std::string corrects =
        *rc::gen::arbitrary<bool>() ? fmt::format("r{}", *rc::gen::inRange(0, 30)) : "";
    const std::string sitting = *rc::gen::element<std::string>("morning", "afternoon");
    auto one = record(site, fmt::format("r{}", i), *rc::gen::inRange(1, 6), corrects, sitting);
    if (*rc::gen::arbitrary<bool>()) {
      ledger.push_back(counted(std::move(one), *rc::gen::inRange(0u, 50u), *rc::gen::inRange(0u, 9u)));
    } else {
      const std::string delegate = *rc::gen::element<std::string>("d1", "d2", "d3", "d4");
      ledger.push_back(
          marked(std::move(one), delegate, static_cast<Presence::State>(*rc::gen::inRange(0, 5))));
    }
  }
  return ledger;
}

std::string everything(const Attendance& attendance, const Roster& roster) {
  const v1::Session session = briefing();
  return attendance.sitting(roster, session, "morning").SerializeAsString() +
         attendance.csv(roster, session) + attendance.checkinsCsv(roster, session);
}

}  // namespace

TEST_CASE("The ledger's records in its order, with any repeats, give the same totals") {
  const Roster roster = city();
  CHECK(rc::check("repeats and rebuild", [&] {
    const auto ledger = someLedger();
    Attendance once, repeated;
    for (std::size_t i = 0; i < ledger.size(); ++i) {
      RC_ASSERT(once.add(ledger[i]));
      RC_ASSERT(repeated.add(ledger[i]));
      const std::size_t again = *rc::gen::inRange<std::size_t>(0, i + 1);
      RC_ASSERT(!repeated.add(ledger[again]));
    }
    RC_ASSERT(everything(once, roster) == everything(repeated, roster));
  }));
}

TEST_CASE("The sum over the sites is the sum over the areas is the total") {
  const Roster roster = city();
  CHECK(rc::check("sums", [&] {
    Attendance attendance;
    for (const auto& one : someLedger()) attendance.add(one);
    const auto all = attendance.sitting(roster, briefing(), "morning");
    std::uint32_t present = 0, checkins = 0;
    for (const auto& site : all.by_site()) {
      present += site.counted().present();
      checkins += site.checkins();
    }
    RC_ASSERT(present == all.total().present());
    RC_ASSERT(checkins == all.checkins());
    for (const auto& area : all.by_area())
      if (area.area_id() == "city")
        RC_ASSERT(area.counted().SerializeAsString() == all.total().SerializeAsString());
  }));
}

}  // namespace diemcau::core
