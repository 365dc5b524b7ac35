// See store.hpp.
#include "tests/sim/store.hpp"

#include <algorithm>

namespace diemcau::sim {
namespace {
constexpr Micros kTryAgain = kSecond;
}

void SimStore::commit(Process& owner, core::StoreBatch batch, std::function<void()> done) {
  waiting_.push_back({std::move(batch), std::move(done), &owner, owner.life()});
  if (mutation_ == Mutation::kAckBeforeCommit) {
    auto& last = waiting_.back();
    calendar_.after(0, [&owner, life = owner.life(), told = std::exchange(last.done, nullptr)] {
      owner.enter(life, told);
    });
  }
  start();
}

void SimStore::start() {
  if (running_ || waiting_.empty()) return;
  running_ = true;
  Micros delay = dice_.between(kMillisecond, most_delay_);
  if (mutation_ == Mutation::kAckBeforeCommit) delay += 500 * kMillisecond;
  // All that waits now is one transaction.
  calendar_.after(delay, [this, count = waiting_.size(), run = run_] {
    if (run != run_) return;
    write(count);
  });
}

void SimStore::write(std::size_t count) {
  running_ = false;
  healthy_ = !failing_;
  if (failing_) {
    running_ = true;
    calendar_.after(kTryAgain, [this, run = run_] {
      if (run != run_) return;
      running_ = false;
      start();
    });
    return;
  }
  std::vector<Waiting> told;
  for (std::size_t i = 0; i < count; ++i) {
    make(waiting_.front().batch);
    told.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  for (auto& one : told)
    if (one.done) one.owner->enter(one.life, one.done);
  start();
}

void SimStore::failing(bool failing) {
  failing_ = failing;
}

void SimStore::make(core::StoreBatch& batch) {
  for (auto& put : batch.puts) {
    if (mutation_ == Mutation::kStoreDropsRevision && put.kind == "meta" && put.id == "revision") continue;
    if (put.kind == "session") {
      v1::Session session;
      session.ParseFromString(put.body);
      history_.add(What::kSessionCommitted, {}, put.id, {}, static_cast<std::int64_t>(session.revision()),
                   session.phase(), session.start_at_us());
    }
    objects_[{put.kind, put.id}] = std::move(put.body);
  }
  for (const auto& remove : batch.removes) objects_.erase({remove.kind, remove.id});
  for (auto& record : batch.records) {
    if (!ids_.emplace(record.site_id(), record.record().id()).second) continue;
    history_.add(What::kRecordCommitted, record.site_id(), record.record().id(), {},
                 static_cast<std::int64_t>(record.record().number()),
                 static_cast<std::int64_t>(record.epoch()));
    records_.push_back(std::move(record));
  }
  for (auto& entry : batch.timeline) {
    if (mutation_ == Mutation::kNoTimeline && entry.actor() != "system") continue;
    history_.add(What::kEntryCommitted, entry.site_id(), entry.kind(), entry.actor(),
                 static_cast<std::int64_t>(entry.seq()), entry.at_us(), 0, entry.text().en());
    timeline_.push_back(std::move(entry));
  }
}

void SimStore::crashed() {
  ++run_;
  running_ = false;
  // The transaction that was being written is there or not, never half of it.
  if (!waiting_.empty() && !failing_ && mutation_ != Mutation::kAckBeforeCommit && dice_.percent(50))
    for (std::size_t i = 0, kept = dice_.below(waiting_.size() + 1); i < kept; ++i) make(waiting_[i].batch);
  waiting_.clear();
  healthy_ = true;
  // The newest ones would be sent again, because the sites still have them; older ones are nowhere else.
  if (mutation_ == Mutation::kStoreForgets && records_.size() > 3) {
    const auto lost = records_.begin() + static_cast<std::ptrdiff_t>(dice_.below(records_.size() / 2));
    ids_.erase({lost->site_id(), lost->record().id()});
    records_.erase(lost);
  }
}

void SimStore::load(core::Core& core) {
  for (const auto& [key, body] : objects_) core.restoreObject(key.first, key.second, body);
  for (const auto& record : records_) {
    core.restoreRecord(record);
    if (mutation_ == Mutation::kStoreKeepsTwice && dice_.percent(20)) core.restoreRecord(record);
  }
  for (const auto& entry : timeline_) core.restoreTimeline(entry);
}

}  // namespace diemcau::sim
