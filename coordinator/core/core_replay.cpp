// The flight recorder's work in each step, and the view of a session at a moment of its past.
#include <algorithm>

#include "base/text.hpp"
#include "coordinator/core/core_impl.hpp"
#include "coordinator/core/session_check.hpp"
#include "coordinator/core/session_phase.hpp"
#include "coordinator/core/view_tally.hpp"

namespace diemcau::core {
namespace {

// Before the start, links and readiness are worth looking at again; weeks before, they are not.
constexpr Micros kBefore = 2 * kHour;
constexpr std::size_t kTimelineThen = 100;

v1::Session sessionThen(const v1::Session& session, const ReplayState& then) {
  auto out = withoutSecrets(session);
  out.set_phase(then.phase);
  out.clear_site_ids();
  const auto later = [&](Micros moment) { return moment > then.at; };
  auto& waivers = *out.mutable_waivers();
  waivers.erase(std::remove_if(waivers.begin(), waivers.end(),
                               [&](const v1::Waiver& waiver) { return later(waiver.at_us()); }),
                waivers.end());
  if (later(out.go_at_us())) {
    out.clear_go_at_us();
    out.clear_start_at_us();
    out.clear_deadline_us();
  }
  if (later(out.ended_us())) out.clear_ended_us();
  if (later(out.closed_us())) out.clear_closed_us();
  return out;
}

// As it was: raised then, taken in hand then, put aside then.
bool alarmThen(v1::Alarm& alarm, const ReplayState& then) {
  if (alarm.raised_us() > then.at) return false;
  if (alarm.cleared_us() == 0 || alarm.cleared_us() > then.at) {
    alarm.set_state(v1::Alarm::raised);
    alarm.clear_cleared_us();
  }
  if (alarm.acked_us() > then.at) {
    alarm.clear_acked_us();
    alarm.clear_acked_by();
    alarm.clear_ack_note();
  }
  const auto shelf = then.shelves.find(alarm.id());
  if (shelf != then.shelves.end() && shelf->second.kind() == "alarm.shelved") {
    if (alarm.shelved_us() == 0 || alarm.shelved_us() > then.at) {
      // Since taken back: who and when are on the timeline, the reason is in its sentence.
      alarm.set_shelved_by(shelf->second.actor());
      alarm.set_shelved_us(shelf->second.at_us());
      alarm.set_shelved_until_us(then.at);
    }
  } else {
    alarm.clear_shelved_by();
    alarm.clear_shelve_reason();
    alarm.clear_shelved_us();
    alarm.clear_shelved_until_us();
  }
  return true;
}

}  // namespace

bool Core::Impl::recorded(const v1::Session& session, Micros now) const {
  if (isWatched(session.phase())) return true;
  const Micros start = session.scheduled_start_us();
  return session.phase() == v1::Phase::scheduled && start != 0 && now > start - kBefore &&
         now < start + kBefore;
}

void Core::Impl::record(Micros now, Effects& out) {
  for (auto& [id, state] : sessions) {
    const bool on = recorded(state.session, now);
    if (on == state.recording) continue;
    state.recording = on;
    if (on)
      for (const auto& id_of : state.session.site_ids()) {
        auto& site = siteState(id_of);
        recorder.mark(site.id, site.record);
      }
    else
      recorder.end(id);
  }
  for (const auto& site : recorder.take())
    for (const auto& id : plans.sessions(site))
      if (const auto* state = findSession(id); state != nullptr && state->recording)
        recorder.note(id, traceOf(*state, site));
  recorder.flush(now, out.store);
}

v1::SiteTrace Core::Impl::traceOf(const SessionState& state, const std::string& site_id) const {
  v1::SiteTrace out;
  out.set_site_id(site_id);
  const auto* site = findSite(site_id);
  if (site != nullptr) out.set_link(site->shown);
  const auto known = state.readiness.find(site_id);
  out.set_verdict(verdictNow(known == state.readiness.end() ? nullptr : &known->second, state.session,
                             out.link() == v1::LinkState::online));
  if (const auto outcome = state.outcomes.find(site_id); outcome != state.outcomes.end()) {
    out.set_launched(true);
    out.set_outcome(outcome->second.state());
  }
  if (site == nullptr || site->status.session_id() != state.session.id()) return out;
  out.set_phase(site->status.phase());
  out.set_active_feed_id(site->status.active_feed_id());
  for (const auto& sample : site->status.health()) {
    if (sample.conditions().empty()) continue;
    auto& feed = *out.add_feeds();
    feed.set_feed_id(sample.feed_id());
    *feed.mutable_conditions() = sample.conditions();
  }
  return out;
}

v1::SiteView Core::Impl::siteThen(const SessionState& state, const v1::Site& site, const ReplayState& then,
                                  const std::string& sitting) const {
  v1::SiteView out;
  out.set_site_id(site.id());
  out.set_name(site.name());
  out.set_area_id(site.area_id());
  if (site.has_technician()) *out.mutable_technician() = site.technician();
  const auto* waiver = findWaiver(state.session, site.id());
  out.set_waived(waiver != nullptr && waiver->at_us() <= then.at);
  *out.mutable_attendance() = then.attendance.site(roster, site.id(), sitting);
  const auto found = then.sites.find(site.id());
  if (found == then.sites.end()) return out;
  const auto& trace = found->second;
  out.set_link(trace.link());
  auto& status = *out.mutable_status();
  status.set_session_id(state.session.id());
  status.set_phase(trace.phase());
  status.set_active_feed_id(trace.active_feed_id());
  status.mutable_readiness()->set_verdict(trace.verdict());
  for (const auto& feed : trace.feeds()) {
    auto& sample = *status.add_health();
    sample.set_feed_id(feed.feed_id());
    *sample.mutable_conditions() = feed.conditions();
  }
  if (!trace.launched()) return out;
  auto& outcome = *out.mutable_outcome();
  if (const auto now = state.outcomes.find(site.id()); now != state.outcomes.end()) outcome = now->second;
  if (outcome.state() != trace.outcome()) outcome.clear_reason();  // it is that of another moment
  outcome.set_state(trace.outcome());
  if (outcome.acked_us() > then.at) outcome.clear_acked_us();
  if (outcome.started_us() > then.at) outcome.clear_started_us();
  return out;
}

SharedRecords Core::recordsOf(std::string_view session_id) const {
  const auto* state = impl_->findSession(session_id);
  return state == nullptr ? SharedRecords() : state->attendance.records();
}

Result<v1::ViewUpdate> Core::viewThen(std::string_view session_id, const ReplayState& then) const {
  const auto* state = impl_->findSession(session_id);
  if (state == nullptr) return Impl::noSession(session_id);
  v1::ViewUpdate out;
  out.set_now_us(then.at);
  out.set_full(true);
  auto& view = *out.add_sessions();
  *view.mutable_session() = sessionThen(state->session, then);
  const std::string sitting = state->session.current_sitting_id();
  for (const auto& id : state->session.site_ids()) {
    const auto* site = impl_->roster.site(id);
    if (site == nullptr) continue;
    auto& one = *out.add_sites();
    one = impl_->siteThen(*state, *site, then, sitting);
    view.set_sites(view.sites() + 1);
    tallyLink(one.link(), view);
    tallyVerdict(one.status().readiness().verdict(), view);
    if (one.has_outcome()) {
      if (one.outcome().acked_us() != 0) view.set_acked(view.acked() + 1);
      tallyOutcome(one.outcome().state(), view);
    } else if (one.waived()) {
      view.set_waived(view.waived() + 1);
    }
    const auto& active = one.status().active_feed_id();
    if (!active.empty() && !state->session.feeds().empty() && active != state->session.feeds(0).id())
      view.set_on_backup(view.on_backup() + 1);
    tallyAttendance(one.attendance(), view);
  }
  for (const auto& [id, known] : impl_->alarms.all()) {
    if (known.session_id() != state->session.id()) continue;
    auto alarm = known;
    if (!alarmThen(alarm, then)) continue;
    if (alarm.state() == v1::Alarm::raised) {
      view.set_alarms(view.alarms() + 1);
      if (alarm.shelved_until_us() != 0) view.set_shelved_alarms(view.shelved_alarms() + 1);
    }
    *out.add_alarms() = std::move(alarm);
  }
  const auto& told = then.timeline;
  for (auto i = told.size() > kTimelineThen ? told.size() - kTimelineThen : 0; i < told.size(); ++i)
    *out.add_timeline() = told[i];
  return out;
}

v1::SiteHistory Core::siteHistory(std::string_view site_id, Micros now) const {
  return impl_->histories.of(site_id, now);
}

const v1::SiteThumbnail* Core::thumbnail(std::string_view site_id) const {
  return impl_->thumbnails.find(site_id);
}

v1::ThumbnailList Core::thumbnails(Micros after, const std::function<bool(const std::string&)>& shows) const {
  return impl_->thumbnails.after(after, shows);
}

}  // namespace diemcau::core
