// When to start, and how each site fared: rows of statuses with the verdict that follows.
#include "coordinator/core/launch.hpp"

#include <limits>

#include "tests/support/catch.hpp"

namespace diemcau::core {
namespace {

constexpr Micros kStart = 1'800'000'000 * kSecond;
const LaunchTimes kTimes;

v1::Session launched() {
  v1::Session session;
  session.set_id("p");
  session.set_phase(v1::Phase::live);
  session.set_time_zone("Asia/Ho_Chi_Minh");
  session.set_go_at_us(kStart - 3 * kSecond);
  session.set_start_at_us(kStart);
  session.set_deadline_us(kStart + 3 * kSecond);
  return session;
}

v1::Status status(std::uint64_t revision, Micros started,
                  v1::SitePhase::Name phase = v1::SitePhase::started) {
  v1::Status out;
  out.set_revision(revision);
  out.set_session_id("p");
  out.set_phase(phase);
  out.set_started_us(started);
  return out;
}

TEST_CASE("the lead follows the measured round trips") {
  struct Row {
    const char* why;
    std::vector<Micros> round_trips;
    Micros lead;
  };
  const std::vector<Row> rows{{"nothing measured", {}, 2 * kSecond},
                              {"unknown ones do not count", {0, 0, -5}, 2 * kSecond},
                              {"four times the slowest", {20'000, 50'000}, 2 * kSecond + 200'000},
                              {"never more than the most", {20 * kSecond}, 30 * kSecond},
                              {"a hostile value", {std::numeric_limits<Micros>::max()}, 30 * kSecond}};
  for (const auto& row : rows) {
    INFO(row.why);
    CHECK(leadFor(row.round_trips, kTimes) == row.lead);
  }
  std::vector<Micros> many(1000, 10'000);
  many[0] = 5 * kSecond;
  CHECK(leadFor(many, kTimes) == 2 * kSecond + 40'000);  // one slow site in a thousand delays nobody
  CHECK(leadFor({}, {.least_lead = 5 * kSecond}) == 5 * kSecond);
}

TEST_CASE("an outcome follows what the site says of its start") {
  struct Row {
    const char* why;
    v1::Status told;
    Micros now;
    v1::Outcome::State state;
    bool acked;
  };
  auto other = status(10, kStart);
  other.set_session_id("q");
  const std::vector<Row> rows{
      {"on time", status(10, kStart + 20'000), kStart + 100'000, v1::Outcome::started, true},
      {"half a second is within the tolerance", status(10, kStart + 500'000), kStart + kSecond,
       v1::Outcome::started, true},
      {"more is late", status(10, kStart + 500'001), kStart + kSecond, v1::Outcome::late, true},
      {"told long after, but started on time", status(12, kStart + 9'000), kStart + kHour,
       v1::Outcome::started, true},
      {"not yet", status(10, 0, v1::SitePhase::starting), kStart - kSecond, v1::Outcome::pending, true},
      {"from before GO acknowledges nothing", status(9, 0, v1::SitePhase::armed), kStart,
       v1::Outcome::pending, false},
      {"says started before the start", status(10, kStart - 2 * kSecond), kStart - kSecond,
       v1::Outcome::pending, true},
      {"a start of an earlier launch", status(10, kStart - kHour), kStart + kSecond, v1::Outcome::pending,
       true},
      {"a start in the future", status(10, kStart + kHour), kStart + kSecond, v1::Outcome::pending, true},
      {"a start of another session", other, kStart + kSecond, v1::Outcome::pending, true},
      {"cannot", status(10, 0, v1::SitePhase::failed), kStart + kSecond, v1::Outcome::failed, true},
      {"could not before GO", status(9, 0, v1::SitePhase::failed), kStart + kSecond, v1::Outcome::pending,
       false}};
  for (const auto& row : rows) {
    INFO(row.why);
    v1::Outcome outcome;
    noteStatus(outcome, launched(), row.told, 10, row.now, kTimes);
    CHECK(outcome.state() == row.state);
    CHECK((outcome.acked_us() != 0) == row.acked);
    CHECK((outcome.started_us() != 0) ==
          (row.state == v1::Outcome::started || row.state == v1::Outcome::late));
    CHECK(outcome.reason().en().empty() ==
          (row.state != v1::Outcome::late && row.state != v1::Outcome::failed));
    CHECK_FALSE(noteStatus(outcome, launched(), row.told, 10, row.now + 1, kTimes));  // a repeat does nothing
  }
}

TEST_CASE("a site that failed and starts later is late, with its instant") {
  v1::Outcome outcome;
  judge(outcome, launched(), Link{}, v1::LinkState::never, nullptr);
  CHECK(outcome.state() == v1::Outcome::failed);
  CHECK(outcome.reason().en() == "never connected");
  CHECK(noteStatus(outcome, launched(), status(10, kStart + kMinute), 10, kStart + kMinute, kTimes));
  CHECK(outcome.state() == v1::Outcome::late);
  CHECK(outcome.started_us() == kStart + kMinute);
  CHECK(outcome.reason().en() == "started 60.0 s late");
  // The first start counts; a restart of the hall's agent is no second launch.
  CHECK_FALSE(noteStatus(outcome, launched(), status(10, kStart + 2 * kMinute), 10, kStart + kHour, kTimes));
  CHECK(outcome.started_us() == kStart + kMinute);
}

TEST_CASE(
    "a site that was on air before its order is on air once the instant has come, and says since when") {
  auto told = status(10, kStart - 15 * kSecond);
  v1::Outcome outcome;
  const auto note = [&](Micros now) { return noteStatus(outcome, launched(), told, 10, now, kTimes); };
  note(kStart + kSecond);
  CHECK(outcome.state() == v1::Outcome::pending);  // by a clock that it has compared with nobody's
  told.mutable_clock()->set_known(true);
  told.mutable_clock()->set_rtt_us(20'000);
  CHECK_FALSE(note(kStart - kSecond));
  told.set_revision(9);
  v1::Outcome unordered;
  CHECK_FALSE(noteStatus(unordered, launched(), told, 10, kStart + kSecond, kTimes));
  told.set_revision(10);
  CHECK(note(kStart + kSecond));
  CHECK(outcome.state() == v1::Outcome::started);
  CHECK(outcome.started_us() == kStart - 15 * kSecond);
  CHECK(outcome.reason().en() == "was on air 15.0 s before the common instant: its clock was wrong");
  CHECK_FALSE(note(kStart + 2 * kSecond));
}

TEST_CASE("a waived site stays waived, its start is kept") {
  v1::Outcome outcome;
  outcome.set_state(v1::Outcome::waived);
  noteStatus(outcome, launched(), status(10, kStart + kMinute), 10, kStart + kMinute, kTimes);
  judge(outcome, launched(), Link{}, v1::LinkState::never, nullptr);
  CHECK(outcome.state() == v1::Outcome::waived);
  CHECK(outcome.started_us() == kStart + kMinute);
}

TEST_CASE("at the deadline every silent site gets its reason") {
  const LinkTimes times;
  Link here, gone;
  here.connect(kStart);
  gone.connect(kStart - kMinute);
  gone.disconnect(kStart - 30 * kSecond);
  auto failed = status(10, 0, v1::SitePhase::failed);
  failed.mutable_problem()->set_en("no display");
  auto probing = status(10, 0, v1::SitePhase::starting);
  probing.add_health()->mutable_problem()->set_en("connection refused");
  const auto waiting = status(10, 0, v1::SitePhase::starting);
  struct Row {
    const Link& link;
    const v1::Status* told;
    bool acked;
    v1::Outcome::State state;
    const char* reason;
  };
  const std::vector<Row> rows{
      {gone, &waiting, true, v1::Outcome::failed, "offline since 14:59:30"},
      {here, nullptr, false, v1::Outcome::late, "no answer: connected, but has not taken the order"},
      {here, &waiting, true, v1::Outcome::late, "has the order, but has not reported a start"},
      {here, &probing, true, v1::Outcome::late, "probe says: connection refused"},
      {here, &failed, true, v1::Outcome::failed, "no display"}};
  for (const auto& row : rows) {
    v1::Outcome outcome;
    if (row.acked) outcome.set_acked_us(kStart);
    judge(outcome, launched(), row.link, linkState(row.link, kStart + 3 * kSecond, times), row.told);
    CHECK(outcome.state() == row.state);
    CHECK(outcome.reason().en() == row.reason);
  }
}

TEST_CASE("the launch in figures") {
  Outcomes outcomes;
  const auto add = [&](const char* id, v1::Outcome::State state, Micros ack, Micros skew, bool simulated) {
    auto& outcome = outcomes[id];
    outcome.set_state(state);
    if (ack != 0) outcome.set_acked_us(launched().go_at_us() + ack);
    if (skew >= 0) outcome.set_started_us(kStart + skew);
    outcome.set_simulated(simulated);
  };
  add("a", v1::Outcome::started, 40'000, 10'000, false);
  add("b", v1::Outcome::started, 80'000, 30'000, false);
  add("c", v1::Outcome::started, 90'000, 400'000, true);  // not a real hall: no skew
  add("d", v1::Outcome::late, 20 * kSecond, -1, false);   // came later: not in the acknowledgements
  add("e", v1::Outcome::failed, 0, -1, false);
  add("f", v1::Outcome::waived, 0, -1, false);
  add("g", v1::Outcome::pending, 0, -1, true);
  const auto report = launchReport(launched(), outcomes, {"a", "b", "c", "e"});
  CHECK(report.sites() == 7);
  CHECK(report.started() == 3);
  CHECK(report.late() == 1);
  CHECK(report.failed() == 1);
  CHECK(report.waived() == 1);
  CHECK(report.pending() == 1);
  CHECK(report.last_ack_ms() == 90);
  CHECK(report.ack_p50_ms() == 80);
  CHECK(report.skew_max_ms() == 30);
  CHECK(report.skew_p50_ms() == 10);
  CHECK(report.real_sites() == 3);
}

TEST_CASE("links are judged by now and nothing else") {
  const LinkTimes times;
  Link link;
  CHECK(linkState(link, kStart, times) == v1::LinkState::never);
  CHECK(lostSince(link, kStart, times) == 0);
  link.connect(kStart);
  struct Row {
    Micros after;
    v1::LinkState::Name state;
  };
  for (const auto& row : std::vector<Row>{{0, v1::LinkState::online},
                                          {15 * kSecond - 1, v1::LinkState::online},
                                          {15 * kSecond, v1::LinkState::stale},
                                          {30 * kSecond - 1, v1::LinkState::stale},
                                          {30 * kSecond, v1::LinkState::offline},
                                          {kHour, v1::LinkState::offline},
                                          // The clock was set back: heard in the future is not heard now.
                                          {-kSecond, v1::LinkState::online},
                                          {-kHour, v1::LinkState::offline}}) {
    CHECK(linkState(link, kStart + row.after, times) == row.state);
    CHECK(lostSince(link, kStart + row.after, times) == (row.state == v1::LinkState::online ? 0 : kStart));
  }
  link.hear(kStart + kHour);
  CHECK(linkState(link, kStart + kHour, times) == v1::LinkState::online);
  link.disconnect(kStart + kHour + 1);
  CHECK(linkState(link, kStart + kHour + 1, times) == v1::LinkState::offline);
  CHECK(lostSince(link, kStart + kHour + kMinute, times) == kStart + kHour + 1);
}

}  // namespace
}  // namespace diemcau::core
