// What somebody sees whose roles hold in some areas only.
#include "coordinator/core/scoped_view.hpp"

#include <algorithm>

#include "coordinator/core/alarm_book.hpp"
#include "coordinator/core/attendance.hpp"
#include "coordinator/core/view_tally.hpp"

namespace diemcau::core {
namespace {

template <class List, class Keep>
void keepOnly(List& list, Keep keep) {
  list.erase(std::remove_if(list.begin(), list.end(), [&](auto& one) { return !keep(one); }), list.end());
}

void countFeed(const v1::SiteView& site, v1::SessionView& view) {
  const auto& session = view.session();
  if (site.status().revision() >= session.revision()) view.set_acked(view.acked() + 1);
  const auto& active = site.status().active_feed_id();
  if (site.link() == v1::LinkState::online && site.status().session_id() == session.id() && !active.empty() &&
      !session.feeds().empty() && active != session.feeds(0).id())
    view.set_on_backup(view.on_backup() + 1);
}

}  // namespace

const ScopedView::Share& ScopedView::shareOf(const std::string& session_id) const {
  const auto known = shares_.find(session_id);
  if (known != shares_.end()) return known->second;
  const auto sites = core_.sitesOf(session_id, now_);
  Share share{scope_.isEverywhere(), scope_.isEverywhere() || !sites.empty()};
  for (const auto& id : sites) {
    const bool mine = hasSite(id);
    share.some = share.some || mine;
    share.whole = share.whole && mine;
  }
  return shares_[session_id] = share;
}

bool ScopedView::hasArea(const std::string& area_id) const {
  const auto known = areas_.find(area_id);
  if (known != areas_.end()) return known->second;
  return areas_[area_id] = scope_.area(area_id, roster());
}

bool ScopedView::hasSite(const std::string& site_id) const {
  if (scope_.isEverywhere()) return true;
  const v1::Site* found = roster().site(site_id);
  return found != nullptr && hasArea(found->area_id());
}

bool ScopedView::session(const std::string& session_id) const {
  return scope_.isEverywhere() || shareOf(session_id).some;
}

bool ScopedView::wholeSession(const std::string& session_id) const {
  return scope_.isEverywhere() || shareOf(session_id).whole;
}

void ScopedView::strip(v1::Session& session) const {
  session.clear_selection();
  keepOnly(*session.mutable_site_ids(), [this](const std::string& id) { return hasSite(id); });
  keepOnly(*session.mutable_waivers(),
           [this](const v1::Waiver& waiver) { return hasSite(waiver.site_id()); });
}

void ScopedView::countSites(const google::protobuf::RepeatedPtrField<v1::SiteView>& sites,
                            v1::SessionView& counted) const {
  for (const auto& site : sites) {
    if (!hasArea(site.area_id())) continue;
    counted.set_sites(counted.sites() + 1);
    tallyLink(site.link(), counted);
    tallyVerdict(site.status().readiness().verdict(), counted);
    if (site.has_outcome())
      tallyOutcome(site.outcome().state(), counted);
    else if (site.waived())
      counted.set_waived(counted.waived() + 1);
    countFeed(site, counted);
    tallyAttendance(site.attendance(), counted);
  }
}

v1::ViewUpdate ScopedView::past(v1::ViewUpdate update) const {
  if (scope_.isEverywhere() || update.sessions().empty()) return update;
  auto& view = *update.mutable_sessions(0);
  if (wholeSession(view.session().id())) return update;
  keepOnly(*update.mutable_sites(), [this](const v1::SiteView& site) { return hasArea(site.area_id()); });
  keepOnly(*update.mutable_alarms(), [this](v1::Alarm& alarm) { return keep(alarm); });
  keepOnly(*update.mutable_timeline(), [this](const v1::TimelineEntry& entry) { return keep(entry); });
  v1::SessionView counted;
  *counted.mutable_session() = view.session();
  strip(*counted.mutable_session());
  countSites(update.sites(), counted);
  for (const auto& alarm : update.alarms())
    if (alarm.state() == v1::Alarm::raised) counted.set_alarms(counted.alarms() + 1);
  view = std::move(counted);
  return update;
}

// The counts anew, from the sites that are theirs.
void ScopedView::count(v1::SessionView& view) const {
  const std::string id = view.session().id();
  v1::SessionView counted;
  *counted.mutable_session() = view.session();
  const v1::SiteList all = core_.sites(id, now_);
  countSites(all.sites(), counted);
  const auto theirs = alarms(core_.alarms(id, true));
  counted.set_alarms(static_cast<std::uint32_t>(theirs.alarms_size()));
  for (const auto& alarm : theirs.alarms())
    if (alarm.shelved_until_us() != 0) counted.set_shelved_alarms(counted.shelved_alarms() + 1);
  view = std::move(counted);
}

v1::SessionView ScopedView::session(v1::SessionView view) const {
  if (wholeSession(view.session().id())) return view;
  strip(*view.mutable_session());
  count(view);
  return view;
}

v1::SessionList ScopedView::sessions(v1::SessionList list) const {
  if (scope_.isEverywhere()) return list;
  keepOnly(*list.mutable_sessions(), [this](v1::Session& one) {
    if (!session(one.id())) return false;
    if (!wholeSession(one.id())) strip(one);
    return true;
  });
  return list;
}

v1::SiteList ScopedView::sites(v1::SiteList list) const {
  if (scope_.isEverywhere()) return list;
  keepOnly(*list.mutable_sites(), [this](const v1::SiteView& site) { return hasArea(site.area_id()); });
  return list;
}

// The sentence of an alarm counts and names sites: it is said again for those that are left.
bool ScopedView::keep(v1::Alarm& alarm) const {
  const int before = alarm.site_ids_size();
  keepOnly(*alarm.mutable_site_ids(), [this](const std::string& id) { return hasSite(id); });
  if (alarm.site_ids().empty()) return false;
  if (alarm.site_ids_size() == before) return true;
  alarm.set_sites_peak(static_cast<std::uint32_t>(alarm.site_ids_size()));
  *alarm.mutable_text() = alarmText(alarm, roster());
  return true;
}

v1::AlarmList ScopedView::alarms(v1::AlarmList list) const {
  if (scope_.isEverywhere()) return list;
  keepOnly(*list.mutable_alarms(), [this](v1::Alarm& alarm) { return keep(alarm); });
  return list;
}

v1::SessionTemplateList ScopedView::templates(v1::SessionTemplateList list) const {
  if (scope_.isEverywhere()) return list;
  keepOnly(*list.mutable_templates(), [this](const v1::SessionTemplate& one) {
    const auto sites = roster().resolve(one.session().selection(), now_);
    return sites && scope_.all(*sites, roster());
  });
  return list;
}

// What is told of an alarm counts and names sites too.
v1::AlarmHistory ScopedView::alarms(v1::AlarmHistory history) const {
  if (scope_.isEverywhere()) return history;
  keepOnly(*history.mutable_stories(), [this](v1::AlarmStory& story) {
    const int before = story.alarm().site_ids_size();
    if (!keep(*story.mutable_alarm())) return false;
    if (story.alarm().site_ids_size() == before) return true;
    for (auto& event : *story.mutable_events()) *event.mutable_text() = story.alarm().text();
    return true;
  });
  return history;
}

// Of one of their sites; or of a session's phases, which name no site.
bool ScopedView::keep(const v1::TimelineEntry& entry) const {
  if (!entry.site_id().empty()) return hasSite(entry.site_id());
  const auto& kind = entry.kind();
  const bool phase = kind.starts_with("session.") || kind.starts_with("rehearsal.") || kind == "launch.go";
  return phase && !entry.session_id().empty() && session(entry.session_id());
}

v1::Timeline ScopedView::timeline(v1::Timeline timeline) const {
  if (scope_.isEverywhere()) return timeline;
  keepOnly(*timeline.mutable_entries(), [this](const v1::TimelineEntry& entry) { return keep(entry); });
  return timeline;
}

void ScopedView::cut(v1::ViewUpdate& update) const {
  if (scope_.isEverywhere()) return;
  keepOnly(*update.mutable_sessions(), [this](v1::SessionView& view) {
    if (!session(view.session().id())) return false;
    view = session(std::move(view));
    return true;
  });
  keepOnly(*update.mutable_sites(), [this](const v1::SiteView& site) { return hasArea(site.area_id()); });
  const bool full = update.full();
  keepOnly(*update.mutable_alarms(), [this, full](v1::Alarm& alarm) {
    if (keep(alarm)) return true;
    if (full) return false;
    // It may have been theirs before: it is over for them, and nothing else is said of it.
    v1::Alarm over;
    over.set_id(alarm.id());
    over.set_state(v1::Alarm::cleared);
    alarm = std::move(over);
    return true;
  });
  keepOnly(*update.mutable_timeline(), [this](const v1::TimelineEntry& entry) { return keep(entry); });
}

v1::SittingAttendance ScopedView::attendance(v1::SittingAttendance sitting) const {
  if (wholeSession(sitting.session_id())) return sitting;
  v1::SittingAttendance out;
  out.set_session_id(sitting.session_id());
  out.set_sitting_id(sitting.sitting_id());
  for (const auto& site : sitting.by_site()) {
    if (!hasSite(site.site_id())) continue;
    out.set_sites(out.sites() + 1);
    if (site.reported()) out.set_reported_sites(out.reported_sites() + 1);
    out.set_checkins(out.checkins() + site.checkins());
    addTo(*out.mutable_total(), site.counted());
    *out.add_by_site() = site;
  }
  for (const auto& area : sitting.by_area())
    if (hasArea(area.area_id())) *out.add_by_area() = area;
  for (const auto& conflict : sitting.conflicts()) {
    const std::vector<std::string> where(conflict.site_ids().begin(), conflict.site_ids().end());
    if (scope_.all(where, roster())) *out.add_conflicts() = conflict;
  }
  return out;
}

}  // namespace diemcau::core
