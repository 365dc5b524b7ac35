// The desk over real HTTP.
#include <nlohmann/json.hpp>

#include "tests/unit/agent/desk/running_desk.hpp"

using namespace diemcau;
using namespace diemcau::agent;
using namespace diemcau::test;

TEST_CASE("the state says everything that the page shows, and no secret") {
  DeskSite site;
  const RunningDesk desk(site);
  const auto answer = desk.get("/api/desk");
  CHECK(answer.status == 200);
  CHECK(answer.content_type.starts_with("application/json"));
  CHECK(answer.body.find("bí mật") == std::string::npos);
  const auto state = Json::parse(answer.body);
  CHECK(state["site"]["name"] == "Phường Đống Đa");
  CHECK(state["link"]["connected"] == true);
  CHECK(state["phase"] == "armed");
  CHECK(state["session"]["title"] == "Giao ban tháng Ba");
  CHECK(state["session"]["starts_in_us"] == 10 * kMinute);
  CHECK(state["session"]["current_sitting_id"] == "sang");
  CHECK(state["feeds"].size() == 2);
  CHECK(state["feeds"][0]["active"] == true);
  CHECK(state["feeds"][0]["sample"].is_null());
  CHECK(state["texts"][0]["received"] == false);
  CHECK(state["readiness"]["checks"].size() == 11);
  CHECK(state["delegates"][1]["key"] == "do thi ha uy ban");
  CHECK(state["attendance"]["by_name"]["not_marked"] == 2);
  CHECK(state["unsent"] == 0);
}

TEST_CASE("every act goes to the spool and comes back in the state") {
  DeskSite site;
  const RunningDesk desk(site);
  const auto confirmed =
      desk.post("/api/desk/confirm", R"({"by":"Tám","sign_off":{"screen":true,"camera":true}})");
  CHECK(confirmed.status == 200);
  CHECK(Json::parse(confirmed.body)["id"].get<std::string>().size() == 32);
  CHECK(desk.post("/api/desk/headcount", R"({"by":"Dung","headcount":{"present":57,"excused":3}})").status ==
        200);
  CHECK(desk.post("/api/desk/checkin", R"({"by":"Dung","check_in":{"delegate_id":"d2","state":"online"}})")
            .status == 200);
  CHECK(desk.post("/api/desk/help", R"({"help":{"topic":"no_sound","text":"từ 8h05"}})").status == 200);
  CHECK(desk.post("/api/desk/received", R"({"id":"t1"})").status == 200);
  const auto state = desk.state();
  CHECK(state["sign_off"]["by"] == "Tám");
  CHECK(state["sign_off"]["sign_off"]["camera"] == true);
  CHECK(state["attendance"]["headcount"]["present"] == 57);
  CHECK(state["attendance"]["headcount_by"] == "Dung");
  CHECK(state["attendance"]["by_name"]["online"] == 1);
  CHECK(state["delegates"][1]["state"] == "online");
  CHECK(state["help"][0]["topic"] == "no_sound");
  CHECK(state["help"][0]["sent"] == false);
  CHECK(state["texts"][0]["received"] == true);
  CHECK(state["unsent"] == 4);
}

TEST_CASE("delegates are left out for a reader that holds them, and sent again when they change") {
  DeskSite site;
  const RunningDesk desk(site);
  const auto version = desk.state()["delegates_version"].get<std::string>();
  CHECK_FALSE(desk.state("?have=" + version).contains("delegates"));
  desk.post("/api/desk/checkin", R"({"by":"Dung","check_in":{"delegate_id":"d1","state":"present"}})");
  CHECK(desk.state("?have=" + version).contains("delegates"));
}

TEST_CASE("a device that asks again is told that it counts already") {
  DeskSite site;
  const RunningDesk desk(site);
  const std::string body =
      R"({"id":"0123456789abcdef0123456789abcdef","by":"Dung","headcount":{"present":57}})";
  CHECK_FALSE(Json::parse(desk.post("/api/desk/headcount", body).body).contains("again"));
  const auto again = Json::parse(desk.post("/api/desk/headcount", body).body);
  CHECK(again["again"] == true);
  CHECK(again["id"] == "0123456789abcdef0123456789abcdef");
  CHECK(site.appended.size() == 1);
}

TEST_CASE("each device sees what the others entered, and can take it back") {
  DeskSite site;
  const RunningDesk desk(site);
  const auto first =
      desk.post("/api/desk/checkin", R"({"by":"Dung","check_in":{"delegate_id":"d1","state":"present"}})");
  const auto id = Json::parse(first.body)["id"].get<std::string>();
  auto recent = desk.state()["attendance"]["recent"];
  REQUIRE(recent.size() == 1);
  CHECK(recent[0]["by"] == "Dung");
  CHECK(recent[0]["state"] == "present");
  CHECK(recent[0]["can_undo"] == true);
  CHECK(desk.post("/api/desk/undo", R"({"by":"Hoa","corrects_id":")" + id + "\"}").status == 200);
  CHECK(desk.post("/api/desk/undo", R"({"by":"Hoa","corrects_id":")" + id + "\"}").status == 409);
  const auto state = desk.state();
  CHECK(state["delegates"][0]["state"] == "not_marked");
  CHECK(state["attendance"]["recent"][0]["corrects"] == true);
  REQUIRE(site.appended.size() == 2);
  CHECK(site.appended[1].corrects_id() == id);
}

TEST_CASE("a headcount cannot be undone into nothing") {
  DeskSite site;
  const RunningDesk desk(site);
  desk.post("/api/desk/headcount", R"({"by":"Dung","headcount":{"present":5}})");
  CHECK(desk.state()["attendance"]["recent"][0]["can_undo"] == false);
}

TEST_CASE("another sitting has its own attendance and codes") {
  DeskSite site;
  const RunningDesk desk(site);
  desk.post("/api/desk/headcount", R"({"by":"Dung","sitting_id":"chieu","headcount":{"present":5}})");
  CHECK(desk.state()["attendance"]["headcount"].is_null());
  const auto afternoon = desk.state("?sitting=chieu");
  CHECK(afternoon["attendance"]["headcount"]["present"] == 5);
  CHECK(desk.state("?sitting=never")["attendance"]["sitting_id"] == "sang");
  CHECK(afternoon["delegates"][0]["code"] != desk.state()["delegates"][0]["code"]);
}

TEST_CASE("a code leads to its delegate, in its own sitting only") {
  DeskSite site;
  const RunningDesk desk(site);
  const auto code = desk.state()["delegates"][1]["code"].get<std::string>();
  const auto ask = [&](const std::string& number, const std::string& sitting) {
    return desk.post("/api/desk/code", Json{{"code", number}, {"sitting_id", sitting}}.dump());
  };
  CHECK(Json::parse(ask(code, "").body)["delegate_id"] == "d2");
  CHECK(ask(code, "chieu").status == 409);
  CHECK(ask("0000000000000000", "").status == 404);
  const auto printed = Json::parse(desk.post("/api/desk/codes", R"({"sitting_id":"sang"})").body);
  REQUIRE(printed["codes"].size() == 2);
  CHECK(printed["codes"][1]["code"] == code);
  CHECK(printed["codes"][1]["qr"].size() == printed["codes"][1]["qr"][0].get<std::string>().size());
}

TEST_CASE("bodies of any shape are answered") {
  DeskSite site;
  const RunningDesk desk(site);
  for (const auto* body :
       {"", "[]", "7", "null", R"({"from":"x"})", R"({"from":-1})", R"({"from":99999999999})",
        R"({"code":7,"sitting_id":[]})", R"({"id":{}})", R"({"on":null})", R"({"pin":[1]})"})
    for (const auto* act : {"codes", "code", "test", "enter", "headcount", "undo", "received", "help"}) {
      CAPTURE(body, act);
      const auto status = desk.post(std::string("/api/desk/") + act, body).status;
      CHECK((status == 200 || (status >= 400 && status < 500)));
    }
  CHECK(site.appended.empty());
}

TEST_CASE("who at the centre has seen a call for help is told") {
  DeskSite site;
  RunningDesk desk(site);
  const auto id = Json::parse(desk.post("/api/desk/help", R"({"help":{"topic":"no_sound"}})").body)["id"];
  CHECK(desk.state()["help"][0]["seen"] == false);
  desk.onLoop([&] {
    auto assignment = site.follower.assignment();
    assignment.set_revision(6);
    assignment.mutable_own()->add_seen_help_ids(id.get<std::string>());
    auto* seen = assignment.mutable_own()->add_seen_help();
    seen->set_record_id(id.get<std::string>());
    seen->set_by("Trực ban Lan");
    (void)site.follower.apply(assignment, site.now);
  });
  const auto help = desk.state()["help"][0];
  CHECK(help["seen"] == true);
  CHECK(help["seen_by"]["by"] == "Trực ban Lan");
}

TEST_CASE("a test picture is shown until a session needs the screen") {
  DeskSite site(v1::Phase::scheduled);
  const RunningDesk desk(site);
  CHECK(desk.state()["test"]["allowed"] == true);
  CHECK(desk.post("/api/desk/test", R"({"on":true})").status == 200);
  CHECK(desk.state()["test"]["on"] == true);
  CHECK(desk.post("/api/desk/test", R"({"on":"loud"})").status == 400);
  CHECK(desk.post("/api/desk/test", R"({"on":false})").status == 200);
  CHECK(desk.state()["test"]["on"] == false);
  DeskSite armed;
  const RunningDesk busy(armed);
  CHECK(busy.post("/api/desk/test", R"({"on":true})").status == 409);
}

TEST_CASE("a full disk is told to the person, in both languages") {
  DeskSite site;
  site.broken = Error{ErrorCode::kUnavailable, "the disk is full", "ổ đĩa đã đầy"};
  const RunningDesk desk(site);
  const auto answer = desk.post("/api/desk/headcount", R"({"by":"An","headcount":{"present":1}})");
  CHECK(answer.status == 503);
  CHECK(answer.content_type.starts_with("application/problem+json"));
  CHECK(Json::parse(answer.body)["detail"] == "the disk is full");
  CHECK(Json::parse(answer.body)["detail_vi"] == "ổ đĩa đã đầy");
  CHECK(desk.state()["attendance"]["headcount"].is_null());
}

TEST_CASE("errors have their status") {
  DeskSite site;
  const RunningDesk desk(site);
  CHECK(desk.post("/api/desk/headcount", "{").status == 400);
  CHECK(desk.post("/api/desk/checkin", R"({"by":"An","check_in":{"delegate_id":"no"}})").status == 404);
  CHECK(desk.post("/api/desk/received", R"({"id":"t9"})").status == 404);
  CHECK(desk.post("/api/desk/received", R"({"id":5})").status == 400);
  CHECK(desk.post("/api/desk/explode", "{}").status == 404);
  CHECK(desk.post("/api/desk", "{}").status == 405);
  CHECK(desk.get("/api/desk/help").status == 405);
  CHECK(desk.get("/api").status == 404);
  CHECK(desk.post("/api/desk/help", std::string(70'000, ' ')).status == 413);
  CHECK(site.appended.empty());
}

TEST_CASE("a foreign page can neither read nor act") {
  DeskSite site;
  const RunningDesk desk(site);
  const std::string body = R"({"help":{}})";
  CHECK(desk.post("/api/desk/help", body, "text/plain").status == 415);
  CHECK(desk.post("/api/desk/help", body, "application/x-www-form-urlencoded").status == 415);
  CHECK(desk.post("/api/desk/help", body, "application/json", {{"Origin", "http://evil.example"}}).status ==
        403);
  CHECK(desk.get("/api/desk", {{"Host", "evil.example"}}).status >= 400);
  CHECK(site.appended.empty());
  CHECK(desk.post("/api/desk/help", body, "application/json", {{"Origin", desk.url()}}).status == 200);
}

TEST_CASE("the page, its parts, and what a browser may do with them") {
  DeskSite site;
  const RunningDesk desk(site);
  const auto page = desk.get("/");
  CHECK(page.status == 200);
  CHECK(page.content_type.starts_with("text/html"));
  CHECK(page.body.find("lang=\"vi\"") != std::string::npos);
  // Under the policy inline code would not run, so there must be none.
  for (const auto* inline_code :
       {"<style", "style=", "onclick", "onload", "javascript:", "data:", "<script>"}) {
    CAPTURE(inline_code);
    CHECK(page.body.find(inline_code) == std::string::npos);
  }
  // What the page names is there, under names that change with the content.
  std::size_t parts = 0;
  for (auto at = page.body.find("/assets/"); at != std::string::npos;
       at = page.body.find("/assets/", at + 1)) {
    const auto path = page.body.substr(at, page.body.find('"', at) - at);
    CAPTURE(path);
    const auto part = desk.get(path);
    CHECK(part.status == 200);
    CHECK_FALSE(part.body.empty());
    if (path.ends_with(".js")) CHECK(part.content_type.starts_with("text/javascript"));
    if (path.ends_with(".css")) CHECK(part.content_type.starts_with("text/css"));
    ++parts;
  }
  CHECK(parts >= 3);
  CHECK(desk.post("/", "{}").status == 405);
  CHECK(desk.get("/assets/none.js").status == 404);
  CHECK(desk.get("/assets/../desk_key").status >= 400);
}
