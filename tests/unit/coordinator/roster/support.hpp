// A small city and short ways to import into a roster and to write ledger records.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "coordinator/core/attendance.hpp"
#include "coordinator/core/roster.hpp"

namespace diemcau::core {

inline v1::RosterImport files(const std::vector<std::pair<std::string, std::string>>& named) {
  v1::RosterImport import;
  for (const auto& [name, content] : named) {
    v1::RosterImport::File* file = import.add_files();
    file->set_name(name);
    file->set_content(content);
  }
  return import;
}

struct Imported {
  v1::RosterImportReport report;
  StoreBatch batch;
  std::set<std::string> changed;
};

inline Imported import(Roster& roster, const v1::RosterImport& files, std::uint64_t revision = 7) {
  Imported out;
  out.report = roster.import(files, revision, out.batch, out.changed);
  return out;
}

inline constexpr const char* kAreas =
    "area_id,parent_id,name\n"
    "city,,Thành phố\n"
    "north,city,Quận Bắc\n"
    "south,city,Quận Nam\n"
    "n1,north,Phường Một\n";
inline constexpr const char* kSites =
    "site_id,area_id,name,tags,technician,phone,seats\n"
    "s1,n1,Hội trường Đống Đa,big|4g,Nguyễn Văn A,+84 912 345 678,120\n"
    "s2,north,Nhà văn hóa,4g,,,\n"
    "s3,south,Trường học,,,,40\n";
inline constexpr const char* kDelegates =
    "delegate_id,site_id,name,unit,title\n"
    "d1,s1,Trần Thị Bình,Sở Y tế,Giám đốc\n"
    "d2,s1,Đặng Văn An,Sở Y tế,\n"
    "d3,s1,Dương Văn Út,UBND,Chủ tịch\n"
    "d4,s2,Ân Thị Lan,UBND,\n";

inline Roster city() {
  Roster roster;
  import(roster, files({{"areas.csv", kAreas}, {"sites.csv", kSites}, { "delegates.csv", kDelegates }}), 2);
  return roster;
}

inline v1::Session briefing() {
  v1::Session session;
  session.set_id("briefing");
  session.set_time_zone("Asia/Ho_Chi_Minh");
  for (const char* id : {"s1", "s2", "s3"}) session.add_site_ids(id);
  session.add_sittings()->set_id("morning");
  session.add_sittings()->set_id("afternoon");
  return session;
}

inline v1::LedgerRecord record(const std::string& site, const std::string& id, Micros at,
                               const std::string& corrects = "", const std::string& sitting = "morning") {
  v1::LedgerRecord out;
  out.set_site_id(site);
  out.set_epoch(1);
  out.mutable_record()->set_id(id);
  out.mutable_record()->set_sitting_id(sitting);
  out.mutable_record()->set_at_us(at);
  out.mutable_record()->set_by("clerk of " + site);
  out.mutable_record()->set_corrects_id(corrects);
  return out;
}

inline v1::LedgerRecord counted(v1::LedgerRecord record, std::uint32_t present, std::uint32_t online = 0,
                                std::uint32_t excused = 0, std::uint32_t absent = 0) {
  v1::Headcount& headcount = *record.mutable_record()->mutable_headcount();
  headcount.set_present(present);
  headcount.set_online(online);
  headcount.set_excused(excused);
  headcount.set_absent(absent);
  return record;
}

inline v1::LedgerRecord marked(v1::LedgerRecord record, const std::string& delegate,
                               v1::Presence::State state, const std::string& reason = "") {
  v1::CheckIn& said = *record.mutable_record()->mutable_check_in();
  said.set_delegate_id(delegate);
  said.set_state(state);
  said.set_reason(reason);
  return record;
}

}  // namespace diemcau::core
