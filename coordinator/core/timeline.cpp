// See timeline.hpp.
#include "coordinator/core/timeline.hpp"

#include <algorithm>

namespace diemcau::core {

const v1::TimelineEntry& Timeline::add(const Event& event, v1::Text text, Micros now, StoreBatch& batch) {
  v1::TimelineEntry entry;
  entry.set_seq(++seq_);
  entry.set_at_us(now);
  entry.set_session_id(std::string(event.session_id));
  entry.set_site_id(std::string(event.site_id));
  entry.set_actor(std::string(event.actor));
  entry.set_kind(std::string(event.kind));
  *entry.mutable_text() = std::move(text);
  entry.set_alarm_id(std::string(event.alarm_id));
  batch.timeline.push_back(entry);
  keep(entry);
  return newest_.back();
}

void Timeline::restore(const v1::TimelineEntry& entry) {
  seq_ = std::max(seq_, entry.seq());
  keep(entry);
}

void Timeline::keep(const v1::TimelineEntry& entry) {
  auto& session = by_session_[entry.session_id()];
  session.push_back(entry);
  if (session.size() > kKeptPerSession) session.pop_front();
  if (!entry.alarm_id().empty()) by_alarm_[entry.alarm_id()].push_back(entry);
  newest_.push_back(entry);
  if (newest_.size() > kKeptForViews) newest_.pop_front();
}

std::vector<v1::TimelineEntry> Timeline::of(std::string_view session_id) const {
  const auto found = by_session_.find(session_id);
  if (found == by_session_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

const std::vector<v1::TimelineEntry>& Timeline::ofAlarm(std::string_view alarm_id) const {
  static const std::vector<v1::TimelineEntry> kNone;
  const auto found = by_alarm_.find(alarm_id);
  return found == by_alarm_.end() ? kNone : found->second;
}

std::vector<const v1::TimelineEntry*> Timeline::after(std::uint64_t seq, std::string_view session_id,
                                                      std::size_t most) const {
  const std::deque<v1::TimelineEntry>* entries = &newest_;
  if (!session_id.empty()) {
    const auto found = by_session_.find(session_id);
    if (found == by_session_.end()) return {};
    entries = &found->second;
  }
  std::vector<const v1::TimelineEntry*> out;
  for (auto entry = entries->rbegin(); entry != entries->rend() && out.size() < most && entry->seq() > seq;
       ++entry)
    out.push_back(&*entry);
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace diemcau::core
