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

TEST_CASE("a picture that was kept back does not hold up the sound") {
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
  CHECK(due(1.0, 2.05) == Approx(2.05));  // a second one: its time jumped
  CHECK(due(1.2, 2.07) == Approx(2.25));
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
