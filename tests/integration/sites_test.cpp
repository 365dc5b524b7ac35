// The sites' door: strangers, doubles, floods, and that the others do not notice.
#include "tests/integration/centre.hpp"
#include "tests/integration/test_site.hpp"
#include "tests/support/catch.hpp"
#include "wire/codec.hpp"

using namespace diemcau;
using namespace diemcau::test;

namespace {

struct Hall {
  Centre centre;
  Loop loop;
  std::unique_ptr<net::ClientContext> context = net::clientContext(loop);

  std::unique_ptr<TestSite> site(const std::string& id, const std::string& agent = std::string(32, 'a')) {
    auto made = std::make_unique<TestSite>(loop, id, agent);
    made->connect(*context, centre.sites());
    return made;
  }
  bool welcomed(const TestSite& site) {
    return until(loop, [&] { return site.welcomed(); });
  }
  bool closed(const TestSite& site) {
    return until(loop, [&] { return site.close_code != 0; });
  }
  std::string link(const std::string& id) { return centre.get("/api/v1/sites/" + id).json()["link"]; }
};

}  // namespace

TEST_CASE("a site that the roster does not know is refused with 4403 and a reason") {
  Hall hall;
  hall.centre.importCity(1);
  auto stranger = hall.site("S99");
  REQUIRE(hall.closed(*stranger));
  CHECK(stranger->close_code == 4403);
  CHECK(stranger->close_reason.find("S99") != std::string::npos);
  CHECK(hall.centre.metric("diemcau_gateway_refused_total{reason=\"unknown\"}") == 1);
  auto known = hall.site("S1");
  CHECK(hall.welcomed(*known));
}

TEST_CASE("a second agent with the same name is refused, once an alarm, and the first goes on") {
  Hall hall;
  hall.centre.importCity(1);
  const std::string id = hall.centre.schedule();
  auto first = hall.site("S1");
  REQUIRE(hall.welcomed(*first));
  for (int i = 0; i < 3; ++i) {
    auto second = hall.site("S1", std::string(32, 'b'));
    REQUIRE(hall.closed(*second));
    CHECK(second->close_code == 4403);
  }
  const auto alarms = hall.centre.get("/api/v1/alarms").json()["alarms"];
  REQUIRE(alarms.size() == 1);
  CHECK(alarms[0]["kind"] == "duplicate_site");
  CHECK(alarms[0]["site_ids"] == Json::array({"S1"}));
  const std::string alarm = alarms[0]["id"];
  auto acked =
      hall.centre.post("/api/v1/alarms/" + alarm + "/ack", nullptr, {{"X-Diemcau-Actor", "B%C3%ACnh"}});
  CHECK(acked.status == 200);
  CHECK(hall.centre.get("/api/v1/alarms").json()["alarms"][0]["acked_by"] == "Bình");

  first->headcount(id, 30);  // the first one is heard as before
  REQUIRE(until(hall.loop, [&] { return first->allAcked(); }));
  CHECK(first->close_code == 0);
  CHECK(hall.link("S1") == "online");
}

TEST_CASE("the same agent that returns replaces its old link with 4409") {
  Hall hall;
  hall.centre.importCity(1);
  auto old = hall.site("S1");
  REQUIRE(hall.welcomed(*old));
  auto again = hall.site("S1");
  REQUIRE(hall.welcomed(*again));
  REQUIRE(hall.closed(*old));
  CHECK(old->close_code == 4409);
  CHECK(hall.link("S1") == "online");
  CHECK(hall.centre.metric("diemcau_gateway_connected_sites") == 1);
}

TEST_CASE("a frame beyond 64 KiB is closed with 1009 and harms nobody") {
  Hall hall;
  hall.centre.importCity(2);
  const std::string id = hall.centre.schedule();
  auto good = hall.site("S1");
  auto hostile = hall.site("S2", std::string(32, 'b'));
  REQUIRE(hall.welcomed(*good));
  REQUIRE(hall.welcomed(*hostile));
  hostile->sendRaw(std::string(64 * 1024 + 1, 'x'));
  REQUIRE(hall.closed(*hostile));
  CHECK(hostile->close_code == 1009);
  good->headcount(id, 12);
  REQUIRE(until(hall.loop, [&] { return good->allAcked(); }));
  CHECK(good->connections == 1);
  CHECK(hall.link("S1") == "online");
  CHECK(hall.centre.metric("diemcau_net_too_big_total{server=\"sites\"}") == 1);
  hostile->connect(*hall.context, hall.centre.sites());  // and it may come back
  CHECK(hall.welcomed(*hostile));
}

TEST_CASE("a frame that is none is closed with 1008") {
  Hall hall;
  hall.centre.importCity(1);
  auto site = hall.site("S1");
  REQUIRE(hall.welcomed(*site));
  site->sendRaw(std::string(100, '\xff'));
  REQUIRE(hall.closed(*site));
  CHECK(site->close_code == 1008);
  CHECK(hall.centre.get("/readyz").status == 200);
}

TEST_CASE("a protocol that is not spoken is told with 4426") {
  Hall hall;
  hall.centre.importCity(1);
  TestSite site(hall.loop, "S1");
  site.hello.set_protocol(99);
  site.connect(*hall.context, hall.centre.sites());
  REQUIRE(hall.closed(site));
  CHECK(site.close_code == 4426);
}

TEST_CASE("when the coordinator is asked to end, links close with 1012 and what was said is kept") {
  Hall hall;
  hall.centre.importCity(1);
  const std::string id = hall.centre.schedule();
  auto site = hall.site("S1");
  REQUIRE(hall.welcomed(*site));
  site->headcount(id, 21);
  REQUIRE(until(hall.loop, [&] { return site->allAcked(); }));
  hall.centre.process().signal(SIGTERM);
  REQUIRE(hall.closed(*site));
  CHECK(site->close_code == 1012);
  CHECK(hall.centre.process().wait() == 0);
  hall.centre.start();
  CHECK(hall.centre.get("/api/v1/sessions/" + id + "/attendance").json()["total"]["present"] == 21);
}
