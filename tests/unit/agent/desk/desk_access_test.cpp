// Other devices of the hall at the desk, over real HTTP.
#include <atomic>

#include "tests/unit/agent/desk/running_desk.hpp"

using namespace diemcau;
using namespace diemcau::agent;
using namespace diemcau::test;

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

// A desk that is open to the hall, and a caller who is at the hall's computer or at another device, as the
// test says: both come over loopback here.
struct Hall {
  DeskSite site;
  std::atomic<bool> stranger{true};
  RunningDesk desk{site, {.listen = {.host = "0.0.0.0", .port = 0}, .hosts = {}, .stranger = [this] {
                            return stranger.load();
                          }}};
  Json access() {
    stranger = false;
    const auto seen = Json::parse(desk.get("/api/desk/access").body);
    stranger = true;
    return seen;
  }
};

Headers cookieOf(const net::HttpAnswer& answer) {
  return {{"Cookie", answer.set_cookie.substr(0, answer.set_cookie.find(';'))}};
}

}  // namespace

TEST_CASE("another device gets the page, and nothing else without the PIN") {
  Hall hall;
  auto& desk = hall.desk;
  CHECK(desk.get("/").status == 200);
  for (const auto* path : {"/api/desk", "/api/desk/access", "/api/desk/anything", "/api/other"}) {
    CAPTURE(path);
    CHECK(desk.get(path).status == 401);
  }
  for (const auto* act : {"confirm", "headcount", "checkin", "undo", "help", "received", "test", "code",
                          "codes", "access", "leave"}) {
    CAPTURE(act);
    CHECK(desk.post(std::string("/api/desk/") + act, "{}").status == 401);
  }
  CHECK(desk.get("/api/desk", {{"Cookie", "diemcau_desk=; other=1"}}).status == 401);
  CHECK(hall.site.appended.empty());
}

TEST_CASE("wrong PINs are counted") {
  Hall hall;
  auto& desk = hall.desk;
  for (int i = 0; i < 5; ++i) CHECK(desk.post("/api/desk/enter", R"({"pin":"not it"})").status == 403);
  CHECK(desk.post("/api/desk/enter", R"({"pin":"not it"})").status == 429);
  CHECK(desk.get("/api/desk/enter").status == 405);
}

TEST_CASE("the hall's computer shows the PIN, and a device that enters it is in, but is not shown it") {
  Hall hall;
  auto& desk = hall.desk;
  const auto access = hall.access();
  REQUIRE(access["open"] == true);
  CHECK(access["pin"].get<std::string>().size() == 6);
  CHECK(access["urls"][0] == "http://192.0.2.7:" + desk.url().substr(desk.url().rfind(':') + 1) + "/");
  CHECK(access["qr"].size() >= 21);
  CHECK(access["devices"] == 0);

  const auto entered = desk.post("/api/desk/enter", Json{{"pin", access["pin"]}}.dump());
  CHECK(entered.status == 200);
  for (const auto* part : {"HttpOnly", "SameSite=Strict", "Path=/"})
    CHECK(entered.set_cookie.find(part) != std::string::npos);
  CHECK(hall.access()["devices"] == 1);

  // With its cookie a device does what the hall's computer does, but the PIN.
  const auto cookie = cookieOf(entered);
  const auto state = desk.get("/api/desk", cookie);
  REQUIRE(state.status == 200);
  CHECK(Json::parse(state.body)["here"] == false);
  const std::string body = R"({"by":"Dung","headcount":{"present":57}})";
  CHECK(desk.post("/api/desk/headcount", body, "application/json", cookie).status == 200);
  CHECK(desk.get("/api/desk/access", cookie).status == 403);
  CHECK(desk.post("/api/desk/access", "{}", "application/json", cookie).status == 403);
  CHECK(desk.post("/api/desk/leave", "{}", "application/json", cookie).status == 200);
  CHECK(desk.get("/api/desk", cookie).status == 401);
}

TEST_CASE("a new PIN puts every device out") {
  Hall hall;
  const auto before = hall.access();
  const auto cookie = cookieOf(hall.desk.post("/api/desk/enter", Json{{"pin", before["pin"]}}.dump()));
  CHECK(hall.desk.get("/api/desk", cookie).status == 200);
  hall.stranger = false;
  const auto after = Json::parse(hall.desk.post("/api/desk/access", "{}").body);
  hall.stranger = true;
  CHECK(after["devices"] == 0);
  CHECK(after["qr"] != before["qr"]);
  CHECK(hall.desk.get("/api/desk", cookie).status == 401);
}

TEST_CASE("a desk on loopback says that it is open to nobody else") {
  DeskSite site;
  const RunningDesk desk(site);
  CHECK(Json::parse(desk.get("/api/desk/access").body)["open"] == false);
}
