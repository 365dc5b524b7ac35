// Attendance as the centre has to do with it: entered and corrected, asked for, looked at delegate by
// delegate.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "coordinator/core/core_impl.hpp"
#include "coordinator/core/session_check.hpp"
#include "coordinator/core/session_phase.hpp"

namespace diemcau::core {
namespace {

tl::unexpected<Error> noSitting(const std::string& id) {
  const std::string shown = validId(id) ? id : "?";
  return fail(ErrorCode::kNotFound, "the session has no sitting \"" + shown + "\"",
              "phiên không có buổi \"" + shown + "\"");
}

}  // namespace

Result<v1::CommandReply> Core::Impl::enterAttendance(const v1::EnterAttendance& entry,
                                                     const std::string& actor, Micros now, Effects& out) {
  auto* state = findSession(entry.session_id());
  if (state == nullptr) return noSession(entry.session_id());
  const auto& session = state->session;
  if (!isPlanned(session.phase())) {
    const auto phase = phaseText(session.phase());
    return fail(ErrorCode::kConflict, "the session is " + phase.en() + ": attendance is not taken",
                "phiên " + phase.vi() + ": không nhận điểm danh");
  }
  if (!hasSite(session, entry.site_id())) return notTakingPart(entry.site_id());
  const auto reason = cleanText(entry.reason(), 500, "reason");
  if (!reason) return tl::unexpected(reason.error());
  if (!entry.corrects_id().empty() && reason->empty())
    return fail(ErrorCode::kInvalid, "a correction needs a reason", "cần ghi lý do sửa");
  if (!entry.corrects_id().empty() && !ledger.has(entry.site_id(), entry.corrects_id()))
    return fail(ErrorCode::kNotFound, "the record to correct is not in the ledger of this site",
                "không tìm thấy bản ghi cần sửa");
  const auto sitting = entry.sitting_id().empty() ? session.current_sitting_id() : entry.sitting_id();
  if (findSitting(session, sitting) == nullptr)
    return fail(ErrorCode::kNotFound, "the session has no such sitting", "phiên không có buổi này");
  v1::LedgerRecord entered;
  auto& record = *entered.mutable_record();
  if (entry.has_headcount()) {
    *record.mutable_headcount() = entry.headcount();
    if (record.headcount().note().empty()) record.mutable_headcount()->set_note(*reason);
  }
  if (entry.has_check_in()) *record.mutable_check_in() = entry.check_in();
  if (const auto ok = checkAttendance(record); !ok) return tl::unexpected(ok.error());
  if (entry.has_check_in() && roster.delegate(entry.check_in().delegate_id()) == nullptr)
    return fail(ErrorCode::kNotFound, "the roster has no such delegate", "danh sách không có đại biểu này");

  record.set_number(++ids);
  record.set_id(fmt::format("ce{:030x}", record.number()));
  record.set_session_id(session.id());
  record.set_sitting_id(sitting);
  record.set_at_us(now);
  record.set_by(actor);
  record.set_corrects_id(entry.corrects_id());
  entered.set_site_id(entry.site_id());
  if (auto clean = cleanRecord(record)) record = std::move(*clean);
  tell({entry.corrects_id().empty() ? "attendance.entered" : "attendance.corrected", session.id(),
        entry.site_id(), actor},
       text(fmt::format("nhập điểm danh tại trung tâm cho {}{}{}", siteName(entry.site_id()),
                        reason->empty() ? "" : ": ", *reason),
            fmt::format("attendance of {} entered at the centre{}{}", siteName(entry.site_id()),
                        reason->empty() ? "" : ": ", *reason)),
       now, out);
  const auto id = record.id();
  enter(std::move(entered), now, out);
  auto reply = replyFor(*state);
  reply.set_id(id);
  reply.set_sites(1);
  return reply;
}

// Those that take part in the sitting and have said nothing yet.
Result<std::vector<std::string>> Core::Impl::unreported(const v1::RemindAttendance& wish, Micros now) const {
  const auto* state = findSession(wish.session_id());
  if (state == nullptr) return noSession(wish.session_id());
  const auto& session = state->session;
  const auto sitting = wish.sitting_id().empty() ? session.current_sitting_id() : wish.sitting_id();
  if (findSitting(session, sitting) == nullptr) return noSitting(sitting);
  std::vector<std::string> within(session.site_ids().begin(), session.site_ids().end());
  if (!wish.area_ids().empty()) {
    v1::Selection selection;
    *selection.mutable_area_ids() = wish.area_ids();
    auto named = roster.resolve(selection, now);
    if (!named) return tl::unexpected(named.error());
    std::erase_if(*named, [&](const auto& site) { return !hasSite(session, site); });
    within = std::move(*named);
  }
  std::erase_if(within,
                [&](const auto& site) { return state->attendance.site(roster, site, sitting).reported(); });
  return within;
}

Result<v1::CommandReply> Core::Impl::remind(const v1::RemindAttendance& wish, const std::string& actor,
                                            Micros now, Effects& out) {
  const auto silent = unreported(wish, now);
  if (!silent) return tl::unexpected(silent.error());
  const auto& session = findSession(wish.session_id())->session;
  if (!isPlanned(session.phase()))
    return fail(ErrorCode::kConflict, "the session takes no attendance now",
                "phiên không nhận điểm danh lúc này");
  if (silent->empty())
    return fail(ErrorCode::kConflict, "all of these sites have reported already",
                "các điểm cầu này đều đã báo điểm danh");
  v1::SendText send;
  send.set_session_id(session.id());
  send.mutable_selection()->mutable_site_ids()->Assign(silent->begin(), silent->end());
  send.set_text(wish.text());
  if (wish.text().empty()) {
    const auto sitting = wish.sitting_id().empty() ? session.current_sitting_id() : wish.sitting_id();
    send.set_text("Đề nghị điểm cầu báo số liệu điểm danh: " + findSitting(session, sitting)->title());
  }
  return sendText(send, actor, now, out);
}

Result<v1::DelegateAttendanceList> Core::delegates(std::string_view session_id, std::string_view sitting_id,
                                                   const DelegateQuery& query) const {
  const auto* state = impl_->findSession(session_id);
  if (state == nullptr) return Impl::noSession(session_id);
  const auto& session = state->session;
  const auto sitting = sitting_id.empty() ? session.current_sitting_id() : std::string(sitting_id);
  if (findSitting(session, sitting) == nullptr) return noSitting(sitting);
  if (!query.area_id.empty() && impl_->roster.area(query.area_id) == nullptr)
    return fail(ErrorCode::kNotFound, "the roster has no such area", "danh sách không có địa bàn này");
  return state->attendance.delegates(impl_->roster, session, sitting, query);
}

}  // namespace diemcau::core
