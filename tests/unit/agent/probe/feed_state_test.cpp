// The life of a connection: fails, pauses, tries again, for ever; and the pace of what plays from a file.
#include "agent/probe/feed_state.hpp"

#include "agent/probe/pacer.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::probe {
namespace {

using S = FeedState;
using E = FeedEvent;

TEST_CASE("moves of a feed") {
  struct Row {
    S from;
    E event;
    bool end_at_end;
    S to;
  };
  const Row rows[] = {
      {S::kConnecting, E::kData, false, S::kReceiving},
      {S::kReceiving, E::kData, false, S::kReceiving},
      {S::kConnecting, E::kFailed, false, S::kPausing},
      {S::kReceiving, E::kFailed, false, S::kPausing},
      {S::kReceiving, E::kEnded, false, S::kPausing},
      {S::kReceiving, E::kTooQuiet, false, S::kPausing},
      {S::kConnecting, E::kTooQuiet, false, S::kPausing},
      {S::kPausing, E::kPauseOver, false, S::kConnecting},
      {S::kReceiving, E::kEnded, true, S::kFinished},
      {S::kConnecting, E::kEnded, true, S::kFinished},
      {S::kReceiving, E::kFailed, true, S::kFinished},
      {S::kPausing, E::kFailed, false, S::kPausing},
      {S::kReceiving, E::kPauseOver, false, S::kReceiving},
      {S::kFinished, E::kFailed, false, S::kFinished},
      {S::kFinished, E::kData, true, S::kFinished},
      {S::kPausing, E::kData, false, S::kPausing},
  };
  for (const Row& row : rows) {
    CAPTURE(static_cast<int>(row.from), static_cast<int>(row.event), row.end_at_end);
    CHECK(moveFeed(row.from, row.event, 0, row.end_at_end).to == row.to);
  }
}

TEST_CASE("the pause grows to a second and no further") {
  Micros before = 0;
  for (unsigned tries = 0; tries < 100; ++tries) {
    const FeedMove move = moveFeed(S::kReceiving, E::kFailed, tries, false);
    CHECK(move.pause >= before);
    CHECK(move.pause > 0);
    CHECK(move.pause <= kLongestPause);
    before = move.pause;
  }
  CHECK(before == kLongestPause);
}

double secondsBetween(Pacer::Clock::time_point from, Pacer::Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

TEST_CASE("frames go when they play") {
  Pacer pacer;
  const auto start = Pacer::Clock::now();
  CHECK(secondsBetween(start, pacer.due(100.0, start)) == Approx(0));
  CHECK(secondsBetween(start, pacer.due(100.5, start)) == Approx(0.5));
  // Late, but not by much: at once, and the pace stays.
  const auto later = start + std::chrono::milliseconds(800);
  CHECK(secondsBetween(later, pacer.due(100.6, later)) == Approx(0));
  CHECK(secondsBetween(start, pacer.due(102, later)) == Approx(2));

  SECTION("after a stall a new relation begins") {
    const auto stalled = start + std::chrono::seconds(10);
    CHECK(secondsBetween(stalled, pacer.due(103, stalled)) == Approx(0));
    CHECK(secondsBetween(stalled, pacer.due(104, stalled)) == Approx(1));
  }
  SECTION("and after a jump of the stream's time") {
    CHECK(secondsBetween(later, pacer.due(5000, later)) == Approx(0));
    CHECK(secondsBetween(later, pacer.due(5001, later)) == Approx(1));
  }
}

TEST_CASE("a cancelled pacer lets nobody wait") {
  Pacer pacer;
  CHECK(pacer.wait(0));
  pacer.cancel();
  CHECK_FALSE(pacer.wait(15));
}

}  // namespace
}  // namespace diemcau::probe
