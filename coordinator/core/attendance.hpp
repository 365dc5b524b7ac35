// Attendance of one session, derived from the ledger and nothing else: it can be rebuilt at any time by
// adding the records again in their order. Pure.
//
// The newest headcount of (site, sitting) counts; the newest check-in of (delegate, site, sitting) counts; a
// record that corrects another takes its place. Newest is by `at_us`, then by the order in the ledger. A
// repeat by (site, record id) is ignored.
//
// "Takes its place": a correction counts from the moment of the record that it corrects, so that correcting
// an old record does not undo a newer one; of several corrections of one record the newest counts. One that
// moves to another sitting, delegate or kind takes the old one away and counts from its own moment. One of a
// record that is not known is a record like any other.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "coordinator/core/roster.hpp"
#include "diemcau/v1/attendance.pb.h"
#include "diemcau/v1/record.pb.h"
#include "diemcau/v1/session.pb.h"

namespace diemcau::core {

void addTo(v1::Counts& sum, const v1::Counts& part);

// Which delegates are asked for.
struct DelegateQuery {
  std::string area_id, site_id;  // empty: everywhere
  std::optional<v1::Presence::State> state;
  bool conflicts = false;                                 // those marked as there at several sites alone
  std::function<bool(const std::string& site_id)> shows;  // null: every site
  std::size_t offset = 0, most = 200;
};

class Attendance {
 public:
  // False: a repeat, or not an attendance record; nothing changed.
  bool add(const v1::LedgerRecord& record);

  v1::SiteAttendance site(const Roster& roster, std::string_view site_id, std::string_view sitting_id) const;
  // All sites of the session, and those that reported without being in it (taken out after they had); areas
  // with totals up to the root; conflicts.
  v1::SittingAttendance sitting(const Roster& roster, const v1::Session& session,
                                std::string_view sitting_id) const;
  // All that was added, in order: shared, for who wants to go through them elsewhere.
  std::vector<std::shared_ptr<const v1::LedgerRecord>> records() const;
  // Delegate by delegate: site after site, first those of its roster, then guests of others.
  v1::DelegateAttendanceList delegates(const Roster& roster, const v1::Session& session,
                                       std::string_view sitting_id, const DelegateQuery& query) const;
  // One row a site and sitting: area, site, sitting, expected, present, online, excused, absent, not_marked,
  // check_ins, by, at, area_name, site_name; the last row of each sitting is the total (area empty, site
  // "total"). UTF-8 with BOM, so that spreadsheets show Vietnamese.
  std::string csv(const Roster& roster, const v1::Session& session) const;
  // One row a delegate with a state: site, delegate, name, unit, sitting, state, reason, late entry, by, at.
  std::string checkinsCsv(const Roster& roster, const v1::Session& session) const;

 private:
  struct Entry {
    std::shared_ptr<const v1::LedgerRecord> record;
    std::int64_t made_us = 0;     // when it was made; see madeAt()
    std::int64_t place_us = 0;    // moment and order that it counts from
    std::size_t place_order = 0;  // its own, or those of what it corrects
    std::size_t order = 0;        // in the ledger
    bool replaced = false;
  };
  struct SiteSitting {
    std::vector<std::size_t> headcounts;                                     // into entries_
    std::map<std::string, std::vector<std::size_t>, std::less<>> check_ins;  // by delegate
  };
  using Key = std::pair<std::string, std::string>;
  std::int64_t madeAt(const v1::LedgerRecord& record);
  const Entry* newest(const std::vector<std::size_t>& of) const;
  const SiteSitting* find(std::string_view site_id, std::string_view sitting_id) const;
  std::vector<std::string> sitesOf(const v1::Session& session, std::string_view sitting_id) const;
  void noteSite(const std::string& sitting_id, const std::string& delegate_id, const std::string& site_id);
  std::map<std::string, std::vector<std::string>> doubled(std::string_view sitting_id) const;
  std::vector<v1::AttendanceConflict> conflicts(const Roster& roster, std::string_view sitting_id) const;

  std::vector<Entry> entries_;
  std::map<Key, SiteSitting> by_site_;  // (site, sitting)
  // By sitting and delegate: the site where one was entered first, and all of them where there are several.
  std::map<std::string, std::unordered_map<std::string, std::string>> first_at_;
  std::map<std::string, std::map<std::string, std::set<std::string>>, std::less<>> at_several_;
  std::map<Key, std::size_t> by_id_;                                         // (site, record id)
  std::map<std::pair<std::string, std::uint64_t>, std::int64_t> newest_of_;  // made_us by (site, epoch)
};

}  // namespace diemcau::core
