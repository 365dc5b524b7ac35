// The live view over real sockets.
#include "diemcau/v1/view.pb.h"
#include "tests/integration/centre.hpp"
#include "tests/integration/test_site.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::test;

namespace {

class Reader {
 public:
  Reader(net::ClientContext& context, const std::string& url) {
    connection_ =
        context.connect({.url = url, .protocol = "diemcau.view.v1", .max_message = 64 * 1024 * 1024},
                        std::make_unique<Handler>(*this), [this](const std::string& why) { failure = why; });
  }

  std::vector<v1::ViewUpdate> updates;
  std::uint16_t closed = 0;
  std::string failure;

 private:
  class Handler final : public net::PeerHandler {
   public:
    explicit Handler(Reader& reader) : reader_(reader) {}
    void onOpen(net::Peer&) override {}
    void onMessage(std::string_view bytes) override {
      v1::ViewUpdate update;
      CHECK(update.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
      reader_.updates.push_back(std::move(update));
    }
    bool next(net::Frame&) override { return false; }
    void onClose(std::uint16_t code, std::string_view) override { reader_.closed = code; }

   private:
    Reader& reader_;
  };
  std::unique_ptr<net::Connection> connection_;
};

const v1::SiteView* siteIn(const v1::ViewUpdate& update, const std::string& id) {
  for (const auto& site : update.sites()) {
    if (site.site_id() == id) return &site;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("a view is full first and holds what changed afterwards") {
  Centre centre;
  centre.importCity(50);
  const std::string id = centre.schedule();
  Loop loop;
  auto context = net::clientContext(loop);
  Reader reader(*context, centre.view("?session=" + id));
  REQUIRE(until(loop, [&] { return !reader.updates.empty(); }));
  const auto first = reader.updates.front();
  CHECK(first.full());
  CHECK(first.sites_size() == 50);
  REQUIRE(first.sessions_size() == 1);
  CHECK(first.sessions(0).session().id() == id);
  REQUIRE(siteIn(first, "S7"));
  CHECK(siteIn(first, "S7")->link() == v1::LinkState::never);

  TestSite site(loop, "S7");
  site.connect(*context, centre.sites());
  std::size_t seen = 1;
  const v1::SiteView* changed = nullptr;
  REQUIRE(until(loop, [&] {
    for (; seen < reader.updates.size() && !changed; ++seen) changed = siteIn(reader.updates[seen], "S7");
    return changed != nullptr;
  }));
  CHECK(changed->link() == v1::LinkState::online);
  const auto& update = reader.updates[seen - 1];
  CHECK_FALSE(update.full());
  CHECK(update.version() > first.version());
  CHECK(update.sites_size() < 50);  // not all again
  for (std::size_t i = 1; i < reader.updates.size(); ++i) {
    CHECK(reader.updates[i].version() >= reader.updates[i - 1].version());
    CHECK_FALSE(reader.updates[i].full());
  }
}

TEST_CASE("a reader that does not read harms nobody and costs bounded memory") {
  Centre centre("[sites]\nstatus_interval_ms = 200\n");
  constexpr int kSites = 1500;
  centre.importCity(kSites);
  const std::string id = centre.schedule();
  RawSocket slow(centre.apiPort());
  REQUIRE(slow.upgrade("/api/v1/view", "diemcau.view.v1", centre.apiPort()).find(" 101 ") !=
          std::string::npos);

  Loop loop;
  auto context = net::clientContext(loop);
  Reader quick(*context, centre.view(""));
  TestSite site(loop, "S1");
  site.connect(*context, centre.sites());
  REQUIRE(until(loop, [&] { return site.welcomed() && !quick.updates.empty(); }));
  // Renaming all sites again and again makes every update a large one: together far more than the buffers of
  // a socket.
  constexpr int kRounds = 12;
  for (int round = 0; round < kRounds; ++round) {
    std::string rows = "site_id,area_id,name\n";
    for (int i = 1; i <= kSites; ++i) {
      rows += "S" + std::to_string(i) + ",a," + std::string(150, static_cast<char>('a' + round)) + "\n";
    }
    REQUIRE(centre.import({{"sites.csv", rows}}).status == 200);
    const std::size_t before = quick.updates.size();
    REQUIRE(until(loop, [&] {
      for (std::size_t i = before; i < quick.updates.size(); ++i) {
        if (quick.updates[i].sites_size() == kSites) return true;
      }
      return false;
    }));
  }
  site.headcount(id, 9);
  REQUIRE(until(loop, [&] { return site.allAcked(); }));
  CHECK(site.connections == 1);
  CHECK(centre.metric("diemcau_view_readers") == 2);
  // The slow one was handed what its socket took, large and small, and is passed over since. What is on its
  // way to the quick one is counted as the slow one's until it has arrived.
  double handed = 0;
  CHECK(until(loop, [&] {
    const auto arrived = static_cast<double>(quick.updates.size());
    handed = centre.metric("diemcau_view_updates_total") - arrived;
    return handed < arrived;
  }));
  CAPTURE(handed, quick.updates.size());
  CHECK(handed > 0);
}

TEST_CASE("readers are told that the coordinator restarts") {
  Centre centre;
  Loop loop;
  auto context = net::clientContext(loop);
  Reader reader(*context, centre.view(""));
  REQUIRE(until(loop, [&] { return !reader.updates.empty(); }));
  centre.process().signal(SIGTERM);
  REQUIRE(until(loop, [&] { return reader.closed != 0; }));
  CHECK(reader.closed == 1012);
  CHECK(centre.process().wait() == 0);
}
