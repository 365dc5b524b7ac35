// As a stranger on the network, and as somebody who may do less than they try: each is refused, audited, and
// nothing has changed.
#include <fmt/format.h>

#include "tests/integration/house.hpp"

using namespace diemcau;
using namespace diemcau::test;

namespace {

// A request as a browser sends it; head and body of the answer.
std::string browser(const Centre& centre, const std::string& method, const std::string& path,
                    const std::string& headers, const std::string& body) {
  RawSocket socket(centre.apiPort());
  socket.send(fmt::format(
      "{} {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Type: application/json\r\n"
      "Content-Length: {}\r\n{}\r\n{}",
      method, path, centre.apiPort(), body.size(), headers, body));
  return socket.readUntil("");
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const auto begin = text.find(from);
  if (begin == std::string::npos) return {};
  return text.substr(begin + from.size(), text.find(to, begin + from.size()) - begin - from.size());
}

}  // namespace

TEST_CASE("nobody is told anything and nothing is done for them") {
  House house;
  for (const char* path :
       {"/api/v1/sessions", "/api/v1/roster", "/api/v1/sites", "/api/v1/sites/A1", "/api/v1/alarms",
        "/api/v1/me", "/api/v1/accounts", "/api/v1/audit", "/metrics", "/api/v1/roster/sites.csv"}) {
    CAPTURE(path);
    const auto answer = house.centre.get(path, {{"X-Diemcau-Actor", "chief"}});
    CHECK(answer.status == 401);
    CHECK(answer.body.find("Hall") == std::string::npos);
  }
  CHECK(house.centre
            .post("/api/v1/sessions/" + house.everyone + "/arm", nullptr, {{"X-Diemcau-Actor", "chief"}})
            .status == 401);
  CHECK(house.phase(house.everyone) == "scheduled");
  const auto entry = house.audited("nobody");
  CHECK(entry["outcome"] == "refused");
  CHECK(entry["act"] == "POST /api/v1/sessions/{id}/arm");
  CHECK(entry["address"] == "127.0.0.1");
  RawSocket view(house.centre.apiPort());
  CHECK(view.upgrade("/api/v1/view", "diemcau.view.v1", house.centre.apiPort()).starts_with("HTTP/1.1 403"));
  // What a service manager and a browser without a session need.
  for (const char* path : {"/healthz", "/readyz", "/"}) CHECK(house.centre.get(path).status == 200);
  CHECK(house.centre.get("/assets/none.js").status == 404);
}

TEST_CASE("a stranger sends little, and an import is for who may import") {
  House house;
  const auto viewer = house.account("vi", "viewer");
  const Json large = {{"files", {{{"name", "areas.csv"}, {"content", std::string(2 << 20, 'A')}}}}};
  const auto status = [&](const Headers& who, const Json& body, const char* path = "/api/v1/roster/import") {
    return house.centre.post(path, body, who).status;
  };
  CHECK(status({}, large) == 413);
  CHECK(status(bearer("dcs_guessed"), large) == 413);
  CHECK(status(bearer(viewer), large) == 413);
  CHECK(status(bearer(house.admin), large) == 422);  // read, and found to be no CSV of ours
  CHECK(status({}, {{"name", std::string(20'000, 'x')}}, "/api/v1/sign-in") == 413);
  CHECK(status({}, {{"name", std::string(2'000, 'x')}, {"password", std::string(5'000, 'x')}},
               "/api/v1/sign-in") == 401);
}

TEST_CASE("a viewer looks and does nothing") {
  House house;
  const auto viewer = house.account("vi", "viewer");
  CHECK(house.get(viewer, "/api/v1/sites")["sites"].size() == 6);
  const std::string of = "/api/v1/sessions/" + house.everyone;
  for (const auto& path :
       {of + "/arm", of + "/go", of + "/cancel", of + "/waive", std::string("/api/v1/sessions"),
        std::string("/api/v1/texts"), std::string("/api/v1/sites/pin"), std::string("/api/v1/roster/import"),
        std::string("/api/v1/accounts"), std::string("/api/v1/tokens"),
        std::string("/api/v1/alarms/a-1/ack")}) {
    CAPTURE(path);
    CHECK(house.post(viewer, path) == 403);
  }
  CHECK(house.centre.get("/api/v1/audit", bearer(viewer)).status == 403);
  CHECK(house.phase(house.everyone) == "scheduled");
  const auto entry = house.audited("account:vi");
  CHECK(entry["outcome"] == "refused");
}

TEST_CASE("an operator of one area neither steers nor sees another") {
  House house;
  const auto op = house.account("ba", "operator", "a");
  const std::string all = "/api/v1/sessions/" + house.everyone, mine = "/api/v1/sessions/" + house.in_a;
  CHECK(house.post(op, all + "/arm") == 403);
  CHECK(house.audited("account:ba")["act"] == "session.arm");
  CHECK(house.audited("account:ba")["outcome"] == "refused");
  CHECK(house.post(op, "/api/v1/sites/pin", {{"site_ids", {"A1", "B1"}}, {"feed_id", "main"}}) == 403);
  CHECK(house.post(op, "/api/v1/texts", {{"session_id", house.everyone}, {"text", "x"}}) == 403);
  CHECK(house.post(op, "/api/v1/texts", {{"selection", {{"site_ids", {"B1"}}}}, {"text", "x"}}) == 403);
  CHECK(house.post(op, all + "/waive", {{"site_ids", {"B1"}}, {"reason", "x"}}) == 403);
  CHECK(house.post(op, all + "/attendance", {{"site_id", "B1"}, {"headcount", {{"present", 1}}}}) == 403);
  CHECK(house.post(op, "/api/v1/sessions", {{"title", "t"}, {"selection", {{"everyone", true}}}}) == 403);
  CHECK(house.phase(house.everyone) == "scheduled");
  // Taking a session of one's own over everybody is an update, and refused as one.
  auto change =
      net::httpRequest("PUT", house.centre.api(mine), R"({"title":"t","selection":{"everyone":true}})",
                       {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + op}}, 30);
  REQUIRE(change);
  CHECK(change->status == 403);

  CHECK(house.post(op, mine + "/arm") == 200);
  CHECK(house.phase(house.in_a) == "armed");
  CHECK(house.post(op, "/api/v1/texts", {{"selection", {{"site_ids", {"A1"}}}}, {"text", "x"}}) == 200);

  for (const auto& path :
       {std::string("/api/v1/sites"), std::string("/api/v1/roster"), std::string("/api/v1/sessions"), all,
        all + "/sites", all + "/view", all + "/alarms", all + "/timeline", all + "/attendance",
        std::string("/api/v1/alarms")}) {
    CAPTURE(path);
    const std::string seen = house.get(op, path).dump();
    CHECK(seen.find("B1") == std::string::npos);
    CHECK(house.get(house.admin, path).dump().size() >= seen.size());
  }
  CHECK(house.get(op, "/api/v1/sites")["sites"].size() == 3);
  CHECK(house.get(op, all)["sites"] == 3);
  CHECK(house.centre.get("/api/v1/sites/B1", bearer(op)).status == 404);
  CHECK(house.centre.get("/api/v1/sites/A1", bearer(op)).status == 200);
  for (const auto& path :
       {all + "/report", all + "/report.html", all + "/attendance.csv", all + "/checkins.csv",
        std::string("/api/v1/roster/sites.csv"), std::string("/metrics")})
    CHECK(house.centre.get(path, bearer(op)).status == 403);
  CHECK(house.centre.get(mine + "/report", bearer(op)).status == 200);

  const std::string as = "Authorization: Bearer " + op + "\r\n";
  RawSocket view(house.centre.apiPort());
  REQUIRE(view.upgrade("/api/v1/view", "diemcau.view.v1", house.centre.apiPort(), as)
              .starts_with("HTTP/1.1 101"));
  // Ids as they are on the wire: field 1, two bytes long.
  const std::string update = view.readUntil(
      "\x0a\x02"
      "A3");
  CHECK(update.find("\x0a\x02"
                    "A1") != std::string::npos);
  CHECK(update.find("B1") == std::string::npos);
}

TEST_CASE("tokens end when they expire or are revoked, and a guessed one was never good") {
  House house;
  const Json viewer = {{{"role", "viewer"}}};
  const auto made =
      house.centre.post("/api/v1/tokens", {{"name", "wall"}, {"grants", viewer}}, bearer(house.admin));
  REQUIRE(made.status == 200);
  const std::string wall = made.json()["secret"];
  CHECK(house.get(wall, "/api/v1/me")["name"] == "wall");
  CHECK(house.get(house.admin, "/api/v1/tokens").dump().find(wall) == std::string::npos);
  auto revoked =
      net::httpRequest("DELETE", house.centre.api("/api/v1/tokens/wall"), "", bearer(house.admin), 30);
  REQUIRE(revoked);
  CHECK(revoked->status == 200);
  CHECK(house.centre.get("/api/v1/sites", bearer(wall)).status == 401);
  CHECK(house.audited("nobody")["outcome"] == "refused");

  const auto brief = house.centre.post("/api/v1/tokens",
                                       {{"name", "brief"},
                                        {"grants", viewer},
                                        {"expires_us", std::to_string(systemClock().wall() + 3 * kSecond)}},
                                       bearer(house.admin));
  REQUIRE(brief.status == 200);
  Loop loop;
  const std::string secret = brief.json()["secret"];
  CHECK(until(loop, [&] { return house.centre.get("/api/v1/sites", bearer(secret)).status == 401; }));

  for (const std::string& guess :
       {std::string("dcs_") + std::string(43, 'A'), std::string("x"), std::string(2000, 'x')})
    CHECK(house.centre.get("/api/v1/sites", bearer(guess)).status == 401);
}

TEST_CASE("a browser's change needs the CSRF header and our own origin") {
  House house;
  const std::string in = browser(house.centre, "POST", "/api/v1/sign-in", "",
                                 R"({"name":"chief","password":"chief's new password","cookie":true})");
  REQUIRE(in.starts_with("HTTP/1.1 200"));
  CHECK(in.find("HttpOnly") != std::string::npos);
  CHECK(in.find("SameSite=Strict") != std::string::npos);
  CHECK(in.find("\"secret\":\"\"") != std::string::npos);
  const std::string cookie = "Cookie: other=1; diemcau=" + between(in, "Set-Cookie: diemcau=", ";") + "\r\n";
  const std::string csrf = "X-Diemcau-Csrf: " + between(in, "\"csrf\":\"", "\"") + "\r\n";
  const std::string path = "/api/v1/sessions/" + house.everyone + "/arm";
  CHECK(browser(house.centre, "GET", "/api/v1/sites", cookie, "").starts_with("HTTP/1.1 200"));
  CHECK(browser(house.centre, "POST", path, cookie, "{}").starts_with("HTTP/1.1 403"));
  CHECK(house.audited("account:chief")["outcome"] == "refused");
  CHECK(browser(house.centre, "POST", path, cookie + "X-Diemcau-Csrf: 00\r\n", "{}")
            .starts_with("HTTP/1.1 403"));
  CHECK(browser(house.centre, "POST", path, cookie + csrf + "Origin: http://evil.example\r\n", "{}")
            .starts_with("HTTP/1.1 403"));
  CHECK(house.audited("nobody")["detail"] == "a foreign Origin: http://evil.example");
  RawSocket foreign(house.centre.apiPort());
  CHECK(foreign
            .upgrade("/api/v1/view", "diemcau.view.v1", house.centre.apiPort(),
                     cookie + "Origin: http://evil.example\r\n")
            .starts_with("HTTP/1.1 403"));
  CHECK(house.phase(house.everyone) == "scheduled");

  RawSocket own(house.centre.apiPort());
  const auto origin = fmt::format("Origin: http://127.0.0.1:{}\r\n", house.centre.apiPort());
  CHECK(own.upgrade("/api/v1/view", "diemcau.view.v1", house.centre.apiPort(), cookie + origin)
            .starts_with("HTTP/1.1 101"));
  CHECK(browser(house.centre, "POST", path, cookie + csrf + origin, "{}").starts_with("HTTP/1.1 200"));
  CHECK(house.phase(house.everyone) == "armed");
  CHECK(browser(house.centre, "POST", "/api/v1/sign-out", cookie + csrf, "{}").starts_with("HTTP/1.1 200"));
  CHECK(browser(house.centre, "GET", "/api/v1/sites", cookie, "").starts_with("HTTP/1.1 401"));
}

TEST_CASE("guessing a password slows down, and unknown names are answered alike") {
  House house;
  house.account("vi", "viewer");
  const auto attempt = [&](const std::string& name, const std::string& password) {
    return house.centre.post("/api/v1/sign-in", {{"name", name}, {"password", password}});
  };
  const auto wrong = attempt("vi", "not the password"), unknown = attempt("nobody-here", "not the password");
  CHECK(wrong.status == 401);
  CHECK(wrong.body == unknown.body);
  int tried = 1;
  while (attempt("vi", "not the password").status == 401 && tried < 20) ++tried;
  CHECK(tried < 20);  // 6 where hashing takes less than the first delays
  CHECK(house.audited("nobody")["detail"].get<std::string>().starts_with("too many attempts"));
  // Not even the right one, until the delay is over; others are not held up.
  Loop loop;
  CHECK(until(loop, [&] { return attempt("vi", "vi's password").status == 200; }));
  CHECK(attempt("chief", "chief's new password").status == 200);
}

TEST_CASE("who is disabled is out at once, on the live view too, and one admin remains") {
  House house;
  const auto viewer = house.account("vi", "viewer");
  RawSocket view(house.centre.apiPort());
  REQUIRE(view.upgrade("/api/v1/view", "diemcau.view.v1", house.centre.apiPort(),
                       "Authorization: Bearer " + viewer + "\r\n")
              .starts_with("HTTP/1.1 101"));
  const auto change = [&](const std::string& name, const std::string& body) {
    Headers headers = bearer(house.admin);
    headers.emplace_back("Content-Type", "application/json");
    auto answer = net::httpRequest("PUT", house.centre.api("/api/v1/accounts/" + name), body, headers, 30);
    REQUIRE(answer);
    return answer->status;
  };
  CHECK(change("vi", R"({"disabled":true})") == 200);
  CHECK(house.centre.get("/api/v1/sites", bearer(viewer)).status == 401);
  // 4401 as it is on the wire, with its reason: two bytes alone might also be of an update.
  const std::string told = "\x11\x31signed out";
  CHECK(view.readUntil(told).find(told) != std::string::npos);
  CHECK(house.centre.post("/api/v1/sign-in", {{"name", "vi"}, {"password", "vi's password"}}).status == 401);
  CHECK(change("chief", R"({"disabled":true})") == 409);
  CHECK(change("chief", R"({"replace_grants":true,"grants":[{"role":"viewer"}]})") == 409);
}
