// The site's end of a link: what goes out, what is believed, and what a reconnect resumes.
#include "wire/site_link.hpp"

#include "tests/support/catch.hpp"
#include "wire/codec.hpp"

using namespace diemcau;
using wire::ClockOffset;
using wire::SiteLink;

namespace {

constexpr Micros kNow = 1000 * kSecond;

v1::Envelope body(std::uint64_t seq, std::uint64_t ack = 0) {
  v1::Envelope envelope;
  envelope.set_seq(seq);
  envelope.set_ack(ack);
  return envelope;
}
v1::Envelope welcome(std::uint64_t seq = 1, std::uint64_t resume = 0) {
  auto envelope = body(seq);
  envelope.mutable_welcome()->set_resume_after(resume);
  envelope.mutable_welcome()->set_heartbeat_ms(5000);
  return envelope;
}

struct Site {
  ClockOffset clock;
  std::vector<std::string> spool;  // encoded records; number = place + 1
  std::size_t largest_read = 0;
  SiteLink link{clock, [this](std::uint64_t after, std::size_t max_bytes) {
                  std::vector<SiteLink::SpoolRecord> out;
                  std::size_t bytes = 0;
                  largest_read = std::max(largest_read, max_bytes);
                  for (auto n = after; n < spool.size() && bytes + spool[n].size() <= max_bytes; ++n) {
                    bytes += spool[n].size();
                    out.push_back({n + 1, spool[n]});
                  }
                  return out;
                }};
  std::uint64_t seq = 0;

  void write(std::size_t count, std::size_t bytes = 100) {
    for (std::size_t i = 0; i < count; ++i) {
      v1::Record record;
      record.set_number(spool.size() + 1);
      record.set_by(std::string(bytes, 'x'));
      spool.push_back(record.SerializeAsString());
    }
    link.spooled(spool.size());
  }
  void connect(Micros at = kNow) {
    seq = 0;
    v1::Hello hello;
    hello.set_site_id("D001");
    hello.set_spooled(spool.size());
    link.connected(hello, at);
  }
  // The next frame, parsed; seq 0 when there is none. The sequence is checked.
  v1::Envelope next(Micros at = kNow) {
    std::string frame;
    v1::Envelope envelope;
    if (!link.next(frame, at)) return envelope;
    REQUIRE(wire::decode(frame, envelope));
    REQUIRE(envelope.seq() == ++seq);
    return envelope;
  }
  Result<wire::SiteLinkEvents> receive(const v1::Envelope& envelope, Micros at = kNow) {
    return link.receive(wire::encode(envelope), at);
  }
  // Connected and welcomed, the first ping gone.
  void join(std::uint64_t resume = 0, Micros at = kNow) {
    connect(at);
    REQUIRE(next(at).has_hello());
    REQUIRE(receive(welcome(1, resume), at));
    REQUIRE(next(at).has_ping());
  }
};

std::vector<std::uint64_t> numbers(const v1::Envelope& envelope) {
  std::vector<std::uint64_t> out;
  for (const auto& record : envelope.records().records()) out.push_back(record.number());
  return out;
}

}  // namespace

TEST_CASE("hello first, and nothing more before the welcome") {
  Site site;
  site.write(3);
  site.link.setStatus({});
  CHECK(site.next().seq() == 0);
  site.connect();
  const auto hello = site.next();
  CHECK(hello.hello().site_id() == "D001");
  CHECK(hello.hello().spooled() == 3);
  CHECK(site.next().seq() == 0);
  CHECK_FALSE(site.link.welcomed());
  const auto events = site.receive(welcome());
  REQUIRE(events);
  CHECK(events->welcome.has_value());
  CHECK(site.link.welcomed());
  CHECK(site.next().has_ping());
  CHECK(site.next().has_status());
  CHECK(numbers(site.next()) == std::vector<std::uint64_t>{1, 2, 3});
  CHECK(site.next().seq() == 0);
}

TEST_CASE("only the newest status goes out, once, and again on the next connection") {
  Site site;
  site.join();
  v1::Status status;
  for (std::uint64_t revision = 1; revision < 6; ++revision) {
    status.set_revision(revision);
    site.link.setStatus(status);
  }
  CHECK(site.next().status().revision() == 5);
  CHECK(site.next().seq() == 0);
  site.join();
  CHECK(site.next().status().revision() == 5);
  CHECK(site.next().seq() == 0);
}

TEST_CASE(
    "records resume where the coordinator says, and a lost acknowledgement sends nothing twice for good") {
  Site site;
  site.write(5);
  site.join(2);
  CHECK(numbers(site.next()) == std::vector<std::uint64_t>{3, 4, 5});
  // The connection ends before an acknowledgement comes: the same again.
  site.link.disconnected();
  site.join(2);
  CHECK(numbers(site.next()) == std::vector<std::uint64_t>{3, 4, 5});
  // They had arrived and only the acknowledgement was lost: the welcome says so.
  site.link.disconnected();
  site.connect();
  site.next();
  const auto events = site.receive(welcome(1, 5));
  REQUIRE(events);
  CHECK(events->acked == 5);
  CHECK(site.next().has_ping());
  CHECK(site.next().seq() == 0);
  // A coordinator that went back to a backup asks for them once more.
  site.link.disconnected();
  site.join(3);
  CHECK(numbers(site.next()) == std::vector<std::uint64_t>{4, 5});
  CHECK(site.receive(body(2, 5)).value().acked == 0);  // no news: that was acknowledged before
}

TEST_CASE("acknowledgements are news once, and never beyond what went out") {
  Site site;
  site.write(5);
  site.join();
  site.next();
  CHECK(site.receive(body(2, 3)).value().acked == 3);
  CHECK(site.receive(body(3, 3)).value().acked == 0);
  CHECK(site.receive(body(4, 2)).value().acked == 0);
  CHECK(site.receive(body(5, 5)).value().acked == 5);
  CHECK(site.link.acked() == 5);
  CHECK_FALSE(site.receive(body(6, 6)));
}

TEST_CASE("numbers of another epoch are other numbers") {
  Site site;
  site.write(5);
  site.connect();
  site.next();
  REQUIRE(site.link.receive(wire::encode(welcome(1, 5)), kNow));
  CHECK(site.link.acked() == 5);
  site.spool.resize(2);
  v1::Hello hello;
  hello.set_epoch(2);
  hello.set_spooled(2);
  site.link.connected(hello, kNow);
  CHECK(site.link.acked() == 0);
  site.seq = 0;
  CHECK(site.next().has_hello());
  REQUIRE(site.link.receive(wire::encode(welcome(1, 0)), kNow));
  CHECK(site.next().has_ping());
  CHECK(site.next().records().records_size() == 2);
  CHECK(site.next().seq() == 0);
}

TEST_CASE("frames of records keep the limit of a frame, and all of them the limit in flight") {
  Site site;
  site.write(3000, 300);
  site.join();
  std::size_t bytes = 0;
  std::uint64_t last = 0;
  for (;;) {
    std::string frame;
    if (!site.link.next(frame, kNow)) break;
    CHECK(frame.size() <= wire::kMaxFrame);
    v1::Envelope envelope;
    REQUIRE(wire::decode(frame, envelope));
    for (const auto& record : envelope.records().records()) {
      REQUIRE(record.number() == last + 1);
      last = record.number();
    }
    bytes += frame.size();
  }
  CHECK(bytes > SiteLink::kInFlight - 2000);
  CHECK(bytes < SiteLink::kInFlight + 1000);
  CHECK(site.largest_read <= wire::kMaxFrame);
  REQUIRE(last < 3000);
  // An acknowledgement of the first frame makes room for as much.
  REQUIRE(site.receive(body(2, last)));
  std::string frame;
  REQUIRE(site.link.next(frame, kNow));
  v1::Envelope envelope;
  REQUIRE(wire::decode(frame, envelope));
  CHECK(envelope.records().records(0).number() == last + 1);
}

TEST_CASE("a heartbeat goes out in time, a few close together at first") {
  Site site;
  site.join();
  std::vector<Micros> pings;
  for (Micros at = kNow; at < kNow + 20 * kSecond; at += 100 * kMillisecond) {
    if (site.link.nextDue() <= at) {
      const auto frame = site.next(at);
      REQUIRE(frame.has_ping());
      CHECK(frame.ping().t1_us() == at);
      pings.push_back(at - kNow);
    } else {
      REQUIRE(site.next(at).seq() == 0);
    }
  }
  CHECK(pings == std::vector<Micros>{500 * kMillisecond, kSecond, 1500 * kMillisecond, 2 * kSecond,
                                     7 * kSecond, 12 * kSecond, 17 * kSecond});
}

TEST_CASE("a pong sets the clock only when it answers the newest ping") {
  Site site;
  site.join();
  auto pong = body(2);
  pong.mutable_pong()->set_t1_us(kNow - 1);
  pong.mutable_pong()->set_t2_us(5'000'000);
  pong.mutable_pong()->set_t3_us(5'000'100);
  CHECK_FALSE(site.receive(pong, kNow + 300).value().clock_changed);
  CHECK_FALSE(site.clock.known());
  pong.set_seq(3);
  pong.mutable_pong()->set_t1_us(kNow);
  CHECK(site.receive(pong, kNow + 300).value().clock_changed);
  CHECK(site.clock.coordinatorAt(kNow + 300) == 5'000'200);
  pong.set_seq(4);
  CHECK_FALSE(site.receive(pong, kNow + 900).value().clock_changed);
}

TEST_CASE("a coordinator that is silent for three heartbeats is given up, welcomed or not") {
  Site site;
  CHECK_FALSE(site.link.silent(kNow + kHour));
  site.connect();
  CHECK_FALSE(site.link.silent(kNow + 15 * kSecond));
  CHECK(site.link.silent(kNow + 15 * kSecond + 1));
  site.join();
  CHECK_FALSE(site.link.silent(kNow + 15 * kSecond));
  REQUIRE(site.receive(body(2), kNow + 14 * kSecond));
  CHECK_FALSE(site.link.silent(kNow + 29 * kSecond));
  CHECK(site.link.silent(kNow + 30 * kSecond));
  site.link.disconnected();
  CHECK_FALSE(site.link.silent(kNow + kHour));
}

TEST_CASE("an answer that is overdue by two seconds makes the link quiet, long before it is given up") {
  Site site;
  CHECK_FALSE(site.link.quiet(kNow + kHour));
  site.connect();
  site.join();
  CHECK_FALSE(site.link.quiet(kNow + 7 * kSecond));
  CHECK(site.link.quiet(kNow + 7 * kSecond + 1));
  CHECK_FALSE(site.link.silent(kNow + 7 * kSecond + 1));
  REQUIRE(site.receive(body(2), kNow + 8 * kSecond));
  CHECK_FALSE(site.link.quiet(kNow + 15 * kSecond));
  site.link.disconnected();
  CHECK_FALSE(site.link.quiet(kNow + kHour));
}

TEST_CASE("frames out of turn are refused, unknown ones are not") {
  auto assignment = body(2);
  assignment.mutable_assignment()->set_revision(7);
  auto hello = body(2);
  hello.mutable_hello();
  auto status = body(2);
  status.mutable_status();
  struct Row {
    const char* what;
    std::vector<v1::Envelope> frames;
    bool last_is_fine;
  };
  const Row rows[] = {
      {"an assignment", {assignment}, true},
      {"a body of a newer version", {body(2)}, true},
      {"a repeat", {assignment, assignment}, false},
      {"a gap", {body(3)}, false},
      {"number 0", {body(0)}, false},
      {"the largest number", {body(~std::uint64_t{0})}, false},
      {"a second welcome", {welcome(2)}, false},
      {"a hello", {hello}, false},
      {"a status", {status}, false},
      {"an acknowledgement of what was never sent", {body(2, 1)}, false},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    Site site;
    site.join();
    bool fine = true;
    for (const auto& frame : row.frames) {
      CHECK(fine);
      fine = site.receive(frame).has_value();
    }
    CHECK(fine == row.last_is_fine);
  }
  Site early;
  early.connect();
  CHECK_FALSE(early.receive(welcome()));  // before our hello
  Site no_welcome;
  no_welcome.connect();
  no_welcome.next();
  assignment.set_seq(1);
  CHECK_FALSE(no_welcome.receive(assignment));
  CHECK_FALSE(Site{}.receive(welcome()));
  Site big;
  big.join();
  const auto got = big.link.receive(std::string(wire::kMaxFrame + 1, 'x'), kNow);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == ErrorCode::kTooBig);
}
