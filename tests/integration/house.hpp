// A centre with accounts: two areas of three halls, a session of everyone and one of area a, an admin, and
// whom else a test needs.
#pragma once

#include <csignal>

#include "base/time.hpp"
#include "tests/integration/centre.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::test {

using Headers = Centre::Headers;

inline Headers bearer(const std::string& secret) {
  return {{"Authorization", "Bearer " + secret}};
}

// A centre with two areas of three halls each, a session of everyone and one of area a, and an admin.
class House {
 public:
  House() {
    auto answer = centre.import(
        {{"areas.csv", "area_id,parent_id,name\ncity,,Thành phố\na,city,Ba Đình\nb,city,Cầu Giấy\n"},
         {"sites.csv",
          "site_id,area_id,name\nA1,a,Hall A1\nA2,a,Hall A2\nA3,a,Hall A3\nB1,b,Hall B1\nB2,b,Hall "
          "B2\nB3,b,Hall B3\n"}});
    REQUIRE(answer.status == 200);
    everyone = session({{"everyone", true}});
    in_a = session({{"area_ids", {"a"}}});
    centre.process().signal(SIGTERM);
    REQUIRE(centre.process().wait() == 0);
    Process init({COORDINATOR, "init", "--data", centre.dir(), "--admin", "chief", "--generate"});
    const auto line = init.lineThatBegins("one-time-password=");
    REQUIRE(line);
    REQUIRE(init.wait() == 0);
    centre.start();
    admin = signIn("chief", line->substr(line->find('=') + 1), "chief's new password");
  }

  std::string signIn(const std::string& name, const std::string& password, const std::string& fresh = {}) {
    Json body = {{"name", name}, {"password", password}};
    if (!fresh.empty()) body["new_password"] = fresh;
    const auto answer = centre.post("/api/v1/sign-in", body);
    CAPTURE(answer.body);
    REQUIRE(answer.status == 200);
    return answer.json()["secret"];
  }
  // Somebody with one role; what they are signed in with.
  std::string account(const std::string& name, const std::string& role, const std::string& area = {}) {
    Json grant = {{"role", role}, {"area_id", area}};
    const auto made =
        centre.post("/api/v1/accounts",
                    {{"name", name}, {"grants", {grant}}, {"password", "the first password"}}, bearer(admin));
    CAPTURE(made.body);
    REQUIRE(made.status == 200);
    return signIn(name, "the first password", name + "'s password");
  }
  int post(const std::string& who, const std::string& path, const Json& body = nullptr) {
    return centre.post(path, body, bearer(who)).status;
  }
  Json get(const std::string& who, const std::string& path) {
    const auto answer = centre.get(path, bearer(who));
    CAPTURE(path, answer.body);
    REQUIRE(answer.status == 200);
    return answer.json();
  }
  std::string phase(const std::string& id) {
    return get(admin, "/api/v1/sessions/" + id)["session"]["phase"];
  }
  // The newest entry of this actor.
  Json audited(const std::string& actor) {
    Json found;
    const Json page = get(admin, "/api/v1/audit?limit=1000");
    for (const auto& entry : page["entries"])
      if (entry["actor"] == actor) found = entry;
    REQUIRE_FALSE(found.is_null());
    return found;
  }
  Json verdict() { return get(admin, "/api/v1/audit/verify"); }

  Centre centre;
  std::string admin, everyone, in_a;

 private:
  std::string session(const Json& selection) {
    const auto made = centre.post(
        "/api/v1/sessions",
        {{"title", "Giao ban"},
         {"scheduled_start_us", std::to_string(systemClock().wall() + 5 * kHour)},
         {"feeds", {{{"id", "main"}, {"uri", "test://"}}, {{"id", "backup"}, {"uri", "test://"}}}},
         {"selection", selection}});
    REQUIRE(made.status == 201);
    const std::string id = made.json()["session"]["id"];
    centre.act(id, "schedule");
    return id;
  }
};

}  // namespace diemcau::test
