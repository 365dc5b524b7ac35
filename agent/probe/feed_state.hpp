// The life of a feed's connection as a pure state machine: fail, pause, try again, for ever.
#pragma once

#include "base/time.hpp"

namespace diemcau::probe {

enum class FeedState {
  kConnecting,  // a pipeline is there, no data yet
  kReceiving,
  kPausing,   // waits before the next try
  kFinished,  // the end of a file, for those who want to end there
};

enum class FeedEvent {
  kData,      // data came
  kEnded,     // the source said that it is over
  kFailed,    // could not be opened, or broke
  kTooQuiet,  // open, but without data for kQuietLimit
  kPauseOver,
};

// How long a connection may be open without data before it is made anew.
constexpr Micros kQuietLimit = 8 * kSecond;
constexpr Micros kLongestPause = kSecond;

struct FeedMove {
  FeedState to = FeedState::kConnecting;
  Micros pause = 0;  // for kPausing
};

// `tries`: attempts in a row that brought no data. `end_at_end`: stop at the end of the feed instead of
// trying again.
FeedMove moveFeed(FeedState state, FeedEvent event, unsigned tries, bool end_at_end);

}  // namespace diemcau::probe
