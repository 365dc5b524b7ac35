// How a simulated site sees its feeds, and when it changes between them.
#include "tests/fleet/reception.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/fleet/fixture.hpp"

using namespace diemcau;
using namespace diemcau::fleet;
using namespace diemcau::fleet::test;

namespace {

constexpr Micros kStep = 50 * kMillisecond;

struct Hall {
  Behaviour behaviour = plainBehaviour();
  Reception reception{behaviour, "D1"};
  v1::Plan plan = planIn(v1::Phase::live);
  Micros now = 0;

  Hall() { reception.feeds(plan); }
  void send(const char* feed, v1::Condition::Name condition) {
    reception.sent(feed, condition, at(now).steady);
  }
  // Runs until the active feed is `id`; how long that took, or -1.
  Micros until(const std::string& id, Micros limit = kMinute) {
    for (const Micros from = now; now - from <= limit; now += kStep) {
      reception.follow(at(now));
      if (reception.active() == id) return now - from;
    }
    return -1;
  }
  void run(Micros span) {
    for (const Micros end = now + span; now < end; now += kStep) reception.follow(at(now));
  }
  v1::HealthSample sample(int feed = 0) {
    v1::Status status;
    reception.sample(status, at(now));
    REQUIRE(status.health_size() == plan.feeds_size());
    return status.health(feed);
  }
};

}  // namespace

TEST_CASE("a healthy feed looks like its profile") {
  Hall hall;
  auto& profile = *hall.plan.mutable_profile();
  profile.set_width(1920);
  profile.set_height(1080);
  profile.set_fps(30);
  profile.set_video_codec("h265");
  profile.set_min_bitrate_kbps(3000);
  profile.set_max_bitrate_kbps(9000);
  hall.reception.feeds(hall.plan);
  for (int second = 0; second < 100; ++second) {
    hall.run(kSecond);
    const auto main = hall.sample(), backup = hall.sample(1);
    CHECK(backup.feed_id() == "backup");
    REQUIRE(main.connected());
    CHECK(main.conditions_size() == 0);
    CHECK(main.video().width() == 1920);
    CHECK(main.video().fps() == 30);
    CHECK(main.video().codec() == "h265");
    CHECK(main.bitrate_kbps() >= 2700);
    CHECK(main.bitrate_kbps() <= 9000);
    CHECK(main.video().luma() > 60);
    CHECK(main.audio().rms_dbfs() < -10);
    CHECK(main.at_us() == at(hall.now).wall);
  }
  CHECK(hall.sample().t_s() == Approx(100).margin(0.2));
}

TEST_CASE("a fault is seen after the site's delay, and shows in the numbers") {
  struct Row {
    v1::Condition::Name condition;
    bool connected, video, black;
  };
  for (const Row& row :
       {Row{v1::Condition::black, true, true, true}, Row{v1::Condition::no_signal, false, false, false},
        Row{v1::Condition::no_video, true, false, false}, Row{v1::Condition::silence, true, true, false}}) {
    INFO(v1::Condition::Name_Name(row.condition));
    Hall hall;
    hall.run(kSecond);
    hall.send("main", row.condition);
    hall.run(1400 * kMillisecond);
    CHECK(hall.sample().conditions_size() == 0);
    hall.run(200 * kMillisecond);
    const auto sample = hall.sample();
    REQUIRE(sample.conditions_size() == 1);
    CHECK(sample.conditions(0) == row.condition);
    CHECK(sample.connected() == row.connected);
    CHECK(sample.has_video() == row.video);
    CHECK(sample.video().black() == row.black);
    CHECK(sample.has_problem() == (row.condition == v1::Condition::no_signal));
    CHECK(hall.sample(1).conditions_size() == 0);
    hall.send("main", v1::Condition::none);
    hall.run(2 * kSecond);
    CHECK(hall.sample().conditions_size() == 0);
  }
}

TEST_CASE("to the backup feed after 2 s of trouble, back after 10 good seconds") {
  Hall hall;
  hall.run(kSecond);
  CHECK(hall.reception.active() == "main");
  hall.send("main", v1::Condition::black);
  CHECK(hall.until("backup") == 3500 * kMillisecond);
  // From black into no signal it was never good.
  hall.send("main", v1::Condition::no_signal);
  hall.run(20 * kSecond);
  CHECK(hall.reception.active() == "backup");
  hall.send("main", v1::Condition::none);
  CHECK(hall.until("main") == 11500 * kMillisecond);
  CHECK(hall.reception.failovers() == 2);
  hall.reception.forget();
  CHECK(hall.reception.failovers() == 0);
}

TEST_CASE("a short fault changes nothing, and neither does one of both feeds") {
  Hall hall;
  hall.run(kSecond);
  hall.send("main", v1::Condition::black);
  hall.run(1800 * kMillisecond);
  hall.send("main", v1::Condition::none);
  hall.run(kMinute);
  CHECK(hall.reception.failovers() == 0);
  hall.send("main", v1::Condition::black);
  hall.send("backup", v1::Condition::no_signal);
  CHECK(hall.until("backup") == -1);
  hall.send("backup", v1::Condition::none);
  CHECK(hall.until("backup") == 1500 * kMillisecond);
}

TEST_CASE("a pinned feed is kept, whatever it carries") {
  Hall hall;
  hall.reception.pin("backup");
  CHECK(hall.until("backup") == 0);
  hall.send("backup", v1::Condition::no_signal);
  hall.run(kMinute);
  CHECK(hall.reception.active() == "backup");
  hall.reception.pin("");
  CHECK(hall.until("main") == 0);
  hall.reception.pin("no such feed");
  hall.run(kSecond);
  CHECK(hall.reception.active() == "main");
}
