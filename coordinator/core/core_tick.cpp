// Time passes: schedules, rehearsals, launches by the clock, deadlines, links. Alarms are in core_watch.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "coordinator/core/core_impl.hpp"
#include "coordinator/core/session_check.hpp"
#include "coordinator/core/session_phase.hpp"

namespace diemcau::core {
namespace {

// How late an automatic rehearsal may still begin, and an automatic launch without a planned end.
constexpr Micros kRehearsalWindow = kMinute;
constexpr Micros kOpenEnd = 12 * kHour;
// More than this many sites in one moment are one entry of the timeline.
constexpr std::size_t kTellEach = 50;

v1::SessionAct actOf(const SessionState& state, v1::SessionAct::Kind kind) {
  v1::SessionAct act;
  act.set_session_id(state.session.id());
  act.set_kind(kind);
  return act;
}

}  // namespace

void Core::Impl::tick(Micros now, Effects& out) {
  watchLinks(now, out);
  for (auto& [id, state] : sessions) {
    scheduled(state, now, out);
    if (isLaunched(state.session.phase()) && !state.judged && now >= state.judge_at)
      judgeLaunch(state, now, out);
    watchNotStarted(state, now);
    watchNotReady(state, now);
  }
  watchDuplicates(now);
  watchDelay(now);
  alarms.expire(now);
  record(now, out);
  watchAlarms(now);
}

void Core::Impl::scheduled(SessionState& state, Micros now, Effects& out) {
  const auto phase = state.session.phase();
  if (phase == v1::Phase::scheduled && rehearsalDue(state.session, now))
    act(actOf(state, v1::SessionAct::rehearse), kSystem, now, out);
  else if (phase == v1::Phase::rehearsing && now >= state.session.rehearsal_until_us())
    act(actOf(state, v1::SessionAct::stop_rehearsal), kSystem, now, out);
  autoStart(state, now, out);
}

// A rehearsal that ran at or after its moment has answered it; so a restart repeats nothing.
bool Core::Impl::rehearsalDue(const v1::Session& session, Micros now) const {
  if (session.scheduled_start_us() == 0) return false;
  return std::any_of(
      session.rehearsal_leads_s().begin(), session.rehearsal_leads_s().end(), [&](std::uint32_t lead) {
        const Micros due = session.scheduled_start_us() - lead * kSecond;
        return lead != 0 && now >= due && now < due + kRehearsalWindow && session.rehearsal_until_us() < due;
      });
}

// By the same plan the sites start themselves if nobody reaches them; so a coordinator that comes back late
// only follows what has happened.
void Core::Impl::autoStart(SessionState& state, Micros now, Effects& out) {
  const auto& session = state.session;
  const Micros start = session.scheduled_start_us();
  if (!session.auto_start() || start == 0) return;
  if (now >= (session.scheduled_end_us() != 0 ? session.scheduled_end_us() : start + kOpenEnd)) return;
  if ((session.phase() == v1::Phase::scheduled || session.phase() == v1::Phase::rehearsing) &&
      now >= start - session.arm_lead_s() * kSecond) {
    const auto armed = act(actOf(state, v1::SessionAct::arm), kSystem, now, out);
    if (!armed && !state.start_unsaid) {
      state.start_unsaid = true;
      tell({"session.arm_refused", session.id()},
           text("không thể tự vào trạng thái sẵn sàng: " + armed.error().vi,
                "could not arm itself: " + armed.error().text),
           now, out);
      touchSession(state);
    }
  }
  if (session.phase() == v1::Phase::armed && now >= start - measuredLead(session, now))
    act(actOf(state, v1::SessionAct::go), kSystem, now, out, start);
}

// The deadline: every site that has not told of its start gets its verdict (G3).
void Core::Impl::judgeLaunch(SessionState& state, Micros now, Effects& out) {
  const auto& session = state.session;
  state.judged = state.starts_moved = true;
  std::vector<std::string> missing;
  for (const auto& [id, outcome] : state.outcomes)
    if (outcome.state() == v1::Outcome::pending) missing.push_back(id);
  std::sort(missing.begin(), missing.end());
  for (const auto& id : missing) {
    auto& outcome = state.outcomes[id];
    const auto* site = findSite(id);
    judge(outcome, session, site == nullptr ? Link{} : site->link, linkOf(site, now),
          site == nullptr || site->status_at == 0 ? nullptr : &site->status);
    put(out, "outcome", session.id() + "/" + id, session.id(), outcome.SerializeAsString());
    markSite(id);
  }
  touchSession(state);
  tellJudged(state, missing, now, out);
}

void Core::Impl::tellJudged(SessionState& state, const std::vector<std::string>& missing, Micros now,
                            Effects& out) {
  const auto& id = state.session.id();
  if (missing.size() <= kTellEach) {
    for (const auto& site : missing) {
      const auto& outcome = state.outcomes[site];
      tell({outcome.state() == v1::Outcome::late ? "site.late" : "site.failed", id, site},
           text(siteName(site) + ": " + outcome.reason().vi(), siteName(site) + ": " + outcome.reason().en()),
           now, out);
    }
  } else {
    const auto names = siteNames(missing, roster, 10);
    tell({"site.failed", id},
         text(fmt::format("{} điểm cầu chưa bắt đầu: {}", missing.size(), names.vi()),
              fmt::format("{} sites have not started: {}", missing.size(), names.en())),
         now, out);
  }
  const auto launched = launchReport(state.session, state.outcomes, state.connected_at_go);
  tell({"launch.deadline", id},
       text(fmt::format("{} điểm cầu bắt đầu đúng giờ, {} chậm, {} không bắt đầu, {} được bỏ qua",
                        launched.started(), launched.late(), launched.failed(), launched.waived()),
            fmt::format("{} sites started, {} late, {} failed, {} waived", launched.started(),
                        launched.late(), launched.failed(), launched.waived())),
       now, out);
}

void Core::Impl::heard(SiteState& site, Micros now) {
  site.link.hear(now);
  if (site.shown != v1::LinkState::online || site.offline_told) looks.add(site, now);
}

// By their ids, so that what is told of many comes in a fixed order.
std::vector<SiteState*> Core::Impl::linksToLookAt(Micros now) {
  // A clock that went back: all moments on the list are wrong.
  const bool all = std::exchange(look_at_all, false) || now < looked_at;
  looked_at = now;
  auto due = looks.take(now);
  if (all) {
    due.clear();
    for (auto& [id, site] : sites) due.push_back(&site);
  }
  std::sort(due.begin(), due.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  return due;
}

void Core::Impl::watchLinks(Micros now, Effects& out) {
  std::map<std::string, std::vector<std::string>> lost, back;  // by session
  for (auto* const due : linksToLookAt(now)) {
    auto& site = *due;
    const auto& id = site.id;
    if (const Micros next = nextChange(site.link, now, link_times, settings.link_grace); next != 0)
      looks.add(site, next);
    const auto link = linkState(site.link, now, link_times);
    if (link != site.shown) {
      site.shown = link;
      picture_dirty = true;
      touchSite(id);
    }
    const Micros since = lostSince(site.link, now, link_times);
    const bool is_lost = since != 0 && now - since >= settings.link_grace;
    if (is_lost == site.offline_told || (!is_lost && link != v1::LinkState::online)) continue;
    bool told = false;
    for (const auto& session : plans.sessions(id)) {
      const auto* state = findSession(session);
      if (state == nullptr || !isRunning(state->session.phase())) continue;
      (is_lost ? lost : back)[session].push_back(id);
      told = true;
    }
    if (told || !is_lost) site.offline_told = is_lost;
  }
  const auto say = [&](const char* kind, const auto& by_session, const char* vi, const char* en) {
    for (const auto& [session, ids_of] : by_session) {
      if (ids_of.size() <= kTellEach) {
        for (const auto& id : ids_of)
          tell({kind, session, id}, text(siteName(id) + vi, siteName(id) + en), now, out);
        continue;
      }
      const auto names = siteNames(ids_of, roster, 10);
      tell({kind, session}, text(names.vi() + vi, names.en() + en), now, out);
    }
  };
  say("site.offline", lost, ": mất kết nối", ": link lost");
  say("site.online", back, ": kết nối trở lại", ": link is back");
}

}  // namespace diemcau::core
