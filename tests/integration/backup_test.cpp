// A copy of the store of a coordinator at work, and its way back, by the commands that an office uses.
#include "tests/integration/centre.hpp"
#include "tests/integration/test_site.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::test;

namespace {

// Exit code and what it said.
std::pair<int, std::string> operatorRuns(std::vector<std::string> words) {
  words.insert(words.begin(), {CTL, "--lang", "en"});
  Process process(std::move(words));
  const int code = process.wait().value_or(-1);
  std::string said;
  while (auto line = process.line(0)) said += *line + "\n";
  return {code, said + process.errors()};
}

}  // namespace

TEST_CASE("a backup of a live session comes back as it was, and sites bring what it lacks") {
  Centre centre;
  centre.importCity(2);
  const std::string id = centre.schedule();
  const std::string at = "/api/v1/sessions/" + id;
  Loop loop;
  auto context = net::clientContext(loop);
  TestSite site(loop, "S1", std::string(32, 'a'));
  site.connect(*context, centre.sites());
  centre.act(id, "arm");
  REQUIRE(until(loop, [&] { return site.status.phase() == v1::SitePhase::armed; }));
  centre.act(id, "go");
  REQUIRE(until(loop, [&] { return centre.get(at).json()["started"] == 1; }));
  site.headcount(id, 40);
  REQUIRE(until(loop, [&] { return site.allAcked(); }));
  const auto then = centre.get(at).json();

  TempDir away;
  const std::string store = centre.dir() + "/coordinator.db", copy = away.path() + "/copy.db";
  const auto [made, said] = operatorRuns({"backup", copy, "--store", store});
  INFO(said);
  REQUIRE(made == 0);
  CHECK(operatorRuns({"backup", copy, "--store", store}).first == 1);  // never over another
  centre.act(id, "pause");
  site.headcount(id, 41);
  REQUIRE(until(loop, [&] { return site.allAcked(); }));

  // Never under a coordinator that runs.
  const auto [busy, why] = operatorRuns({"restore", copy, "--store", store});
  CHECK(busy == 75);
  CHECK_THAT(why, Catch::Contains("stop that one first"));
  CHECK(centre.get(at).json()["session"]["phase"] == "paused");

  centre.kill();
  REQUIRE(until(loop, [&] { return site.close_code != 0; }));
  const auto [restored, words] = operatorRuns({"restore", copy, "--store", store});
  INFO(words);
  REQUIRE(restored == 0);
  CHECK_THAT(words, Catch::Contains(".replaced-"));
  centre.start();
  CHECK(centre.get(at).json()["session"] == then["session"]);
  CHECK(centre.get(at + "/attendance").json()["total"]["present"] == 40);
  // What the site still has of what it delivered after the copy comes again.
  site.connect(*context, centre.sites());
  REQUIRE(until(loop, [&] { return centre.get(at + "/report").json()["records"] == 2; }));
  CHECK(centre.get(at + "/attendance").json()["total"]["present"] == 41);
  CHECK(operatorRuns({"restore", away.path() + "/none.db", "--store", store}).first == 2);
}
