// The desk of a real agent: other devices of the hall, what they kept while they could not reach it, undo,
// the test picture on a real probe, and who at the centre has seen a call for help.
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <array>
#include <cstdio>

#include "tests/integration/agent/site_under_test.hpp"

using namespace diemcau;
using namespace diemcau::test;

namespace {

// An address of this computer that is not loopback: a caller from it is another device for the desk. Or "".
std::string hallAddress() {
  ifaddrs* all = nullptr;
  if (getifaddrs(&all) != 0) return {};
  std::string found;
  for (const auto* one = all; one != nullptr && found.empty(); one = one->ifa_next) {
    if (one->ifa_addr == nullptr || one->ifa_addr->sa_family != AF_INET) continue;
    if ((one->ifa_flags & IFF_UP) == 0 || (one->ifa_flags & IFF_LOOPBACK) != 0) continue;
    std::array<char, INET_ADDRSTRLEN> text{};
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr, text.data(),
              text.size());
    found = text.data();
  }
  freeifaddrs(all);
  return found;
}

// A telephone at the door.
class Device {
 public:
  explicit Device(std::string url) : url_(std::move(url)) {}
  net::HttpAnswer post(const std::string& act, const Json& body) {
    auto headers = cookie_;
    headers.emplace_back("Content-Type", "application/json");
    headers.emplace_back("Origin", url_);
    const auto answer = net::httpRequest("POST", url_ + "/api/desk/" + act, body.dump(), headers, 10);
    REQUIRE(answer);
    if (!answer->set_cookie.empty())
      cookie_ = {{"Cookie", answer->set_cookie.substr(0, answer->set_cookie.find(';'))}};
    return *answer;
  }
  net::HttpAnswer get(const std::string& path) {
    const auto answer = net::httpRequest("GET", url_ + path, "", cookie_, 10);
    REQUIRE(answer);
    return *answer;
  }

 private:
  std::string url_;
  std::vector<std::pair<std::string, std::string>> cookie_;
};

void withDelegates(Hub& hub, const v1::Plan& plan) {
  hub.assign([&](v1::Assignment& assignment) {
    assignment.add_plans(plan.SerializeAsString());
    auto* roster = assignment.mutable_roster();
    roster->set_revision(1);
    for (const auto* id : {"d1", "d2"}) {
      auto* delegate = roster->add_delegates();
      delegate->set_id(id);
      delegate->set_name("Đại biểu");
    }
  });
}

}  // namespace

TEST_CASE(
    "two devices at the doors: the PIN, each other's entries, what was kept, undo; all of it in the ledger "
    "once") {
  const auto address = hallAddress();
  if (address.empty()) {
    std::puts("skipped: this computer has no network card that is up, so no other device can be played");
    return;
  }
  Hub hub;
  SiteUnderTest site(hub, "0.0.0.0:0");
  site.start();
  withDelegates(hub, plan(v1::Phase::scheduled));
  REQUIRE(hub.wait(phaseIs(v1::SitePhase::waiting)));

  const auto url = "http://" + address + site.desk().substr(site.desk().rfind(':'));
  Device front(url), back(url);
  CHECK(front.get("/").status == 200);
  CHECK(front.get("/api/desk").status == 401);
  CHECK(front.post("headcount", {{"by", "An"}, {"headcount", {{"present", 1}}}}).status == 401);
  CHECK(front.post("enter", {{"pin", "wrong"}}).status == 403);
  std::string output;
  REQUIRE(site.command({"pin", "--json"}, output) == 0);
  const auto pin = Json::parse(output)["pin"].get<std::string>();
  CHECK(front.post("enter", {{"pin", pin}}).status == 200);
  CHECK(back.post("enter", {{"pin", pin}}).status == 200);
  CHECK(front.get("/api/desk/access").status == 403);

  // The front door is without Wi-Fi for a while; the back door reports meanwhile.
  const std::string kept_id(32, 'a');
  const Json kept{{"id", kept_id},
                  {"by", "An"},
                  {"at_us", std::to_string(wallNow() - kMinute)},
                  {"headcount", {{"present", 40}}}};
  CHECK(back.post("headcount", {{"by", "Bình"}, {"headcount", {{"present", 42}}}}).status == 200);
  CHECK(front.post("headcount", kept).status == 200);
  CHECK(front.post("headcount", kept).status == 200);  // its answer was lost: asked again
  REQUIRE(hub.wait([](const Hub::State& s) { return s.ledger.size() == 2; }));
  CHECK(hub.state().ledger[1].id() == kept_id);
  CHECK(hub.state().ledger[1].held());
  CHECK(hub.state().ledger[1].at_us() < hub.state().ledger[0].at_us());
  CHECK(site.state()["attendance"]["headcount"]["present"] == 42);

  const auto marked =
      back.post("checkin", {{"by", "Bình"}, {"check_in", {{"delegate_id", "d1"}, {"state", "present"}}}});
  const auto seen = Json::parse(front.get("/api/desk").body);
  CHECK(seen["attendance"]["recent"][0]["id"] == Json::parse(marked.body)["id"]);
  CHECK(front.post("undo", {{"by", "An"}, {"corrects_id", seen["attendance"]["recent"][0]["id"]}}).status ==
        200);
  REQUIRE(hub.wait([](const Hub::State& s) { return s.ledger.size() == 4; }));
  CHECK(hub.state().ledger[3].corrects_id() == hub.state().ledger[2].id());
  CHECK(hub.state().ledger[3].check_in().state() == v1::Presence::not_marked);

  // A restart puts them out, and what they send again counts once all the same.
  site.process().signal(SIGKILL);
  site.process().wait();
  site.start();
  Device again("http://" + address + site.desk().substr(site.desk().rfind(':')));
  CHECK(again.get("/api/desk").status == 401);
  output.clear();
  REQUIRE(site.command({"pin", "--new", "--json"}, output) == 0);
  CHECK(again.post("enter", {{"pin", Json::parse(output)["pin"]}}).status == 200);
  CHECK(Json::parse(again.post("headcount", kept).body)["again"] == true);
  CHECK(site.state()["attendance"]["headcount"]["present"] == 42);
}

TEST_CASE("a desk on loopback is not there for the hall") {
  const auto address = hallAddress();
  if (address.empty()) return;
  Hub hub;
  SiteUnderTest site(hub);
  site.start();
  const auto url = "http://" + address + site.desk().substr(site.desk().rfind(':'));
  CHECK_FALSE(net::httpRequest("GET", url + "/", "", {}, 5));
}

TEST_CASE("the test picture on a real probe: shown, and gone when the session is armed") {
  Hub hub;
  SiteUnderTest site(hub);
  site.start();
  auto it = plan(v1::Phase::scheduled);
  assign(hub, it);
  REQUIRE(hub.wait(phaseIs(v1::SitePhase::waiting)));
  std::string output;
  CHECK(site.command({"test", "on"}, output) == 0);
  CHECK(site.becomes([](const Json& state) {
    return state["test"]["shown"] == true && !state["test"]["sample"].is_null();
  }));
  CHECK(site.probes().size() == 1);
  it.set_phase(v1::Phase::armed);
  assign(hub, it);
  REQUIRE(hub.wait(phaseIs(v1::SitePhase::armed)));
  CHECK(site.state()["test"]["on"] == false);
  CHECK(site.command({"test", "on"}, output) == 1);
  REQUIRE(hub.wait([](const Hub::State& s) { return s.status.health_size() == 2; }));
}

TEST_CASE("a call for help, and who at the centre is on it; codes that are scanned") {
  Hub hub;
  SiteUnderTest site(hub);
  site.start();
  withDelegates(hub, plan(v1::Phase::scheduled));
  REQUIRE(hub.wait(phaseIs(v1::SitePhase::waiting)));
  const auto call = site.post("help", {{"help", {{"topic", "no_sound"}}}});
  REQUIRE(hub.wait([](const Hub::State& s) { return s.ledger.size() == 1; }));
  hub.assign([&](v1::Assignment& assignment) {
    assignment.mutable_own()->add_seen_help_ids(call);
    auto* seen = assignment.mutable_own()->add_seen_help();
    seen->set_record_id(call);
    seen->set_by("Trực ban Lan");
  });
  CHECK(site.becomes([](const Json& state) {
    return state["help"][0]["seen_by"].is_object() && state["help"][0]["seen_by"]["by"] == "Trực ban Lan";
  }));
  std::string output;
  CHECK(site.command({"status", "--lang", "vi"}, output) == 0);
  CHECK(output.find("trung tâm đang xử lý: Trực ban Lan") != std::string::npos);

  const auto code = site.state()["delegates"][1]["code"].get<std::string>();
  CHECK(site.command({"checkin", "--by", "An", "--codes", code, "1234567890123456"}, output) == 1);
  REQUIRE(hub.wait([](const Hub::State& s) { return s.ledger.size() == 2; }));
  CHECK(hub.state().ledger[1].check_in().delegate_id() == "d2");
  CHECK(site.command({"undo", hub.state().ledger[1].id(), "--by", "An"}, output) == 0);
  REQUIRE(hub.wait([](const Hub::State& s) { return s.ledger.size() == 3; }));
  CHECK(site.state()["delegates"][1]["state"] == "not_marked");
}
