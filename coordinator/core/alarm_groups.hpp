// One alarm per cause (G7): from the sites that suffer the same thing now to the fewest alarms that explain
// it. Pure.
//
//   at least max(2, 50 %) of the sites that measure  -> one alarm of the whole source, at once
//   at least max(3, 60 %) of those in an area        -> one alarm of the area
//   otherwise                                        -> one alarm per site
//
// Narrow alarms wait `gather` for a common cause. A narrow alarm that becomes part of a wider one is cleared
// quietly into it. A wide alarm stays until nobody has been affected for `clear`, so recovery raises nothing.
// A condition that is the effect of another on the same feed (a low bit rate of no signal) is no alarm of its
// own.
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "coordinator/core/alarm_book.hpp"
#include "coordinator/core/roster.hpp"

namespace diemcau::core {

struct AlarmCause {
  std::string session_id;
  v1::Alarm::Kind kind = v1::Alarm::feed;  // feed, link_lost or clock
  std::string feed_id;                     // for feed
  v1::Condition::Name condition = v1::Condition::none;

  bool operator==(const AlarmCause&) const = default;
  bool operator<(const AlarmCause& other) const {
    return std::tie(session_id, kind, feed_id, condition) <
           std::tie(other.session_id, other.kind, other.feed_id, other.condition);
  }
};

// What holds now, in all watched sessions.
struct AlarmPicture {
  // Sites that suffer, with the earliest moment that they told of (for link_lost: when they were last heard).
  std::map<AlarmCause, std::map<std::string, Micros>> affected;
  // (session, feed) -> the sites that measure it. Feed "" is the link itself: sites that are expected to be
  // there.
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> measuring;  // sorted
};

struct AlarmTimes {
  Micros gather = 1500 * kMillisecond;
  Micros clear = 3 * kSecond;
  Micros link_grace = 5 * kSecond;
  Micros clock_grace = 10 * kSecond;
};

// True: `cause` explains `effect` on the same feed.
bool hides(v1::Condition::Name cause, v1::Condition::Name effect);

class AlarmGroups {
 public:
  explicit AlarmGroups(AlarmTimes times) : times_(times) {}

  void step(const AlarmPicture& picture, const Roster& roster, AlarmBook& book, Micros now);
  // The kinds that are grouped; the others have their own rules.
  static bool groups(v1::Alarm::Kind kind) {
    return kind == v1::Alarm::feed || kind == v1::Alarm::link_lost || kind == v1::Alarm::clock;
  }
  // An alarm of the book that was raised before a restart and goes on.
  void adopt(const v1::Alarm& alarm);
  // The session is not watched any more: its causes are forgotten; the owner clears the book.
  void forget(std::string_view session_id);

 private:
  // Who an alarm is about: everybody, an area, or a site.
  struct Place {
    v1::Alarm::Scope scope = v1::Alarm::source;
    std::string id;

    bool operator==(const Place&) const = default;
    bool operator<(const Place& other) const { return std::tie(scope, id) < std::tie(other.scope, other.id); }
  };
  struct Open {
    std::string alarm_id;
    SiteSet members;
    Micros empty_since = 0;
  };
  struct Watch {
    std::map<std::string, Micros, std::less<>> since;  // affected site -> when this was first seen
    std::map<Place, Open> open;
  };
  struct Scene;  // one cause in one step

  void judge(Scene& scene);
  void raiseAreas(Scene& scene);
  void raise(Scene& scene, const Place& place, const SiteSet& sites);
  void settle(Scene& scene);
  bool explained(Scene& scene, const std::string& site) const;
  static Place placeOf(const v1::Alarm& alarm);
  static v1::Alarm::Scope wideScope(v1::Alarm::Kind kind);

  AlarmTimes times_;
  std::map<AlarmCause, Watch> watches_;
};

}  // namespace diemcau::core
