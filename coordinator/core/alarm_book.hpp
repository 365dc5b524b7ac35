// The alarms that were raised: each one's life from raised to cleared, who acknowledged it, whom it affects.
// What changed is collected for the owner to store, tell and show. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "coordinator/core/roster.hpp"
#include "diemcau/v1/alarm.pb.h"

namespace diemcau::core {

using SiteSet = std::set<std::string, std::less<>>;

struct AlarmChange {
  // merged: cleared quietly into a wider one; expired: its time on the shelf is over
  enum What { kRaised, kChanged, kAcked, kCleared, kMerged, kShelved, kUnshelved, kExpired };
  What what = kChanged;
  std::string id;
  bool store = true;    // false: too small a change to be written
  std::string by = {};  // who, for shelved and unshelved
};

class AlarmBook {
 public:
  // How often the sites of a raised alarm are written again: after a restart they are told anew anyway.
  static constexpr Micros kStoreEvery = 2 * kSecond;

  explicit AlarmBook(std::function<std::string()> next_id) : next_id_(std::move(next_id)) {}

  // `draft` says what it is; id, state, sites, times are set here, and the text where it has none.
  const v1::Alarm& raise(v1::Alarm draft, const SiteSet& sites, Micros onset, const Roster& roster,
                         Micros now);
  // Who is affected now; the text follows.
  void affect(std::string_view id, const SiteSet& sites, const Roster& roster, Micros now);
  // The same cause turned out to be another condition (no signal after low bit rate).
  void convert(std::string_view id, v1::Condition::Name condition, const Roster& roster, Micros now);
  void clear(std::string_view id, Micros now, bool quietly = false);
  Result<v1::Alarm> ack(std::string_view id, std::string_view by, Micros now, std::string_view note = {});
  // Put aside until then. One that is raised again for the same cause before that time is put aside too.
  Result<v1::Alarm> shelve(std::string_view id, std::string_view by, std::string_view reason, Micros until,
                           Micros now);
  Result<v1::Alarm> unshelve(std::string_view id, std::string_view by);
  void expire(Micros now);  // those whose time is over come back
  void restore(const v1::Alarm& alarm);

  const v1::Alarm* find(std::string_view id) const;
  // The one that is raised for this session and kind; with a site: that names only this site.
  const v1::Alarm* raised(std::string_view session_id, v1::Alarm::Kind kind,
                          std::string_view site_id = {}) const;
  const std::map<std::string, v1::Alarm, std::less<>>& all() const { return alarms_; }
  const SiteSet& raisedIds() const { return raised_; }

  std::vector<AlarmChange> takeChanges();

 private:
  v1::Alarm& get(std::string_view id);
  void setSites(v1::Alarm& alarm, const SiteSet& sites);
  void changed(AlarmChange::What what, const std::string& id, bool store = true, std::string by = {});
  void inheritShelf(v1::Alarm& alarm, Micros now);
  std::function<std::string()> next_id_;
  std::map<std::string, v1::Alarm, std::less<>> alarms_;
  // The worst moment of a raised one: what it is remembered by once it is over.
  struct Peak {
    std::vector<std::string> sites;
    v1::Text text;
  };
  std::map<std::string, Peak, std::less<>> peak_;
  std::map<std::string, Micros, std::less<>> stored_;  // when it was last written
  SiteSet raised_;
  SiteSet shelved_;  // with a time on the shelf that is not over, cleared ones too
  std::vector<AlarmChange> changes_;
};

// What an alarm says, with counts and names. `alarm.site_ids` are those affected.
v1::Text alarmText(const v1::Alarm& alarm, const Roster& roster);
v1::Text conditionText(v1::Condition::Name condition);
// "A, B, C and 9 more".
v1::Text siteNames(const std::vector<std::string>& ids, const Roster& roster, std::size_t most);

}  // namespace diemcau::core
