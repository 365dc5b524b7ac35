#include "agent/probe/feed_state.hpp"

#include <algorithm>

namespace diemcau::probe {
namespace {

// The first try is at once, as a cut is often over by then; from the third on the full pause.
Micros pauseAfter(unsigned tries) {
  return std::min<Micros>(kLongestPause, 200 * kMillisecond * (tries < 8 ? 1 << tries : 256));
}

}  // namespace

FeedMove moveFeed(FeedState state, FeedEvent event, unsigned tries, bool end_at_end) {
  if (state == FeedState::kFinished) return {state, 0};  // final
  switch (event) {
    case FeedEvent::kData:
      return state == FeedState::kConnecting ? FeedMove{FeedState::kReceiving, 0} : FeedMove{state, 0};
    case FeedEvent::kEnded:
    case FeedEvent::kFailed:  // a file that breaks in the middle would break there again
      if (end_at_end) return {FeedState::kFinished, 0};
      [[fallthrough]];
    case FeedEvent::kTooQuiet:
      if (state == FeedState::kPausing) return {state, 0};
      return {FeedState::kPausing, pauseAfter(tries)};
    case FeedEvent::kPauseOver:
      return state == FeedState::kPausing ? FeedMove{FeedState::kConnecting, 0} : FeedMove{state, 0};
  }
  return {state, 0};
}

}  // namespace diemcau::probe
