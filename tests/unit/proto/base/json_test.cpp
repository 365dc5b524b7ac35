// JSON and bytes from outside: names as in the .proto files, strict, limited.
#include "base/json.hpp"

#include "diemcau/v1/link.pb.h"
#include "diemcau/v1/session.pb.h"
#include "tests/support/catch.hpp"

using namespace diemcau;

TEST_CASE("toJson prints proto names and defaults, and reads back") {
  v1::Session session;
  session.set_id("s1");
  session.set_title("Giao ban \"tháng ba\"");
  session.set_phase(v1::Phase::live);
  session.set_scheduled_start_us(1772326800000000);
  session.add_sittings()->set_id("morning");
  const std::string json = toJson(session);
  CHECK(json.find("\"scheduled_start_us\":\"1772326800000000\"") != std::string::npos);
  CHECK(json.find("\"phase\":\"live\"") != std::string::npos);
  CHECK(json.find("\"auto_start\":false") != std::string::npos);
  CHECK(json.find('\n') == std::string::npos);
  CHECK(toJson(session, JsonStyle::kPretty).find('\n') != std::string::npos);
  v1::Session back;
  REQUIRE(fromJson(json, back));
  CHECK(back.SerializeAsString() == session.SerializeAsString());
}

TEST_CASE("fromJson is strict") {
  v1::Session session;
  const auto unknown = fromJson(R"({"titel":"x"})", session);
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().text.find("titel") != std::string::npos);
  CHECK(unknown.error().text.find("Session") != std::string::npos);
  CHECK_FALSE(unknown.error().vi.empty());
  for (const char* bad : {"", "{", "[]", "{\"title\":1}", "{\"phase\":\"alive\"}", "{} {}",
                          "{\"title\":\"\xff\"}", "{\"rehearsal\":-1}"}) {
    INFO(bad);
    CHECK_FALSE(fromJson(bad, session));
  }
}

TEST_CASE("size and nesting are checked before parsing") {
  v1::Session session;
  const std::string big = "{\"title\":\"" + std::string(2000, 'x') + "\"}";
  CHECK(fromJson(big, session));
  const auto too_big = fromJson(big, session, 1000);
  REQUIRE_FALSE(too_big);
  CHECK(too_big.error().code == ErrorCode::kTooBig);

  const std::string bomb(200'000, '[');
  const auto deep = fromJson(bomb, session);
  REQUIRE_FALSE(deep);
  CHECK(deep.error().text.find("nested") != std::string::npos);
  // Brackets inside a string are not nesting.
  CHECK(fromJson("{\"title\":\"" + std::string(100, '{') + "\\\"" + std::string(100, '[') + "\"}", session));
  CHECK(session.title().size() == 201);
}

TEST_CASE("parseLimited refuses big, broken and deeply nested bytes") {
  v1::Envelope envelope;
  envelope.set_seq(7);
  envelope.mutable_ping()->set_t1_us(5);
  const std::string good = envelope.SerializeAsString();
  v1::Envelope into;
  CHECK(parseLimited(good, into, 100));
  CHECK(into.ping().t1_us() == 5);
  CHECK_FALSE(parseLimited(good, into, good.size() - 1));
  CHECK_FALSE(parseLimited(good + "\xff", into, 100));
  CHECK_FALSE(parseLimited(std::string_view(good).substr(0, good.size() - 1), into, 100));
  CHECK(parseLimited("", into, 100));
  // An unknown group (wire types 3 and 4) in a group, 40 deep.
  std::string groups;
  for (int i = 0; i < 40; ++i) groups += '\xab', groups += '\x01';
  for (int i = 0; i < 40; ++i) groups += '\xac', groups += '\x01';
  CHECK_FALSE(parseLimited(groups, into, 1000));
  std::string few;
  for (int i = 0; i < 4; ++i) few += '\xab', few += '\x01';
  for (int i = 0; i < 4; ++i) few += '\xac', few += '\x01';
  CHECK(parseLimited(few, into, 1000));
}
