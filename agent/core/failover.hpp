// Which feed a site shows: the main one, or another while the main one is bad, and back. Pure.
//
//   active bad for kBadFor, another good      -> the first good one in the plan's order
//   a feed before the active one good for its wait -> back to it
//   all bad                                   -> stay: changing would only flicker
//   pinned by an operator                     -> that one, whatever its state
//
// Damping: a feed that fails within kSettle of a return has its wait doubled, up to kMostWait, so that a
// flapping source brings fewer and fewer changes; a feed that holds for kForget starts anew.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "diemcau/v1/health.pb.h"

namespace diemcau::agent {

// Whether a feed with this condition should be left for a better one. A pause in the talk (silence), a cheap
// slide (low_bitrate) or a picture in another size are still the briefing.
bool leavesFeed(v1::Condition::Name condition);

// A picture, or sound where no picture is expected.
bool hasWhatCounts(const v1::HealthSample& sample);

// Received, with what counts, and nothing that leavesFeed.
bool goodFeed(const v1::HealthSample& sample);

class Failover {
 public:
  static constexpr Micros kBadFor = 2 * kSecond;
  static constexpr Micros kGoodFor = 10 * kSecond;
  static constexpr Micros kSettle = kMinute;
  static constexpr Micros kMostWait = 160 * kSecond;
  static constexpr Micros kForget = 5 * kMinute;

  // Feeds in the plan's order. State of feeds that stay is kept; the active one stays active while it exists.
  void feeds(const std::vector<std::string>& ids, Micros steady);
  void pin(std::string_view feed_id);  // empty: decide again
  void judge(std::string_view feed_id, bool good, Micros steady);
  // Decides. True: active() changed.
  bool decide(Micros steady);

  const std::string& active() const { return active_; }
  std::uint32_t changes() const { return changes_; }
  void restore(const std::string& active, std::uint32_t changes);
  void forget();  // the probes stopped: what is known of the feeds is no longer true
  void reset();   // another session

 private:
  struct Feed {
    std::string id;
    bool known = false, good = false;
    Micros since = 0;        // of the present verdict
    Micros returned = 0;     // when it last became active again; 0: never
    Micros wait = kGoodFor;  // how long it must be good before a return
  };
  Feed* find(std::string_view id);
  void change(Feed& to, Micros steady);
  std::vector<Feed> feeds_;
  std::string active_, pinned_;
  std::uint32_t changes_ = 0;
};

}  // namespace diemcau::agent
