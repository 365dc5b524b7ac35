// Records of sites: into the ledger once, and what follows from each (G1).
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "coordinator/core/core_impl.hpp"
#include "coordinator/core/session_phase.hpp"

namespace diemcau::core {
namespace {

v1::Text topicText(v1::HelpRequest::Topic topic) {
  switch (topic) {
    case v1::HelpRequest::no_picture:
      return text("không có hình", "no picture");
    case v1::HelpRequest::no_sound:
      return text("không có tiếng", "no sound");
    case v1::HelpRequest::no_connection:
      return text("mất kết nối", "connection lost");
    default:
      return text("cần hỗ trợ", "needs help");
  }
}

}  // namespace

Done Core::Impl::records(std::string_view site_id, std::uint64_t epoch, const v1::RecordBatch& batch,
                         Micros now, Effects& out) {
  const auto found = sites.find(site_id);
  if (found == sites.end() || roster.site(site_id) == nullptr)
    return fail(ErrorCode::kDenied, "records of an unknown site",
                "bản ghi của điểm cầu không có trong danh sách");
  auto& site = found->second;
  auto accepted = ledger.check(site_id, epoch, batch, site.acked);
  if (!accepted) return tl::unexpected(accepted.error());
  heard(site, now);
  if (accepted->missing != 0)
    tell({"records.missing", sessionOfRecord(site_id, batch.records(0)), site.id},
         text(fmt::format("thiếu {} bản ghi mà {} đã gửi trước khi khôi phục kho", accepted->missing,
                          siteName(site.id)),
              fmt::format(
                  "{} records that {} had delivered are not in this store: it was restored from a backup",
                  accepted->missing, siteName(site.id))),
         now, out);
  for (auto& record : accepted->records) {
    v1::LedgerRecord entered;
    entered.set_site_id(site.id);
    entered.set_epoch(epoch);
    // A clock that runs ahead must not win over every later correction.
    record.set_at_us(record.at_us() <= 0 ? now : std::min(record.at_us(), now));
    record.set_session_id(sessionOfRecord(site_id, record));
    if (const auto* state = findSession(record.session_id());
        state != nullptr && record.sitting_id().empty() && (record.has_headcount() || record.has_check_in()))
      record.set_sitting_id(state->session.current_sitting_id());
    *entered.mutable_record() = std::move(record);
    enter(std::move(entered), now, out);
  }
  ledger.reach(site_id, epoch, accepted->newest);
  // A repeat is acknowledged again, behind everything that is still being committed.
  out.acks.push_back({site.id, epoch, accepted->newest.number});
  touchSite(site.id);
  return {};
}

// The session that a record is about: the one it names, else the one that the site works on.
std::string Core::Impl::sessionOfRecord(std::string_view site_id, const v1::Record& record) const {
  if (!record.session_id().empty()) return record.session_id();
  const auto* site = findSite(site_id);
  if (site != nullptr && !site->status.session_id().empty()) return site->status.session_id();
  const auto& mine = plans.sessions(site_id);
  return mine.size() == 1 ? *mine.begin() : std::string();
}

void Core::Impl::enter(v1::LedgerRecord entered, Micros now, Effects& out) {
  entered.set_received_us(now);
  ledger.add(entered);
  out.store.records.push_back(entered);
  const auto& record = entered.record();
  auto* state = findSession(record.session_id());
  if (record.has_help()) helpAsked(state, entered, now, out);
  if (state == nullptr) return;
  if (isFinal(state->session.phase()))
    tell({"record.too_late", state->session.id(), entered.site_id()},
         text("bản ghi đến sau khi phiên đã đóng: giữ trong sổ, không tính vào báo cáo",
              "a record came after the close: it is in the ledger, but not in the report"),
         now, out);
  applyRecord(*state, entered);
  if (record.has_sign_off()) {
    auto& known = state->readiness[entered.site_id()];
    mergeSignOff(known, record);
    const auto& id = state->session.id();
    put(out, "readiness", id + "/" + entered.site_id(), id, known.SerializeAsString());
    tell({"readiness.signed_off", id, entered.site_id(), record.by().empty() ? kSystem : record.by().c_str()},
         text(siteName(entered.site_id()) + ": kỹ thuật viên đã xác nhận",
              siteName(entered.site_id()) + ": the technician has signed off"),
         now, out);
  } else if (entered.epoch() != 0 && !record.corrects_id().empty()) {
    tell({"attendance.corrected", state->session.id(), entered.site_id(),
          record.by().empty() ? kSystem : record.by().c_str()},
         text(siteName(entered.site_id()) + ": sửa điểm danh",
              siteName(entered.site_id()) + ": attendance corrected"),
         now, out);
  }
  touchSite(entered.site_id());
  touchSession(*state);
}

// What the record changes of what is derived from the ledger; the same after a restart.
void Core::Impl::applyRecord(SessionState& state, const v1::LedgerRecord& record) {
  ++state.records;
  const auto& session = state.session;
  const Micros over = session.closed_us() != 0 ? session.closed_us() : session.ended_us();
  if (isFinal(session.phase()) && record.received_us() > over) return;  // the report is final
  if (record.record().has_sign_off()) state.sign_offs.push_back(record);
  if (record.record().has_help()) state.help_requests.push_back(record);
  if (state.attendance.add(record)) state.attended.erase(record.site_id());
}

void Core::Impl::helpAsked(SessionState* state, const v1::LedgerRecord& entered, Micros now, Effects& out) {
  const auto& record = entered.record();
  const auto topic = topicText(record.help().topic());
  const std::string words = record.help().text().empty() ? "" : ": " + record.help().text();
  const auto name = siteName(entered.site_id());
  v1::Alarm draft;
  if (state != nullptr) draft.set_session_id(state->session.id());
  draft.set_kind(v1::Alarm::help);
  draft.set_scope(v1::Alarm::site);
  draft.set_record_id(record.id());
  *draft.mutable_text() = text(name + ", " + topic.vi() + words, name + ", " + topic.en() + words);
  const auto said = draft.text();
  tell({"help.requested", draft.session_id(), entered.site_id(),
        record.by().empty() ? kSystem : record.by().c_str()},
       said, now, out);
  if (state != nullptr && isFinal(state->session.phase())) return;
  alarms.raise(std::move(draft), {entered.site_id()}, record.at_us(), roster, now);
}

}  // namespace diemcau::core
