// Texts to sites: sent, reached, read, each with its time, over a restart and after the session is closed.
#include "tests/support/catch.hpp"
#include "tests/unit/coordinator/core/city.hpp"

namespace diemcau::core {
namespace {

constexpr auto kAll = [](const std::string&) { return true; };

std::string sendTo(City& city, const std::string& session, const std::vector<std::string>& sites) {
  v1::Command command;
  auto& send = *command.mutable_send_text();
  send.set_session_id(session);
  send.set_text("Kiểm tra loa");
  for (const auto& site : sites) send.mutable_selection()->add_site_ids(site);
  const auto reply = city.order(std::move(command));
  DIEMCAU_INVARIANT(reply.has_value());
  return reply->id();
}

// A hall that has the text and where nobody has looked yet.
void sayUnread(City& city, const std::string& site) {
  auto status = city.statusOf(city.halls.at(site));
  status.clear_received_text_ids();
  city.say(site, status);
}

v1::Receipt receiptOf(const City& city, const std::string& session, const std::string& site) {
  const auto list = city.core->texts(session, true, [&](const std::string& id) { return id == site; });
  DIEMCAU_INVARIANT(list.texts_size() == 1 && list.texts(0).receipts_size() == 1);
  return list.texts(0).receipts(0);
}

TEST_CASE("a text is sent, reaches the site, and is read, each at its time") {
  City city;
  city.connectAll();
  const auto session = city.create();
  REQUIRE(city.act(session, v1::SessionAct::schedule));
  const auto a = City::siteId(0, 0), b = City::siteId(0, 1);
  for (const auto& site : {a, b}) city.say(site);
  const Micros sent = city.now;
  sendTo(city, session, {a, b});
  // What it said before it got the text is no receipt.
  auto old = city.statusOf(city.halls.at(b));
  old.set_revision(1);
  old.clear_received_text_ids();
  city.say(b, old);
  CHECK(receiptOf(city, session, b).reached_us() == 0);

  city.now += kSecond;
  const Micros reached = city.now;
  sayUnread(city, a);
  city.now += kMinute;
  sayUnread(city, a);
  CHECK(receiptOf(city, session, a).reached_us() == reached);
  CHECK(receiptOf(city, session, a).read_us() == 0);
  const Micros read = city.now;
  city.say(a);
  CHECK(receiptOf(city, session, a).read_us() == read);

  const auto whole = city.core->texts(session, false, kAll);
  REQUIRE(whole.texts_size() == 1);
  CHECK(whole.texts(0).text().at_us() == sent);
  CHECK(whole.texts(0).text().by() == "Lan");
  CHECK(whole.texts(0).sites() == 2);
  CHECK(whole.texts(0).reached() == 1);
  CHECK(whole.texts(0).read() == 1);
  CHECK(whole.texts(0).receipts().empty());

  SECTION("a restart keeps it and goes on counting") {
    city.restart();
    CHECK(receiptOf(city, session, a).reached_us() == reached);
    CHECK(receiptOf(city, session, a).read_us() == read);
    REQUIRE(city.connect(b));
    sayUnread(city, b);
    CHECK(receiptOf(city, session, b).reached_us() == city.now);
    CHECK(city.told(session, "text.received").size() == 1);
  }
  SECTION("so does the end of the session") {
    REQUIRE(city.act(session, v1::SessionAct::arm));
    REQUIRE(city.act(session, v1::SessionAct::go));
    REQUIRE(city.act(session, v1::SessionAct::end));
    REQUIRE(city.act(session, v1::SessionAct::close));
    CHECK(receiptOf(city, session, a).read_us() == read);
    for (const auto& [key, body] : city.store.objects) CHECK(key.first != "receipt");
    city.restart();
    CHECK(receiptOf(city, session, a).reached_us() == reached);
    CHECK(receiptOf(city, session, b).reached_us() == 0);
    CHECK(city.core->texts(session, false, kAll).texts(0).read() == 1);
  }
}

TEST_CASE("receipts of an older store count as read when the text was sent") {
  City city;
  city.connectAll();
  const auto site = City::siteId(0, 0);
  const auto session = city.create();
  REQUIRE(city.act(session, v1::SessionAct::schedule));
  const auto id = sendTo(city, session, {site});
  city.store.objects[{"receipt", id + "/" + site}] = id;
  city.restart();
  const auto receipt = receiptOf(city, session, site);
  CHECK(receipt.read_us() == city.core->texts(session, false, kAll).texts(0).text().at_us());
}

TEST_CASE("those that have not reported are reminded, and no others") {
  City city({.areas = 2, .sites_each = 2});
  city.connectAll();
  const auto session = city.live();
  auto record = city.record(session);
  record.mutable_headcount()->set_present(3);
  REQUIRE(city.send(City::siteId(0, 0), {record}));
  v1::Command command;
  command.mutable_remind()->set_session_id(session);
  CHECK(city.core->reach(command, city.now)->size() == 3);
  SECTION("everywhere") {
    const auto reply = city.order(command);
    REQUIRE(reply);
    CHECK(reply->sites() == 3);
    const auto list = city.core->texts(session, true, kAll);
    REQUIRE(list.texts_size() == 1);
    CHECK(list.texts(0).text().text().find("Toàn phiên") != std::string::npos);
    for (const auto& receipt : list.texts(0).receipts()) CHECK(receipt.site_id() != City::siteId(0, 0));
  }
  SECTION("in one area") {
    command.mutable_remind()->add_area_ids(City::areaId(0));
    CHECK(city.order(command)->sites() == 1);
    REQUIRE(city.send(City::siteId(0, 1), {[&] {
                        auto more = city.record(session);
                        more.mutable_headcount()->set_present(1);
                        return more;
                      }()}));
    CHECK(city.order(command).error().code == ErrorCode::kConflict);
  }
}

}  // namespace
}  // namespace diemcau::core
