// Attendance as CSV: read back by our own parser, the totals hold.
#include "base/csv.hpp"
#include "support.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

using Presence = v1::Presence;
using Fields = std::vector<std::string>;

const Micros kMorning = parseTime("2026-03-01T08:00:00+07:00").value();

std::vector<CsvRow> parsed(const std::string& csv) {
  REQUIRE(csv.substr(0, 3) == "\xEF\xBB\xBF");
  return parseCsv(csv).value();
}

}  // namespace

TEST_CASE("One row a site and sitting, then the total of the sitting") {
  Attendance attendance;
  attendance.add(counted(record("s1", "a", kMorning), 3, 1, 1, 0));
  attendance.add(marked(record("s2", "a", kMorning), "d4", Presence::online));
  attendance.add(counted(record("s1", "b", kMorning, "", "afternoon"), 2));
  const auto rows = parsed(attendance.csv(city(), briefing()));
  REQUIRE(rows.size() == 1 + 4 + 4);
  CHECK(rows[0].fields == Fields{"area", "site", "sitting", "expected", "present", "online", "excused",
                                 "absent", "not_marked", "check_ins", "by", "at", "area_name", "site_name"});
  CHECK(rows[1].fields == Fields{"n1", "s1", "morning", "3", "3", "1", "1", "0", "0", "0", "clerk of s1",
                                 "01/03/2026 08:00:00", "Phường Một", "Hội trường Đống Đa"});
  CHECK(rows[2].fields == Fields{"north", "s2", "morning", "1", "0", "1", "0", "0", "0", "1", "clerk of s2",
                                 "01/03/2026 08:00:00", "Quận Bắc", "Nhà văn hóa"});
  CHECK(rows[3].fields == Fields{"south", "s3", "morning", "0", "0", "0", "0", "0", "0", "0", "", "",
                                 "Quận Nam", "Trường học"});
  CHECK(rows[4].fields ==
        Fields{"", "total", "morning", "4", "3", "2", "1", "0", "0", "1", "", "", "", "Tổng cộng"});
  CHECK(rows[8].fields[4] == "2");
  for (std::size_t column = 3; column <= 9; ++column) {
    int sum = 0;
    for (std::size_t row = 1; row <= 3; ++row) sum += std::stoi(rows[row].fields[column]);
    CHECK(std::stoi(rows[4].fields[column]) == sum);
  }
}

TEST_CASE("One row a delegate with a state, with reason and late entry") {
  Attendance attendance;
  auto late = marked(record("s1", "a", kMorning), "d2", Presence::excused, "=HYPERLINK(\"x\"), ốm");
  late.mutable_record()->mutable_check_in()->set_late_entry(true);
  attendance.add(late);
  attendance.add(marked(record("s1", "b", kMorning), "d1", Presence::present));
  attendance.add(marked(record("s1", "c", kMorning + 1), "d1", Presence::not_marked));
  attendance.add(marked(record("s2", "d", kMorning), "stranger", Presence::present));
  const std::string csv = attendance.checkinsCsv(city(), briefing());
  CHECK_THAT(csv, Catch::Contains("\"'=HYPERLINK(\"\"x\"\"), ốm\""));  // no spreadsheet runs it
  const auto rows = parsed(csv);
  REQUIRE(rows.size() == 3);
  CHECK(rows[1].fields == Fields{"s1", "d2", "Đặng Văn An", "Sở Y tế", "morning", "excused",
                                 "=HYPERLINK(\"x\"), ốm", "yes", "clerk of s1", "01/03/2026 08:00:00",
                                 "Hội trường Đống Đa"});
  CHECK(rows[2].fields[1] == "stranger");
  CHECK(rows[2].fields[2].empty());
  CHECK(rows[2].fields[7] == "no");
}

}  // namespace diemcau::core
