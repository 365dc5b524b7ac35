// What becomes an alarm: the picture of all watched sessions for the groups of alarm_groups, and those alarms
// that are about a session as a whole.
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "coordinator/core/core_impl.hpp"
#include "coordinator/core/session_check.hpp"
#include "coordinator/core/session_phase.hpp"

namespace diemcau::core {
namespace {

constexpr Micros kPictureAge = kSecond;  // freshness runs out by itself: look again at least this often
constexpr Micros kFresh = 5 * kSecond;   // a sample older than this says nothing of now
constexpr Micros kClockBound = 50 * kMillisecond;
constexpr Micros kDuplicateQuiet = kMinute;  // the second agent has given up
constexpr Micros kOldestOnset = 10 * kMinute;

// When the site first saw it, by its own clock as far as that is known.
Micros onsetOf(const v1::HealthSample& sample, const v1::Status& status, Micros now) {
  if (sample.at_us() <= 0 || !status.clock().known()) return now;
  const Micros offset = std::clamp<Micros>(status.clock().offset_us(), -now, now);
  const Micros at = std::clamp<Micros>(sample.at_us(), 0, 2 * now) + offset;
  return std::clamp(at, now - kOldestOnset, now);
}

}  // namespace

void Core::Impl::watchAlarms(Micros now) {
  if (picture_dirty || now - picture_at >= kPictureAge || now < picture_at) {
    auto next = picture(now);
    // The earliest moment told stays: samples go on being sent while it lasts.
    for (auto& [cause, affected] : next.affected) {
      const auto before = picture_now.affected.find(cause);
      if (before == picture_now.affected.end()) continue;
      for (auto& [site, onset] : affected)
        if (const auto known = before->second.find(site); known != before->second.end())
          onset = std::min(onset, known->second);
    }
    picture_now = std::move(next);
    picture_at = now;
    picture_dirty = false;
  }
  groups.step(picture_now, roster, alarms, now);
}

// Thousands of sites once a second, in the order of their ids: each place in the picture is found once.
struct Core::Impl::Exposure {
  AlarmPicture& out;
  const SessionState& state;
  std::vector<std::string>& expected = out.measuring[{state.session.id(), ""}];
  std::vector<std::pair<const std::string*, std::vector<std::string>*>> feeds = {};

  Exposure(AlarmPicture& picture, const SessionState& of) : out(picture), state(of) {
    for (const auto& feed : state.session.feeds())
      feeds.emplace_back(&feed.id(), &out.measuring[{state.session.id(), feed.id()}]);
  }
  // Who measures the feed; null: the session has no such feed.
  std::vector<std::string>* measuring(const std::string& feed_id) const {
    for (const auto& [id, sites_of] : feeds)
      if (*id == feed_id) return sites_of;
    return nullptr;
  }
};

AlarmPicture Core::Impl::picture(Micros now) const {
  AlarmPicture out;
  for (const auto& [id, state] : sessions) {
    if (!isWatched(state.session.phase())) continue;
    Exposure session(out, state);
    for (const auto& site : state.session.site_ids()) addSite(session, site, now);
  }
  // After a restart the sites of alarms that go on are as they were, until they speak again.
  for (const auto& [cause, sites_of] : carried) {
    const bool feed = cause.kind != v1::Alarm::link_lost;
    if (feed && now >= restored_at + settings.offline_after) continue;
    const auto* state = findSession(cause.session_id);
    if (state == nullptr || !isWatched(state->session.phase())) continue;
    for (const auto& [id, onset] : sites_of) {
      const auto* site = findSite(id);
      const bool spoke = site != nullptr && (feed ? site->status_at != 0 : site->link.heard != 0);
      if (!spoke && hasSite(state->session, id)) out.affected[cause].emplace(id, onset);
    }
  }
  return out;
}

void Core::Impl::addSite(Exposure& exposure, const std::string& site_id, Micros now) const {
  auto& out = exposure.out;
  const auto& state = exposure.state;
  const auto& session = state.session;
  const auto* site = findSite(site_id);
  const bool waived = findWaiver(session, site_id) != nullptr;
  const Micros lost = lostAt(state, site, site_id, now);
  if (!waived && (lost != 0 || linkOf(site, now) != v1::LinkState::never))
    exposure.expected.push_back(site_id);
  if (lost != 0) {
    // What a lost site said last is old: no verdict on its feeds.
    if (!waived) out.affected[{session.id(), v1::Alarm::link_lost, "", v1::Condition::none}][site_id] = lost;
    return;
  }
  if (site == nullptr || site->status_at == 0 || now - site->status_at > kFresh) return;
  const auto& status = site->status;
  if (status.session_id() != session.id()) return;
  for (const auto& sample : status.health()) {
    auto* const measuring = exposure.measuring(sample.feed_id());
    if (measuring == nullptr) continue;
    if (status.at_us() > 0 && sample.at_us() > 0 && status.at_us() - sample.at_us() > kFresh) continue;
    if (measuring->empty() || measuring->back() != site_id) measuring->push_back(site_id);
    for (const int condition : sample.conditions())
      out.affected[{session.id(), v1::Alarm::feed, sample.feed_id(),
                    static_cast<v1::Condition::Name>(condition)}]
          .emplace(site_id, onsetOf(sample, status, now));
  }
  const bool before_start = session.phase() == v1::Phase::armed ||
                            (session.phase() == v1::Phase::live && now < session.start_at_us());
  if (!waived && before_start && status.has_clock() &&
      (!status.clock().known() || status.clock().error_us() > kClockBound))
    out.affected[{session.id(), v1::Alarm::clock, "", v1::Condition::none}].emplace(site_id, now);
}

// When the link of a site that should be there was lost, or 0.
Micros Core::Impl::lostAt(const SessionState& state, const SiteState* site, const std::string& site_id,
                          Micros now) const {
  if (site != nullptr && site->link.heard != 0) return lostSince(site->link, now, link_times);
  // Not seen since the restart, though it took part before.
  if (restored_at == 0 || now < restored_at + settings.offline_after) return 0;
  const auto outcome = state.outcomes.find(site_id);
  return outcome != state.outcomes.end() && outcome->second.acked_us() != 0 ? restored_at : 0;
}

// ONE alarm a launch names the sites that did not start; those that come later leave it.
void Core::Impl::watchNotStarted(SessionState& state, Micros now) {
  const auto& session = state.session;
  if (!state.judged || !isRunning(session.phase()) || session.go_at_us() == 0) return;
  if (!std::exchange(state.starts_moved, false)) return;
  const auto* raised = alarms.raised(session.id(), v1::Alarm::not_started);
  SiteSet missing;
  for (const auto& [id, outcome] : state.outcomes)
    if (outcome.started_us() == 0 &&
        (outcome.state() == v1::Outcome::late || outcome.state() == v1::Outcome::failed))
      missing.insert(id);
  if (raised != nullptr) {
    const std::string id = raised->id();
    if (missing.empty())
      alarms.clear(id, now);
    else
      alarms.affect(id, missing, roster, now);
    return;
  }
  if (missing.empty()) return;
  const bool had = std::any_of(alarms.all().begin(), alarms.all().end(), [&](const auto& entry) {
    return entry.second.kind() == v1::Alarm::not_started && entry.second.session_id() == session.id() &&
           entry.second.raised_us() >= session.go_at_us();
  });
  if (had) return;
  v1::Alarm draft;
  draft.set_session_id(session.id());
  draft.set_kind(v1::Alarm::not_started);
  draft.set_scope(v1::Alarm::session);
  alarms.raise(std::move(draft), missing, session.start_at_us(), roster, now);
}

void Core::Impl::watchNotReady(SessionState& state, Micros now) {
  const auto& session = state.session;
  if (session.phase() != v1::Phase::armed) return;
  SiteSet missing;
  for (const auto& id : session.site_ids()) {
    if (findWaiver(session, id) != nullptr) continue;
    const auto known = state.readiness.find(id);
    const auto link = linkOf(findSite(id), now);
    const auto* readiness = known == state.readiness.end() ? nullptr : &known->second;
    // A link that was lost is an alarm already.
    if (link == v1::LinkState::never ||
        (link == v1::LinkState::online && verdictNow(readiness, session, true) == v1::Readiness::not_ready))
      missing.insert(id);
  }
  if (const auto* raised = alarms.raised(session.id(), v1::Alarm::not_ready)) {
    const std::string id = raised->id();
    if (missing.empty())
      alarms.clear(id, now);
    else
      alarms.affect(id, missing, roster, now);
  } else if (!missing.empty() && (restored_at == 0 || now >= restored_at + settings.offline_after)) {
    v1::Alarm draft;
    draft.set_session_id(session.id());
    draft.set_kind(v1::Alarm::not_ready);
    draft.set_scope(v1::Alarm::session);
    alarms.raise(std::move(draft), missing, now, roster, now);
  }
}

void Core::Impl::watchDuplicates(Micros now) {
  for (const SiteSet raised = alarms.raisedIds(); const auto& id : raised) {
    const auto& alarm = *alarms.find(id);
    if (alarm.kind() != v1::Alarm::duplicate_site || alarm.site_ids().empty()) continue;
    const auto* site = findSite(alarm.site_ids(0));
    if (site == nullptr || now - std::max(site->duplicate_at, restored_at) >= kDuplicateQuiet)
      alarms.clear(id, now);
  }
}

// One alarm, however many rounds were long.
void Core::Impl::watchDelay(Micros now) {
  const auto* raised = alarms.raised("", v1::Alarm::slow_centre);
  const Micros worst = delay.worst();
  if (raised != nullptr) {
    if (const std::string id = raised->id(); worst == 0) alarms.clear(id, now);
  } else if (worst != 0) {
    v1::Alarm draft;
    draft.set_kind(v1::Alarm::slow_centre);
    draft.set_scope(v1::Alarm::session);
    *draft.mutable_text() =
        text(fmt::format("máy chủ trung tâm xử lý chậm, lệnh và số liệu có thể trễ (có lúc dừng {} ms)",
                         worst / kMillisecond),
             fmt::format("the coordinator is slow: orders and figures may be late (it was held up for {} ms)",
                         worst / kMillisecond));
    alarms.raise(std::move(draft), {}, now, roster, now);
  }
}

}  // namespace diemcau::core
