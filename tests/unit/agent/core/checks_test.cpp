// Readiness: each check, its reasons, and the verdict over all.
#include "agent/core/checks.hpp"

#include <set>

#include "agent/core/words.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/agent/core/site.hpp"

using namespace diemcau;
using namespace diemcau::test;

namespace {

// A site in its first rehearsal.
Site rehearsing() {
  Site site;
  site.connect(true);
  auto plan = planOf("s1", v1::Phase::rehearsing);
  plan.set_rehearsal(1);
  site.assign({plan});
  return site;
}

}  // namespace

TEST_CASE("a feed must be clear for three seconds") {
  auto site = rehearsing();
  site.pass(3500 * kMillisecond);  // first sample after one second, then two and a half clear ones
  CHECK(site.check(v1::Check::main_feed).verdict() == v1::Check::running);
  site.pass(1500 * kMillisecond);
  CHECK(site.check(v1::Check::main_feed).verdict() == v1::Check::ok);
  CHECK(site.check(v1::Check::main_feed).at_us() > 0);
}

TEST_CASE("every condition fails the feed with its own words, in both languages") {
  std::set<std::string> sentences;
  for (int number = 1; number < v1::Condition::Name_ARRAYSIZE; ++number) {
    const auto condition = static_cast<v1::Condition::Name>(number);
    CAPTURE(v1::Condition::Name_Name(condition));
    auto site = rehearsing();
    site.feeds["main"] = badSample("main", condition);
    site.pass(20 * kSecond);
    const auto check = site.check(v1::Check::main_feed);
    CHECK(check.verdict() == v1::Check::failed);
    CHECK_FALSE(check.reason().vi().empty());
    CHECK_FALSE(check.reason().en().empty());
    CHECK(sentences.insert(check.reason().vi()).second);
    CHECK(site.status().readiness().verdict() == v1::Readiness::not_ready);
    CHECK(site.check(v1::Check::backup_feed).verdict() == v1::Check::ok);
  }
}

TEST_CASE("a wrong size is told with both sizes") {
  auto sample = badSample("main", v1::Condition::wrong_format);
  sample.mutable_video()->set_width(1280);
  sample.mutable_video()->set_height(720);
  v1::Profile profile;
  profile.set_width(1920);
  profile.set_height(1080);
  profile.set_video_codec("h264");
  CHECK(agent::feedTrouble(sample, profile).en() ==
        "The picture is h264 1280x720, the plan says h264 1920x1080");
}

TEST_CASE("no sample at all: the check fails instead of running for ever") {
  auto site = rehearsing();
  for (Micros passed = 0; passed < 15 * kSecond; passed += kSecond) {
    site.feeds.clear();  // samples without an id belong to nobody
    site.pass(kSecond);
  }
  CHECK(site.check(v1::Check::main_feed).verdict() == v1::Check::failed);
  CHECK_FALSE(site.check(v1::Check::main_feed).reason().vi().empty());
}

TEST_CASE("a feed that recovers is ok again, one that goes bad fails") {
  auto site = rehearsing();
  site.feeds["backup"] = badSample("backup", v1::Condition::black);
  site.pass(15 * kSecond);
  CHECK(site.status().readiness().verdict() == v1::Readiness::not_ready);
  site.feeds["backup"] = goodSample("backup");
  site.pass(5 * kSecond);
  CHECK(site.status().readiness().verdict() == v1::Readiness::ready);
  site.feeds["backup"] = badSample("backup", v1::Condition::frozen);
  site.pass(5 * kSecond);
  CHECK(site.check(v1::Check::backup_feed).verdict() == v1::Check::failed);
}

TEST_CASE("the clock must be known to 50 ms") {
  struct Row {
    bool known;
    Micros error;
    v1::Check::Verdict verdict;
  };
  for (const auto& row : {Row{true, 50'000, v1::Check::ok}, Row{true, 50'001, v1::Check::failed},
                          Row{false, 0, v1::Check::failed}}) {
    auto site = rehearsing();
    site.clock_known = row.known;
    site.clock_error = row.error;
    auto plan = planOf("s1", v1::Phase::rehearsing);
    plan.set_rehearsal(2);
    site.assign({plan});
    CHECK(site.check(v1::Check::clock).verdict() != v1::Check::failed);
    site.pass(10 * kSecond);
    CHECK(site.check(v1::Check::clock).verdict() == row.verdict);
    CHECK(site.check(v1::Check::clock).reason().vi().empty() == (row.verdict == v1::Check::ok));
  }
}

TEST_CASE("disk and CPU") {
  struct Row {
    std::uint64_t disk;
    Micros late;
    v1::Check::Verdict disk_verdict, cpu_verdict;
  };
  for (const auto& row : {Row{1ULL << 30, 0, v1::Check::ok, v1::Check::ok},
                          Row{(64ULL << 20) - 1, 0, v1::Check::failed, v1::Check::ok},
                          Row{64ULL << 20, 200 * kMillisecond, v1::Check::ok, v1::Check::ok},
                          Row{1ULL << 30, 201 * kMillisecond, v1::Check::ok, v1::Check::failed}}) {
    auto site = rehearsing();
    site.follower.machine({.known = true, .disk_free = row.disk, .late = row.late});
    site.pass(5 * kSecond);
    CHECK(site.check(v1::Check::disk).verdict() == row.disk_verdict);
    CHECK(site.check(v1::Check::cpu).verdict() == row.cpu_verdict);
  }
}

TEST_CASE("without the coordinator link and version say so") {
  auto site = rehearsing();
  site.follower.link({.connected = false, .too_old = false, .problem = {}}, site.now());
  site.pass(10 * kSecond);
  CHECK(site.check(v1::Check::link).verdict() == v1::Check::failed);
  site.connect(true);
  site.pass(kSecond);
  CHECK(site.check(v1::Check::link).verdict() == v1::Check::ok);
  site.follower.link({.connected = false, .too_old = true, .problem = {}}, site.now());
  site.pass(kSecond);
  CHECK(site.check(v1::Check::version).verdict() == v1::Check::failed);
}

TEST_CASE(
    "the technician's checks: not run until confirmed, kept over rehearsals, taken back when unticked") {
  auto site = rehearsing();
  site.pass(6 * kSecond);
  CHECK(site.check(v1::Check::camera).verdict() == v1::Check::not_run);
  CHECK(site.status().readiness().verdict() == v1::Readiness::ready);

  v1::SignOff sign_off;
  sign_off.set_screen(true);
  sign_off.set_microphone(true);
  site.follower.signOff("s1", sign_off, "Lê Văn Cường", 42);
  CHECK(site.check(v1::Check::screen).verdict() == v1::Check::ok);
  CHECK(site.check(v1::Check::screen).by() == "Lê Văn Cường");
  CHECK(site.check(v1::Check::camera).verdict() == v1::Check::not_run);

  auto plan = planOf("s1", v1::Phase::rehearsing);
  plan.set_rehearsal(2);
  site.assign({plan});
  CHECK(site.status().readiness().rehearsal() == 2);
  CHECK(site.check(v1::Check::main_feed).verdict() == v1::Check::running);
  CHECK(site.check(v1::Check::screen).verdict() == v1::Check::ok);

  sign_off.set_screen(false);
  site.follower.signOff("s1", sign_off, "Lê Văn Cường", 43);
  CHECK(site.check(v1::Check::screen).verdict() == v1::Check::not_run);
  CHECK(site.check(v1::Check::screen).by().empty());
}

TEST_CASE("a confirmation before any rehearsal is kept too, and one for another session is not taken") {
  Site site;
  site.assign({planOf("s1", v1::Phase::scheduled)});
  v1::SignOff sign_off;
  sign_off.set_camera(true);
  site.follower.signOff("another", sign_off, "An", 1);
  CHECK_FALSE(site.status().has_readiness());
  site.follower.signOff("s1", sign_off, "An", 1);
  CHECK(site.status().readiness().verdict() == v1::Readiness::not_checked);
  auto plan = planOf("s1", v1::Phase::rehearsing);
  plan.set_rehearsal(1);
  site.assign({plan});
  CHECK(site.check(v1::Check::camera).verdict() == v1::Check::ok);
}

TEST_CASE("a rehearsal that ends too early leaves no check running") {
  auto site = rehearsing();
  site.pass(kSecond);
  site.assign({planOf("s1", v1::Phase::scheduled)});
  const auto status = site.status();
  for (const auto& check : status.readiness().checks()) CHECK(check.verdict() != v1::Check::running);
  CHECK(site.check(v1::Check::main_feed).verdict() == v1::Check::not_run);
  CHECK(site.status().readiness().verdict() == v1::Readiness::not_checked);
}

TEST_CASE("armed after a rehearsal: verdicts stay while the probes start again") {
  auto site = rehearsing();
  site.pass(6 * kSecond);
  auto plan = planOf("s1", v1::Phase::scheduled);
  plan.set_rehearsal(1);
  site.assign({plan});
  plan.set_phase(v1::Phase::armed);
  site.assign({plan});
  for (int i = 0; i < 50; ++i) {
    REQUIRE(site.status().readiness().verdict() == v1::Readiness::ready);
    site.pass(100 * kMillisecond);
  }
}

TEST_CASE("armed without a rehearsal is checked as well") {
  Site site;
  site.connect(true);
  site.assign({planOf("s1", v1::Phase::armed)});
  site.pass(6 * kSecond);
  CHECK(site.status().readiness().verdict() == v1::Readiness::ready);
  CHECK(site.status().readiness().rehearsal() == 0);
}

TEST_CASE("a plan with one feed has no check of a backup") {
  Site site;
  site.connect(true);
  auto plan = planOf("s1", v1::Phase::armed);
  plan.mutable_feeds()->RemoveLast();
  site.assign({plan});
  site.pass(6 * kSecond);
  CHECK(site.check(v1::Check::backup_feed).kind() == v1::Check::unknown);
  CHECK(site.status().readiness().verdict() == v1::Readiness::ready);
}
