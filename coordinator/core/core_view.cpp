// What the centre sees: views by version, lists, single objects. Nothing here changes anything but caches. No
// passphrase leaves through here.
#include <algorithm>

#include "base/text.hpp"
#include "coordinator/core/core_impl.hpp"
#include "coordinator/core/session_check.hpp"
#include "coordinator/core/session_phase.hpp"
#include "coordinator/core/view_tally.hpp"

namespace diemcau::core {
namespace {

constexpr std::size_t kTimelineInView = 100;

}  // namespace

void Core::Impl::view(std::uint64_t since, std::string_view session_id, Micros now,
                      v1::ViewUpdate& out) const {
  out.set_version(version);
  out.set_now_us(now);
  const bool full = since < first_version || since > version;
  out.set_full(full);
  const auto* only = session_id.empty() ? nullptr : findSession(session_id);
  if (!session_id.empty() && only == nullptr) return;

  const auto add_session = [&](const std::string& id) {
    const auto* state = findSession(id);
    if (state != nullptr && (only == nullptr || only == state))
      *out.add_sessions() = sessionView(*state, now);
  };
  const auto add_site = [&](const std::string& id) {
    const auto* site = roster.site(id);
    if (site == nullptr || (only != nullptr && !hasSite(only->session, id))) return;
    // What a reader holds is known where it looks at one session: elsewhere a site may turn to another.
    siteView(*site, only, now, full || only == nullptr ? 0 : since, *out.add_sites());
  };
  const auto add_alarm = [&](const std::string& id) {
    const auto* alarm = alarms.find(id);
    if (alarm != nullptr && (only == nullptr || concerns(*alarm, *only))) *out.add_alarms() = *alarm;
  };
  std::uint64_t told_seq = 0;
  if (full) {
    for (const auto& [id, state] : sessions) add_session(id);
    for (const auto& [id, site] : roster.sites()) add_site(id);
    for (const auto& [id, alarm] : alarms.all()) {
      const auto* state = findSession(alarm.session_id());
      const bool old = alarm.state() == v1::Alarm::cleared && state != only &&
                       (state == nullptr || isFinal(state->session.phase()));
      if (!old) add_alarm(id);
    }
  } else {
    session_versions.changed(since, add_session);
    site_versions.changed(since, add_site);
    alarm_versions.changed(since, add_alarm);
    const auto first =
        std::upper_bound(entry_versions.begin(), entry_versions.end(), since,
                         [](std::uint64_t value, const auto& entry) { return value < entry.first; });
    told_seq = first == entry_versions.end() ? timeline.newest() : first->second - 1;
  }
  for (const auto* entry : timeline.after(told_seq, session_id, kTimelineInView))
    *out.add_timeline() = *entry;
}

v1::SessionView Core::Impl::sessionView(const SessionState& state, Micros now) const {
  if (!state.view_dirty) return state.view;
  v1::SessionView view;
  v1::Session shown = state.session;
  shown.clear_site_ids();
  *view.mutable_session() = withoutSecrets(shown);
  for (const auto& id : state.session.site_ids()) countSite(state, id, now, view);
  for (const auto& id : alarms.raisedIds()) {
    const auto& alarm = *alarms.find(id);
    if (alarm.session_id() != state.session.id()) continue;
    view.set_alarms(view.alarms() + 1);
    if (alarm.shelved_until_us() != 0) view.set_shelved_alarms(view.shelved_alarms() + 1);
  }
  for (const auto& [id, outcome] : state.outcomes) tallyOutcome(outcome.state(), view);
  state.view = view;
  state.view_dirty = false;
  return view;
}

void Core::Impl::countSite(const SessionState& state, const std::string& site_id, Micros now,
                           v1::SessionView& view) const {
  const auto& session = state.session;
  view.set_sites(view.sites() + 1);
  const auto* site = findSite(site_id);
  const auto link = linkOf(site, now);
  const bool online = link == v1::LinkState::online;
  tallyLink(link, view);
  const auto readiness = state.readiness.find(site_id);
  tallyVerdict(verdictNow(readiness == state.readiness.end() ? nullptr : &readiness->second, session, online),
               view);
  if (!isLaunched(session.phase()) && findWaiver(session, site_id) != nullptr)
    view.set_waived(view.waived() + 1);
  if (site != nullptr && site->status_at != 0) {
    if (site->status.revision() >= std::max(session.revision(), site->floor + 1))
      view.set_acked(view.acked() + 1);
    const auto& active = site->status.active_feed_id();
    if (online && site->status.session_id() == session.id() && !active.empty() && !session.feeds().empty() &&
        active != session.feeds(0).id())
      view.set_on_backup(view.on_backup() + 1);
  }
  tallyAttendance(attended(state, site_id), view);
}

const v1::SiteAttendance& Core::Impl::attended(const SessionState& state, const std::string& site_id) const {
  const auto found = state.attended.find(site_id);
  if (found != state.attended.end()) return found->second;
  return state.attended[site_id] = state.attendance.site(roster, site_id, state.session.current_sitting_id());
}

// The session that a site's line is about: the one that runs, else the one it works on, else the first to
// come.
const SessionState* Core::Impl::sessionFor(std::string_view site_id) const {
  const SessionState* best = nullptr;
  for (const auto& id : plans.sessions(site_id)) {
    const auto* state = findSession(id);
    if (state == nullptr) continue;
    const auto rank = [&](const SessionState& one) {
      const auto* site = findSite(site_id);
      const bool works = site != nullptr && site->status.session_id() == one.session.id();
      return std::tuple(isRunning(one.session.phase()), works, isWatched(one.session.phase()),
                        -one.session.scheduled_start_us());
    };
    if (best == nullptr || rank(*state) > rank(*best)) best = state;
  }
  return best;
}

v1::SiteView Core::Impl::siteView(const v1::Site& site, const SessionState* state, Micros now) const {
  v1::SiteView out;
  siteView(site, state, now, 0, out);
  return out;
}

void Core::Impl::siteView(const v1::Site& site, const SessionState* state, Micros now, std::uint64_t since,
                          v1::SiteView& out) const {
  out.set_site_id(site.id());
  out.set_area_id(site.area_id());
  const auto* known = findSite(site.id());
  out.set_link(linkOf(known, now));
  if (state == nullptr) state = sessionFor(site.id());
  if (known != nullptr) {
    out.set_heard_us(known->link.heard);
    if (const auto* picture = thumbnails.find(site.id())) out.set_thumbnail_us(picture->arrived_us());
    if (known->status_at != 0) *out.mutable_status() = known->status;
    out.set_readiness_kept(since != 0 && known->readiness_version <= since);
    out.set_rest_kept(since != 0 && known->rest_version <= since);
  }
  if (!out.readiness_kept()) {
    const v1::Readiness* readiness =
        known == nullptr || known->readiness.session_id().empty() ? nullptr : &known->readiness;
    if (state != nullptr)
      if (const auto found = state->readiness.find(site.id()); found != state->readiness.end())
        readiness = &found->second;
    if (readiness != nullptr) *out.mutable_status()->mutable_readiness() = *readiness;
  }
  if (!out.rest_kept()) addRest(site, known, state, out);
}

void Core::Impl::addRest(const v1::Site& site, const SiteState* known, const SessionState* state,
                         v1::SiteView& out) const {
  out.set_name(site.name());
  if (site.has_technician()) *out.mutable_technician() = site.technician();
  if (known != nullptr) out.set_agent_version(known->agent_version);
  if (state == nullptr) return;
  if (const auto outcome = state->outcomes.find(site.id()); outcome != state->outcomes.end())
    *out.mutable_outcome() = outcome->second;
  *out.mutable_attendance() = attended(*state, site.id());
  out.set_waived(findWaiver(state->session, site.id()) != nullptr);
}

bool Core::Impl::concerns(const v1::Alarm& alarm, const SessionState& state) const {
  if (!alarm.session_id().empty()) return alarm.session_id() == state.session.id();
  return std::any_of(alarm.site_ids().begin(), alarm.site_ids().end(),
                     [&](const auto& site) { return hasSite(state.session, site); });
}

v1::ViewUpdate Core::view(std::uint64_t since, std::string_view session_id, Micros now) const {
  v1::ViewUpdate out;
  impl_->view(since, session_id, now, out);
  return out;
}

void Core::view(std::uint64_t since, std::string_view session_id, Micros now, v1::ViewUpdate& out) const {
  impl_->view(since, session_id, now, out);
}

std::uint64_t Core::viewVersion() const {
  return impl_->version;
}

bool Core::watches() const {
  return std::any_of(impl_->sessions.begin(), impl_->sessions.end(),
                     [](const auto& entry) { return isWatched(entry.second.session.phase()); });
}

const Roster& Core::roster() const {
  return impl_->roster;
}

Result<v1::SessionView> Core::session(std::string_view session_id, Micros now) const {
  const auto* state = impl_->findSession(session_id);
  if (state == nullptr) return Impl::noSession(session_id);
  return impl_->sessionView(*state, now);
}

v1::Feed Core::wholeFeed(std::string_view session_id, const v1::Feed& shown) const {
  const auto* state = impl_->findSession(session_id);
  if (state == nullptr || !shown.passphrase().empty()) return shown;
  for (const auto& feed : state->session.feeds())
    if (feed.id() == shown.id() && shownUri(feed.uri()) == shownUri(shown.uri())) return feed;
  return shown;
}

v1::SessionList Core::sessions() const {
  std::vector<const v1::Session*> all;
  for (const auto& [id, state] : impl_->sessions) all.push_back(&state.session);
  std::sort(all.begin(), all.end(), [](const v1::Session* a, const v1::Session* b) {
    return std::pair(a->created_us(), a->id()) > std::pair(b->created_us(), b->id());
  });
  v1::SessionList out;
  for (const auto* session : all) *out.add_sessions() = withoutSecrets(*session);
  return out;
}

v1::SiteList Core::sites(std::string_view session_id, Micros now) const {
  v1::SiteList out;
  const auto* state = session_id.empty() ? nullptr : impl_->findSession(session_id);
  if (!session_id.empty() && state == nullptr) return out;
  for (const auto& [id, site] : impl_->roster.sites())
    if (state == nullptr || hasSite(state->session, id)) *out.add_sites() = impl_->siteView(site, state, now);
  return out;
}

Result<v1::SiteView> Core::site(std::string_view site_id, Micros now) const {
  const auto* site = impl_->roster.site(site_id);
  if (site == nullptr) {
    const std::string shown = validId(site_id) ? std::string(site_id) : "?";
    return fail(ErrorCode::kNotFound, "the roster has no site \"" + shown + "\"",
                "danh sách không có điểm cầu \"" + shown + "\"");
  }
  return impl_->siteView(*site, nullptr, now);
}

v1::AlarmList Core::alarms(std::string_view session_id, bool raised_only) const {
  const auto* state = session_id.empty() ? nullptr : impl_->findSession(session_id);
  std::vector<const v1::Alarm*> found;
  for (const auto& [id, alarm] : impl_->alarms.all()) {
    if (raised_only && alarm.state() != v1::Alarm::raised) continue;
    if (session_id.empty() || (state != nullptr && impl_->concerns(alarm, *state))) found.push_back(&alarm);
  }
  std::sort(found.begin(), found.end(), [](const v1::Alarm* a, const v1::Alarm* b) {
    return std::tuple(a->raised_us(), a->id().size(), a->id()) >
           std::tuple(b->raised_us(), b->id().size(), b->id());
  });
  v1::AlarmList out;
  for (const auto* alarm : found) *out.add_alarms() = *alarm;
  return out;
}

v1::Timeline Core::timeline(std::string_view session_id) const {
  v1::Timeline out;
  if (session_id.empty()) {
    for (const auto* entry : impl_->timeline.after(0, {}, Timeline::kKeptForViews))
      *out.add_entries() = *entry;
    return out;
  }
  for (auto& entry : impl_->timeline.of(session_id)) *out.add_entries() = std::move(entry);
  return out;
}

}  // namespace diemcau::core
