// Attendance as CSV for spreadsheets. Columns keep their names and order: programs read them too.
#include <initializer_list>

#include "base/csv.hpp"
#include "base/time.hpp"
#include "coordinator/core/attendance.hpp"

namespace diemcau::core {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

void row(std::string& out, std::initializer_list<std::string> fields) {
  bool first = true;
  for (const std::string& field : fields) {
    if (!first) out += ',';
    first = false;
    out += csvField(field);
  }
  out += "\r\n";
}

std::string when(std::int64_t at_us, const v1::Session& session) {
  return at_us == 0 ? std::string() : formatLocal(at_us, session.time_zone());
}

void countsRow(std::string& out, const std::string& area, const std::string& site, const v1::Sitting& sitting,
               const v1::Counts& counts, std::uint32_t checkins, const std::string& by, const std::string& at,
               const std::string& area_name, const std::string& site_name) {
  row(out,
      {area, site, sitting.id(), std::to_string(counts.expected()), std::to_string(counts.present()),
       std::to_string(counts.online()), std::to_string(counts.excused()), std::to_string(counts.absent()),
       std::to_string(counts.not_marked()), std::to_string(checkins), by, at, area_name, site_name});
}

}  // namespace

std::string Attendance::csv(const Roster& roster, const v1::Session& session) const {
  std::string out(kMark);
  row(out, {"area", "site", "sitting", "expected", "present", "online", "excused", "absent", "not_marked",
            "check_ins", "by", "at", "area_name", "site_name"});
  for (const v1::Sitting& sitting : session.sittings()) {
    const v1::SittingAttendance all = this->sitting(roster, session, sitting.id());
    for (const v1::SiteAttendance& one : all.by_site()) {
      const v1::Site* site = roster.site(one.site_id());
      const v1::Area* area = site == nullptr ? nullptr : roster.area(site->area_id());
      countsRow(out, site == nullptr ? "" : site->area_id(), one.site_id(), sitting, one.counted(),
                one.checkins(), one.by(), when(one.at_us(), session), area == nullptr ? "" : area->name(),
                site == nullptr ? "" : site->name());
    }
    countsRow(out, "", "total", sitting, all.total(), all.checkins(), "", "", "", "Tổng cộng");
  }
  return out;
}

std::string Attendance::checkinsCsv(const Roster& roster, const v1::Session& session) const {
  std::string out(kMark);
  row(out, {"site", "delegate", "name", "unit", "sitting", "state", "reason", "late_entry", "by", "at",
            "site_name"});
  for (const v1::Sitting& sitting : session.sittings()) {
    for (const std::string& site_id : sitesOf(session, sitting.id())) {
      const SiteSitting* at = find(site_id, sitting.id());
      if (at == nullptr) continue;
      const v1::Site* site = roster.site(site_id);
      for (const auto& [delegate_id, indexes] : at->check_ins) {
        const Entry* entry = newest(indexes);
        if (entry == nullptr) continue;
        const v1::Record& record = entry->record->record();
        const v1::CheckIn& said = record.check_in();
        if (said.state() == v1::Presence::not_marked) continue;
        const v1::Delegate* delegate = roster.delegate(delegate_id);
        row(out, {site_id, delegate_id, delegate == nullptr ? "" : delegate->name(),
                  delegate == nullptr ? "" : delegate->unit(), sitting.id(),
                  v1::Presence::State_Name(said.state()), said.reason(), said.late_entry() ? "yes" : "no",
                  record.by(), when(record.at_us(), session), site == nullptr ? "" : site->name()});
      }
    }
  }
  return out;
}

}  // namespace diemcau::core
