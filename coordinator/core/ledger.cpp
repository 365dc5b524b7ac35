// See ledger.hpp.
#include "coordinator/core/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "coordinator/core/status_check.hpp"

namespace diemcau::core {
namespace {

bool hexId(std::string_view id) {
  return id.size() == 32 && std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

std::string keyOf(std::string_view site_id, std::string_view record_id) {
  return std::string(site_id) + '/' + std::string(record_id);
}

void bound(v1::Headcount& count) {
  count.set_present(std::min(count.present(), kMostPeople));
  count.set_online(std::min(count.online(), kMostPeople));
  count.set_excused(std::min(count.excused(), kMostPeople));
  count.set_absent(std::min(count.absent(), kMostPeople));
  count.set_note(cleanSentence(count.note()));
}

}  // namespace

Result<v1::Record> cleanRecord(const v1::Record& record) {
  if (!hexId(record.id()) || record.number() == 0)
    return fail(ErrorCode::kInvalid, "a record needs an id of 32 hex digits and a number from 1",
                "bản ghi thiếu mã hoặc số thứ tự");
  v1::Record out = record;
  if (!validId(out.session_id())) out.clear_session_id();
  if (!validId(out.sitting_id())) out.clear_sitting_id();
  if (!hexId(out.corrects_id())) out.clear_corrects_id();
  out.set_by(cleanSentence(out.by(), 100));
  switch (out.body_case()) {
    case v1::Record::kHeadcount:
      bound(*out.mutable_headcount());
      break;
    case v1::Record::kCheckIn: {
      auto& check_in = *out.mutable_check_in();
      if (!validId(check_in.delegate_id())) check_in.clear_delegate_id();
      if (!v1::Presence_State_IsValid(check_in.state())) check_in.set_state(v1::Presence::not_marked);
      check_in.set_reason(cleanSentence(check_in.reason()));
      break;
    }
    case v1::Record::kSignOff:
      out.mutable_sign_off()->set_note(cleanSentence(out.sign_off().note()));
      break;
    case v1::Record::kHelp:
      if (!v1::HelpRequest_Topic_IsValid(out.help().topic()))
        out.mutable_help()->set_topic(v1::HelpRequest::other);
      out.mutable_help()->set_text(cleanSentence(out.help().text()));
      break;
    default:
      break;  // from a newer agent: kept as it came
  }
  return out;
}

Done checkAttendance(const v1::Record& record) {
  if (record.has_headcount()) {
    const auto& count = record.headcount();
    if (std::max({count.present(), count.online(), count.excused(), count.absent()}) > kMostPeople)
      return fail(ErrorCode::kInvalid, "a headcount is 0 to 100,000 each", "mỗi số đếm từ 0 đến 100.000");
    return {};
  }
  if (!record.has_check_in())
    return fail(ErrorCode::kInvalid, "give a headcount or a check-in", "cần số đếm hoặc một đại biểu");
  if (!v1::Presence_State_IsValid(record.check_in().state()))
    return fail(ErrorCode::kInvalid, "the state of the delegate is not known",
                "trạng thái đại biểu không hợp lệ");
  return {};
}

Result<Ledger::Accepted> Ledger::check(std::string_view site_id, std::uint64_t epoch,
                                       const v1::RecordBatch& batch, std::uint64_t acked) const {
  if (epoch == 0)
    return fail(ErrorCode::kInvalid, "records need the epoch of a spool", "thiếu mã sổ bản ghi");
  Accepted out;
  out.newest = newest(site_id, epoch);
  auto& last = out.newest.number;
  std::set<std::string> in_batch;
  for (const auto& record : batch.records()) {
    auto clean = cleanRecord(record);
    if (!clean) return tl::unexpected(clean.error());
    if (clean->number() <= last) continue;
    if (clean->number() != last + 1) {
      if (clean->number() - 1 > acked)
        return fail(ErrorCode::kInvalid,
                    fmt::format("record {} came after {}: there is a gap", clean->number(), last),
                    fmt::format("bản ghi {} đến sau {}: bị thiếu ở giữa", clean->number(), last));
      out.missing += clean->number() - 1 - last;
    }
    out.newest = {clean->number(), clean->id()};
    if (has(site_id, clean->id()) || !in_batch.insert(clean->id()).second) continue;
    out.records.push_back(std::move(*clean));
  }
  return out;
}

void Ledger::add(const v1::LedgerRecord& record) {
  ids_.insert(keyOf(record.site_id(), record.record().id()));
  reach(record.site_id(), record.epoch(), {record.record().number(), record.record().id()});
}

void Ledger::reach(std::string_view site_id, std::uint64_t epoch, const Newest& newest) {
  if (epoch == 0) return;
  auto& held = newest_[std::string(site_id)][epoch];
  if (newest.number > held.number) held = newest;
}

Ledger::Newest Ledger::newest(std::string_view site_id, std::uint64_t epoch) const {
  const auto site = newest_.find(site_id);
  if (site == newest_.end()) return {};
  const auto found = site->second.find(epoch);
  return found == site->second.end() ? Newest{} : found->second;
}

bool Ledger::has(std::string_view site_id, std::string_view record_id) const {
  return ids_.contains(keyOf(site_id, record_id));
}

}  // namespace diemcau::core
