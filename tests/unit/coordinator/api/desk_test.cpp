// Where requests and answers pass: actors, bodies, answers that are overdue or large.
#include "coordinator/api/desk.hpp"

#include "bench.hpp"

using namespace diemcau;
using namespace diemcau::api;

namespace {

struct DeskBench : Bench {
  Ports the_ports = ports();
  ApiSettings settings;
  Worker worker{loop, 1};
  Gate gate{the_ports, settings};
  AnswerDesk desk{the_ports, settings, worker, gate};
  std::optional<net::HttpResponse> answer;

  net::Respond respond() {
    return desk.watched(
        [this](net::HttpResponse response) {
          CHECK_FALSE(answer);
          answer = std::move(response);
        },
        settings.answer_within);
  }
};

net::HttpRequest from(const std::string& actor) {
  net::HttpRequest request;
  if (!actor.empty()) request.headers["x-diemcau-actor"] = actor;
  return request;
}

}  // namespace

TEST_CASE("who acts is decoded and cleaned") {
  struct Row {
    const char *header, *name;
  };
  const auto row = GENERATE(values<Row>({{"", "operator"},
                                         {"   ", "operator"},
                                         {"An", "An"},
                                         {"  An ", "An"},
                                         {"Tr%E1%BA%A7n%20B%C3%ACnh", "Trần Bình"},
                                         {"Trần Bình", "Trần Bình"},
                                         {"100%", "100%"},
                                         {"a%zz", "a%zz"},
                                         {"%", "%"},
                                         {"a%0Ab%07", "a b"}}));
  CAPTURE(row.header);
  auto name = AnswerDesk::actor(from(row.header));
  REQUIRE(name);
  CHECK(*name == row.name);
}

TEST_CASE("a name that is no text or too long is refused") {
  CHECK_FALSE(AnswerDesk::actor(from("%FF%FE")));
  CHECK_FALSE(AnswerDesk::actor(from(std::string(101, 'x'))));
  CHECK(AnswerDesk::actor(from(std::string(100, 'x'))));
}

TEST_CASE("an answer that the store does not confirm becomes a 503, once") {
  DeskBench bench;
  bench.hold = true;
  bench.desk.answer(bench.respond(), net::HttpResponse{});
  bench.clock.pass(bench.settings.answer_within - 1);
  bench.desk.expire();
  CHECK_FALSE(bench.answer);
  bench.clock.pass(1);
  bench.desk.expire();
  REQUIRE(bench.answer);
  CHECK(bench.answer->status == 503);
  CHECK(bench.desk.counters().unanswered == 1);
  bench.commitAll();  // the late confirmation must not answer again
  CHECK(bench.answer->status == 503);
}

TEST_CASE("each answer has its own patience") {
  DeskBench bench;
  bench.hold = true;
  int quick = 0, patient = 0;
  bench.desk.answer(bench.desk.watched([&](net::HttpResponse) { ++patient; }, 60 * kSecond),
                    net::HttpResponse{});
  bench.desk.answer(bench.desk.watched([&](net::HttpResponse) { ++quick; }, kSecond), net::HttpResponse{});
  bench.clock.pass(2 * kSecond);
  bench.desk.expire();
  CHECK(quick == 1);
  CHECK(patient == 0);
  bench.commitAll();
  CHECK(quick == 1);
  CHECK(patient == 1);
}

TEST_CASE("an answer in time is not given up afterwards") {
  DeskBench bench;
  bench.desk.answer(bench.respond(), net::HttpResponse{});
  REQUIRE(bench.answer);
  bench.clock.pass(2 * bench.settings.answer_within);
  bench.desk.expire();
  CHECK(bench.answer->status == 200);
  CHECK(bench.desk.counters().unanswered == 0);
}

TEST_CASE("a large message is written off the loop and arrives whole") {
  DeskBench bench;
  auto list = std::make_shared<v1::SessionList>();
  for (int i = 0; i < 2000; ++i) list->add_sessions()->set_title("session " + std::to_string(i));
  REQUIRE(list->ByteSizeLong() > 16 * 1024);
  bench.desk.answer(bench.respond(), std::shared_ptr<const google::protobuf::Message>(list));
  CHECK_FALSE(bench.answer);  // not on this thread
  REQUIRE(bench.until([&] { return bench.answer.has_value(); }));
  CHECK(nlohmann::json::parse(bench.answer->body)["sessions"].size() == 2000);
}

TEST_CASE("a body beyond 1 MiB is refused before it is read") {
  DeskBench bench;
  Call call;
  call.request.body = std::string(1024 * 1024 + 1, ' ');
  call.respond = bench.respond();
  v1::Session session;
  CHECK_FALSE(bench.desk.body(call, session));
  REQUIRE(bench.answer);
  CHECK(bench.answer->status == 413);
}

TEST_CASE("a body that is optional may be missing, and one that is there must be good") {
  DeskBench bench;
  v1::SessionAct act;
  Call call;
  call.respond = bench.respond();
  CHECK(bench.desk.body(call, act, true));
  call.request.body = R"({"lead_ms":2500})";
  CHECK(bench.desk.body(call, act, true));
  CHECK(act.lead_ms() == 2500);
  call.request.body = "nonsense";
  CHECK_FALSE(bench.desk.body(call, act, true));
  REQUIRE(bench.answer);
  CHECK(bench.answer->status == 400);
}
