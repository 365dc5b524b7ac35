// See alarm_groups.hpp.
#include "coordinator/core/alarm_groups.hpp"

#include <algorithm>
#include <initializer_list>

namespace diemcau::core {
namespace {

constexpr std::size_t kLeastWide = 2, kLeastArea = 3;

std::size_t wideNeeds(std::size_t measuring) {
  return std::max(kLeastWide, (measuring + 1) / 2);
}  // 50 %
std::size_t areaNeeds(std::size_t measuring) {
  return std::max(kLeastArea, (measuring * 3 + 4) / 5);
}  // 60 %

const std::vector<std::string> kNobody;
const std::map<std::string, Micros> kNothing;

}  // namespace

bool hides(v1::Condition::Name cause, v1::Condition::Name effect) {
  using C = v1::Condition;
  const auto any = [effect](std::initializer_list<C::Name> names) {
    return std::find(names.begin(), names.end(), effect) != names.end();
  };
  switch (cause) {
    case C::no_signal:
      return effect != C::no_signal && effect != C::none;
    case C::no_video:
      return any({C::black, C::frozen, C::low_fps, C::stutter, C::low_bitrate, C::wrong_format, C::wrong_feed,
                  C::av_skew});
    case C::no_audio:
      return any({C::silence, C::too_quiet, C::clipping, C::low_bitrate, C::wrong_format, C::av_skew});
    case C::silence:
      return any({C::too_quiet});
    case C::line_too_slow:
      return any({C::packet_loss, C::corrupted, C::frozen, C::low_fps, C::stutter, C::low_bitrate, C::jitter,
                  C::timestamps});
    case C::packet_loss:
      return any({C::corrupted, C::frozen, C::low_fps, C::stutter, C::low_bitrate, C::jitter, C::timestamps});
    case C::corrupted:
      return any({C::frozen, C::low_fps, C::stutter, C::timestamps});
    case C::timestamps:
      return any({C::low_fps, C::stutter, C::jitter, C::av_skew});
    case C::black:
      return any({C::frozen, C::low_bitrate, C::low_fps, C::stutter});
    case C::frozen:
      return any({C::low_bitrate, C::low_fps, C::stutter});
    case C::low_fps:
      return any({C::stutter});
    case C::stutter:
      return any({C::low_bitrate});
    default:
      return false;
  }
}

// One cause as it is in this step.
struct AlarmGroups::Scene {
  const AlarmCause& cause;
  Watch& watch;
  const AlarmPicture& picture;
  const std::map<std::string, Micros>& affected;
  const std::vector<std::string>& measuring;
  const AlarmTimes& times;
  const Roster& roster;
  AlarmBook& book;
  Micros now;
  SiteSet suffering;  // affected, and not explained by another cause
  Micros newest = 0;  // when the last one joined
  std::map<std::string, std::vector<std::string>, std::less<>> paths;

  const std::vector<std::string>& path(const std::string& site_id) {
    const auto found = paths.find(site_id);
    if (found != paths.end()) return found->second;
    const auto* site = roster.site(site_id);
    return paths[site_id] = site == nullptr ? std::vector<std::string>{} : roster.pathOf(site->area_id());
  }
  bool within(const std::string& site_id, const Place& place) {
    if (place.scope == v1::Alarm::site) return site_id == place.id;
    if (place.scope != v1::Alarm::area) return true;
    const auto& areas = path(site_id);
    return std::find(areas.begin(), areas.end(), place.id) != areas.end();
  }
  bool within(const Place& inner, const Place& outer) {
    if (inner == outer) return false;
    if (inner.scope == v1::Alarm::site) return outer.scope != v1::Alarm::site && within(inner.id, outer);
    if (inner.scope != v1::Alarm::area) return false;
    if (outer.scope != v1::Alarm::area) return outer.scope != v1::Alarm::site;
    const auto areas = roster.pathOf(inner.id);
    return std::find(areas.begin(), areas.end(), outer.id) != areas.end();
  }
  // From when on the cause counts at this site at all.
  Micros heldAt(const std::string& site_id) const {
    const Micros since = watch.since.find(site_id)->second;
    if (cause.kind == v1::Alarm::link_lost) {
      const auto lost = affected.find(site_id);
      return std::max(since, (lost == affected.end() ? since : lost->second) + times.link_grace);
    }
    return cause.kind == v1::Alarm::clock ? since + times.clock_grace : since;
  }
  // From when on it may be told of this site alone; while others join, up to twice as long.
  bool narrowDue(const std::string& site_id) const {
    const Micros held = heldAt(site_id);
    return now >= std::min(std::max(held, newest) + times.gather, held + 2 * times.gather);
  }
  bool covered(const std::string& site_id) {
    return std::any_of(watch.open.begin(), watch.open.end(), [&](const auto& open) {
      return open.first.scope != v1::Alarm::site && within(site_id, open.first);
    });
  }
  SiteSet sufferingIn(const Place& place) {
    if (place.scope != v1::Alarm::area && place.scope != v1::Alarm::site) return suffering;
    SiteSet out;
    for (const auto& site : suffering)
      if (within(site, place)) out.insert(site);
    return out;
  }
};

void AlarmGroups::step(const AlarmPicture& picture, const Roster& roster, AlarmBook& book, Micros now) {
  for (const auto& [cause, sites] : picture.affected) watches_[cause];
  for (auto& [cause, watch] : watches_) {
    const auto affected = picture.affected.find(cause);
    const auto measuring = picture.measuring.find({cause.session_id, cause.feed_id});
    Scene scene{cause,
                watch,
                picture,
                affected == picture.affected.end() ? kNothing : affected->second,
                measuring == picture.measuring.end() ? kNobody : measuring->second,
                times_,
                roster,
                book,
                now,
                {},
                0,
                {}};
    for (const auto& [site, onset] : scene.affected)
      if (!explained(scene, site)) scene.suffering.insert(site);
    std::erase_if(watch.since, [&](const auto& entry) { return !scene.suffering.contains(entry.first); });
    for (const auto& site : scene.suffering)
      scene.newest = std::max(scene.newest, watch.since.try_emplace(site, now).first->second);
    judge(scene);
    settle(scene);
  }
  std::erase_if(watches_,
                [](const auto& entry) { return entry.second.since.empty() && entry.second.open.empty(); });
}

void AlarmGroups::judge(Scene& scene) {
  const Place everybody{wideScope(scene.cause.kind), ""};
  if (scene.suffering.empty() || scene.watch.open.contains(everybody)) return;
  const auto held = static_cast<std::size_t>(
      std::count_if(scene.suffering.begin(), scene.suffering.end(),
                    [&](const auto& site) { return scene.now >= scene.heldAt(site); }));
  if (held >= wideNeeds(std::max(scene.measuring.size(), scene.suffering.size())))
    raise(scene, everybody, scene.suffering);
  else
    raiseAreas(scene);
}

void AlarmGroups::raiseAreas(Scene& scene) {
  std::vector<std::string> due;
  for (const auto& site : scene.suffering)
    if (scene.narrowDue(site) && !scene.covered(site)) due.push_back(site);
  if (due.empty()) return;
  std::map<std::string, std::size_t> hit, all;
  for (const auto& site : scene.suffering)
    for (const auto& area : scene.path(site)) ++hit[area];
  for (const auto& site : scene.measuring)
    for (const auto& area : scene.path(site)) ++all[area];
  for (const auto& site : due) {
    if (scene.covered(site)) continue;  // by an area raised for one before it
    const auto path = scene.path(site);
    const std::string* widest = nullptr;
    for (const auto& area : path)
      if (hit[area] >= areaNeeds(std::max(all[area], hit[area]))) widest = &area;
    if (widest != nullptr) {
      // The nearest area with the same sites explains it as well, and says more.
      const auto nearest =
          std::find_if(path.begin(), path.end(), [&](const auto& area) { return hit[area] == hit[*widest]; });
      const Place place{v1::Alarm::area, *nearest};
      raise(scene, place, scene.sufferingIn(place));
    } else if (const Place place{v1::Alarm::site, site}; !scene.watch.open.contains(place)) {
      raise(scene, place, {site});
    }
  }
}

void AlarmGroups::raise(Scene& scene, const Place& place, const SiteSet& sites) {
  Open open;
  open.members = sites;
  for (auto& [cause, watch] : watches_) {
    const bool own = cause == scene.cause;
    const bool effect = cause.session_id == scene.cause.session_id && cause.kind == scene.cause.kind &&
                        cause.feed_id == scene.cause.feed_id && hides(scene.cause.condition, cause.condition);
    if (!own && !effect) continue;
    if (const auto same = watch.open.find(place);
        effect && same != watch.open.end() && open.alarm_id.empty()) {
      open.alarm_id = same->second.alarm_id;
      scene.book.convert(open.alarm_id, scene.cause.condition, scene.roster, scene.now);
      scene.book.affect(open.alarm_id, sites, scene.roster, scene.now);
      watch.open.erase(same);
    }
    for (auto inner = watch.open.begin(); inner != watch.open.end();) {
      if (!scene.within(inner->first, place) && !(effect && inner->first == place)) {
        ++inner;
        continue;
      }
      scene.book.clear(inner->second.alarm_id, scene.now, true);
      inner = watch.open.erase(inner);
    }
  }
  if (open.alarm_id.empty()) {
    v1::Alarm draft;
    draft.set_session_id(scene.cause.session_id);
    draft.set_kind(scene.cause.kind);
    draft.set_feed_id(scene.cause.feed_id);
    draft.set_condition(scene.cause.condition);
    draft.set_scope(place.scope);
    if (place.scope == v1::Alarm::area) draft.set_area_id(place.id);
    Micros onset = scene.now;
    for (const auto& site : sites)
      if (const auto told = scene.affected.find(site); told != scene.affected.end())
        onset = std::min(onset, told->second);
    open.alarm_id = scene.book.raise(std::move(draft), sites, onset, scene.roster, scene.now).id();
  }
  scene.watch.open[place] = std::move(open);
}

void AlarmGroups::settle(Scene& scene) {
  for (auto open = scene.watch.open.begin(); open != scene.watch.open.end();) {
    auto& [place, state] = *open;
    state.members = scene.sufferingIn(place);
    if (!state.members.empty()) {
      state.empty_since = 0;
      scene.book.affect(state.alarm_id, state.members, scene.roster, scene.now);
    } else if (state.empty_since == 0) {
      state.empty_since = scene.now;
      if (place.scope != v1::Alarm::site) scene.book.affect(state.alarm_id, {}, scene.roster, scene.now);
    } else if (scene.now - state.empty_since >= scene.times.clear) {
      scene.book.clear(state.alarm_id, scene.now);
      open = scene.watch.open.erase(open);
      continue;
    }
    ++open;
  }
}

bool AlarmGroups::explained(Scene& scene, const std::string& site) const {
  if (scene.cause.kind != v1::Alarm::feed) return false;
  const auto first =
      watches_.lower_bound({scene.cause.session_id, scene.cause.kind, scene.cause.feed_id, {}});
  for (auto other = first; other != watches_.end(); ++other) {
    const auto& [cause, watch] = *other;
    if (cause.session_id != scene.cause.session_id || cause.kind != scene.cause.kind ||
        cause.feed_id != scene.cause.feed_id)
      break;
    if (!hides(cause.condition, scene.cause.condition)) continue;
    const auto told = scene.picture.affected.find(cause);
    if (told != scene.picture.affected.end() && told->second.contains(site)) return true;
    for (const auto& [place, open] : watch.open)
      if (scene.within(site, place)) return true;
  }
  return false;
}

void AlarmGroups::adopt(const v1::Alarm& alarm) {
  DIEMCAU_INVARIANT(groups(alarm.kind()));
  Open open;
  open.alarm_id = alarm.id();
  open.members = {alarm.site_ids().begin(), alarm.site_ids().end()};
  watches_[{alarm.session_id(), alarm.kind(), alarm.feed_id(), alarm.condition()}].open[placeOf(alarm)] =
      std::move(open);
}

void AlarmGroups::forget(std::string_view session_id) {
  std::erase_if(watches_, [&](const auto& entry) { return entry.first.session_id == session_id; });
}

AlarmGroups::Place AlarmGroups::placeOf(const v1::Alarm& alarm) {
  if (alarm.scope() == v1::Alarm::area) return {alarm.scope(), alarm.area_id()};
  if (alarm.scope() == v1::Alarm::site)
    return {alarm.scope(), alarm.site_ids().empty() ? "" : alarm.site_ids(0)};
  return {alarm.scope(), ""};
}

v1::Alarm::Scope AlarmGroups::wideScope(v1::Alarm::Kind kind) {
  return kind == v1::Alarm::feed ? v1::Alarm::source : v1::Alarm::session;
}

}  // namespace diemcau::core
