// Attendance down to the delegate, and delegates who are marked as there at several sites.
#include <algorithm>

#include "coordinator/core/attendance.hpp"

namespace diemcau::core {
namespace {

bool isThere(v1::Presence::State state) {
  return state == v1::Presence::present || state == v1::Presence::online;
}

}  // namespace

// The delegates who are marked as there at several sites, with these sites.
std::map<std::string, std::vector<std::string>> Attendance::doubled(std::string_view sitting_id) const {
  std::map<std::string, std::vector<std::string>> out;
  const auto known = at_several_.find(sitting_id);
  if (known == at_several_.end()) return out;
  for (const auto& [delegate_id, sites] : known->second) {
    std::vector<std::string> there;
    for (const auto& site_id : sites) {
      const auto* entry = newest(find(site_id, sitting_id)->check_ins.find(delegate_id)->second);
      if (entry != nullptr && isThere(entry->record->record().check_in().state())) there.push_back(site_id);
    }
    if (there.size() > 1) out[delegate_id] = std::move(there);
  }
  return out;
}

std::vector<v1::AttendanceConflict> Attendance::conflicts(const Roster& roster,
                                                          std::string_view sitting_id) const {
  std::vector<v1::AttendanceConflict> out;
  for (const auto& [delegate_id, sites] : doubled(sitting_id)) {
    v1::AttendanceConflict conflict;
    conflict.set_delegate_id(delegate_id);
    conflict.mutable_site_ids()->Assign(sites.begin(), sites.end());
    if (const auto* delegate = roster.delegate(delegate_id)) {
      conflict.set_name(delegate->name());
      conflict.set_unit(delegate->unit());
      conflict.set_home_site_id(delegate->site_id());
    }
    for (const auto& site_id : sites) {
      const auto& record =
          newest(find(site_id, sitting_id)->check_ins.find(delegate_id)->second)->record->record();
      auto& place = *conflict.add_places();
      place.set_site_id(site_id);
      if (const auto* site = roster.site(site_id)) place.set_site_name(site->name());
      place.set_state(record.check_in().state());
      place.set_record_id(record.id());
      place.set_by(record.by());
      place.set_at_us(record.at_us());
    }
    out.push_back(std::move(conflict));
  }
  return out;
}

v1::DelegateAttendanceList Attendance::delegates(const Roster& roster, const v1::Session& session,
                                                 std::string_view sitting_id,
                                                 const DelegateQuery& query) const {
  v1::DelegateAttendanceList out;
  out.set_session_id(session.id());
  out.set_sitting_id(std::string(sitting_id));
  out.set_offset(static_cast<std::uint32_t>(query.offset));
  const auto places = doubled(sitting_id);
  const auto take = [&](const std::string& site_id, const std::string& delegate_id, const v1::Delegate* known,
                        const Entry* entry) {
    const auto state =
        entry == nullptr ? v1::Presence::not_marked : entry->record->record().check_in().state();
    const auto several = places.find(delegate_id);
    if ((query.state && *query.state != state) || (query.conflicts && several == places.end())) return;
    const std::size_t index = out.total();
    out.set_total(out.total() + 1);
    if (index < query.offset || index - query.offset >= query.most) return;
    auto& one = *out.add_delegates();
    if (known != nullptr)
      *one.mutable_delegate() = *known;
    else
      one.mutable_delegate()->set_id(delegate_id);
    one.set_site_id(site_id);
    one.set_state(state);
    if (several != places.end())
      for (const auto& other : several->second)
        if (other != site_id && (!query.shows || query.shows(other))) one.add_also_at(other);
    if (entry == nullptr) return;
    const auto& record = entry->record->record();
    one.set_reason(record.check_in().reason());
    one.set_late_entry(record.check_in().late_entry());
    one.set_record_id(record.id());
    one.set_by(record.by());
    one.set_at_us(record.at_us());
  };
  for (const auto& site_id : sitesOf(session, sitting_id)) {
    if (!query.site_id.empty() && query.site_id != site_id) continue;
    if (query.shows && !query.shows(site_id)) continue;
    if (!query.area_id.empty()) {
      const auto* site = roster.site(site_id);
      const auto path = roster.pathOf(site == nullptr ? "" : site->area_id());
      if (std::find(path.begin(), path.end(), query.area_id) == path.end()) continue;
    }
    const auto* at = find(site_id, sitting_id);
    const auto entryOf = [&](const std::string& delegate_id) -> const Entry* {
      if (at == nullptr) return nullptr;
      const auto found = at->check_ins.find(delegate_id);
      return found == at->check_ins.end() ? nullptr : newest(found->second);
    };
    for (const auto& delegate : roster.delegates(site_id))
      take(site_id, delegate.id(), &delegate, entryOf(delegate.id()));
    if (at == nullptr) continue;
    for (const auto& [delegate_id, indexes] : at->check_ins)
      if (roster.siteOf(delegate_id) != site_id)
        if (const auto* entry = newest(indexes))
          take(site_id, delegate_id, roster.delegate(delegate_id), entry);
  }
  return out;
}

}  // namespace diemcau::core
