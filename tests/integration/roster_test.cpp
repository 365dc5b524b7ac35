// Importing a roster over the API.
#include "tests/integration/centre.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::test;

TEST_CASE("a broken roster is refused with every problem, and nothing of it is imported") {
  Centre centre;
  const std::string areas = "area_id,parent_id,name\nhn,,Hà Nội\nx,nowhere,Lạc\n";
  const std::string sites =
      "site_id,area_id,name,seats\n"
      "S1,hn,Hội trường 1,100\n"
      "S 2,hn,Hội trường 2,100\n"
      "S3,none,Hội trường 3,100\n"
      "S4,hn,,100\n"
      "S5,hn,Hội trường 5,many\n";
  auto answer = centre.import({{"areas.csv", areas}, {"sites.csv", sites}});
  CHECK(answer.status == 422);
  CHECK(answer.type == "application/problem+json");
  const auto problem = answer.json();
  CHECK(problem["code"] == "import_refused");
  const auto& report = problem["import_report"];
  CHECK(report["applied"] == false);
  REQUIRE(report["problems"].size() >= 5);
  std::vector<std::pair<std::string, int>> places;
  for (const auto& one : report["problems"]) {
    CHECK_FALSE(one["reason"]["vi"].get<std::string>().empty());
    CHECK_FALSE(one["reason"]["en"].get<std::string>().empty());
    places.emplace_back(one["file"], one["line"].get<int>());
  }
  for (const auto& wanted : std::vector<std::pair<std::string, int>>{
           {"areas.csv", 3}, {"sites.csv", 3}, {"sites.csv", 4}, {"sites.csv", 5}, {"sites.csv", 6}}) {
    CAPTURE(wanted.first, wanted.second);
    CHECK(std::find(places.begin(), places.end(), wanted) != places.end());
  }
  const auto roster = centre.get("/api/v1/roster").json();
  CHECK(roster["areas"].empty());
  CHECK(roster["sites"].empty());
}

TEST_CASE("a good roster is imported, survives a restart, and comes back as CSV") {
  Centre centre;
  // As a spreadsheet of this country writes it: BOM, semicolons, CRLF.
  const std::string areas =
      "\xEF\xBB\xBF"
      "area_id;parent_id;name\r\nhn;;Hà Nội\r\ndd;hn;\"Đống Đa; trung tâm\"\r\n";
  const std::string sites = "site_id,area_id,name,tags\nS1,dd,Hội trường 1,vip|old\nS2,dd,Hội trường 2,\n";
  const std::string delegates = "delegate_id,site_id,name,unit\nd1,S1,Nguyễn Văn An,Sở Y tế\n";
  auto checked = centre.import({{"a", areas}, {"s", sites}, {"d", delegates}}, true);
  CHECK(checked.status == 200);
  CHECK(centre.get("/api/v1/roster").json()["sites"].empty());

  auto done = centre.import({{"a", areas}, {"s", sites}, {"d", delegates}});
  CAPTURE(done.body);
  REQUIRE(done.status == 200);
  CHECK(done.json()["import_report"]["applied"] == true);
  CHECK(done.json()["import_report"]["sites"] == 2);

  centre.kill();
  centre.start();
  const auto roster = centre.get("/api/v1/roster").json();
  CHECK(roster["areas"].size() == 2);
  CHECK(roster["sites"].size() == 2);
  CHECK(roster["delegates"] == 1);
  const auto csv = centre.get("/api/v1/roster/areas.csv");
  CHECK(csv.type == "text/csv; charset=utf-8");
  CHECK(csv.body.find("Đống Đa; trung tâm") != std::string::npos);

  // What was exported is imported again to the same roster.
  auto again = centre.import({{"a", csv.body},
                              {"s", centre.get("/api/v1/roster/sites.csv").body},
                              {"d", centre.get("/api/v1/roster/delegates.csv").body}});
  CAPTURE(again.body);
  CHECK(again.status == 200);
  CHECK(centre.get("/api/v1/roster").json() == roster);
}

TEST_CASE("an import of a whole city with its delegates is taken in one go") {
  Centre centre;
  std::string sites = "site_id,area_id,name\n", delegates = "delegate_id,site_id,name\n";
  for (int s = 0; s < 766; ++s) {
    sites += "S" + std::to_string(s) + ",a,Hội trường " + std::to_string(s) + "\n";
    for (int d = 0; d < 20; ++d) {
      const std::string id = std::to_string(s) + "-" + std::to_string(d);
      delegates += "d" + id + ",S" + std::to_string(s) + ",Đại biểu " + id + "\n";
    }
  }
  auto done =
      centre.import({{"a", "area_id,parent_id,name\na,,Thành phố\n"}, {"s", sites}, {"d", delegates}});
  REQUIRE(done.status == 200);
  CHECK(done.json()["import_report"]["delegates"] == 15320);
  CHECK(centre.get("/api/v1/sites").json()["sites"].size() == 766);
}
