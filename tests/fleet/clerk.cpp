// See clerk.hpp.
#include "tests/fleet/clerk.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace diemcau::fleet {
namespace {

constexpr std::int64_t kGuess = 40;  // people in a hall whose roster is not there

}  // namespace

Clerk::Clerk(const Behaviour& behaviour, std::string site_id, std::uint64_t epoch, Habits habits)
    : behaviour_(&behaviour),
      site_id_(std::move(site_id)),
      habits_(habits),
      // Ids belong to the epoch: a second run of the same seed enters new records, not repeats.
      ids_(behaviour.seed, site_id_, fmt::format("records {}", epoch)) {}

void Clerk::roster(const v1::SiteRoster& roster) {
  delegates_.clear();
  for (const auto& delegate : roster.delegates()) delegates_.push_back(delegate.id());
}

std::string Clerk::sittingOf(const v1::Plan& plan) {
  if (!plan.current_sitting_id().empty()) return plan.current_sitting_id();
  return plan.sittings_size() > 0 ? plan.sittings(0).id() : std::string();
}

Clerk::Work& Clerk::workOf(const Key& key, const SiteNow& now) {
  const auto [found, fresh] = work_.try_emplace(key);
  if (fresh && habits_.counts) found->second.count_at = now.steady + behaviour_->headcount_after;
  return found->second;
}

bool Clerk::follow(const v1::Plan& plan, const SiteNow& now, Spool& spool) {
  if (resting_) return false;
  const std::uint64_t before = spool.newest();
  if (plan.phase() != v1::Phase::ended) workOf({plan.session_id(), sittingOf(plan)}, now);
  for (auto& [key, work] : work_) {
    if (key.first != plan.session_id()) continue;
    if (work.count_at != 0 && now.steady >= work.count_at) enterCount(key, work, now, spool);
    if (work.correct_at != 0 && now.steady >= work.correct_at) correct(key, work, now, spool);
  }
  return spool.newest() != before;
}

bool Clerk::hurry(const v1::Plan& plan, const SiteNow& now) {
  Work& work = workOf({plan.session_id(), sittingOf(plan)}, now);
  if (work.counted || resting_) return false;
  work.count_at = now.steady;
  return true;
}

std::size_t Clerk::toCome() const {
  if (resting_) return 0;
  return static_cast<std::size_t>(std::count_if(
      work_.begin(), work_.end(), [](const auto& each) { return each.second.correct_at != 0; }));
}

v1::Record Clerk::record(const Key& key, const SiteNow& now) {
  v1::Record record;
  record.set_id(ids_.hex(32));
  record.set_session_id(key.first);
  record.set_sitting_id(key.second);
  record.set_at_us(now.coordinator);
  record.set_by("Thư ký " + site_id_);
  return record;
}

v1::Headcount Clerk::count(const Key& key) const {
  Dice dice(behaviour_->seed, site_id_, key.first + "/" + key.second);
  const auto expected =
      delegates_.empty() ? kGuess + dice.between(-15, 40) : static_cast<std::int64_t>(delegates_.size());
  const auto share = [&](double most) {
    return static_cast<std::int64_t>(static_cast<double>(expected) * most * dice.unit());
  };
  const std::int64_t online = share(0.1), excused = share(0.08), absent = share(0.06);
  v1::Headcount count;
  count.set_online(static_cast<std::uint32_t>(online));
  count.set_excused(static_cast<std::uint32_t>(excused));
  count.set_absent(static_cast<std::uint32_t>(absent));
  count.set_present(
      static_cast<std::uint32_t>(std::max<std::int64_t>(expected - online - excused - absent, 0)));
  return count;
}

void Clerk::enterCount(const Key& key, Work& work, const SiteNow& now, Spool& spool) {
  work.count_at = 0;
  work.counted = true;
  v1::Record entry = record(key, now);
  *entry.mutable_headcount() = entered_[key].headcount = count(key);
  work.first_id = entry.id();
  spool.add(entry);
  checkIn(key, now, spool);
  if (behaviour_->corrects) work.correct_at = now.steady + behaviour_->corrects_after;
}

void Clerk::correct(const Key& key, Work& work, const SiteNow& now, Spool& spool) {
  work.correct_at = 0;
  v1::Headcount& count = entered_[key].headcount;
  // Somebody came late, or was counted twice.
  if (count.absent() > 0) {
    count.set_absent(count.absent() - 1);
    count.set_present(count.present() + 1);
  } else if (count.present() > 0) {
    count.set_present(count.present() - 1);
    count.set_absent(1);
  }
  count.set_note("đếm lại");
  v1::Record entry = record(key, now);
  entry.set_corrects_id(work.first_id);
  *entry.mutable_headcount() = count;
  spool.add(entry);
}

void Clerk::checkIn(const Key& key, const SiteNow& now, Spool& spool) {
  Dice dice(behaviour_->seed, site_id_, "check-in " + key.first + "/" + key.second);
  for (const std::string& delegate : delegates_) {
    if (!dice.chance(habits_.checkin_percent)) continue;
    v1::Record entry = record(key, now);
    auto* check_in = entry.mutable_check_in();
    check_in->set_delegate_id(delegate);
    if (dice.chance(5)) {
      check_in->set_state(v1::Presence::excused);
      check_in->set_reason("đi công tác");
    } else {
      check_in->set_state(v1::Presence::present);
    }
    spool.add(entry);
    entered_[key].checked_in.insert(delegate);
  }
}

}  // namespace diemcau::fleet
