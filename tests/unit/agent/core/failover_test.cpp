// Which feed is shown, as tables and as stories.
#include "agent/core/failover.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/agent/core/site.hpp"

using namespace diemcau;
using namespace diemcau::agent;
using namespace diemcau::test;

namespace {

// Feeds that are judged once a second; the decision is asked for ten times a second.
struct Room {
  Failover failover;
  Micros steady = kHour;
  bool main = true, backup = true;
  Room() { failover.feeds({"main", "backup"}, steady); }
  void pass(Micros span) {
    for (const auto end = steady + span; steady < end; steady += 100 * kMillisecond) {
      if (steady % kSecond == 0) {
        failover.judge("main", main, steady);
        failover.judge("backup", backup, steady);
      }
      failover.decide(steady);
    }
  }
  // How long until the active feed is `id`, at most `most`.
  Micros until(const std::string& id, Micros most) {
    const auto begin = steady;
    while (failover.active() != id && steady - begin < most) pass(100 * kMillisecond);
    return steady - begin;
  }
};

}  // namespace

TEST_CASE("which conditions leave a feed") {
  struct Row {
    v1::Condition::Name condition;
    bool leaves;
  };
  const std::vector<Row> rows{
      {v1::Condition::none, false},         {v1::Condition::no_signal, true},
      {v1::Condition::no_video, true},      {v1::Condition::no_audio, true},
      {v1::Condition::black, true},         {v1::Condition::frozen, true},
      {v1::Condition::silence, false},      {v1::Condition::low_bitrate, false},
      {v1::Condition::low_fps, false},      {v1::Condition::wrong_format, false},
      {v1::Condition::corrupted, true},     {v1::Condition::packet_loss, false},
      {v1::Condition::line_too_slow, true}, {v1::Condition::stutter, false},
      {v1::Condition::high_delay, false},   {v1::Condition::jitter, false},
      {v1::Condition::too_quiet, false},    {v1::Condition::clipping, false},
      {v1::Condition::av_skew, false},      {v1::Condition::timestamps, false},
      {v1::Condition::wrong_feed, true},
  };
  REQUIRE(rows.size() == v1::Condition::Name_ARRAYSIZE);
  for (const auto& row : rows) {
    CAPTURE(v1::Condition::Name_Name(row.condition));
    CHECK(leavesFeed(row.condition) == row.leaves);
    if (row.condition == v1::Condition::none) continue;
    CHECK(goodFeed(badSample("main", row.condition)) == !row.leaves);
  }
  CHECK(goodFeed(goodSample("main")));
  CHECK_FALSE(goodFeed(v1::HealthSample()));
  v1::HealthSample awaited = goodSample("main");
  awaited.set_picture_awaited(true);
  CHECK_FALSE(goodFeed(awaited));
}

TEST_CASE("a feed of which hardly a picture gets through is left") {
  auto sample = badSample("main", v1::Condition::packet_loss);
  sample.mutable_video()->set_fps(20);
  CHECK(goodFeed(sample));
  sample.mutable_video()->set_fps(2);
  CHECK_FALSE(goodFeed(sample));
  sample.clear_conditions();  // a screen that is shared
  CHECK(goodFeed(sample));
}

TEST_CASE("a feed of sound alone is good by its sound") {
  auto sample = goodSample("main");
  sample.clear_video();
  CHECK_FALSE(goodFeed(sample));
  sample.set_sound_alone(true);
  CHECK(goodFeed(sample));
  sample.clear_audio();
  CHECK_FALSE(goodFeed(sample));
}

TEST_CASE("main bad for 2 s: backup; main good for 10 s: back") {
  Room room;
  room.pass(5 * kSecond);
  CHECK(room.failover.active() == "main");
  room.main = false;
  const auto away = room.until("backup", kMinute);
  CHECK(away >= 2 * kSecond);
  CHECK(away <= 3200 * kMillisecond);
  room.main = true;
  const auto back = room.until("main", kMinute);
  CHECK(back >= 10 * kSecond);
  CHECK(back <= 11200 * kMillisecond);
  CHECK(room.failover.changes() == 2);
}

TEST_CASE("bad for a moment only changes nothing") {
  Room room;
  room.pass(5 * kSecond);
  room.main = false;
  room.pass(kSecond);
  room.main = true;
  room.pass(kMinute);
  CHECK(room.failover.changes() == 0);
}

TEST_CASE("both bad: stay; the first that is good again is shown") {
  Room room;
  room.main = room.backup = false;
  room.pass(kMinute);
  CHECK(room.failover.active() == "main");
  CHECK(room.failover.changes() == 0);
  SECTION("backup first") {
    room.backup = true;
    CHECK(room.until("backup", kMinute) <= 1200 * kMillisecond);
  }
  SECTION("main first") {
    room.main = true;
    room.pass(kMinute);
    CHECK(room.failover.active() == "main");
  }
}

TEST_CASE("backup fails while it is shown: main at once, even before its 10 s") {
  Room room;
  room.main = false;
  room.pass(5 * kSecond);
  REQUIRE(room.failover.active() == "backup");
  room.main = true;
  room.pass(2 * kSecond);
  room.backup = false;
  CHECK(room.until("main", kMinute) <= 3200 * kMillisecond);
}

TEST_CASE("a flapping main feed is taken back less and less often") {
  Room room;
  Micros last_wait = 0;
  for (int round = 0; round < 5; ++round) {
    room.main = false;
    room.until("backup", kMinute);
    REQUIRE(room.failover.active() == "backup");
    room.main = true;
    const auto wait = room.until("main", 10 * kMinute);
    REQUIRE(room.failover.active() == "main");
    if (round > 0) CHECK(wait > last_wait + 5 * kSecond);
    CHECK(wait <= Failover::kMostWait + 2 * kSecond);
    last_wait = wait;
    room.pass(5 * kSecond);  // and it fails again soon
  }
  CHECK(room.failover.changes() == 10);
  SECTION("it is trusted again after five good minutes") {
    room.pass(6 * kMinute);
    room.main = false;
    room.until("backup", kMinute);
    room.main = true;
    CHECK(room.until("main", 10 * kMinute) <= 12 * kSecond);
  }
}

TEST_CASE("a pinned feed wins, good or bad") {
  Room room;
  room.pass(kSecond);
  room.failover.pin("backup");
  room.backup = false;
  room.pass(kMinute);
  CHECK(room.failover.active() == "backup");
  room.failover.pin("nothing-like-it");
  room.pass(kMinute);
  CHECK(room.failover.active() == "main");
}

TEST_CASE("a third feed is used when the first two are bad") {
  Failover failover;
  failover.feeds({"main", "backup", "tv"}, 0);
  for (const auto* id : {"main", "backup"}) failover.judge(id, false, kSecond);
  failover.judge("tv", true, kSecond);
  CHECK_FALSE(failover.decide(2 * kSecond));
  CHECK(failover.decide(3 * kSecond));
  CHECK(failover.active() == "tv");
  failover.judge("backup", true, 4 * kSecond);
  CHECK_FALSE(failover.decide(13 * kSecond));
  CHECK(failover.decide(14 * kSecond));
  CHECK(failover.active() == "backup");
}

TEST_CASE("feeds come and go in a running session") {
  Failover failover;
  failover.feeds({"main", "backup"}, 0);
  failover.judge("main", true, kSecond);
  failover.feeds({"backup", "main"}, kSecond);
  CHECK(failover.active() == "main");
  failover.feeds({"other"}, kSecond);
  CHECK(failover.active() == "other");
  failover.feeds({}, kSecond);
  CHECK(failover.active().empty());
  CHECK_FALSE(failover.decide(kMinute));
}
