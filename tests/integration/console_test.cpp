// What the console asks of a real coordinator beyond the life of a session: sessions out of others, receipts,
// reminders, delegates, a look at the past, a feed tested with the real probe.
#include "tests/integration/centre.hpp"
#include "tests/integration/test_site.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::test;

namespace {

const Json& siteIn(const Json& view, const std::string& id) {
  for (const auto& site : view["sites"])
    if (site["site_id"] == id) return site;
  throw std::runtime_error("no site " + id);
}

std::string now(const Centre& centre, const std::string& at) {
  return centre.get(at + "/view").json()["now_us"];
}

}  // namespace

TEST_CASE("the past of a session is there after a restart, moment by moment") {
  Centre centre;
  centre.importCity(2);
  const std::string id = centre.schedule();
  const std::string at = "/api/v1/sessions/" + id;
  Loop loop;
  auto context = net::clientContext(loop);
  TestSite one(loop, "S1"), two(loop, "S2", std::string(32, 'b'));
  one.connect(*context, centre.sites());
  two.connect(*context, centre.sites());
  centre.act(id, "arm");
  centre.act(id, "go");
  REQUIRE(until(loop, [&] { return centre.get(at).json()["started"] == 2; }));
  one.headcount(id, 3);
  REQUIRE(until(loop, [&] { return one.allAcked(); }));
  // The flight recorder writes once a second.
  const auto then = [&](const std::string& moment) { return centre.get(at + "/view?at=" + moment); };
  std::string live;
  REQUIRE(until(loop, [&] {
    live = now(centre, at);
    const auto view = then(live);
    return view.status == 200 && view.json()["sessions"][0]["started"] == 2;
  }));
  two.disconnect();
  REQUIRE(until(loop, [&] { return centre.get(at).json()["offline"] == 1; }));
  std::string cut;
  REQUIRE(until(loop, [&] {
    cut = now(centre, at);
    return siteIn(then(cut).json(), "S2")["link"] == "offline";
  }));
  one.headcount(id, 9);
  REQUIRE(until(loop, [&] { return one.allAcked(); }));
  centre.act(id, "end");
  centre.act(id, "close");
  const auto check = [&] {
    const auto before = then(live).json();
    CHECK(before["now_us"] == live);
    CHECK(before["sessions"][0]["session"]["phase"] == "live");
    CHECK(siteIn(before, "S2")["link"] == "online");
    CHECK(siteIn(before, "S2")["outcome"]["state"] == "started");
    CHECK(before["sessions"][0]["attendance"]["present"] == 3);
    const auto after = then(cut).json();
    CHECK(siteIn(after, "S1")["link"] == "online");
    CHECK(siteIn(after, "S2")["link"] == "offline");
    CHECK(after["sessions"][0]["attendance"]["present"] == 3);
    const auto end = then(now(centre, at)).json();
    CHECK(end["sessions"][0]["session"]["phase"] == "closed");
    CHECK(end["sessions"][0]["attendance"]["present"] == 9);
    const auto span = centre.get(at + "/replay").json();
    CHECK(span["traced"] == true);
    CHECK(std::stoll(span["first_us"].get<std::string>()) < std::stoll(live));
  };
  check();
  centre.kill();
  centre.start();
  check();
  CHECK(then("yesterday").status == 400);
  CHECK(centre.get("/api/v1/sessions/none/view?at=1").status == 404);
}

TEST_CASE("copies, templates, receipts, reminders and delegates over REST") {
  Centre centre;
  centre.importCity(2);
  const std::string id = centre.schedule();
  const std::string at = "/api/v1/sessions/" + id;
  const auto saved = centre.post("/api/v1/templates", {{"session_id", id}, {"name", "Hằng tuần"}});
  CAPTURE(saved.body);
  REQUIRE(saved.status == 201);
  const std::string made = saved.json()["id"];
  CHECK(centre.get("/api/v1/templates").json()["templates"][0]["name"] == "Hằng tuần");
  const auto copy = centre.post("/api/v1/sessions/copy", {{"from_id", made},
                                                          {"from_template", true},
                                                          {"scheduled_start_us", "1900000000000000"},
                                                          {"title", "Tuần sau"}});
  CAPTURE(copy.body);
  REQUIRE(copy.status == 201);
  CHECK(copy.json()["session"]["copied_from"] == made);
  CHECK(copy.json()["session"]["phase"] == "draft");

  Loop loop;
  auto context = net::clientContext(loop);
  TestSite one(loop, "S1");
  one.connect(*context, centre.sites());
  REQUIRE(until(loop, [&] { return one.status.phase() == v1::SitePhase::waiting; }));
  const auto reminded = centre.post(at + "/attendance/remind");
  CAPTURE(reminded.body);
  REQUIRE(reminded.status == 200);
  CHECK(reminded.json()["sites"] == 2);
  REQUIRE(until(loop, [&] { return centre.get(at + "/texts").json()["texts"][0]["reached"] == 1; }));
  const auto receipts = centre.get("/api/v1/sites/S1/texts").json();
  CHECK(receipts["texts"][0]["receipts"][0]["reached_us"] != "0");
  CHECK(centre.get("/api/v1/sites/none/texts").status == 404);

  one.checkIn(id, "d1");
  REQUIRE(until(loop, [&] { return one.allAcked(); }));
  const auto present = centre.get(at + "/attendance/delegates?state=present").json();
  CHECK(present["total"] == 1);
  const std::string record = present["delegates"][0]["record_id"];
  const Json change = {{"site_id", "S1"},
                       {"corrects_id", record},
                       {"check_in", {{"delegate_id", "d1"}, {"state", "excused"}, {"reason", "ốm"}}}};
  CHECK(centre.post(at + "/attendance", change).status == 400);
  Json because = change;
  because["reason"] = "ghi nhầm";
  CHECK(centre.post(at + "/attendance", because).status == 200);
  CHECK(centre.get(at + "/attendance/delegates?state=present").json()["total"] == 0);
  CHECK(centre.get(at + "/attendance/delegates?state=excused").json()["delegates"][0]["reason"] == "ốm");
  CHECK(centre.get(at + "/attendance/delegates?limit=x").status == 400);
  CHECK(centre.get("/api/v1/sites/S1/history").json()["step_ms"] == 5000);
  CHECK(centre.get("/api/v1/sites/S1/thumbnail.jpg").status == 404);
}

TEST_CASE("a feed is tested with the real probe, and what is refused is said") {
  Centre centre;
  const auto test = [&](const Json& feed) {
    return centre.post("/api/v1/feeds/test", {{"feed", feed}, {"seconds", 4}});
  };
  const auto good = test({{"uri", "test://"}});
  CAPTURE(good.body.substr(0, 500));
  REQUIRE(good.status == 200);
  CHECK(good.json()["verdict"] == "good");
  CHECK(good.json()["picture"]["jpeg"].get<std::string>().starts_with("/9j/"));
  CHECK(good.json()["last"]["video"]["width"] > 0);
  CHECK(test({{"uri", "test://black"}}).json()["verdict"] == "bad");
  CHECK(test({{"uri", "file:///etc/passwd"}}).status == 400);
  const auto nobody = test({{"uri", "srt://127.0.0.1:1"}, {"passphrase", "rất-bí-mật-1234"}});
  CHECK(nobody.status == 200);
  CHECK(nobody.json()["verdict"] == "bad");
  CHECK(nobody.body.find("bí-mật") == std::string::npos);
}

TEST_CASE("without a probe the answer says so") {
  Centre centre("[feed_test]\nprobe = \"/nowhere/diemcau-probe\"\n");
  const auto answer = centre.post("/api/v1/feeds/test", {{"feed", {{"uri", "test://"}}}});
  CHECK(answer.status == 404);
  CHECK(answer.body.find("diemcau-probe") != std::string::npos);
}
