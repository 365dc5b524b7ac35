// The report of a session and its attendance: made from what is known now, final once the session is closed.
#include <algorithm>

#include "base/text.hpp"
#include "coordinator/core/core_impl.hpp"
#include "coordinator/core/session_check.hpp"
#include "coordinator/core/session_phase.hpp"

namespace diemcau::core {

v1::SessionReport Core::Impl::report(const SessionState& state, Micros now) const {
  v1::SessionReport out;
  const auto& session = state.session;
  *out.mutable_session() = withoutSecrets(session);
  *out.mutable_launch() = launchReport(session, state.outcomes, state.connected_at_go);
  for (const auto& [id, outcome] : state.outcomes) *out.add_outcomes() = outcome;
  std::sort(out.mutable_outcomes()->begin(), out.mutable_outcomes()->end(),
            [](const v1::Outcome& a, const v1::Outcome& b) { return a.site_id() < b.site_id(); });
  std::vector<const v1::Alarm*> raised;
  for (const auto& [id, alarm] : alarms.all())
    if (alarm.session_id() == session.id()) raised.push_back(&alarm);
  std::sort(raised.begin(), raised.end(), [](const v1::Alarm* a, const v1::Alarm* b) {
    return std::tuple(a->raised_us(), a->id().size(), a->id()) <
           std::tuple(b->raised_us(), b->id().size(), b->id());
  });
  for (const auto* alarm : raised) *out.add_alarms() = *alarm;
  for (const auto& sitting : session.sittings())
    *out.add_attendance() = state.attendance.sitting(roster, session, sitting.id());
  for (auto& entry : timeline.of(session.id())) *out.add_timeline() = std::move(entry);
  for (const auto& record : state.sign_offs) *out.add_sign_offs() = record;
  for (const auto& record : state.help_requests) *out.add_help_requests() = record;
  out.set_records(state.records);
  out.set_made_us(now);
  return out;
}

Result<v1::SittingAttendance> Core::attendance(std::string_view session_id,
                                               std::string_view sitting_id) const {
  const auto* state = impl_->findSession(session_id);
  if (state == nullptr) return Impl::noSession(session_id);
  const auto& session = state->session;
  const auto sitting = sitting_id.empty() ? session.current_sitting_id() : std::string(sitting_id);
  if (findSitting(session, sitting) == nullptr)
    return fail(ErrorCode::kNotFound, "the session has no sitting \"" + sitting.substr(0, 64) + "\"",
                "phiên không có buổi \"" + sitting.substr(0, 64) + "\"");
  return state->attendance.sitting(impl_->roster, session, sitting);
}

Result<std::string> Core::attendanceCsv(std::string_view session_id, std::string_view kind) const {
  const auto* state = impl_->findSession(session_id);
  if (state == nullptr) return Impl::noSession(session_id);
  if (kind == "sites") return state->attendance.csv(impl_->roster, state->session);
  if (kind == "checkins") return state->attendance.checkinsCsv(impl_->roster, state->session);
  return fail(ErrorCode::kInvalid, "kind is \"sites\" or \"checkins\"",
              "loại phải là \"sites\" hoặc \"checkins\"");
}

Result<v1::SessionReport> Core::report(std::string_view session_id, Micros now) const {
  const auto* state = impl_->findSession(session_id);
  if (state == nullptr) return Impl::noSession(session_id);
  if (!state->report.empty()) {
    v1::SessionReport final_report;
    DIEMCAU_INVARIANT(final_report.ParseFromString(state->report));  // checked when it was read
    return final_report;
  }
  return impl_->report(*state, now);
}

}  // namespace diemcau::core
