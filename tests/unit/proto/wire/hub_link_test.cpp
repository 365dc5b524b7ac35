// The coordinator's end of a link: what goes out in which order, and what is refused.
#include "wire/hub_link.hpp"

#include "tests/support/catch.hpp"
#include "wire/codec.hpp"

using namespace diemcau;
using wire::AssignmentBytes;
using wire::HubFrame;
using wire::HubLink;

namespace {

constexpr Micros kNow = 1'772'326'800 * kSecond;

v1::Envelope body(std::uint64_t seq) {
  v1::Envelope envelope;
  envelope.set_seq(seq);
  return envelope;
}
v1::Envelope hello(std::uint64_t seq = 1) {
  auto envelope = body(seq);
  envelope.mutable_hello()->set_site_id("D001");
  return envelope;
}
v1::Envelope ping(std::uint64_t seq) {
  auto envelope = body(seq);
  envelope.mutable_ping()->set_t1_us(77);
  return envelope;
}
v1::Envelope status(std::uint64_t seq) {
  auto envelope = body(seq);
  envelope.mutable_status()->set_revision(4);
  return envelope;
}

bool take(HubLink& link, const v1::Envelope& envelope) {
  v1::Envelope into;
  return link.receive(wire::encode(envelope), into, kNow).has_value();
}

struct Hub {
  HubLink link;
  int asked = 0;
  std::uint64_t revision = 1;
  std::uint64_t seq = 0;

  Hub() {
    REQUIRE(take(link, hello()));
    v1::Welcome welcome;
    welcome.set_resume_after(10);
    link.welcome(welcome);
  }
  // The next frame, parsed; BODY_NOT_SET with seq 0 when there is none. The sequence is checked.
  v1::Envelope next() {
    HubFrame frame;
    v1::Envelope envelope;
    const bool any = link.next(frame, kNow + 5, [&] {
      ++asked;
      v1::Assignment own, shared;
      own.set_revision(revision);
      shared.add_plans("plan");
      return AssignmentBytes{own.SerializeAsString(),
                             std::make_shared<std::string>(shared.SerializeAsString())};
    });
    if (!any) return envelope;
    REQUIRE(wire::decode(frame.head + (frame.body ? *frame.body : ""), envelope));
    REQUIRE(envelope.seq() == ++seq);
    return envelope;
  }
};

}  // namespace

TEST_CASE("nothing goes out before the welcome; then welcome and assignment, once") {
  HubLink silent;
  HubFrame frame;
  const auto none = [] { return AssignmentBytes{}; };
  silent.assignmentChanged();
  silent.acknowledge(5);
  CHECK_FALSE(silent.next(frame, kNow, none));

  Hub hub;
  CHECK(hub.next().welcome().resume_after() == 10);
  const auto assignment = hub.next();
  CHECK(assignment.assignment().revision() == 1);
  CHECK(assignment.assignment().plans(0) == "plan");
  CHECK(hub.next().seq() == 0);
  CHECK(hub.asked == 1);
}

TEST_CASE("only the newest assignment goes out, and it is asked for only when it is sent") {
  Hub hub;
  hub.next();
  hub.next();
  for (hub.revision = 2; hub.revision < 9; ++hub.revision) hub.link.assignmentChanged();
  CHECK(hub.asked == 1);
  CHECK(hub.next().assignment().revision() == 9);
  CHECK(hub.next().seq() == 0);
  CHECK(hub.asked == 2);
}

TEST_CASE("acknowledgements: the newest only, alone or with another frame, never backwards") {
  Hub hub;
  hub.next();
  hub.next();
  hub.link.acknowledge(12);
  hub.link.acknowledge(15);
  hub.link.acknowledge(13);
  const auto alone = hub.next();
  CHECK(alone.ack() == 15);
  CHECK(alone.body_case() == v1::Envelope::BODY_NOT_SET);
  CHECK(hub.next().seq() == 0);
  hub.link.acknowledge(15);
  CHECK(hub.next().seq() == 0);

  hub.link.acknowledge(16);
  hub.link.assignmentChanged();
  const auto together = hub.next();
  CHECK(together.has_assignment());
  CHECK(together.ack() == 16);
  CHECK(hub.next().seq() == 0);
}

TEST_CASE("a ping is answered with its own time and ours; of several only the newest") {
  Hub hub;
  hub.next();
  hub.next();
  REQUIRE(take(hub.link, ping(2)));
  const auto pong = hub.next();
  CHECK(pong.pong().t1_us() == 77);
  CHECK(pong.pong().t2_us() == kNow);
  CHECK(pong.pong().t3_us() == kNow + 5);
  for (std::uint64_t seq = 3; seq < 1000; ++seq) REQUIRE(take(hub.link, ping(seq)));
  CHECK(hub.next().has_pong());
  CHECK(hub.next().seq() == 0);
}

TEST_CASE("frames out of turn are refused") {
  struct Row {
    const char* what;
    std::vector<v1::Envelope> frames;
    bool last_is_fine;
  };
  auto wrong_way = body(2);
  wrong_way.mutable_welcome();
  auto acknowledges = status(2);
  acknowledges.set_ack(1);
  const Row rows[] = {
      {"status, then status", {status(2), status(3)}, true},
      {"records",
       {[] {
         auto records = body(2);
         records.mutable_records()->add_records()->set_number(11);
         return records;
       }()},
       true},
      {"an unknown body", {body(2)}, true},
      {"a repeat", {status(2), status(2)}, false},
      {"a gap", {status(3)}, false},
      {"a step back", {status(2), status(3), status(2)}, false},
      {"number 0", {status(0)}, false},
      {"the largest number", {status(~std::uint64_t{0})}, false},
      {"a second hello", {hello(2)}, false},
      {"a body of the coordinator", {wrong_way}, false},
      {"an acknowledgement", {acknowledges}, false},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    Hub hub;
    bool fine = true;
    for (const auto& frame : row.frames) {
      CHECK(fine);
      fine = take(hub.link, frame);
    }
    CHECK(fine == row.last_is_fine);
  }
}

TEST_CASE("before a hello was accepted nothing else is heard") {
  for (const auto& first : {status(1), ping(1), body(1)}) {
    HubLink link;
    CHECK_FALSE(take(link, first));
  }
  HubLink waiting;
  REQUIRE(take(waiting, hello()));
  CHECK_FALSE(take(waiting, status(2)));
}

TEST_CASE("a frame beyond the limit is told apart from a broken one") {
  Hub hub;
  v1::Envelope into;
  const auto big = hub.link.receive(std::string(wire::kMaxFrame + 1, 'x'), into, kNow);
  REQUIRE_FALSE(big);
  CHECK(big.error().code == ErrorCode::kTooBig);
  const auto broken = hub.link.receive("\xff\xff", into, kNow);
  REQUIRE_FALSE(broken);
  CHECK(broken.error().code == ErrorCode::kInvalid);
}
