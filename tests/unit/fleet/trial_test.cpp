// Readiness checks that run for a while and turn out by the site's behaviour.
#include "tests/fleet/trial.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/fleet/fixture.hpp"

using namespace diemcau;
using namespace diemcau::fleet;
using namespace diemcau::fleet::test;

namespace {
v1::Plan rehearsal(std::uint32_t number) {
  auto plan = planIn(v1::Phase::rehearsing);
  plan.set_rehearsal(number);
  return plan;
}
}  // namespace

TEST_CASE("checks run, then turn out") {
  struct Row {
    const char* what;
    const Trouble* trouble;
    bool signs_off;
    v1::Readiness::Verdict verdict;
  };
  for (const Row& row : {Row{"all well", nullptr, true, v1::Readiness::ready},
                         Row{"the technician is not there", nullptr, false, v1::Readiness::ready},
                         Row{"a decoder is missing", &startTroubles()[0], true, v1::Readiness::not_ready},
                         Row{"the screen is missing", &startTroubles()[1], false, v1::Readiness::not_ready},
                         Row{"no backup feed", &smallTroubles()[0], true, v1::Readiness::not_ready}}) {
    INFO(row.what);
    Behaviour behaviour = plainBehaviour();
    behaviour.trouble = row.trouble;
    behaviour.signs_off = row.signs_off;
    Trial trial(behaviour, "D1");
    CHECK(trial.follow(rehearsal(1), false, at(0)));
    CHECK(trial.readiness().verdict() == v1::Readiness::checking);
    CHECK(trial.readiness().session_id() == "s1");
    CHECK(trial.readiness().rehearsal() == 1);
    CHECK(trial.readiness().checks_size() == 11);
    CHECK_FALSE(trial.follow(rehearsal(1), false, at(4 * kSecond)));
    CHECK(trial.follow(rehearsal(1), false, at(5 * kSecond)));
    CHECK(trial.readiness().verdict() == row.verdict);
    CHECK_FALSE(trial.follow(rehearsal(1), false, at(6 * kSecond)));
    for (const auto& check : trial.readiness().checks()) {
      const bool failed = check.verdict() == v1::Check::failed;
      CHECK(failed == (row.trouble != nullptr && row.trouble->check == check.kind()));
      CHECK(failed == !check.reason().vi().empty());
      CHECK(check.verdict() != v1::Check::running);
    }
  }
}

TEST_CASE("each rehearsal checks anew; arming takes what is known") {
  const Behaviour behaviour = plainBehaviour();
  Trial trial(behaviour, "D1");
  trial.follow(rehearsal(1), false, at(0));
  trial.follow(rehearsal(1), false, at(5 * kSecond));
  auto armed = rehearsal(1);
  armed.set_phase(v1::Phase::armed);
  CHECK_FALSE(trial.follow(armed, false, at(10 * kSecond)));
  CHECK(trial.follow(rehearsal(2), false, at(20 * kSecond)));
  CHECK(trial.readiness().verdict() == v1::Readiness::checking);
  // Ended too early: what ran is not run, and says why.
  CHECK(trial.stop(at(21 * kSecond)));
  CHECK_FALSE(trial.stop(at(22 * kSecond)));
  CHECK(trial.readiness().verdict() == v1::Readiness::not_checked);
  CHECK(trial.readiness().checks(0).verdict() == v1::Check::not_run);
  CHECK_FALSE(trial.readiness().checks(0).reason().vi().empty());
}

TEST_CASE("a plan without a backup feed has no check of it") {
  const Behaviour behaviour = plainBehaviour();
  Trial trial(behaviour, "D1");
  auto plan = rehearsal(1);
  plan.mutable_feeds()->RemoveLast();
  trial.follow(plan, false, at(0));
  for (const auto& check : trial.readiness().checks()) CHECK(check.kind() != v1::Check::backup_feed);
}
