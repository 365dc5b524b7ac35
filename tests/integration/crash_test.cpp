// kill -9 of the coordinator in the middle of a live session: the same state afterwards, every record counted
// once.
#include "tests/integration/centre.hpp"
#include "tests/integration/test_site.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::test;

TEST_CASE("a live session survives kill -9 of the coordinator") {
  Centre centre;
  centre.importCity(3);
  const std::string id = centre.schedule();
  const std::string at = "/api/v1/sessions/" + id;
  Loop loop;
  auto context = net::clientContext(loop);
  std::vector<std::unique_ptr<TestSite>> sites;
  for (int i = 1; i <= 3; ++i) {
    sites.push_back(std::make_unique<TestSite>(loop, "S" + std::to_string(i), std::string(32, "abc"[i - 1])));
    sites.back()->connect(*context, centre.sites());
  }
  auto all = [&](auto condition) {
    return until(loop, [&] {
      return std::all_of(sites.begin(), sites.end(), [&](auto& s) { return condition(*s); });
    });
  };
  REQUIRE(all([](TestSite& site) { return site.status.phase() == v1::SitePhase::waiting; }));
  centre.act(id, "arm");
  REQUIRE(all([](TestSite& site) { return site.status.phase() == v1::SitePhase::armed; }));
  centre.act(id, "go");
  REQUIRE(until(loop, [&] { return centre.get(at).json()["started"] == 3; }));
  const auto before = centre.get(at).json();

  // Records go out one by one while the coordinator is killed: some are acknowledged, some on their way, some
  // not sent.
  for (std::uint32_t n = 1; n <= 40; ++n) {
    for (auto& site : sites) site->headcount(id, n);
  }
  REQUIRE(until(loop, [&] { return sites[0]->acked > 0; }));
  centre.kill();
  REQUIRE(all([](TestSite& site) { return site.close_code != 0; }));
  std::vector<std::uint64_t> acked;
  for (auto& site : sites) {
    acked.push_back(site->acked);
    site->checkIn(id, "d" + std::to_string(acked.size()));  // meanwhile, in the hall
  }

  centre.start();
  const auto after = centre.get(at).json();
  CHECK(after["session"] == before["session"]);
  CHECK(after["started"] == 3);
  for (std::size_t i = 0; i < sites.size(); ++i) {
    sites[i]->connect(*context, centre.sites());
    REQUIRE(until(loop, [&] { return sites[i]->welcomed(); }));
    // What was acknowledged is there: the coordinator asks for nothing before it.
    CHECK(sites[i]->welcome->resume_after() >= acked[i]);
  }
  REQUIRE(all([](TestSite& site) { return site.allAcked(); }));

  const auto attendance = centre.get(at + "/attendance").json();
  CHECK(attendance["total"]["present"] == 120);  // three times the newest headcount
  CHECK(attendance["reported_sites"] == 3);
  CHECK(attendance["checkins"] == 3);
  CHECK(centre.get(at + "/report").json()["records"] == 3 * 41);

  // All at once again, as if nothing had been acknowledged: nothing is counted twice.
  for (auto& site : sites) {
    site->acked = 0;
    site->hello.set_acked(0);
    site->connect(*context, centre.sites());
  }
  REQUIRE(all([](TestSite& site) { return site.welcomed(); }));
  CHECK(centre.get(at + "/report").json()["records"] == 3 * 41);

  const auto end = centre.get(at).json();
  CHECK(end["session"] == before["session"]);
  centre.act(id, "end");
  REQUIRE(all([](TestSite& site) { return site.status.phase() == v1::SitePhase::ended; }));
}

TEST_CASE("what was answered to a person is there after kill -9") {
  Centre centre;
  centre.importCity(1);
  std::vector<std::string> made;
  for (int round = 0; round < 5; ++round) {
    made.push_back(centre.schedule());
    centre.kill();
    centre.start();
    const auto sessions = centre.get("/api/v1/sessions").json()["sessions"];
    REQUIRE(sessions.size() == made.size());
    for (const auto& session : sessions) CHECK(session["phase"] == "scheduled");
  }
  // The timeline has every act once, without gaps.
  const auto entries = centre.get("/api/v1/sessions/" + made.back() + "/timeline").json()["entries"];
  std::set<std::string> numbers;
  for (const auto& entry : entries) CHECK(numbers.insert(entry["seq"]).second);
  CHECK_FALSE(numbers.empty());
}
