// The readiness of a status, found and left out before anything is parsed.
#include "wire/readiness_part.hpp"

#include "tests/support/catch.hpp"
#include "wire/codec.hpp"

namespace diemcau::wire {
namespace {

v1::Envelope told() {
  v1::Envelope envelope;
  envelope.set_seq(300);
  auto& status = *envelope.mutable_status();
  status.set_revision(7);
  status.set_session_id("p-1");
  status.set_start_error_us(-1);
  auto& readiness = *status.mutable_readiness();
  readiness.set_session_id("p-1");
  readiness.set_verdict(v1::Readiness::ready);
  for (int kind = v1::Check::link; kind <= v1::Check::microphone; ++kind)
    readiness.add_checks()->set_kind(static_cast<v1::Check::Kind>(kind));
  status.add_health()->set_rtt_ms(1.5);
  status.set_simulated(true);
  return envelope;
}

std::uint64_t numberOf(const v1::Envelope& envelope) {
  return findReadiness(encode(envelope)).number;
}

std::string field(int number, const std::string& body) {
  std::string out;
  appendField(out, number, body);
  return out;
}

TEST_CASE("a frame without its readiness says everything else") {
  for (const bool large : {false, true}) {
    auto envelope = told();
    if (large) envelope.mutable_status()->mutable_problem()->set_en(std::string(20'000, 'x'));
    const auto frame = encode(envelope);
    const auto part = findReadiness(frame);
    REQUIRE(part.number != 0);
    const auto rest = withoutReadiness(frame, part);
    envelope.mutable_status()->clear_readiness();
    v1::Envelope read;
    REQUIRE(decode(rest, read));
    CHECK(read.SerializeAsString() == envelope.SerializeAsString());
    CHECK(findReadiness(rest).number == 0);
  }
}

TEST_CASE("the number is of the readiness and its session, and of nothing else") {
  const auto number = numberOf(told());
  auto same = told();
  same.set_seq(1);
  same.mutable_status()->set_revision(8);
  same.mutable_status()->mutable_health(0)->set_rtt_ms(2);
  same.mutable_status()->add_received_text_ids("t-1");
  CHECK(numberOf(same) == number);
  auto other = told();
  other.mutable_status()->mutable_readiness()->mutable_checks(10)->set_verdict(v1::Check::ok);
  CHECK(numberOf(other) != number);
  other = told();
  other.mutable_status()->set_session_id("p-2");
  CHECK(numberOf(other) != number);
  other = told();
  other.mutable_status()->clear_session_id();
  CHECK(numberOf(other) != number);
}

TEST_CASE("frames that are more or less than one status with one readiness have none that is left out") {
  auto none = told();
  none.mutable_status()->clear_readiness();
  CHECK(numberOf(none) == 0);
  v1::Envelope ping;
  ping.mutable_ping()->set_t1_us(1);
  CHECK(numberOf(ping) == 0);
  CHECK(findReadiness("").number == 0);

  const auto whole = told();
  const auto& status = whole.status();
  const auto frame = encode(whole),
             readiness = field(v1::Status::kReadinessFieldNumber, status.readiness().SerializeAsString()),
             session = field(v1::Status::kSessionIdFieldNumber, "p-2");
  const auto again = field(v1::Envelope::kStatusFieldNumber, readiness);
  CHECK(findReadiness(again).number != 0);
  CHECK(findReadiness(frame + again).number == 0);
  CHECK(findReadiness(field(v1::Envelope::kStatusFieldNumber, readiness + readiness)).number == 0);
  CHECK(findReadiness(field(v1::Envelope::kStatusFieldNumber, session + session + readiness)).number == 0);
  v1::Envelope more;
  more.mutable_ping()->set_t1_us(1);
  CHECK(findReadiness(encode(more) + again).number == 0);
  more.Clear();
  more.set_ack(1);
  CHECK(findReadiness(encode(more) + again).number == 0);
  CHECK(findReadiness(field(v1::Envelope::kStatusFieldNumber, readiness + std::string(kMaxFrame, '\0')))
            .number == 0);
}

// Its end is cut off, or one byte is another: where it is still found, what is left out is just it.
TEST_CASE("broken frames are left to the parser") {
  const auto frame = encode(told());
  const auto check = [](const std::string& broken) {
    const auto part = findReadiness(broken);
    if (part.number == 0) return;
    v1::Envelope whole, rest;
    if (!decode(broken, whole)) return;
    REQUIRE(whole.has_status());
    REQUIRE(decode(withoutReadiness(broken, part), rest));
    whole.mutable_status()->clear_readiness();
    CHECK(rest.SerializeAsString() == whole.SerializeAsString());
  };
  for (std::size_t size = 0; size < frame.size(); ++size) {
    CHECK(findReadiness(frame.substr(0, size)).number == 0);
    for (const int byte : {0x00, 0x01, 0x07, 0x42, 0x7f, 0x80, 0xff}) {
      auto broken = frame;
      broken[size] = static_cast<char>(byte);
      check(broken);
    }
  }
}

}  // namespace
}  // namespace diemcau::wire
