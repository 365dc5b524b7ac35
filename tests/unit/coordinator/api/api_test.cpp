// The API without sockets: the table of routes, bodies, problems, and answers that wait for the store.
#include "coordinator/api/api.hpp"

#include <set>

#include "bench.hpp"
#include "coordinator/api/page.hpp"

using namespace diemcau;
using namespace diemcau::api;

TEST_CASE("every route of the contract is there") {
  ApiBench bench;
  std::set<std::string> have;
  for (const auto& route : bench.api.routes()) have.insert(route.method + " " + route.pattern);
  const std::string s = "/api/v1/sessions/{id}";
  std::vector<std::string> wanted = {"GET /",
                                     "GET /assets/{name}",
                                     "GET /healthz",
                                     "GET /readyz",
                                     "GET /metrics",
                                     "GET /api/v1/roster",
                                     "GET /api/v1/roster/areas.csv",
                                     "GET /api/v1/roster/sites.csv",
                                     "GET /api/v1/roster/delegates.csv",
                                     "POST /api/v1/roster/import",
                                     "GET /api/v1/sessions",
                                     "POST /api/v1/sessions",
                                     "GET " + s,
                                     "PUT " + s,
                                     "POST " + s + "/waive",
                                     "POST " + s + "/attendance",
                                     "GET /api/v1/sites",
                                     "GET /api/v1/sites/{id}",
                                     "POST /api/v1/texts",
                                     "POST /api/v1/sites/check",
                                     "POST /api/v1/sites/pin",
                                     "GET /api/v1/alarms",
                                     "POST /api/v1/alarms/{id}/ack"};
  for (const char* what : {"sites", "alarms", "timeline", "report", "report.html", "view", "attendance",
                           "attendance.csv", "checkins.csv"}) {
    wanted.push_back("GET " + s + "/" + what);
  }
  for (const char* act : {"schedule", "rehearse", "stop_rehearsal", "arm", "disarm", "go", "pause", "resume",
                          "end", "close", "cancel"}) {
    wanted.push_back("POST " + s + "/" + act);
  }
  for (const auto& route : wanted) {
    CAPTURE(route);
    CHECK(have.count(route) == 1);
  }
  CHECK(have.count("POST " + s + "/unknown") == 0);
}

TEST_CASE("a session's life over the API") {
  ApiBench bench;
  const std::string id = bench.draft();
  const std::string at = "/api/v1/sessions/" + id;
  CHECK(bench.ask("GET", at).json()["session"]["phase"] == "draft");

  auto scheduled = bench.ask("POST", at + "/schedule", "{}", {{"x-diemcau-actor", "Nguy%E1%BB%85n%20An"}});
  CAPTURE(scheduled.answer().body);
  REQUIRE(scheduled.answer().status == 200);
  CHECK(scheduled.json()["session"]["phase"] == "scheduled");
  CHECK(bench.ask("GET", at).json()["sites"] == 2);
  CHECK(bench.ask("GET", at + "/sites").json()["sites"].size() == 2);
  CHECK(bench.ask("GET", at + "/alarms").json()["alarms"].is_array());
  CHECK(bench.ask("GET", at + "/view").json()["full"] == true);
  CHECK(bench.ask("GET", at + "/report").json()["session"]["id"] == id);
  CHECK(bench.ask("GET", at + "/attendance").json()["sites"] == 2);

  bool by_name = false;
  const auto timeline = bench.ask("GET", at + "/timeline").json()["entries"];
  for (const auto& entry : timeline) by_name = by_name || entry["actor"] == "Nguyễn An";
  CHECK(by_name);

  auto wrong = bench.ask("POST", at + "/go");
  CHECK(wrong.answer().status == 409);
  CHECK(wrong.json()["code"] == "conflict");
  CHECK_FALSE(wrong.json()["detail_vi"].get<std::string>().empty());
  CHECK(bench.ask("GET", at).json()["session"]["phase"] == "scheduled");
}

TEST_CASE("creating a session answers 201 and where it is") {
  ApiBench bench;
  const std::string id = bench.draft();
  auto listed = bench.ask("GET", "/api/v1/sessions");
  REQUIRE(listed.json()["sessions"].size() == 1);
  CHECK(listed.json()["sessions"][0]["id"] == id);
  CHECK(listed.json()["sessions"][0]["scheduled_start_us"].is_string());  // int64 in JSON
  CHECK(listed.header("Cache-Control") == "no-store");
}

TEST_CASE("wrong requests are problems and change nothing") {
  ApiBench bench;
  const std::string id = bench.draft();
  const std::string at = "/api/v1/sessions/" + id;
  struct Row {
    std::string method, path, body;
    int status;
  };
  const std::vector<Row> rows = {
      {"GET", "/api/v1/sessions/none", "", 404},
      {"GET", "/api/v1/sessions/none/sites", "", 404},
      {"GET", "/api/v1/sessions/none/alarms", "", 404},
      {"GET", "/api/v1/sessions/none/timeline", "", 404},
      {"GET", "/api/v1/sessions/none/view", "", 404},
      {"GET", "/api/v1/sessions/none/report", "", 404},
      {"GET", "/api/v1/sessions/none/report.html", "", 404},
      {"GET", "/api/v1/sessions/none/attendance", "", 404},
      {"GET", "/api/v1/sessions/none/attendance.csv", "", 404},
      {"POST", "/api/v1/sessions/none/arm", "", 404},
      {"GET", "/api/v1/sites/none", "", 404},
      {"POST", "/api/v1/alarms/none/ack", "{}", 404},
      {"POST", "/api/v1/sessions", "{\"title\":", 400},
      {"POST", "/api/v1/sessions", "{\"tittle\":\"x\"}", 400},
      {"POST", "/api/v1/sessions", "", 400},
      {"POST", "/api/v1/sessions", R"({"title":"x","feeds":[{"id":"main","uri":"gopher://x"}]})", 400},
      {"POST", at + "/schedule", R"({"session_id":"other"})", 400},
      {"PUT", at, R"({"id":"other","title":"x"})", 400},
      {"POST", at + "/attendance", R"({"site_id":"S1","headcount":{"present":1}})", 409},
  };
  for (const auto& row : rows) {
    CAPTURE(row.method, row.path, row.body);
    auto answer = bench.ask(row.method, row.path, row.body);
    CAPTURE(answer.answer().body);
    CHECK(answer.answer().status == row.status);
    CHECK(answer.answer().content_type == "application/problem+json");
    CHECK(answer.json()["status"] == row.status);
    CHECK_FALSE(answer.json()["detail"].get<std::string>().empty());
  }
  CHECK(bench.ask("GET", "/api/v1/sessions").json()["sessions"].size() == 1);
  CHECK(bench.ask("GET", at).json()["session"]["phase"] == "draft");
}

TEST_CASE("an answer to an act goes out only after its commit") {
  ApiBench bench;
  const std::string id = bench.draft();
  bench.hold = true;
  auto act = bench.send("POST", "/api/v1/sessions/" + id + "/schedule");
  CHECK_FALSE(act.answered());
  // A reader is not told either of what a crash could still undo.
  auto read = bench.send("GET", "/api/v1/sessions/" + id);
  CHECK_FALSE(read.answered());
  bench.commitAll();
  REQUIRE(act.answered());
  CHECK(act.answer().status == 200);
  REQUIRE(read.answered());
  CHECK(read.json()["session"]["phase"] == "scheduled");
}

TEST_CASE("while the store fails, acts are refused and reading goes on") {
  ApiBench bench;
  const std::string id = bench.draft();
  bench.healthy = false;
  bench.hold = true;
  auto act = bench.send("POST", "/api/v1/sessions/" + id + "/schedule");
  REQUIRE(act.answered());
  CHECK(act.answer().status == 503);
  CHECK(act.json()["code"] == "unavailable");
  auto read = bench.send("GET", "/api/v1/sessions/" + id);
  REQUIRE(read.answered());
  CHECK(read.json()["session"]["phase"] == "draft");
  CHECK(bench.send("GET", "/healthz").answer().status == 200);
  CHECK(bench.send("GET", "/readyz").answer().status == 503);
  bench.healthy = true;
  CHECK(bench.send("GET", "/readyz").answer().status == 200);
}

TEST_CASE("an import is answered with its report") {
  ApiBench bench;
  // base64 of "site_id,area_id,name\nS1,nowhere,Hall\nS2,nowhere,Hall\n"
  const std::string broken =
      R"({"files":[{"name":"sites.csv","content":"c2l0ZV9pZCxhcmVhX2lkLG5hbWUKUzEsbm93aGVyZSxIYWxsClMyLG5vd2hlcmUsSGFsbAo="}]})";
  auto refused = bench.ask("POST", "/api/v1/roster/import", broken);
  CAPTURE(refused.answer().body);
  CHECK(refused.answer().status == 422);
  CHECK(refused.json()["code"] == "import_refused");
  CHECK(refused.json()["import_report"]["applied"] == false);
  CHECK(refused.json()["import_report"]["problems"].size() == 2);
  CHECK(refused.json()["import_report"]["problems"][0]["line"] == 2);

  std::string dry = broken;
  dry.insert(1, "\"dry_run\":true,");
  auto checked = bench.ask("POST", "/api/v1/roster/import", dry);
  CHECK(checked.answer().status == 200);
  CHECK(checked.json()["import_report"]["problems_total"] == 2);

  // base64 of "area_id,parent_id,name\na,,Area\n"
  auto good =
      bench.ask("POST", "/api/v1/roster/import",
                R"({"files":[{"name":"a.csv","content":"YXJlYV9pZCxwYXJlbnRfaWQsbmFtZQphLCxBcmVhCg=="}]})");
  CAPTURE(good.answer().body);
  CHECK(good.answer().status == 200);
  CHECK(good.json()["import_report"]["applied"] == true);
  auto roster = bench.ask("GET", "/api/v1/roster").json();
  CHECK(roster["areas"].size() == 1);
  CHECK(roster["sites"].empty());
  CHECK(roster["delegates"] == 0);
}

TEST_CASE("lists for spreadsheets") {
  ApiBench bench;
  const std::string id = bench.draft();
  for (const std::string& path :
       {std::string("/api/v1/roster/areas.csv"), std::string("/api/v1/roster/sites.csv"),
        std::string("/api/v1/roster/delegates.csv"), "/api/v1/sessions/" + id + "/attendance.csv",
        "/api/v1/sessions/" + id + "/checkins.csv"}) {
    CAPTURE(path);
    auto answer = bench.ask("GET", path);
    CHECK(answer.answer().status == 200);
    CHECK(answer.answer().content_type == "text/csv; charset=utf-8");
    CHECK(answer.header("Content-Disposition").starts_with("attachment; filename=\""));
    CHECK(answer.answer().body.find('\n') != std::string::npos);
  }
}

TEST_CASE("the report as a page, in the language asked for") {
  ApiBench bench;
  const std::string at = "/api/v1/sessions/" + bench.draft() + "/report.html";
  auto answer = bench.ask("GET", at);
  CHECK(answer.answer().content_type == "text/html; charset=utf-8");
  CHECK(answer.answer().body == "<!doctype html>Họp giao ban vi");
  CHECK(bench.ask("GET", at + "?lang=en").answer().body == "<!doctype html>Họp giao ban en");
  CHECK(answer.header("Content-Security-Policy").find("script-src") == std::string::npos);
}

TEST_CASE("attendance entered at the centre counts") {
  ApiBench bench;
  const std::string at = "/api/v1/sessions/" + bench.draft();
  REQUIRE(bench.ask("POST", at + "/schedule").answer().status == 200);
  auto entered =
      bench.ask("POST", at + "/attendance", R"({"site_id":"S1","headcount":{"present":41,"online":2}})");
  CAPTURE(entered.answer().body);
  REQUIRE(entered.answer().status == 200);
  const auto attendance = bench.ask("GET", at + "/attendance").json();
  CHECK(attendance["total"]["present"] == 41);
  CHECK(attendance["reported_sites"] == 1);
}

TEST_CASE("the page's files: whole, marked, without anything inline") {
  ApiBench bench;
  REQUIRE(pageAssets().size() > 3);
  for (const auto& asset : pageAssets()) {
    const std::string path(asset.path);
    CAPTURE(path);
    auto first = bench.ask("GET", path);
    REQUIRE(first.answer().status == 200);
    CHECK(first.answer().body.size() > 100);
    const std::string tag = first.header("ETag");
    REQUIRE(tag.size() > 4);
    auto again = bench.ask("GET", path, "", {{"if-none-match", tag}});
    CHECK(again.answer().status == 304);
    CHECK(again.answer().body.empty());
    const std::string policy = first.header("Content-Security-Policy");
    CHECK(policy.find("default-src 'none'") != std::string::npos);
    CHECK(policy.find("unsafe") == std::string::npos);
    CHECK(policy.find("data:") == std::string::npos);
    // A name that changes with the content may be kept; the page that names them may not.
    CHECK((first.header("Cache-Control").find("immutable") != std::string::npos) == (path != "/"));
  }
  const std::string page = bench.ask("GET", "/").answer().body;
  CHECK(page.find("<script>") == std::string::npos);
  CHECK(page.find("<style") == std::string::npos);
  CHECK(page.find("style=") == std::string::npos);
  CHECK(page.find("onclick") == std::string::npos);
}

TEST_CASE("of the page's files, those that it has and nothing else") {
  ApiBench bench;
  for (const char* path : {"/assets/none.js", "/assets/", "/assets", "/index.html", "/assets/%2e%2e",
                           "/assets/../", "/assets/assets/none.js", "/package.json"}) {
    CAPTURE(path);
    CHECK(bench.ask("GET", path).answer().status == 404);
  }
}

TEST_CASE("the metrics of all parts are on one page") {
  ApiBench bench;
  bench.ask("GET", "/api/v1/sessions/none");
  auto answer = bench.ask("GET", "/metrics");
  CHECK(answer.answer().content_type.starts_with("text/plain; version=0.0.4"));
  CHECK(answer.answer().body.find("other_part 1\n") != std::string::npos);
  CHECK(answer.answer().body.find("diemcau_api_problems_total 1\n") != std::string::npos);
}
