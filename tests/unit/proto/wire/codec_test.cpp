// Frames: limits before parsing, and heads written by hand that protobuf reads.
#include "wire/codec.hpp"

#include "tests/support/catch.hpp"

using namespace diemcau;

TEST_CASE("an envelope comes back as it was") {
  v1::Envelope out, in;
  out.set_seq(3);
  out.set_ack(300);
  out.mutable_hello()->set_site_id("D001");
  REQUIRE(wire::decode(wire::encode(out), in));
  CHECK(in.SerializeAsString() == out.SerializeAsString());
}

TEST_CASE("head, own and shared bytes parse as one envelope") {
  v1::Assignment own;
  own.set_revision(9);
  own.mutable_own()->set_pinned_feed_id("backup");
  own.mutable_roster()->set_site_name("Hội trường Đống Đa");
  v1::Plan plan;
  plan.set_session_id("s1");
  v1::Assignment shared;
  shared.add_plans(plan.SerializeAsString());
  shared.add_plans(std::string(20'000, 'x'));
  const std::string own_bytes = own.SerializeAsString(), shared_bytes = shared.SerializeAsString();

  for (const std::uint64_t number : {std::uint64_t{1}, std::uint64_t{127}, std::uint64_t{128},
                                     std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
    for (const std::uint64_t ack : {std::uint64_t{0}, number}) {
      v1::Envelope in;
      REQUIRE(wire::decode(wire::assignmentHead(number, ack, own_bytes.size() + shared_bytes.size()) +
                               own_bytes + shared_bytes,
                           in));
      CHECK(in.seq() == number);
      CHECK(in.ack() == ack);
      CHECK(in.assignment().revision() == 9);
      CHECK(in.assignment().own().pinned_feed_id() == "backup");
      CHECK(in.assignment().roster().site_name() == "Hội trường Đống Đa");
      REQUIRE(in.assignment().plans_size() == 2);
      CHECK(in.assignment().plans(0) == plan.SerializeAsString());
    }
  }
  // Either part may be absent.
  v1::Envelope in;
  REQUIRE(wire::decode(wire::assignmentHead(1, 0, 0), in));
  CHECK(in.has_assignment());
  REQUIRE(wire::decode(wire::assignmentHead(1, 0, shared_bytes.size()) + shared_bytes, in));
  CHECK(in.assignment().plans_size() == 2);
}

TEST_CASE("appendField writes what protobuf writes") {
  for (const std::size_t size : {0U, 1U, 127U, 128U, 20'000U}) {
    v1::Assignment message;
    message.add_plans(std::string(size, 'p'));
    std::string bytes;
    wire::appendField(bytes, v1::Assignment::kPlansFieldNumber, std::string(size, 'p'));
    CHECK(bytes == message.SerializeAsString());
  }
}

TEST_CASE("what is too big, broken or nested too deeply is refused with its code") {
  v1::Envelope into;
  const auto big = wire::decode(std::string(wire::kMaxFrame + 1, '\0'), into);
  REQUIRE_FALSE(big);
  CHECK(big.error().code == ErrorCode::kTooBig);

  v1::Envelope fits;
  fits.set_seq(1);
  fits.mutable_assignment()->add_plans(std::string(wire::kMaxFrame - 20, 'x'));
  REQUIRE(wire::encode(fits).size() <= wire::kMaxFrame);
  CHECK(wire::decode(wire::encode(fits), into));
  CHECK_FALSE(wire::decode(wire::encode(fits), into, 1000));

  std::string bomb;  // unknown groups, one in another
  for (int i = 0; i < 20'000; ++i) bomb += "\xab\x01";
  for (int i = 0; i < 10'000; ++i) bomb += "\xac\x01";
  struct Row {
    const char* what;
    std::string bytes;
  };
  v1::Envelope whole;
  whole.set_seq(1);
  whole.mutable_hello()->set_site_id("D001");
  const std::string good = wire::encode(whole);
  const Row rows[] = {
      {"cut", good.substr(0, good.size() - 1)},
      {"noise", "\xff\xff\xff\xff"},
      {"a length beyond the end", std::string("\x52\x7f\x01", 3)},
      {"field number 0", std::string("\x00\x01", 2)},
      {"not UTF-8 in a text", std::string("\x52\x03\x0a\x01\xff", 5)},
      {"groups nested 20,000 deep", bomb.substr(0, wire::kMaxFrame)},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    const auto got = wire::decode(row.bytes, into);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == ErrorCode::kInvalid);
  }
}

TEST_CASE("unknown fields and bodies of a newer version are no error") {
  v1::Envelope into;
  std::string bytes = "\x08\x05";
  wire::appendField(bytes, 99, "something new");
  REQUIRE(wire::decode(bytes, into));
  CHECK(into.seq() == 5);
  CHECK(into.body_case() == v1::Envelope::BODY_NOT_SET);
}
