// See book.hpp.
#include "agent/core/book.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace diemcau::agent {
namespace {

// Ids hold no '/', so the parts of a key cannot run into each other.
std::string about(const v1::Record& record) {
  switch (record.body_case()) {
    case v1::Record::kHeadcount:
      return fmt::format("count/{}/{}", record.session_id(), record.sitting_id());
    case v1::Record::kCheckIn:
      return fmt::format("name/{}/{}/{}", record.session_id(), record.sitting_id(),
                         record.check_in().delegate_id());
    case v1::Record::kSignOff:
      return fmt::format("sign/{}", record.session_id());
    case v1::Record::kHelp:
      return fmt::format("help/{}/{:020}/{}", record.session_id(), record.at_us(), record.id());
    default:
      return {};
  }
}

bool isAttendance(const v1::Record& record) {
  return record.has_headcount() || record.has_check_in();
}

}  // namespace

void Book::know(const std::string& id) {
  if (!known_.insert(id).second) return;
  known_order_.push_back(id);
  if (known_order_.size() <= kMostKnown) return;
  known_.erase(known_order_.front());
  known_order_.pop_front();
}

void Book::add(const v1::Record& record) {
  const auto key = about(record);
  if (key.empty()) return;
  know(record.id());
  auto& held = newest_[key];
  const bool some = held.order != 0;
  if (some && held.record.id() == record.id()) return;
  if (some && record.held() && record.at_us() < held.made_us) return;
  Entry next{.order = ++version_, .made_us = record.at_us(), .record = record, .before = {}};
  if (some && !record.held()) next.made_us = std::max(next.made_us, held.made_us);
  if (some && isAttendance(record)) next.before = std::move(held.record);
  held = std::move(next);
  if (record.body_case() != v1::Record::kHelp) return;
  const auto calls = help(record.session_id());
  if (calls.size() > kMostHelp) newest_.erase(about(*calls.front()));
}

std::optional<Book::Change> Book::change(std::string_view id) const {
  for (const auto& [key, entry] : newest_)
    if (entry.record.id() == id && isAttendance(entry.record))
      return Change{&entry.record, entry.before ? &*entry.before : nullptr};
  return std::nullopt;
}

std::vector<Book::Change> Book::changes(std::string_view session, std::string_view sitting,
                                        std::size_t most) const {
  std::vector<const Entry*> all;
  for (const auto& [key, entry] : newest_)
    if (isAttendance(entry.record) && entry.record.session_id() == session &&
        entry.record.sitting_id() == sitting)
      all.push_back(&entry);
  const auto shown = std::min(most, all.size());
  std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown), all.end(),
                    [](const auto* a, const auto* b) { return a->order > b->order; });
  std::vector<Change> out;
  for (std::size_t i = 0; i < shown; ++i)
    out.push_back({&all[i]->record, all[i]->before ? &*all[i]->before : nullptr});
  return out;
}

const v1::Record* Book::headcount(std::string_view session, std::string_view sitting) const {
  const auto found = newest_.find(fmt::format("count/{}/{}", session, sitting));
  return found == newest_.end() ? nullptr : &found->second.record;
}

const v1::Record* Book::checkIn(std::string_view session, std::string_view sitting,
                                std::string_view delegate) const {
  const auto found = newest_.find(fmt::format("name/{}/{}/{}", session, sitting, delegate));
  return found == newest_.end() ? nullptr : &found->second.record;
}

const v1::Record* Book::signOff(std::string_view session) const {
  const auto found = newest_.find(fmt::format("sign/{}", session));
  return found == newest_.end() ? nullptr : &found->second.record;
}

std::vector<const v1::Record*> Book::help(std::string_view session) const {
  std::vector<const v1::Record*> calls;
  const auto prefix = fmt::format("help/{}/", session);
  for (auto at = newest_.lower_bound(prefix); at != newest_.end() && at->first.starts_with(prefix); ++at)
    calls.push_back(&at->second.record);
  return calls;
}

v1::Counts Book::byName(std::string_view session, std::string_view sitting,
                        const v1::SiteRoster& roster) const {
  std::uint32_t counts[v1::Presence::State_ARRAYSIZE] = {};
  for (const auto& delegate : roster.delegates()) {
    const auto* record = checkIn(session, sitting, delegate.id());
    const int state = record == nullptr ? v1::Presence::not_marked : record->check_in().state();
    if (v1::Presence::State_IsValid(state)) ++counts[state];
  }
  v1::Counts total;
  total.set_expected(static_cast<std::uint32_t>(roster.delegates_size()));
  total.set_present(counts[v1::Presence::present]);
  total.set_online(counts[v1::Presence::online]);
  total.set_excused(counts[v1::Presence::excused]);
  total.set_absent(counts[v1::Presence::absent]);
  total.set_not_marked(counts[v1::Presence::not_marked]);
  return total;
}

v1::RecordBatch Book::keep(const std::vector<std::string>& sessions) {
  std::erase_if(newest_, [&](const auto& item) {
    return std::find(sessions.begin(), sessions.end(), item.second.record.session_id()) == sessions.end();
  });
  std::vector<const Entry*> order;
  for (const auto& [key, entry] : newest_) order.push_back(&entry);
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) { return a->order < b->order; });
  v1::RecordBatch batch;
  for (const auto* entry : order) {
    if (entry->before) *batch.add_records() = *entry->before;
    *batch.add_records() = entry->record;
  }
  return batch;
}

}  // namespace diemcau::agent
