// The desk over real HTTP.
#include <algorithm>
#include <future>
#include <nlohmann/json.hpp>
#include <thread>

#include "agent/desk/page.hpp"
#include "net/client.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/agent/desk/desk_site.hpp"

using namespace diemcau;
using namespace diemcau::agent;
using namespace diemcau::test;
using Json = nlohmann::json;

namespace {

// A desk on its own loop; the site behind it belongs to that thread once it runs.
class RunningDesk {
 public:
  explicit RunningDesk(DeskSite& site) {
    auto desk = openDesk(loop_, {.host = "127.0.0.1", .port = 0},
                         {.view = [&site] { return site.view(); },
                          .append = [&site](v1::Record& record) { return site.append(record); },
                          .received = [&site](const std::string& id) { return site.follower.received(id); }});
    REQUIRE(desk);
    desk_ = std::move(*desk);
    url_ = "http://127.0.0.1:" + std::to_string(desk_->port());
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~RunningDesk() {
    loop_.post([this] {
      desk_.reset();
      loop_.stop();
    });
    thread_.join();
  }
  net::HttpAnswer get(const std::string& path,
                      std::vector<std::pair<std::string, std::string>> headers = {}) const {
    return net::httpRequest("GET", url_ + path, "", headers, 10).value();
  }
  net::HttpAnswer post(const std::string& path, const std::string& body,
                       const std::string& type = "application/json",
                       std::vector<std::pair<std::string, std::string>> headers = {}) const {
    headers.emplace_back("Content-Type", type);
    return net::httpRequest("POST", url_ + path, body, headers, 10).value();
  }
  Json state(const std::string& query = "") const { return Json::parse(get("/api/desk" + query).body); }
  const std::string& url() const { return url_; }

 private:
  Loop loop_;
  std::unique_ptr<Desk> desk_;
  std::string url_;
  std::thread thread_;
};

}  // namespace

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
  std::string code;
  for (const auto& asset : pageAssets()) {
    CAPTURE(asset.path);
    const auto answer = desk.get(std::string(asset.path));
    CHECK(answer.status == 200);
    CHECK(answer.content_type == asset.content_type);
    CHECK(answer.body == asset.content);
    if (answer.content_type.starts_with("text/javascript")) code += answer.body;
  }
  REQUIRE_FALSE(code.empty());
  CHECK(desk.get("/assets/none.js").status == 404);
  // Under the policy inline code would not run, so there must be none.
  const auto page = desk.get("/").body;
  CHECK(page.find("lang=\"vi\"") != std::string::npos);
  for (const auto* inline_code : {"<style", "style=", "onclick", "onload", "javascript:", "<script>"})
    CHECK(page.find(inline_code) == std::string::npos);
  for (const auto* dangerous : {"insertAdjacentHTML", "document.write", "eval("})
    CHECK(code.find(dangerous) == std::string::npos);
}

TEST_CASE("only loopback") {
  Loop loop;
  const auto desk = openDesk(loop, {.host = "0.0.0.0", .port = 0}, {});
  REQUIRE_FALSE(desk);
  CHECK(desk.error().text.find("loopback") != std::string::npos);
}
