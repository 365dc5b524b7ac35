// Every route there is, with every role there is: the table names them all, and what it says is what happens.
#include "coordinator/api/access.hpp"

#include <set>

#include "bench.hpp"
#include "coordinator/api/gate.hpp"

using namespace diemcau;
using namespace diemcau::api;

namespace {

// Whoever says "Bearer ROLE" or "Bearer ROLE@AREA" is one.
class Guests final : public core::People {
 public:
  bool open() const override { return false; }
  Result<core::Identity> identify(const core::Credentials& credentials, Micros) override {
    core::Identity who;
    who.address = credentials.address;
    if (credentials.bearer.empty()) return who;
    if (credentials.bearer == "stranger") return fail(ErrorCode::kNotSignedIn, "not known");
    const auto at = std::min(credentials.bearer.find('@'), credentials.bearer.size());
    who.kind = core::Identity::Kind::kAccount;
    who.name = who.shown = "guest";
    v1::Grant grant;
    v1::Role::Name role = v1::Role::none;
    v1::Role::Name_Parse(credentials.bearer.substr(0, at), &role);
    grant.set_role(role);
    if (at < credentials.bearer.size()) grant.set_area_id(credentials.bearer.substr(at + 1));
    if (role != v1::Role::none) who.grants.push_back(grant);
    return who;
  }
  std::optional<core::Identity> again(const std::string&, Micros) const override { return std::nullopt; }
  void audit(v1::AuditEntry entry, Micros, core::StoreBatch&) override {
    entries.push_back(std::move(entry));
  }
  void act(const core::Identity&, const v1::PeopleAct& act, Then then) override {
    acts.insert(act.body_case());
    then(v1::PeopleReply());
  }
  v1::Me me(const core::Identity&) const override { return {}; }
  v1::AccountList accounts() const override { return {}; }
  v1::TokenList tokens() const override { return {}; }
  void auditPage(std::uint64_t, std::size_t, std::function<void(Result<v1::AuditPage>)> then) override {
    then(v1::AuditPage());
  }
  void auditVerify(std::function<void(Result<v1::AuditVerdict>)> then) override { then(v1::AuditVerdict()); }

  std::vector<v1::AuditEntry> entries;
  std::set<int> acts;
};

struct DoorBench : Bench {
  Guests guests;
  Ports with() {
    Ports out = ports();
    out.people = &guests;
    return out;
  }
  Api api{with()};

  int ask(const std::string& method, const std::string& path, const std::string& who) {
    net::HttpRequest request;
    request.method = method;
    request.path = path;
    if (!who.empty()) request.headers["authorization"] = "Bearer " + who;
    std::optional<int> status;
    api.http(std::move(request), [&](net::HttpResponse response) { status = response.status; });
    REQUIRE(until([&] { return status.has_value(); }));
    return *status;
  }
};

std::string filledIn(std::string pattern) {
  for (std::size_t from; (from = pattern.find('{')) != std::string::npos;)
    pattern.replace(from, pattern.find('}') - from + 1, "x-1");
  return pattern;
}

const std::vector<std::string> kEverybody = {"",         "stranger", "none",   "viewer",
                                             "operator", "admin",    "auditor"};

// Said a second time and in other words than the table, so that a slip in it shows.
bool mayPass(const std::string& method, const std::string& pattern, const std::string& who) {
  static const std::set<std::string> kOpen = {"/healthz", "/readyz", "/", "/api/v1/sign-in"};
  if (kOpen.contains(pattern) || pattern.starts_with("/assets/")) return true;
  if (who.empty() || who == "stranger") return false;
  if (pattern.starts_with("/api/v1/me") || pattern == "/api/v1/sign-out") return true;
  if (who == "none") return false;
  if (pattern.starts_with("/api/v1/accounts") || pattern.starts_with("/api/v1/tokens")) return who == "admin";
  if (pattern.starts_with("/api/v1/audit")) return who == "admin" || who == "auditor";
  if (pattern.ends_with("/enrol") || pattern.ends_with("/revoke")) return who == "admin";
  if (method == "GET") return true;
  return who == "operator" || who == "admin";
}

}  // namespace

TEST_CASE("the table names the routes there are, and no others") {
  DoorBench bench;
  std::set<std::string> have, named;
  for (const auto& route : bench.api.routes()) have.insert(route.method + " " + route.pattern);
  for (const auto& socket : bench.api.sockets()) have.insert("WS " + socket.path);
  for (const auto& access : accessTable()) {
    const bool once = named.insert(std::string(access.method) + " " + std::string(access.pattern)).second;
    CAPTURE(access.pattern);
    CHECK(once);
    CHECK(access.changes == (access.method != "GET" && access.method != "WS"));
  }
  CHECK(have == named);
}

TEST_CASE("every route admits the roles that it should, and audits whom it turned away") {
  DoorBench bench;
  for (const auto& route : bench.api.routes()) {
    for (const auto& who : kEverybody) {
      CAPTURE(route.method, route.pattern, who);
      const auto before = bench.guests.entries.size();
      const int status = bench.ask(route.method, filledIn(route.pattern), who);
      const bool known = !who.empty() && who != "stranger";
      if (mayPass(route.method, route.pattern, who)) {
        CHECK((status != 401 && status != 403 && status != 415));
        continue;
      }
      CHECK(status == (known ? 403 : 401));
      // Only who shows nothing and changes nothing is not worth an entry.
      const bool entry = known || who == "stranger" || route.method != "GET";
      CHECK(bench.guests.entries.size() == before + (entry ? 1 : 0));
      if (entry) CHECK(bench.guests.entries.back().outcome() == v1::AuditEntry::refused);
    }
  }
}

TEST_CASE("a route without an entry is closed to everybody") {
  DoorBench bench;
  Ports ports = bench.with();
  ApiSettings settings;
  Gate gate(ports, settings);
  for (const auto& who : kEverybody) {
    Call call;
    call.request.headers["authorization"] = "Bearer " + who;
    int status = 0;
    call.respond = [&](net::HttpResponse response) { status = response.status; };
    CHECK_FALSE(gate.pass("GET", "/api/v1/forgotten", call));
    CHECK(status == 403);
  }
}

TEST_CASE("a role in one area does not open what is about all") {
  DoorBench bench;
  bench.import();
  for (const char* path :
       {"/metrics", "/api/v1/roster/sites.csv", "/api/v1/roster/areas.csv", "/api/v1/roster/delegates.csv"}) {
    CHECK(bench.ask("GET", path, "viewer@dd") == 403);
    CHECK(bench.ask("GET", path, "viewer") == 200);
  }
  CHECK(bench.ask("GET", "/api/v1/sites/S1", "viewer@dd") == 200);
  CHECK(bench.ask("GET", "/api/v1/sites/S1", "viewer@hn") == 200);  // above it
  CHECK(bench.ask("GET", "/api/v1/sites/S1", "viewer@other") == 404);
}

TEST_CASE("the live view opens for those who may look") {
  DoorBench bench;
  for (const auto& who : kEverybody) {
    net::HttpRequest request;
    if (!who.empty()) request.headers["authorization"] = "Bearer " + who;
    const bool looks = who == "viewer" || who == "operator" || who == "admin" || who == "auditor";
    for (const auto& socket : bench.api.sockets()) CHECK((socket.open(request) != nullptr) == looks);
  }
}

TEST_CASE("every answer tells a browser what it may do with it") {
  DoorBench bench;
  ApiSettings settings;
  settings.secure = true;
  Api tls(bench.with(), settings);
  for (const char* path : {"/", "/assets/none.js", "/healthz", "/api/v1/sites", "/api/v1/none"}) {
    for (Api* api : {&bench.api, &tls}) {
      net::HttpRequest request;
      request.method = "GET";
      request.path = path;
      std::optional<net::HttpResponse> answer;
      api->http(std::move(request), [&](net::HttpResponse response) { answer = std::move(response); });
      REQUIRE(bench.until([&] { return answer.has_value(); }));
      std::map<std::string, std::string> headers(answer->headers.begin(), answer->headers.end());
      CAPTURE(path);
      CHECK_THAT(headers["Content-Security-Policy"], Catch::Contains("default-src 'none'") &&
                                                         Catch::Contains("frame-ancestors 'none'") &&
                                                         !Catch::Contains("unsafe"));
      CHECK(headers.contains("Strict-Transport-Security") == (api == &tls));
    }
  }
}
