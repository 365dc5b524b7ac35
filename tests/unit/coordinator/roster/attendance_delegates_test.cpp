// Attendance down to the delegate.
#include "tests/support/catch.hpp"
#include "tests/unit/coordinator/roster/support.hpp"

namespace diemcau::core {
namespace {

struct Desk {
  Roster roster = city();
  Attendance attendance;
  v1::Session session;
  int records = 0;

  Desk() {
    session.set_id("s");
    for (const auto* site : {"s1", "s2", "s3"}) session.add_site_ids(site);
    session.add_sittings()->set_id("main");
  }
  void mark(const std::string& site, const std::string& delegate, v1::Presence::State state) {
    v1::LedgerRecord record;
    record.set_site_id(site);
    auto& said = *record.mutable_record();
    said.set_id("r" + std::to_string(++records));
    said.set_sitting_id("main");
    said.set_at_us(1'000 + records);
    said.set_by("Hoa");
    said.mutable_check_in()->set_delegate_id(delegate);
    said.mutable_check_in()->set_state(state);
    REQUIRE(attendance.add(record));
  }
  v1::DelegateAttendanceList ask(const DelegateQuery& query = {}) const {
    return attendance.delegates(roster, session, "main", query);
  }
  static std::string ids(const v1::DelegateAttendanceList& list) {
    std::string out;
    for (const auto& one : list.delegates()) out += one.site_id() + ":" + one.delegate().id() + " ";
    return out;
  }
};

TEST_CASE("every delegate is listed with what is known of them, guests too") {
  Desk desk;
  desk.mark("s1", "d1", v1::Presence::present);
  desk.mark("s1", "d2", v1::Presence::absent);
  desk.mark("s1", "d2", v1::Presence::online);
  desk.mark("s3", "d4", v1::Presence::present);
  const auto all = desk.ask();
  CHECK(all.total() == 5);
  CHECK(Desk::ids(all) == "s1:d3 s1:d2 s1:d1 s2:d4 s3:d4 ");
  CHECK(all.delegates(0).state() == v1::Presence::not_marked);
  CHECK(all.delegates(1).state() == v1::Presence::online);
  CHECK(all.delegates(1).record_id() == "r3");
  CHECK(all.delegates(4).delegate().name() == "Ân Thị Lan");

  DelegateQuery query;
  query.state = v1::Presence::not_marked;
  CHECK(Desk::ids(desk.ask(query)) == "s1:d3 s2:d4 ");
  query = {};
  query.area_id = "north";
  CHECK(Desk::ids(desk.ask(query)) == "s1:d3 s1:d2 s1:d1 s2:d4 ");
  query.area_id = "n1";
  query.offset = 1;
  query.most = 1;
  CHECK(desk.ask(query).total() == 3);
  CHECK(Desk::ids(desk.ask(query)) == "s1:d2 ");
  query = {};
  query.shows = [](const std::string& site) { return site == "s3"; };
  CHECK(Desk::ids(desk.ask(query)) == "s3:d4 ");
}

TEST_CASE("who is marked as there at two sites is named with both") {
  Desk desk;
  desk.mark("s1", "d1", v1::Presence::present);
  desk.mark("s3", "d1", v1::Presence::online);
  desk.mark("s2", "d4", v1::Presence::present);
  desk.mark("s3", "d4", v1::Presence::excused);
  const auto sitting = desk.attendance.sitting(desk.roster, desk.session, "main");
  REQUIRE(sitting.conflicts_size() == 1);
  const auto& conflict = sitting.conflicts(0);
  CHECK(conflict.name() == "Trần Thị Bình");
  CHECK(conflict.home_site_id() == "s1");
  REQUIRE(conflict.places_size() == 2);
  CHECK(conflict.places(0).site_name() == "Hội trường Đống Đa");
  CHECK(conflict.places(1).site_name() == "Trường học");
  CHECK(conflict.places(1).state() == v1::Presence::online);
  CHECK(conflict.places(1).record_id() == "r2");
  CHECK(conflict.places(0).by() == "Hoa");

  DelegateQuery query;
  query.conflicts = true;
  const auto list = desk.ask(query);
  CHECK(Desk::ids(list) == "s1:d1 s3:d1 ");
  CHECK(list.delegates(0).also_at(0) == "s3");
  query.shows = [](const std::string& site) { return site == "s1"; };
  CHECK(desk.ask(query).delegates(0).also_at().empty());
}

TEST_CASE("an import says what it would change, and a dry run changes nothing") {
  Roster roster = city();
  auto wish = files({{"d.csv",
                      "delegate_id,site_id,name,unit,title\n"
                      "d1,s1,Trần Thị Bình,Sở Y tế,Giám đốc\n"
                      "d2,s1,Đặng Văn An,Sở Nội vụ,\n"
                      "d4,s3,Ân Thị Lan,UBND,\n"
                      "d5,s3,Người Mới,,\n"
                      "d6,nowhere,Người Lạc,,\n"},
                     {"s.csv", "site_id,area_id,name\ns3,north,Trường học\ns9,south,Mới\n"}});
  wish.set_dry_run(true);
  const auto seen = import(roster, wish);
  CHECK_FALSE(seen.report.applied());
  CHECK(seen.batch.empty());
  CHECK(seen.report.problems_total() == 1);
  CHECK(seen.report.problems(0).line() == 6);
  const auto& delegates = seen.report.delegate_changes();
  CHECK(delegates.added() == 1);
  CHECK(delegates.changed() == 1);
  CHECK(delegates.moved() == 1);
  CHECK(delegates.same() == 1);
  CHECK(seen.report.site_changes().moved() == 1);
  CHECK(seen.report.site_changes().added() == 1);
  CHECK(roster.site("s9") == nullptr);
  CHECK(roster.siteOf("d4") == "s2");
}

}  // namespace
}  // namespace diemcau::core
