// Acts: the phases of a session, by people and by the clock. Every change of a phase is in act(), by the
// table in session_phase; nothing else sets one.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "coordinator/core/core_impl.hpp"
#include "coordinator/core/session_check.hpp"
#include "coordinator/core/session_phase.hpp"

namespace diemcau::core {
namespace {

constexpr std::uint32_t kLeastLeadMs = 100, kMostLeadMs = 600'000;
constexpr std::size_t kWarnings = 20;

struct Told {
  const char* kind;
  const char* vi;
  const char* en;
};

Told toldOf(v1::SessionAct::Kind kind) {
  switch (kind) {
    case v1::SessionAct::schedule:
      return {"session.scheduled", "lên lịch phiên", "the session was scheduled"};
    case v1::SessionAct::rehearse:
      return {"session.rehearsing", "bắt đầu chạy thử", "a rehearsal began"};
    case v1::SessionAct::stop_rehearsal:
      return {"rehearsal.finished", "kết thúc chạy thử", "the rehearsal ended"};
    case v1::SessionAct::arm:
      return {"session.armed", "sẵn sàng phát lệnh", "the session was armed"};
    case v1::SessionAct::disarm:
      return {"session.disarmed", "bỏ trạng thái sẵn sàng", "the session was disarmed"};
    case v1::SessionAct::go:
      return {"session.live", "phiên bắt đầu", "the session went live"};
    case v1::SessionAct::pause:
      return {"session.paused", "tạm nghỉ", "the session was paused"};
    case v1::SessionAct::resume:
      return {"session.resumed", "tiếp tục", "the session was resumed"};
    case v1::SessionAct::end:
      return {"session.ended", "kết thúc phiên", "the session ended"};
    case v1::SessionAct::close:
      return {"session.closed", "đóng phiên", "the session was closed"};
    default:
      return {"session.cancelled", "huỷ phiên", "the session was cancelled"};
  }
}

}  // namespace

Result<v1::CommandReply> Core::Impl::act(const v1::SessionAct& act, const std::string& actor, Micros now,
                                         Effects& out, Micros start_at) {
  auto* state = findSession(act.session_id());
  if (state == nullptr) return noSession(act.session_id());
  const auto reason = cleanText(act.reason(), 500, "reason");
  if (!reason) return tl::unexpected(reason.error());
  if (act.lead_ms() != 0 && (act.lead_ms() < kLeastLeadMs || act.lead_ms() > kMostLeadMs))
    return fail(ErrorCode::kInvalid, fmt::format("lead_ms is {}; 100 to 600000 is possible", act.lead_ms()),
                fmt::format("lead_ms là {}; chỉ từ 100 đến 600000", act.lead_ms()));
  const auto phase = transition(state->session.phase(), act.kind());
  if (!phase) return tl::unexpected(phase.error());
  v1::Session next = state->session;
  if (const auto ok = beforeAct(*state, act.kind(), now, next); !ok) return tl::unexpected(ok.error());

  next.set_phase(*phase);
  const bool starts_no_more = state->session.auto_start() && !next.auto_start();
  state->session = std::move(next);
  state->start_unsaid = false;
  const auto told = toldOf(act.kind());
  const std::string because = reason->empty() ? "" : ": " + *reason;
  tell({told.kind, state->session.id(), {}, actor}, text(told.vi + because, told.en + because), now, out);
  if (act.kind() == v1::SessionAct::go) {
    const Micros lead = act.lead_ms() == 0 ? measuredLead(state->session, now) : act.lead_ms() * kMillisecond;
    launch(*state, start_at != 0 ? start_at : now + lead, now, out);
  }
  publish(*state, out);
  afterAct(*state, act.kind(), now, out);
  auto reply = replyFor(*state);
  if (act.kind() == v1::SessionAct::arm || act.kind() == v1::SessionAct::go) armWarnings(*state, now, reply);
  if (starts_no_more)
    *reply.add_warnings() =
        text("phiên không tự bắt đầu nữa", "the session does not start by itself any more");
  return reply;
}

// What the act needs, and the fields that come with the phase. Changes nothing but `next`.
Done Core::Impl::beforeAct(SessionState& state, v1::SessionAct::Kind kind, Micros now,
                           v1::Session& next) const {
  switch (kind) {
    case v1::SessionAct::schedule: {
      if (auto ok = schedulable(state.session, now); !ok) return ok;
      const auto sites_of = roster.resolve(next.selection(), std::max(now, next.scheduled_start_us()));
      if (!sites_of) return tl::unexpected(sites_of.error());
      if (sites_of->empty())
        return fail(ErrorCode::kInvalid, "the selection names no site: select some before scheduling",
                    "chưa chọn điểm cầu nào: hãy chọn trước khi lên lịch");
      next.mutable_site_ids()->Assign(sites_of->begin(), sites_of->end());
      break;
    }
    case v1::SessionAct::rehearse:
      next.set_rehearsal(next.rehearsal() + 1);
      next.set_rehearsal_until_us(now + settings.rehearsal_length);
      break;
    case v1::SessionAct::stop_rehearsal:
      next.set_rehearsal_until_us(now);
      break;
    case v1::SessionAct::arm:
      if (next.phase() == v1::Phase::rehearsing) next.set_rehearsal_until_us(now);
      return freeOfOthers(next, {next.site_ids().begin(), next.site_ids().end()});
    case v1::SessionAct::disarm:
      next.set_auto_start(false);  // or it would arm itself again at once
      break;
    case v1::SessionAct::end:
    case v1::SessionAct::cancel:
      next.set_ended_us(now);
      break;
    case v1::SessionAct::close:
      next.set_closed_us(now);
      break;
    default:
      break;
  }
  return {};
}

void Core::Impl::afterAct(SessionState& state, v1::SessionAct::Kind kind, Micros now, Effects& out) {
  switch (kind) {
    case v1::SessionAct::stop_rehearsal: {
      const auto view = sessionView(state, now);
      tell({"readiness.summary", state.session.id(), {}, kSystem},
           text(fmt::format("{} sẵn sàng, {} chưa sẵn sàng, {} chưa kiểm tra", view.ready(), view.not_ready(),
                            view.not_checked() + view.checking()),
                fmt::format("{} ready, {} not ready, {} not checked", view.ready(), view.not_ready(),
                            view.not_checked() + view.checking())),
           now, out);
      endAlarms(state, false, now);
      break;
    }
    case v1::SessionAct::disarm:
      endAlarms(state, false, now);
      break;
    case v1::SessionAct::cancel:
      endAlarms(state, true, now);
      break;
    case v1::SessionAct::end:
      if (!state.judged) judgeLaunch(state, now, out);
      endAlarms(state, false, now);
      for (const auto& site : state.session.site_ids()) {
        if (plans.pinned(site).empty()) continue;
        plans.pin(site, "");
        assignSite(site, out);
        put(out, "own", site, "", plans.stored(site).SerializeAsString());
      }
      break;
    case v1::SessionAct::close:
      closeSession(state, now, out);
      break;
    default:
      break;
  }
  if (const auto* alarm = alarms.raised(state.session.id(), v1::Alarm::not_ready);
      alarm != nullptr && state.session.phase() != v1::Phase::armed)
    alarms.clear(alarm->id(), now);
}

void Core::Impl::launch(SessionState& state, Micros start_at, Micros now, Effects& out) {
  auto& session = state.session;
  session.set_go_at_us(now);
  session.set_start_at_us(start_at);
  // A launch whose instant has passed while the coordinator was away: the sites come back first, then they
  // are judged.
  const bool overdue = now - start_at > settings.start_grace;
  session.set_deadline_us((overdue ? now + settings.offline_after : std::max(start_at, now)) +
                          settings.start_grace);
  state.go_revision = plans.newest() + 1;  // that publish() will give
  state.judged = false;
  state.judge_at = session.deadline_us();
  state.outcomes.clear();
  state.connected_at_go.clear();
  v1::Session launched;
  launched.set_revision(state.go_revision);
  for (const auto& site : session.site_ids()) {
    auto& outcome = state.outcomes[site];
    outcome.set_session_id(session.id());
    outcome.set_site_id(site);
    if (const auto* waiver = findWaiver(session, site)) {
      outcome.set_state(v1::Outcome::waived);
      *outcome.mutable_reason() = text(waiver->reason(), waiver->reason());
    }
    const auto* known = findSite(site);
    if (known != nullptr) outcome.set_simulated(known->status.simulated());
    if (linkOf(known, now) != v1::LinkState::online) continue;
    state.connected_at_go.insert(state.connected_at_go.end(), site);  // they come sorted
    launched.add_site_ids(site);
  }
  put(out, "launch", session.id(), session.id(), launched.SerializeAsString());
  tell({"launch.go", session.id(), {}, kSystem},
       text(fmt::format("phát lệnh cho {} điểm cầu, bắt đầu lúc {}", session.site_ids_size(),
                        formatLocalTime(start_at, session.time_zone())),
            fmt::format("GO to {} sites, start at {}", session.site_ids_size(),
                        formatLocalTime(start_at, session.time_zone()))),
       now, out);
}

Micros Core::Impl::measuredLead(const v1::Session& session, Micros now) const {
  std::vector<Micros> round_trips;
  for (const auto& id : session.site_ids()) {
    const auto* site = findSite(id);
    if (linkOf(site, now) == v1::LinkState::online) round_trips.push_back(site->status.clock().rtt_us());
  }
  return leadFor(round_trips, launch_times);
}

void Core::Impl::armWarnings(const SessionState& state, Micros now, v1::CommandReply& reply) const {
  const auto& session = state.session;
  std::size_t count = 0;
  for (const auto& id : session.site_ids()) {
    if (findWaiver(session, id) != nullptr) continue;
    const auto link = linkOf(findSite(id), now);
    const auto found = state.readiness.find(id);
    const auto* readiness = found == state.readiness.end() ? nullptr : &found->second;
    v1::Text why;
    if (link != v1::LinkState::online)
      why = linkText(link);
    else if (verdictNow(readiness, session, true) == v1::Readiness::not_ready)
      why = failedChecks(*readiness);
    else if (verdictNow(readiness, session, true) != v1::Readiness::ready)
      why = text("chưa kiểm tra", "not checked");
    else
      continue;
    if (++count > kWarnings) continue;
    std::string phone;
    if (const auto* site = roster.site(id); site != nullptr && !site->technician().phone().empty())
      phone = " (" + site->technician().name() + " " + site->technician().phone() + ")";
    *reply.add_warnings() =
        text(siteName(id) + ": " + (why.vi().empty() ? "chưa sẵn sàng" : why.vi()) + phone,
             siteName(id) + ": " + (why.en().empty() ? "not ready" : why.en()) + phone);
  }
  if (count > kWarnings)
    *reply.add_warnings() = text(fmt::format("và {} điểm cầu khác chưa sẵn sàng", count - kWarnings),
                                 fmt::format("and {} more sites are not ready", count - kWarnings));
}

Done Core::Impl::freeOfOthers(const v1::Session& session, const std::vector<std::string>& site_ids) const {
  for (const auto& [id, other] : sessions) {
    if (id == session.id() || !isRunning(other.session.phase())) continue;
    std::vector<std::string> both;
    for (const auto& site : site_ids)
      if (hasSite(other.session, site)) both.push_back(site);
    if (both.empty()) continue;
    const auto names = siteNames(both, roster, 5);
    const auto phase = phaseText(other.session.phase());
    return fail(ErrorCode::kConflict,
                fmt::format("{} of its sites are in session \"{}\", which is {}: {}", both.size(),
                            other.session.title(), phase.en(), names.en()),
                fmt::format("{} điểm cầu đang ở phiên \"{}\" ({}): {}", both.size(), other.session.title(),
                            phase.vi(), names.vi()));
  }
  return {};
}

// The causes of a session that is not watched any more are nobody's concern; a call for help still is, until
// it closes.
void Core::Impl::endAlarms(const SessionState& state, bool help_too, Micros now) {
  groups.forget(state.session.id());
  std::erase_if(carried, [&](const auto& entry) { return entry.first.session_id == state.session.id(); });
  for (const SiteSet raised = alarms.raisedIds(); const auto& id : raised) {
    const auto& alarm = *alarms.find(id);
    if (alarm.session_id() == state.session.id() && (help_too || alarm.kind() != v1::Alarm::help))
      alarms.clear(id, now);
  }
}

void Core::Impl::closeSession(SessionState& state, Micros now, Effects& out) {
  endAlarms(state, true, now);
  flushAlarms(now, out);
  auto final_report = report(state, now);
  final_report.set_final(true);
  state.report = final_report.SerializeAsString();
  put(out, "report", state.session.id(), state.session.id(), state.report);
  closeTexts(state.session.id(), out);
}

}  // namespace diemcau::core
