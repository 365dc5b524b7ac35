// See alarm_book.hpp.
#include "coordinator/core/alarm_book.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace diemcau::core {
namespace {

tl::unexpected<Error> noAlarm(std::string_view id) {
  const std::string shown = validId(id) ? std::string(id) : "?";
  return fail(ErrorCode::kNotFound, "no alarm has the id \"" + shown + "\"",
              "không có cảnh báo với mã \"" + shown + "\"");
}

void putAside(v1::Alarm& alarm, const std::string& by, const std::string& reason, Micros now, Micros until) {
  alarm.set_shelved_by(by);
  alarm.set_shelve_reason(reason);
  alarm.set_shelved_us(now);
  alarm.set_shelved_until_us(until);
}

void takeBack(v1::Alarm& alarm) {
  putAside(alarm, {}, {}, 0, 0);
}

bool sameCause(const v1::Alarm& a, const v1::Alarm& b) {
  if (a.session_id() != b.session_id() || a.kind() != b.kind() || a.scope() != b.scope() ||
      a.condition() != b.condition() || a.feed_id() != b.feed_id() || a.area_id() != b.area_id())
    return false;
  // A call for help is a new one each time.
  if (a.kind() == v1::Alarm::help) return false;
  return a.scope() != v1::Alarm::site ||
         (a.site_ids_size() == 1 && b.site_ids_size() == 1 && a.site_ids(0) == b.site_ids(0));
}

}  // namespace

const v1::Alarm& AlarmBook::raise(v1::Alarm draft, const SiteSet& sites, Micros onset, const Roster& roster,
                                  Micros now) {
  draft.set_id(next_id_());
  draft.set_state(v1::Alarm::raised);
  draft.set_raised_us(now);
  draft.set_onset_us(onset);
  const std::string id = draft.id();
  auto& alarm = alarms_[id] = std::move(draft);
  raised_.insert(id);
  setSites(alarm, sites);
  if (!alarm.has_text()) *alarm.mutable_text() = alarmText(alarm, roster);
  peak_[id].text = alarm.text();
  stored_[id] = now;
  changed(AlarmChange::kRaised, id);
  inheritShelf(alarm, now);
  return alarm;
}

void AlarmBook::affect(std::string_view id, const SiteSet& sites, const Roster& roster, Micros now) {
  auto& alarm = get(id);
  if (alarm.state() != v1::Alarm::raised ||
      std::equal(sites.begin(), sites.end(), alarm.site_ids().begin(), alarm.site_ids().end()))
    return;
  setSites(alarm, sites);
  if (!sites.empty()) *alarm.mutable_text() = alarmText(alarm, roster);
  if (auto& peak = peak_[alarm.id()]; sites.size() == peak.sites.size()) peak.text = alarm.text();
  auto& stored = stored_[alarm.id()];
  const bool store = now - stored >= kStoreEvery;
  if (store) stored = now;
  changed(AlarmChange::kChanged, alarm.id(), store);
}

void AlarmBook::convert(std::string_view id, v1::Condition::Name condition, const Roster& roster,
                        Micros now) {
  auto& alarm = get(id);
  alarm.set_condition(condition);
  *alarm.mutable_text() = alarmText(alarm, roster);
  peak_[alarm.id()].text = alarm.text();
  stored_[alarm.id()] = now;
  changed(AlarmChange::kChanged, alarm.id());
}

void AlarmBook::clear(std::string_view id, Micros now, bool quietly) {
  auto& alarm = get(id);
  if (alarm.state() != v1::Alarm::raised) return;
  alarm.set_state(v1::Alarm::cleared);
  alarm.set_cleared_us(now);
  if (const auto peak = peak_.find(id); peak != peak_.end()) {
    alarm.mutable_site_ids()->Assign(peak->second.sites.begin(), peak->second.sites.end());
    *alarm.mutable_text() = peak->second.text;
    peak_.erase(peak);
  }
  raised_.erase(alarm.id());
  stored_.erase(alarm.id());
  changed(quietly ? AlarmChange::kMerged : AlarmChange::kCleared, alarm.id());
}

Result<v1::Alarm> AlarmBook::ack(std::string_view id, std::string_view by, Micros now,
                                 std::string_view note) {
  const auto found = alarms_.find(id);
  if (found == alarms_.end()) return noAlarm(id);
  auto& alarm = found->second;
  if (!alarm.acked_by().empty())
    return fail(ErrorCode::kConflict, "the alarm was already acknowledged by " + alarm.acked_by(),
                "cảnh báo đã có người nhận: " + alarm.acked_by());
  alarm.set_acked_by(std::string(by));
  alarm.set_acked_us(now);
  alarm.set_ack_note(std::string(note));
  changed(AlarmChange::kAcked, alarm.id());
  return alarm;
}

Result<v1::Alarm> AlarmBook::shelve(std::string_view id, std::string_view by, std::string_view reason,
                                    Micros until, Micros now) {
  const auto found = alarms_.find(id);
  if (found == alarms_.end()) return noAlarm(id);
  auto& alarm = found->second;
  if (alarm.state() != v1::Alarm::raised)
    return fail(ErrorCode::kConflict, "the alarm is over already: there is nothing to put aside",
                "cảnh báo đã hết, không cần tạm gác");
  putAside(alarm, std::string(by), std::string(reason), now, until);
  shelved_.insert(alarm.id());
  changed(AlarmChange::kShelved, alarm.id(), true, alarm.shelved_by());
  return alarm;
}

Result<v1::Alarm> AlarmBook::unshelve(std::string_view id, std::string_view by) {
  const auto found = alarms_.find(id);
  if (found == alarms_.end()) return noAlarm(id);
  auto& alarm = found->second;
  if (!shelved_.contains(alarm.id()))
    return fail(ErrorCode::kConflict, "the alarm is not put aside", "cảnh báo không đang được tạm gác");
  takeBack(alarm);
  shelved_.erase(alarm.id());
  changed(AlarmChange::kUnshelved, alarm.id(), true, std::string(by));
  return alarm;
}

void AlarmBook::expire(Micros now) {
  for (auto one = shelved_.begin(); one != shelved_.end();) {
    auto& alarm = alarms_.find(*one)->second;
    if (now < alarm.shelved_until_us()) {
      ++one;
      continue;
    }
    // One that is over keeps what it was: its shelf ended with it.
    if (alarm.state() == v1::Alarm::raised) {
      takeBack(alarm);
      changed(AlarmChange::kExpired, alarm.id());
    }
    one = shelved_.erase(one);
  }
}

// A fault that comes and goes is put aside once and not at each return.
void AlarmBook::inheritShelf(v1::Alarm& alarm, Micros now) {
  for (const auto& id : shelved_) {
    const auto& before = alarms_.find(id)->second;
    if (before.state() == v1::Alarm::raised || now >= before.shelved_until_us() || !sameCause(before, alarm))
      continue;
    putAside(alarm, before.shelved_by(), before.shelve_reason(), before.shelved_us(),
             before.shelved_until_us());
    shelved_.erase(id);
    shelved_.insert(alarm.id());
    changed(AlarmChange::kShelved, alarm.id(), true, alarm.shelved_by());
    return;
  }
}

void AlarmBook::restore(const v1::Alarm& alarm) {
  alarms_[alarm.id()] = alarm;
  if (alarm.shelved_until_us() != 0) shelved_.insert(alarm.id());
  if (alarm.state() != v1::Alarm::raised) return;
  raised_.insert(alarm.id());
  peak_[alarm.id()] = {{alarm.site_ids().begin(), alarm.site_ids().end()}, alarm.text()};
}

const v1::Alarm* AlarmBook::find(std::string_view id) const {
  const auto found = alarms_.find(id);
  return found == alarms_.end() ? nullptr : &found->second;
}

const v1::Alarm* AlarmBook::raised(std::string_view session_id, v1::Alarm::Kind kind,
                                   std::string_view site_id) const {
  for (const auto& id : raised_) {
    const auto& alarm = alarms_.find(id)->second;
    if (alarm.kind() != kind || alarm.session_id() != session_id) continue;
    if (site_id.empty() || (alarm.site_ids_size() == 1 && alarm.site_ids(0) == site_id)) return &alarm;
  }
  return nullptr;
}

std::vector<AlarmChange> AlarmBook::takeChanges() {
  return std::exchange(changes_, {});
}

v1::Alarm& AlarmBook::get(std::string_view id) {
  const auto found = alarms_.find(id);
  DIEMCAU_INVARIANT(found != alarms_.end());
  return found->second;
}

void AlarmBook::setSites(v1::Alarm& alarm, const SiteSet& sites) {
  alarm.mutable_site_ids()->Assign(sites.begin(), sites.end());
  auto& peak = peak_[alarm.id()];
  if (sites.size() <= peak.sites.size()) return;
  peak.sites.assign(sites.begin(), sites.end());
  alarm.set_sites_peak(static_cast<std::uint32_t>(peak.sites.size()));
}

void AlarmBook::changed(AlarmChange::What what, const std::string& id, bool store, std::string by) {
  changes_.push_back({what, id, store, std::move(by)});
}

}  // namespace diemcau::core
