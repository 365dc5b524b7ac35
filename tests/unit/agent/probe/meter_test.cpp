// Samples from what the streaming threads saw, on given time.
#include <cmath>

#include "base/text.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/agent/probe/meter_feed.hpp"

namespace diemcau::probe {
namespace {

TEST_CASE("a second of a feed in numbers") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  feed.receive(1);
  feed.sample();
  feed.receive(2);
  const v1::HealthSample sample = feed.sample();
  CHECK(sample.t_s() == 2);
  CHECK(sample.connected());
  CHECK(sample.video().codec() == "h264");
  CHECK(sample.video().width() == 1280);
  CHECK(sample.video().fps() == 25);
  CHECK(sample.video().bitrate_kbps() == 2400);
  CHECK(sample.bitrate_kbps() == 3008);
  CHECK(sample.audio().codec() == "aac");
  CHECK(sample.audio().channels() == 2);
  CHECK(sample.audio().rms_dbfs() == -20);
  CHECK(sample.problem().en().empty());
}

TEST_CASE("the first part of a second counts from the first byte") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  feed.idle(0.5);
  feed.now = kStart + 500 * kMillisecond;
  feed.receive(1);
  const v1::HealthSample sample = feed.sample();
  CHECK(sample.video().fps() == Approx(25).margin(0.5));
  CHECK(sample.bitrate_kbps() == Approx(3008).margin(60));
}

TEST_CASE("paced sources: the bit rate is that of what played, with its container") {
  Feed feed(true);
  feed.meter.connectionOpened(kStart);
  feed.meter.received(kStart, 1'100'000);  // read ahead
  feed.meter.demuxed(1'000'000);
  for (int i = 0; i < 25; ++i) feed.meter.videoFrame(kStart + i * 40 * kMillisecond, 10'000, i * 0.04, false);
  feed.now = kStart + kSecond;
  CHECK(feed.sample().bitrate_kbps() == Approx(2200).margin(2));
}

TEST_CASE("a feed that stops is gone after a second, with a reason, and tells at once when it returns") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  feed.receive(3.5);
  feed.sample();
  const int flips = feed.flips;
  feed.idle(4.3);
  CHECK(feed.meter.glance(feed.now).connected());
  CHECK(feed.flips == flips);
  feed.idle(4.8);
  CHECK(feed.flips > flips);
  feed.meter.quiet(text("không có dữ liệu", "no data"));
  v1::HealthSample gone = feed.meter.glance(feed.now);
  CHECK_FALSE(gone.connected());
  CHECK_FALSE(gone.has_video());
  CHECK(gone.bitrate_kbps() == 0);
  CHECK(gone.problem().en() == "no data");

  feed.meter.connectionEnded(feed.now, text("bị từ chối", "refused"));
  feed.meter.connectionOpened(feed.now);
  feed.meter.quiet(text("không có dữ liệu", "no data"));
  CHECK(feed.meter.glance(feed.now).problem().en() == "refused");  // the better reason stays

  const int before = feed.flips;
  feed.receive(5.2);
  CHECK(feed.flips > before);
  const v1::HealthSample back = feed.sample();
  CHECK(back.connected());
  CHECK(back.reconnects() == 1);
  CHECK(back.problem().en().empty());
}

TEST_CASE("a connection that breaks and is back within a second was never away") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  feed.receive(2);
  feed.meter.connectionEnded(feed.now, text("đứt", "broke"));
  feed.idle(2.3);
  feed.meter.connectionOpened(feed.now);
  CHECK(feed.meter.glance(feed.now).connected());
  feed.receive(3);
  CHECK(feed.sample().reconnects() == 1);
  feed.meter.connectionEnded(feed.now, text("đứt", "broke"));
  feed.idle(4.2);
  CHECK_FALSE(feed.meter.glance(feed.now).connected());
}

TEST_CASE("one frame that a parser let go of late is no picture that flows") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  feed.receive(3);
  feed.sample();
  feed.receive(6, false, false);
  feed.meter.videoFrame(feed.now, 3000, 3, false);
  feed.meter.audioFrame(feed.now, 300);
  CHECK(feed.meter.glance(feed.now).video().fps() == 0);
  CHECK_FALSE(feed.meter.glance(feed.now).has_audio());
  CHECK(feed.meter.glance(feed.now).connected());
}

TEST_CASE("picture or sound alone goes away") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  feed.receive(3);
  feed.sample();
  SECTION("picture") {
    const int flips = feed.flips;
    feed.receive(4.2, false);
    CHECK(feed.flips > flips);
    CHECK(feed.meter.glance(feed.now).video().fps() == 0);
    CHECK(feed.meter.glance(feed.now).video().codec() == "h264");
    CHECK(feed.meter.glance(feed.now).has_audio());
  }
  SECTION("sound") {
    feed.receive(4.2, true, false);
    CHECK_FALSE(feed.meter.glance(feed.now).has_audio());
    CHECK(feed.meter.glance(feed.now).video().fps() == 25);
  }
}

TEST_CASE("when all stops, the feed is gone, and not first its picture") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  feed.receive(3);
  feed.sample();
  feed.receive(3.1, false);  // the last piece of sound comes a little behind the last picture
  feed.idle(3.95);
  CHECK(feed.meter.glance(feed.now).connected());
  CHECK(feed.meter.glance(feed.now).video().fps() == 25);
  feed.idle(4.3);
  CHECK_FALSE(feed.meter.glance(feed.now).connected());
  CHECK_FALSE(feed.meter.glance(feed.now).has_video());
}

TEST_CASE("pictures that come and cannot be decoded yet are awaited") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  const auto join = [&](double until_s) {
    for (double t = 1; t < until_s; t += 0.04) {
      feed.now = kStart + static_cast<Micros>(t * kSecond);
      feed.meter.received(feed.now, 7'520);
      feed.meter.pictureTime(feed.now, t);
    }
  };
  join(3);
  CHECK(feed.sample().picture_awaited());
  feed.meter.videoFrame(feed.now, 12'000, 3, false);  // one alone does not flow
  CHECK(feed.sample().picture_awaited());
  feed.meter.pictureTime(feed.now, 3);
  feed.receive(4);
  CHECK_FALSE(feed.sample().picture_awaited());
  feed.idle(8);
  CHECK_FALSE(feed.sample().picture_awaited());
}

TEST_CASE("a glance keeps the numbers of the last whole second, and takes nothing from the next") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  feed.receive(2);
  const v1::HealthSample whole = feed.sample();
  feed.receive(2.5);
  const v1::HealthSample glance = feed.meter.glance(feed.now);
  CHECK(glance.t_s() == 2.5);
  CHECK(glance.video().fps() == whole.video().fps());
  CHECK(glance.bitrate_kbps() == whole.bitrate_kbps());
  CHECK(glance.audio().rms_dbfs() == whole.audio().rms_dbfs());
  feed.receive(3);
  CHECK(feed.sample().video().fps() == 25);
}

TEST_CASE("verdicts on the picture flip at once; a held one again when it may be called frozen") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  feed.receive(2);
  int flips = feed.flips;
  PictureVerdict verdict;
  verdict.black = true;
  verdict.luma = 16;
  feed.meter.picture(feed.now, verdict);
  CHECK(feed.flips == flips + 1);
  CHECK(feed.meter.glance(feed.now).video().black());
  feed.meter.picture(feed.now, verdict);
  CHECK(feed.flips == flips + 1);

  verdict = PictureVerdict();
  verdict.still = verdict.was_alive = true;
  feed.meter.picture(feed.now, verdict);
  CHECK(feed.flips == flips + 2);
  flips = feed.flips;
  feed.receive(3);
  CHECK(feed.flips == flips);
  feed.receive(3.3);
  CHECK(feed.flips == flips + 1);
  CHECK(feed.meter.glance(feed.now).video().was_alive());
}

TEST_CASE("counters only grow, over connections too") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  feed.receive(1);
  feed.meter.setLink({7, 20, 3.456});
  feed.meter.decodeErrors(2);
  v1::HealthSample sample = feed.sample();
  CHECK(sample.lost_packets() == 7);
  CHECK(sample.resent_packets() == 20);
  CHECK(sample.rtt_ms() == Approx(3.46));
  CHECK(sample.decode_errors() == 2);
  feed.meter.connectionEnded(feed.now, text("đứt", "broke"));
  feed.meter.connectionOpened(feed.now);
  feed.receive(2);
  feed.meter.setLink({1, 2, 1});
  sample = feed.sample();
  CHECK(sample.lost_packets() == 8);
  CHECK(sample.resent_packets() == 22);
}

TEST_CASE("frames that are rare by nature and keep coming are a picture") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  int missed = 0;
  double next_s = 0.5;
  // Sound flows; a frame comes every so often, by its own time.
  const auto share = [&](double until_s, double every_s, double own_s) {
    for (double t = static_cast<double>(feed.now - kStart) / kSecond + 0.1; t <= until_s; t += 0.1) {
      feed.receive(t, false, true);
      if (t < next_s) continue;
      feed.meter.videoFrame(feed.now, 9'000, own_s > 0 ? next_s * own_s : next_s, false);
      next_s += every_s;
    }
  };
  SECTION("from the start") {
    for (int second = 1; second < 30; ++second) {
      share(second, 2.3, 1);
      const v1::HealthSample sample = feed.sample();
      missed += second > 3 && sample.video().fps() <= 0 ? 1 : 0;
      CHECK(sample.video().fps() < 1.5);
    }
    CHECK(missed == 0);
    SECTION("until none comes for longer than ever") {
      feed.receive(35, false, true);
      CHECK(feed.sample().video().fps() == 0);
    }
  }
  SECTION("but not frames that something holds back, which come late by their own time") {
    for (int second = 1; second < 30; ++second) {
      share(second, 2.3, 0.05);
      missed += feed.sample().video().fps() <= 0 ? 1 : 0;
    }
    CHECK(missed > 5);
  }
}

TEST_CASE("until the first of rare frames are through they are awaited") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  feed.receive(0.1, false, true);
  for (const double at_s : {0.1, 2.9, 5.7}) {
    feed.receive(at_s, false, true);
    feed.meter.pictureTime(feed.now, at_s);
    feed.receive(at_s + 2.7, false, true);
    CHECK(feed.sample().picture_awaited());
  }
  feed.receive(10, false, true);  // no more of them
  CHECK_FALSE(feed.sample().picture_awaited());
}

TEST_CASE("a picture that goes for once is missed within a second, however it began") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  feed.receive(5);
  feed.receive(9, false, true);
  CHECK(feed.sample().video().fps() == 0);
  feed.receive(10);
  feed.sample();
  feed.receive(12, false, true);
  CHECK(feed.sample().video().fps() == 0);
}

TEST_CASE("jerks, motion, padding and lateness are of their second") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  feed.receive(1);
  feed.meter.padding(25'000);
  PictureVerdict verdict;
  verdict.follows = true;
  for (int i = 0; i < 4; ++i) {
    verdict.share = i % 2 == 0 ? 0.5 : 0;
    feed.meter.picture(feed.now, verdict, {i % 2 == 0, i == 2});
  }
  for (const double late : {0.0, 0.012, -0.03, 0.2}) feed.meter.clockLate({late, false, 0});
  v1::HealthSample sample = feed.sample();
  CHECK(sample.video().jerks() == 2);
  CHECK(sample.video().motion() == 25);
  CHECK(sample.padding_kbps() == 200);
  CHECK(sample.jitter_ms() == 230);
  feed.receive(1.5);
  CHECK(feed.meter.glance(feed.now).jitter_ms() == 230);
  feed.meter.clockLate({3, false, 0});
  feed.meter.clockLate({0, true, 0});  // another run
  feed.receive(2);
  sample = feed.sample();
  CHECK(sample.video().jerks() == 0);
  CHECK(sample.hitches() == 1);  // since the start
  CHECK(sample.video().motion() == 0);
  CHECK(sample.padding_kbps() == 0);
  CHECK(sample.jitter_ms() == 0);
}

TEST_CASE("the stream's own time: it runs, stands, leaps, goes back; after a silence it begins anew") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  double stamp = 50;
  const auto pictures = [&](int count, double step, Micros every = 40 * kMillisecond) {
    for (int i = 0; i < count; ++i) {
      feed.now += every;
      feed.meter.pictureTime(feed.now, stamp += step);
    }
  };
  const auto counts = [&] {
    const auto sample = feed.meter.glance(feed.now);
    return std::pair(sample.time_jumps(), sample.time_stands());
  };
  using Counts = std::pair<std::uint32_t, std::uint32_t>;
  pictures(50, 0.04);
  CHECK(counts() == Counts{0, 0});
  pictures(10, 0);
  CHECK(counts() == Counts{0, 10});
  pictures(1, 5);
  pictures(10, 0.04);
  CHECK(counts() == Counts{1, 10});
  pictures(1, -0.5);
  pictures(10, 0.04);
  CHECK(counts() == Counts{2, 10});
  pictures(1, 0.9, 900 * kMillisecond);   // pictures were lost: both times went on
  pictures(1, 0.04, 900 * kMillisecond);  // the line stood still, and catches up
  pictures(20, 0.04, kMillisecond);
  CHECK(counts() == Counts{2, 10});
  pictures(1, -40, 3 * kSecond);  // the sender was started again
  CHECK(counts() == Counts{2, 10});
  feed.meter.connectionOpened(feed.now);
  pictures(1, 1000);
  CHECK(counts() == Counts{2, 10});
}

TEST_CASE("times that grow by a tick a picture stand") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  double stamp = 50;
  for (int i = 0; i < 11; ++i) feed.meter.pictureTime(feed.now += 40 * kMillisecond, stamp += 1.0 / 90'000);
  CHECK(feed.meter.glance(feed.now).time_stands() == 10);
}

TEST_CASE("a file of a picture a second, which is read in bursts, does not leap") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  double stamp = 1.4;
  const auto picture = [&](double step) { feed.meter.pictureTime(feed.now += kMillisecond, stamp += step); };
  for (int i = 0; i < 5; ++i) picture(1);
  CHECK(feed.meter.glance(feed.now).time_jumps() == 0);
  picture(3);
  CHECK(feed.meter.glance(feed.now).time_jumps() == 1);
}

TEST_CASE("breaks in the stream's time are discontinuities") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  feed.receive(1);
  feed.meter.videoFrame(feed.now, 1000, 1.0, false);
  CHECK(feed.sample().discontinuities() == 0);
  feed.meter.videoFrame(feed.now, 1000, 9.0, false);
  feed.meter.videoFrame(feed.now, 1000, 9.04, true);
  CHECK(feed.sample().discontinuities() == 2);
}

TEST_CASE("what flashes and beeps counts instead of the timestamps, until these part anew or the feed does") {
  Feed feed;
  feed.meter.connectionOpened(kStart);
  double picture_s = 0, block_s = 0;
  // A flash of a picture each second, and a beep 200 ms after it.
  const auto show = [&](double until_s) {
    for (; picture_s < until_s; picture_s += 0.04) {
      feed.receive(picture_s);
      feed.meter.pictureLevel(picture_s, std::fmod(picture_s + 0.001, 1.0) < 0.04 ? 230 : 20);
      for (; block_s < picture_s; block_s += 0.005)
        feed.meter.soundLevel(block_s, std::fmod(block_s + 0.8, 1.0) < 0.05 ? -12 : -70);
    }
  };
  feed.meter.skew(-100);
  show(3);
  CHECK(feed.sample().av_skew_ms() == -100);
  show(9);
  CHECK(feed.sample().av_skew_ms() == Approx(200).margin(20));
  SECTION("the timestamps part") {
    feed.meter.skew(400);
    CHECK(feed.sample().av_skew_ms() == 400);
    show(18);
    CHECK(feed.sample().av_skew_ms() == Approx(200).margin(20));
  }
  SECTION("another connection") {
    feed.meter.connectionOpened(feed.now);
    CHECK(feed.sample().av_skew_ms() == 0);
  }
}

}  // namespace
}  // namespace diemcau::probe
