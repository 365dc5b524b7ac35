// A session's whole life with real sites, over REST.
#include "tests/integration/centre.hpp"
#include "tests/integration/test_site.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::test;

TEST_CASE("a briefing from plan to report") {
  Centre centre;
  centre.importCity(2);
  const std::string id = centre.schedule();
  const std::string at = "/api/v1/sessions/" + id;
  Loop loop;
  auto context = net::clientContext(loop);
  TestSite one(loop, "S1"), two(loop, "S2", std::string(32, 'b'));
  one.connect(*context, centre.sites());
  two.connect(*context, centre.sites());
  auto both = [&](auto condition) { return until(loop, [&] { return condition(one) && condition(two); }); };
  auto in = [](v1::SitePhase::Name phase) {
    return [phase](const TestSite& site) { return site.status.phase() == phase; };
  };
  REQUIRE(both(in(v1::SitePhase::waiting)));

  centre.act(id, "rehearse");
  REQUIRE(both(in(v1::SitePhase::rehearsing)));
  centre.act(id, "stop_rehearsal");
  REQUIRE(both(in(v1::SitePhase::waiting)));
  centre.act(id, "arm");
  REQUIRE(both(in(v1::SitePhase::armed)));
  CHECK(centre.post(at + "/waive", {{"site_ids", {"S9"}}, {"reason", "x"}}).status >= 400);
  centre.act(id, "go");
  REQUIRE(both(in(v1::SitePhase::started)));
  REQUIRE(until(loop, [&] { return centre.get(at).json()["started"] == 2; }));
  CHECK(one.status.started_us() == two.status.started_us());  // one instant for all

  one.headcount(id, 3);
  one.checkIn(id, "d1");
  two.headcount(id, 5);
  REQUIRE(both([](const TestSite& site) { return site.allAcked(); }));
  CHECK(centre.get(at + "/attendance").json()["total"]["present"] == 8);
  CHECK(centre.get(at + "/attendance").json()["checkins"] == 1);

  auto sent = centre.post("/api/v1/texts", {{"session_id", id}, {"text", "Mời các điểm cầu ổn định"}});
  CAPTURE(sent.body);
  CHECK(sent.status == 200);
  REQUIRE(both([](const TestSite& site) { return site.assignment->own().texts_size() == 1; }));
  CHECK(one.assignment->own().texts(0).text() == "Mời các điểm cầu ổn định");
  auto pinned = centre.post("/api/v1/sites/pin", {{"site_ids", {"S1"}}, {"feed_id", "backup"}});
  CHECK(pinned.status == 200);
  REQUIRE(until(loop, [&] { return one.assignment->own().pinned_feed_id() == "backup"; }));

  centre.act(id, "pause");
  REQUIRE(both(in(v1::SitePhase::paused)));
  centre.act(id, "resume");
  centre.act(id, "end", {{"reason", "xong"}});
  REQUIRE(both(in(v1::SitePhase::ended)));
  centre.act(id, "close");
  const auto report = centre.get(at + "/report").json();
  CHECK(report["final"] == true);
  CHECK(report["launch"]["started"] == 2);
  CHECK(report["records"] == 3);
  CHECK(report["outcomes"].size() == 2);
  const auto page = centre.get(at + "/report.html");
  CHECK(page.status == 200);
  CHECK(page.body.find("Họp giao ban") != std::string::npos);
  const auto csv = centre.get(at + "/attendance.csv");
  CHECK(csv.body.find("Hội trường 1") != std::string::npos);
  CHECK(centre.get(at + "/checkins.csv").body.find("d1") != std::string::npos);
}

TEST_CASE("what does not fit is refused with a problem and changes nothing") {
  Centre centre;
  centre.importCity(1);
  const std::string id = centre.schedule();
  const std::string at = "/api/v1/sessions/" + id;
  struct Row {
    std::string path;
    Json body;
    int status;
    std::string code;
  };
  const std::vector<Row> rows = {
      {"/api/v1/sessions/none/arm", nullptr, 404, "not_found"},
      {at + "/go", nullptr, 409, "conflict"},
      {at + "/resume", nullptr, 409, "conflict"},
      {at + "/close", nullptr, 409, "conflict"},
      {at + "/disarm", nullptr, 409, "conflict"},
      {at + "/arm", {{"surprise", 1}}, 400, "invalid"},
      {at + "/explode", nullptr, 404, "not_found"},
      {"/api/v1/sessions",
       {{"title", "x"},
        {"scheduled_start_us", "1900000000000000"},
        {"feeds", {{{"id", "main"}, {"uri", "srt://"}}}}},
       400,
       "invalid"},
      {"/api/v1/sessions",
       {{"title", "x"},
        {"scheduled_start_us", "1900000000000000"},
        {"feeds", {{{"id", "main"}, {"uri", "rm -rf /"}}}}},
       400,
       "invalid"},
      {"/api/v1/sessions", {{"title", ""}}, 400, "invalid"},
      {"/api/v1/sessions",
       {{"title", "x"}, {"time_zone", "Mars/Olympus"}, {"scheduled_start_us", "1900000000000000"}},
       400,
       "invalid"},
      {"/api/v1/texts", {{"session_id", id}, {"text", ""}}, 400, "invalid"},
      {"/api/v1/texts", {{"session_id", "none"}, {"text", "x"}}, 404, "not_found"},
      {"/api/v1/alarms/none/ack", nullptr, 404, "not_found"},
      {at + "/attendance", {{"site_id", "S77"}, {"headcount", {{"present", 1}}}}, 404, "not_found"},
  };
  const auto before = centre.get("/api/v1/sessions").json();
  for (const auto& row : rows) {
    const auto answer = centre.post(row.path, row.body);
    CAPTURE(row.path, row.body.dump(), answer.body);
    CHECK(answer.status == row.status);
    REQUIRE(answer.type == "application/problem+json");
    const auto problem = answer.json();
    CHECK(problem["code"] == row.code);
    CHECK_FALSE(problem["detail"].get<std::string>().empty());
    CHECK_FALSE(problem["detail_vi"].get<std::string>().empty());
  }
  CHECK(centre.get("/api/v1/sessions").json() == before);
}

TEST_CASE("a feed's passphrase goes to the sites and nowhere else") {
  Centre centre;
  centre.importCity(1);
  const std::string secret = "do-not-tell-anybody";
  auto made =
      centre.post("/api/v1/sessions",
                  {{"title", "Họp kín"},
                   {"scheduled_start_us", std::to_string(systemClock().wall() + 5 * kHour)},
                   {"feeds", {{{"id", "main"}, {"uri", "srt://127.0.0.1:9000"}, {"passphrase", secret}}}},
                   {"selection", {{"everyone", true}}}});
  CAPTURE(made.body);
  REQUIRE(made.status == 201);
  const std::string id = made.json()["session"]["id"];
  centre.act(id, "schedule");
  CHECK(made.body.find(secret) == std::string::npos);
  for (const std::string path : {"", "/view", "/report", "/timeline", "/sites", "/report.html"}) {
    CAPTURE(path);
    CHECK(centre.get("/api/v1/sessions/" + id + path).body.find(secret) == std::string::npos);
  }
  CHECK(centre.get("/api/v1/sessions").body.find(secret) == std::string::npos);
  Loop loop;
  auto context = net::clientContext(loop);
  TestSite site(loop, "S1");
  site.connect(*context, centre.sites());
  REQUIRE(until(loop, [&] { return site.plan().has_value(); }));
  CHECK(site.plan()->feeds(0).passphrase() == secret);
  CHECK(centre.process().errors().find(secret) == std::string::npos);
}
