// Importing: what is accepted, and that everything wrong is said with its place while nothing is
// half-imported.
#include <fmt/format.h>

#include <algorithm>

#include "support.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

std::string shown(const v1::RosterImportReport& report) {
  std::string out;
  for (const auto& one : report.problems())
    out +=
        fmt::format("{}:{}:{} {} {}\n", one.file(), one.line(), one.column(), one.field(), one.reason().en());
  return out;
}

struct Bad {
  const char* says;
  std::string file;
  unsigned line, column;
  const char *field, *reason;
};

std::string longText(std::size_t size) {
  return std::string(size, 'x');
}

}  // namespace

TEST_CASE("A first import applies everything and tells the sites that changed") {
  Roster roster;
  const auto out =
      import(roster, files({{"delegates.csv", kDelegates}, {"sites.csv", kSites}, {"areas.csv", kAreas}}), 5);
  INFO(shown(out.report));
  CHECK(out.report.applied());
  CHECK(out.report.areas() == 4);
  CHECK(out.report.sites() == 3);
  CHECK(out.report.delegates() == 4);
  CHECK(out.changed == std::set<std::string>{"s1", "s2", "s3"});
  CHECK(roster.revision("s3") == 5);
}

TEST_CASE("Rows replace those with the same id; only what changed is stored") {
  Roster roster = city();
  const auto out =
      import(roster,
             files({{"d.csv",
                     "delegate_id,site_id,name,unit\nd1,s1,Trần Thị Bình,Sở Y tế\nd4,s3,Ân Thị Lan,UBND\n"
                     "d2,s1,Đặng Văn An,Sở Y tế\n"}}),
             9);
  REQUIRE(out.report.applied());
  CHECK(out.batch.puts.size() == 2);  // d1 lost its title, d4 moved; d2 is as it was
  CHECK(out.changed == std::set<std::string>{"s1", "s2", "s3"});
  CHECK(roster.delegates("s2").empty());
  CHECK(roster.siteOf("d4") == "s3");
  CHECK(roster.delegate("d1")->title().empty());
  CHECK(roster.revision("s2") == 9);

  SECTION("the same files again change nothing") {
    const auto again = import(roster, files({{"a", kAreas}, {"s", kSites}}), 10);
    CHECK(again.report.applied());
    CHECK(again.batch.empty());
    CHECK(again.changed.empty());
    CHECK(roster.revision("s2") == 9);
  }
  SECTION("another telephone number is no change of names") {
    const auto phone =
        import(roster, files({{"s", "site_id,area_id,name,phone\ns3,south,Trường học,113\n"}}), 11);
    CHECK(phone.batch.puts.size() == 1);
    CHECK(phone.changed.empty());
  }
  SECTION("another name is") {
    const auto name = import(roster, files({{"s", "site_id,area_id,name\ns3,south,Nhà hát\n"}}), 12);
    CHECK(name.changed == std::set<std::string>{"s3"});
    v1::Selection selection;
    selection.add_names("nha hat");
    CHECK(roster.resolve(selection, 0).value() == std::vector<std::string>{"s3"});
  }
}

TEST_CASE("A dry run says what would happen and changes nothing") {
  Roster roster;
  auto checked = files({{"areas.csv", kAreas}, {"sites.csv", kSites}});
  checked.set_dry_run(true);
  const auto out = import(roster, checked);
  CHECK_FALSE(out.report.applied());
  CHECK(out.report.sites() == 3);
  CHECK(out.report.problems_total() == 0);
  CHECK(out.batch.empty());
  CHECK(roster.sites().empty());
}

TEST_CASE("Vietnamese headers, a mark at the start, semicolons and CRLF are as good") {
  Roster roster;
  const auto out = import(
      roster,
      files(
          {{"dia ban.csv", "\xEF\xBB\xBFMã địa bàn;Địa bàn cha;Tên\r\ncity;;Thành phố\r\n"},
           {"diem cau.csv",
            "MÃ ĐIỂM CẦU;mã địa bàn;tên;Thẻ;Cán bộ kỹ thuật;Điện thoại;Số ghế;Hiệu lực từ;Hiệu lực đến\r\n"
            "s1;city;Hội trường;4g | lớn;Anh Ba;0912;300;2025-07-01;2030-01-01\r\n"},
           {"dai bieu.csv", "ma dai bieu;ma diem cau;Họ và tên;Đơn vị;Chức vụ\r\nd1;s1;Lê Lợi;Sở;Phó\r\n"}}));
  INFO(shown(out.report));
  REQUIRE(out.report.applied());
  const v1::Site& site = *roster.site("s1");
  CHECK(site.tags_size() == 2);
  CHECK(site.tags(1) == "lớn");
  CHECK(site.technician().name() == "Anh Ba");
  CHECK(site.seats() == 300);
  CHECK(site.valid_from_us() == parseTime("2025-07-01T00:00:00+07:00").value());
  CHECK(roster.delegate("d1")->title() == "Phó");
}

TEST_CASE("Text is cleaned: NFC, no control and bidi characters, trimmed") {
  Roster roster = city();
  REQUIRE(import(roster, files({{"d",
                                 "delegate_id,site_id,name\n d7 ,s1,\"  Tra\xCC\x82\xCC\x80n\x07 \xE2\x80\xAE"
                                 "An \"\n"}}))
              .report.applied());
  CHECK(roster.delegate("d7")->name() == "Trần An");
}

TEST_CASE("Every bad line is told with file, line, column, field and reason") {
  const std::string sites = "site_id,area_id,name,tags,phone,seats,valid_from,valid_until\n";
  std::string tags = "t0";
  for (int i = 1; i <= 20; ++i) tags += fmt::format("|t{}", i);
  const std::vector<Bad> rows = {
      {"a missing column", "area_id,name\nx,X\n", 1, 0, "parent_id", "is missing"},
      {"an unknown column", "area_id,parent_id,name,colour\nx,,X,red\n", 1, 4, "colour", "does not belong"},
      {"a column of another kind", "area_id,parent_id,name,seats\nx,,X,5\n", 1, 4, "seats",
       "does not belong"},
      {"a column twice", "area_id,parent_id,name,tên\nx,,X,Y\n", 1, 4, "tên", "there already, as column 3"},
      {"no known kind", "a,b,c\n1,2,3\n", 1, 0, "", "must name the columns"},
      {"an empty file", "", 1, 0, "", "is empty"},
      {"only empty lines", "\n\r\n\n", 1, 0, "", "is empty"},
      {"too few fields", "area_id,parent_id,name\nx,\n", 2, 0, "", "has 2 fields, the header has 3"},
      {"too many fields", "area_id,parent_id,name\n\nx,,X,\n", 3, 0, "", "has 4 fields, the header has 3"},
      {"a bad id", "area_id,parent_id,name\nx y,,X\n", 2, 1, "area_id", "\"x y\" is not an id"},
      {"no id", "area_id,parent_id,name\n,,X\n", 2, 1, "area_id", "is missing"},
      {"a bad parent", "Mã địa bàn,Địa bàn cha,Tên\nx,?,X\n", 2, 2, "Địa bàn cha", "not an id"},
      {"an empty name", "area_id,parent_id,name\nx,,  \n", 2, 3, "name", "empty"},
      {"a name that is too long", "area_id,parent_id,name\nx,," + longText(201) + "\n", 2, 3, "name", "200"},
      {"the same id twice", "area_id,parent_id,name\nx,,X\ny,,Y\nx,,Z\n", 4, 1, "area_id", "bad.csv line 2"},
      {"an unknown parent", "area_id,parent_id,name\nx,nowhere,X\n", 2, 2, "parent_id",
       "Area nowhere is neither"},
      {"an unknown area", sites + "s9,nowhere,S,,,,,\n", 2, 2, "area_id", "Area nowhere is neither"},
      {"no area", sites + "s9,,S,,,,,\n", 2, 2, "area_id", "is missing"},
      {"an unknown site", "delegate_id,site_id,name\nd9,s9,D\n", 2, 2, "site_id", "Site s9 is neither"},
      {"its own parent", "area_id,parent_id,name\nx,x,X\n", 2, 2, "parent_id", "x → x"},
      {"a circle of three", "area_id,parent_id,name\nx,z,X\ny,x,Y\nz,y,Z\n", 2, 2, "parent_id",
       "x → z → y → x"},
      {"a circle through the roster", "area_id,parent_id,name\ncity,n1,C\n", 2, 2, "parent_id",
       "city → n1 → north → city"},
      {"a date of another form", sites + "s9,city,S,,,,01/07/2025,\n", 2, 7, "valid_from",
       "\"01/07/2025\" is not a"},
      {"a day that is none", sites + "s9,city,S,,,,2025-02-29,\n", 2, 7, "valid_from", "is not a date"},
      {"dates in the wrong order", sites + "s9,city,S,,,,2025-07-02,2025-07-01\n", 2, 8, "valid_until",
       "after"},
      {"dates on the same day", sites + "s9,city,S,,,,2025-07-01,2025-07-01\n", 2, 8, "valid_until", "after"},
      {"a number with words", sites + "s9,city,S,,,many,,\n", 2, 6, "seats",
       "\"many\" is not a whole number"},
      {"a negative number", sites + "s9,city,S,,,-5,,\n", 2, 6, "seats", "not a whole number"},
      {"too large a number", sites + "s9,city,S,,,100001,,\n", 2, 6, "seats", "from 0 to 100000"},
      {"a number beyond any", sites + "s9,city,S,,,99999999999999999999,,\n", 2, 6, "seats",
       "not a whole number"},
      {"a telephone number that is too long", sites + "s9,city,S,," + std::string(33, '1') + ",,,\n", 2, 5,
       "phone", "32"},
      {"too many tags", sites + "s9,city,S," + tags + ",,,,\n", 2, 4, "tags", "21 tags"},
      {"a tag that is too long", sites + "s9,city,S," + longText(41) + ",,,,\n", 2, 4, "tags", "40"},
      {"a unit that is too long", "delegate_id,site_id,name,unit\nd9,s1,D," + longText(501) + "\n", 2, 4,
       "unit", "500"},
      {"bytes that are not UTF-8", "area_id,parent_id,name\nx,,Ph\xE2n\n", 2, 0, "", "UTF-8"},
      {"a header that is not UTF-8", "area_id,parent_id,t\xEAn\nx,,X\n", 1, 0, "", "UTF-8"},
      {"a quote that is not closed", "area_id,parent_id,name\nx,,\"X\ny,,Y\n", 2, 0, "", "quote"},
      {"a file of 16-bit characters",
       std::string("\xFF\xFE"
                   "a\0r\0",
                   6),
       0, 0, "", "UTF-8"},
  };
  for (const Bad& bad : rows) {
    Roster roster = city();
    const std::string before = roster.exportCsv("areas").value() + roster.exportCsv("sites").value();
    const auto out = import(roster, files({{"bad.csv", bad.file}}));
    INFO(bad.says << "\n" << shown(out.report));
    CHECK_FALSE(out.report.applied());
    REQUIRE(out.report.problems_size() >= 1);
    CHECK(out.report.problems_total() == 1);
    const auto& problem = out.report.problems(0);
    CHECK(problem.file() == "bad.csv");
    CHECK(problem.line() == bad.line);
    CHECK(problem.column() == bad.column);
    CHECK(problem.field() == bad.field);
    CHECK_THAT(problem.reason().en(), Catch::Contains(bad.reason));
    CHECK_FALSE(problem.reason().vi().empty());
    CHECK(out.batch.empty());
    CHECK(out.changed.empty());
    CHECK(before == roster.exportCsv("areas").value() + roster.exportCsv("sites").value());
  }
}

TEST_CASE("All problems of all files come together, in order; one bad row is not told twice") {
  Roster roster;
  const auto out = import(roster, files({{"d.csv", "delegate_id,site_id,name\nd1,s1,\nd2,s2,Ok\nd3,s3,Ok\n"},
                                         {"s.csv", "site_id,area_id,name,seats\ns1,a1,S,x\ns2,a2,S,1\n"},
                                         {"a.csv", "area_id,parent_id,name\na1,,A,too many\n"}}));
  CHECK(shown(out.report) ==
        "d.csv:2:3 name The name is empty\n"
        "d.csv:4:2 site_id Site s3 is neither in these files nor on the present roster\n"
        "s.csv:2:4 seats \"x\" is not a whole number from 0 to 100000\n"
        "s.csv:3:2 area_id Area a2 is neither in these files nor on the present roster\n"
        "a.csv:2:0  The row has 4 fields, the header has 3 columns\n");
  CHECK(out.report.delegates() == 1);
  CHECK(out.report.sites() == 0);
  CHECK(roster.areas().empty());
}

TEST_CASE("An id may be there once in all files of an import") {
  Roster roster;
  const std::string one = "area_id,parent_id,name\nx,,X\n";
  const auto out = import(roster, files({{"one.csv", one}, {"two.csv", one}}));
  CHECK(shown(out.report) == "two.csv:2:1 area_id x is there already in one.csv line 2\n");
}

TEST_CASE("Without a readable areas file, sites are not blamed for areas that nobody could read") {
  Roster roster;
  const auto out = import(roster, files({{"a.csv", "nonsense\n"}, {"s.csv", kSites}}));
  CHECK(out.report.problems_total() == 1);
  CHECK_FALSE(out.report.applied());
}

TEST_CASE("A quoted field may span lines: the row is where it starts") {
  Roster roster;
  const auto out = import(roster, files({{"a", "area_id,parent_id,name\nx,,\"Two\nlines\"\ny,,\n"}}));
  CHECK(shown(out.report) == "a:4:3 name The name is empty\n");
}

TEST_CASE("The first thousand problems are kept, and all are counted") {
  Roster roster;
  std::string rows = "area_id,parent_id,name\n";
  for (int i = 0; i < 2500; ++i) rows += fmt::format("a{},,\n", i);
  const auto out = import(roster, files({{"a.csv", rows}}));
  CHECK(out.report.problems_size() == 1000);
  CHECK(out.report.problems_total() == 2500);
  CHECK(out.report.problems(999).line() == 1001);
  CHECK(out.report.areas() == 0);
}

TEST_CASE("An import takes one to eight files, each of 32 MiB at most") {
  Roster roster;
  CHECK_THAT(shown(import(roster, files({})).report), Catch::Contains("1 to 8 files"));
  CHECK_THAT(
      shown(import(roster, files(std::vector<std::pair<std::string, std::string>>(9, {"a", kAreas}))).report),
      Catch::Contains("1 to 8 files"));
  const std::string big = "area_id,parent_id,name\n" + std::string(33 << 20, ' ');
  CHECK(shown(import(roster, files({{"big.csv", big}})).report) ==
        "big.csv:0:0  The file is over 32 MiB; split it\n");
  CHECK(roster.areas().empty());
}

TEST_CASE("A hostile file name or value is shown short and clean") {
  Roster roster;
  const auto out = import(roster, files({{"../\x1b[31m" + longText(500),
                                          "area_id,parent_id,name\n" + std::string(5000, '!') + ",,X\n"}}));
  REQUIRE(out.report.problems_size() == 1);
  const auto& problem = out.report.problems(0);
  CHECK(problem.file().size() < 60);
  CHECK(problem.file().find('\x1b') == std::string::npos);
  CHECK(problem.reason().en().size() < 200);
  CHECK_THAT(problem.reason().en(), Catch::Contains("!!!…\""));
}

TEST_CASE("A city's 52,000 delegates import at once") {
  std::string areas = "area_id,parent_id,name\ncity,,Thành phố\n", sites = "site_id,area_id,name\n",
              delegates = "delegate_id,site_id,name,unit,title\n";
  for (int i = 0; i < 766; ++i) sites += fmt::format("s{},city,Điểm cầu số {}\n", i, i);
  for (int i = 0; i < 52000; ++i)
    delegates +=
        fmt::format("d{},s{},Nguyễn Thị Đại Biểu {},Sở Giáo dục và Đào tạo,Phó giám đốc\n", i, i % 766, i);
  Roster roster;
  const Micros began = systemClock().steady();
  const auto out = import(roster, files({{"a", areas}, {"s", sites}, {"d", delegates}}));
  WARN("52,000 delegates imported in " << (systemClock().steady() - began) / kMillisecond << " ms");
  CHECK(out.report.applied());
  CHECK(roster.delegateCount() == 52000);
  CHECK(roster.delegates("s765").size() == 67);
  CHECK(out.batch.puts.size() == 52000 + 766 + 1);
}

}  // namespace diemcau::core
