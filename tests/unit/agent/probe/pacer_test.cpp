// When frames of a file play, by their own times and where these make no sense.
#include "agent/probe/pacer.hpp"

#include "tests/support/catch.hpp"

namespace diemcau::probe {
namespace {

TEST_CASE("times that stand go on by the usual step") {
  Progress progress;
  double own = 10, due = 0;
  const auto play = [&](int frames, double step) {
    for (int i = 0; i < frames; ++i) due = progress.next(own += step);
  };
  play(50, 0.04);
  CHECK(due == Approx(12));
  play(25, 0);
  CHECK(due == Approx(13));
  SECTION("and from where they stood") {
    play(25, 0.04);
    CHECK(due == Approx(14));
  }
  SECTION("or with a leap that makes up for it") {
    play(1, 1.04);
    CHECK(due == Approx(13.04));
    play(1, 3);  // the next leap is one
    CHECK(due == Approx(16.04));
  }
}

TEST_CASE("pictures that were kept back do not hold up the sound") {
  Pacer pacer;
  const Pacer::Clock::time_point start{};
  const auto at = [&](double s) {
    return start + std::chrono::duration_cast<Pacer::Clock::duration>(std::chrono::duration<double>(s));
  };
  const auto due = [&](double stream_s, double now_s) {
    return std::chrono::duration<double>(pacer.due(stream_s, at(now_s)) - start).count();
  };
  for (int i = 0; i <= 100; ++i) pacer.due(i * 0.02, at(i * 0.02));
  CHECK(due(0.5, 2.01) == Approx(2.01));
  CHECK(due(2.02, 2.02) == Approx(2.02));
  CHECK(due(2.1, 2.04) == Approx(2.1));
  // Two at once: a demultiplexer and a parser each let go of their last picture at the end of the file.
  CHECK(due(0.54, 2.05) == Approx(2.05));
  CHECK(due(0.58, 2.05) == Approx(2.05));
  CHECK(due(2.12, 2.06) == Approx(2.12));
  for (int i = 0; i < Pacer::kStrays; ++i) CHECK(due(0.8 + i * 0.04, 2.06) == Approx(2.06));
  CHECK(due(0.92, 2.07) == Approx(2.07));  // and so on: its time jumped
  CHECK(due(1.12, 2.08) == Approx(2.27));
  // All of it is late: the stream stalled, and goes on from here.
  CHECK(due(1.3, 6) == Approx(6));
  CHECK(due(1.4, 6.02) == Approx(6.1));
}

TEST_CASE("other steps are taken as they are") {
  Progress progress;
  CHECK(progress.next(5) == 5);
  CHECK(progress.next(5.04) == Approx(5.04));
  CHECK(progress.next(4) == Approx(4));
  CHECK(progress.next(9) == Approx(9));
}

}  // namespace
}  // namespace diemcau::probe
