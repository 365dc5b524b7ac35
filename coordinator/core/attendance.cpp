// The ledger's attendance records, made into what counts.
#include "coordinator/core/attendance.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace diemcau::core {
namespace {

bool isAttendance(const v1::Record& record) {
  return record.has_headcount() || record.has_check_in();
}

// Whether a correction stays in the series of what it corrects.
bool sameSeries(const v1::Record& a, const v1::Record& b) {
  if (a.sitting_id() != b.sitting_id() || a.has_headcount() != b.has_headcount()) return false;
  return a.has_headcount() || a.check_in().delegate_id() == b.check_in().delegate_id();
}

bool named(v1::Presence::State state) {
  return state != v1::Presence::not_marked;
}

void countOne(v1::Presence::State state, v1::Counts& counts) {
  switch (state) {
    case v1::Presence::present:
      return counts.set_present(counts.present() + 1);
    case v1::Presence::online:
      return counts.set_online(counts.online() + 1);
    case v1::Presence::excused:
      return counts.set_excused(counts.excused() + 1);
    case v1::Presence::absent:
      return counts.set_absent(counts.absent() + 1);
    default:
      return;
  }
}

v1::Counts countsOf(const v1::Headcount& headcount, std::uint32_t expected) {
  v1::Counts counts;
  counts.set_expected(expected);
  counts.set_present(headcount.present());
  counts.set_online(headcount.online());
  counts.set_excused(headcount.excused());
  counts.set_absent(headcount.absent());
  const std::uint64_t marked =
      std::uint64_t(headcount.present()) + headcount.online() + headcount.excused() + headcount.absent();
  counts.set_not_marked(marked < expected ? static_cast<std::uint32_t>(expected - marked) : 0);
  return counts;
}

// Not every name need be marked: both agree as long as the headcount can hold those that are.
bool disagree(const v1::Headcount& headcount, const v1::Counts& by_name) {
  const bool more = by_name.present() > headcount.present() || by_name.online() > headcount.online() ||
                    by_name.excused() > headcount.excused() || by_name.absent() > headcount.absent();
  const bool fewer = by_name.present() < headcount.present() || by_name.online() < headcount.online() ||
                     by_name.excused() < headcount.excused() || by_name.absent() < headcount.absent();
  return more || (by_name.not_marked() == 0 && fewer);
}

}  // namespace

void addTo(v1::Counts& sum, const v1::Counts& one) {
  sum.set_expected(sum.expected() + one.expected());
  sum.set_present(sum.present() + one.present());
  sum.set_online(sum.online() + one.online());
  sum.set_excused(sum.excused() + one.excused());
  sum.set_absent(sum.absent() + one.absent());
  sum.set_not_marked(sum.not_marked() + one.not_marked());
}

// The moment that a record names, as far as it can be: no later than its arrival, and no earlier than what
// the same spool holds before it. A site that learns how wrong its clock was goes back in time, and what its
// clerk enters then is newer all the same.
std::int64_t Attendance::madeAt(const v1::LedgerRecord& record) {
  std::int64_t made = record.record().at_us();
  // Entered at the centre, whose clock it is.
  if (record.epoch() == 0 || record.record().number() == 0) return made;
  if (record.received_us() != 0) made = std::min(made, std::int64_t{record.received_us()});
  if (record.record().held()) return made;  // by the same clock, but on another device
  auto& newest_of = newest_of_.try_emplace({record.site_id(), record.epoch()}, made).first->second;
  newest_of = std::max(newest_of, made);
  return newest_of;
}

bool Attendance::add(const v1::LedgerRecord& record) {
  if (!isAttendance(record.record())) return false;
  const v1::Record& said = record.record();
  const Key id(record.site_id(), said.id());
  if (by_id_.contains(id)) return false;
  const std::size_t index = entries_.size();
  Entry entry;
  entry.record = std::make_shared<const v1::LedgerRecord>(record);
  entry.order = entry.place_order = index;
  entry.place_us = entry.made_us = madeAt(record);
  if (!said.corrects_id().empty()) {
    const auto found = by_id_.find({record.site_id(), said.corrects_id()});
    if (found != by_id_.end()) {
      Entry& old = entries_[found->second];
      old.replaced = true;
      if (sameSeries(old.record->record(), said)) {
        entry.place_us = old.place_us;
        entry.place_order = old.place_order;
      }
    }
  }
  by_id_.emplace(id, index);
  SiteSitting& at = by_site_[{record.site_id(), said.sitting_id()}];
  if (said.has_headcount()) {
    at.headcounts.push_back(index);
  } else {
    const auto& delegate = said.check_in().delegate_id();
    auto& check_ins = at.check_ins[delegate];
    if (check_ins.empty()) noteSite(said.sitting_id(), delegate, record.site_id());
    check_ins.push_back(index);
  }
  entries_.push_back(std::move(entry));
  return true;
}

void Attendance::noteSite(const std::string& sitting_id, const std::string& delegate_id,
                          const std::string& site_id) {
  const auto [first, fresh] = first_at_[sitting_id].try_emplace(delegate_id, site_id);
  if (!fresh) at_several_[sitting_id][delegate_id].insert({first->second, site_id});
}

std::vector<std::shared_ptr<const v1::LedgerRecord>> Attendance::records() const {
  std::vector<std::shared_ptr<const v1::LedgerRecord>> out;
  out.reserve(entries_.size());
  for (const auto& entry : entries_) out.push_back(entry.record);
  return out;
}

const Attendance::Entry* Attendance::newest(const std::vector<std::size_t>& of) const {
  const auto age = [](const Entry& entry) {
    return std::tuple(entry.place_us, entry.place_order, entry.made_us, entry.order);
  };
  const Entry* best = nullptr;
  for (std::size_t index : of) {
    const Entry& entry = entries_[index];
    if (!entry.replaced && (best == nullptr || age(*best) < age(entry))) best = &entry;
  }
  return best;
}

const Attendance::SiteSitting* Attendance::find(std::string_view site_id, std::string_view sitting_id) const {
  const auto found = by_site_.find({std::string(site_id), std::string(sitting_id)});
  return found == by_site_.end() ? nullptr : &found->second;
}

v1::SiteAttendance Attendance::site(const Roster& roster, std::string_view site_id,
                                    std::string_view sitting_id) const {
  v1::SiteAttendance out;
  out.set_site_id(std::string(site_id));
  out.set_sitting_id(std::string(sitting_id));
  const auto expected = static_cast<std::uint32_t>(roster.delegates(site_id).size());
  v1::Counts& by_name = *out.mutable_by_name();
  by_name.set_expected(expected);
  by_name.set_not_marked(expected);

  std::tuple<std::int64_t, std::size_t> last{INT64_MIN, 0};
  const auto reportedBy = [&](const Entry& entry) {
    const std::tuple when(entry.made_us, entry.order);
    if (out.reported() && when < last) return;
    last = when;
    out.set_reported(true);
    out.set_by(entry.record->record().by());
    out.set_at_us(entry.record->record().at_us());
  };
  const SiteSitting* at = find(site_id, sitting_id);
  if (at != nullptr) {
    std::uint32_t expected_marked = 0;
    for (const auto& [delegate_id, indexes] : at->check_ins) {
      const Entry* entry = newest(indexes);
      if (entry == nullptr || !named(entry->record->record().check_in().state())) continue;
      countOne(entry->record->record().check_in().state(), by_name);
      out.set_checkins(out.checkins() + 1);
      expected_marked +=
          roster.siteOf(delegate_id) == site_id;  // a guest of another site is not among the expected
      reportedBy(*entry);
    }
    by_name.set_not_marked(expected - expected_marked);
    if (const Entry* headcount = newest(at->headcounts)) {
      *out.mutable_headcount() = headcount->record->record().headcount();
      out.set_headcount_id(headcount->record->record().id());
      reportedBy(*headcount);
    }
  }
  *out.mutable_counted() = out.has_headcount() ? countsOf(out.headcount(), expected) : by_name;
  out.set_differs(out.has_headcount() && out.checkins() > 0 && disagree(out.headcount(), by_name));
  return out;
}

std::vector<std::string> Attendance::sitesOf(const v1::Session& session, std::string_view sitting_id) const {
  std::set<std::string> sites(session.site_ids().begin(), session.site_ids().end());
  for (const auto& [key, at] : by_site_)
    if (key.second == sitting_id) sites.insert(key.first);
  return {sites.begin(), sites.end()};
}

v1::SittingAttendance Attendance::sitting(const Roster& roster, const v1::Session& session,
                                          std::string_view sitting_id) const {
  v1::SittingAttendance out;
  out.set_session_id(session.id());
  out.set_sitting_id(std::string(sitting_id));
  out.mutable_total();
  std::map<std::string, v1::AreaAttendance> areas;
  for (const std::string& site_id : sitesOf(session, sitting_id)) {
    v1::SiteAttendance one = site(roster, site_id, sitting_id);
    addTo(*out.mutable_total(), one.counted());
    out.set_sites(out.sites() + 1);
    out.set_reported_sites(out.reported_sites() + one.reported());
    out.set_checkins(out.checkins() + one.checkins());
    const v1::Site* known = roster.site(site_id);
    for (const std::string& area_id : roster.pathOf(known == nullptr ? "" : known->area_id())) {
      v1::AreaAttendance& area = areas[area_id];
      area.set_area_id(area_id);
      addTo(*area.mutable_counted(), one.counted());
      area.set_sites(area.sites() + 1);
      area.set_reported_sites(area.reported_sites() + one.reported());
    }
    *out.add_by_site() = std::move(one);
  }
  for (auto& [id, area] : areas) *out.add_by_area() = std::move(area);
  for (auto& conflict : conflicts(roster, sitting_id)) *out.add_conflicts() = std::move(conflict);
  return out;
}

}  // namespace diemcau::core
