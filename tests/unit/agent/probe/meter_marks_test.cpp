// Samples of feeds that a studio marks, on given time.
#include <cmath>

#include "tests/support/catch.hpp"
#include "tests/unit/agent/probe/meter_feed.hpp"

namespace diemcau::probe {
namespace {

v1::FeedMark markOf(const std::string& briefing, std::uint64_t picture, Micros made) {
  v1::FeedMark mark;
  mark.set_briefing(briefing);
  mark.set_picture(picture);
  mark.set_made_us(made);
  mark.set_clock_error_ms(3);
  return mark;
}

TEST_CASE("marks: the delay from the studio, a picture that stands, another briefing") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  std::uint64_t picture = 0;
  const auto receive = [&](double until_s, const std::string& briefing, bool stands) {
    for (double t = std::round(double(feed.now - kStart) / kSecond * 10) / 10 + 0.1; t < until_s + 0.05;
         t += 0.1) {
      feed.receive(t);
      if (!stands) ++picture;
      // 250 ms after it was made, by clocks that may be 3 ms and 2 ms wrong.
      feed.meter.mark(feed.now, markOf(briefing, picture, 5 * kHour - 250 * kMillisecond), 5 * kHour,
                      2 * kMillisecond);
    }
  };
  receive(1, "ours", false);
  CHECK_FALSE(feed.sample().mark().stands());
  receive(2, "ours", false);
  const v1::HealthSample well = feed.sample();
  CHECK(well.mark().briefing() == "ours");
  CHECK(well.mark().delay_ms() == 250);
  CHECK(well.mark().error_ms() == 5);

  const int before = feed.flips;
  receive(2.9, "ours", true);
  CHECK(feed.flips == before);
  receive(3.2, "ours", true);
  CHECK(feed.flips == before + 1);
  CHECK(feed.sample().mark().stands());
  receive(3.4, "ours", false);
  CHECK_FALSE(feed.sample().mark().stands());

  receive(3.5, "another", false);
  CHECK(feed.sample().mark().briefing() == "ours");  // once may be damage
  receive(3.6, "another", false);
  CHECK(feed.sample().mark().briefing() == "another");
  feed.receive(5);
  CHECK_FALSE(feed.sample().has_mark());
}

TEST_CASE("a mark under the tone counts when it came twice, and goes with it") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  const auto heard = [&](double t, const char* briefing) {
    feed.receive(t);
    feed.meter.heard(feed.now, briefing);
    return feed.sample().audio().mark();
  };
  CHECK(heard(1, "ours").empty());
  CHECK(heard(4, "ours") == "ours");
  CHECK(heard(7, "another") == "ours");
  CHECK(heard(10, "another") == "another");
  feed.receive(18);
  CHECK(feed.sample().audio().mark() == "another");
  feed.receive(20);
  CHECK(feed.sample().audio().mark().empty());
}

TEST_CASE("marks in pictures: of key frames alone, and of pictures that were decoded late") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  std::uint64_t picture = 0;
  const auto key = [&](double t, bool late = false) {
    feed.receive(t);
    feed.meter.mark(feed.now, markOf("ours", picture, 5 * kHour - 250 * kMillisecond), late ? 0 : 5 * kHour,
                    0, true);
  };
  const auto sample = [&] { return feed.sample().mark(); };
  for (double t : {0.5, 1.5, 2.5}) {
    key(t);
    picture += 25;
    feed.receive(t + 0.5);
    CHECK_FALSE(sample().stands());
  }
  feed.receive(3.3);  // a second without a key frame
  const v1::MarkHealth well = sample();
  CHECK(well.briefing() == "ours");
  CHECK(well.in_picture());
  CHECK(well.delay_ms() == 250);
  key(3.5, true);
  feed.receive(4);
  CHECK(sample().delay_ms() == 250);
  // The same number in the next one.
  key(4.5);
  feed.receive(5);
  CHECK(sample().stands());
  picture += 25;
  key(5.5);
  feed.receive(6);
  CHECK_FALSE(sample().stands());
  // Groups of four seconds.
  for (double t : {9.5, 13.5}) picture += 100, key(t);
  feed.receive(17.4);
  CHECK(sample().briefing() == "ours");
  feed.receive(24);
  CHECK_FALSE(feed.sample().has_mark());
}

}  // namespace
}  // namespace diemcau::probe
