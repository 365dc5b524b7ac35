// Which faults are on when, on virtual time.
#include "tests/studio/schedule.hpp"

#include "tests/support/catch.hpp"

namespace diemcau::studio {

namespace {

FaultSet at(Schedule& schedule, Micros now, const char* feed = "main") {
  schedule.advance(now);
  return schedule.active(feed);
}

Command say(const char* line) {
  auto command = parseCommand(line);
  REQUIRE(command);
  return *command;
}

}  // namespace

TEST_CASE("a timed cue is on from its moment until its end, on its feed alone") {
  Schedule schedule({"main", "backup"});
  REQUIRE(schedule.add(*parseTimedCue("12 main black 8")));
  CHECK(at(schedule, 12 * kSecond - 1).none());
  CHECK(has(at(schedule, 12 * kSecond), Fault::kBlack));
  CHECK(schedule.active("backup").none());
  CHECK(has(at(schedule, 20 * kSecond - 1), Fault::kBlack));
  CHECK(at(schedule, 20 * kSecond).none());
}

TEST_CASE("a late frame shortens a cue and does not move its end") {
  Schedule schedule({"main"});
  REQUIRE(schedule.add(*parseTimedCue("1 main freeze 2")));
  CHECK(has(at(schedule, 2 * kSecond), Fault::kFreeze));
  CHECK(at(schedule, 3 * kSecond).none());

  SECTION("and one that is over before any frame came never shows") {
    Schedule late({"main"});
    REQUIRE(late.add(*parseTimedCue("1 main freeze 2")));
    CHECK(at(late, 10 * kSecond).none());
  }
}

TEST_CASE("a cue without a length stays until ok") {
  Schedule schedule({"main", "backup"});
  REQUIRE(schedule.apply(say("main silence"), 0));
  REQUIRE(schedule.apply(say("main low_fps 5"), 0));
  REQUIRE(schedule.apply(say("backup cut"), 0));
  CHECK(at(schedule, kHour) == FaultSet().set(static_cast<std::size_t>(Fault::kSilence)));
  REQUIRE(schedule.apply(say("main ok"), kHour));
  CHECK(at(schedule, kHour).none());
  CHECK(has(at(schedule, kHour, "backup"), Fault::kCut));
  REQUIRE(schedule.apply(say("all ok"), kHour));
  CHECK(at(schedule, kHour, "backup").none());
}

TEST_CASE("a repeated cue counts anew, and other faults run beside it") {
  Schedule schedule({"main"});
  REQUIRE(schedule.apply(say("main black 5"), 0));
  REQUIRE(schedule.apply(say("main silence 2"), 0));
  REQUIRE(schedule.apply(say("main black 5"), 4 * kSecond));
  CHECK(at(schedule, 8 * kSecond) == FaultSet().set(static_cast<std::size_t>(Fault::kBlack)));
  CHECK(at(schedule, 9 * kSecond).none());
}

TEST_CASE("all means every feed") {
  Schedule schedule({"main", "backup", "third"});
  REQUIRE(schedule.apply(say("all no_video 1"), 0));
  for (const char* feed : {"main", "backup", "third"}) CHECK(has(at(schedule, 0, feed), Fault::kNoVideo));
}

TEST_CASE("an unknown feed is refused by name and changes nothing") {
  Schedule schedule({"main", "backup"});
  for (const char* line : {"mian black 8", "mian ok"}) {
    const auto done = schedule.apply(say(line), 0);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == ErrorCode::kNotFound);
    CHECK_THAT(done.error().text, Catch::Contains("'mian'") && Catch::Contains("backup"));
  }
  CHECK_FALSE(schedule.add(*parseTimedCue("1 mian black 8")));
  CHECK(at(schedule, kSecond).none());
  CHECK(schedule.active("mian").none());
}

}  // namespace diemcau::studio
