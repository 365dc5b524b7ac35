// What the follower says of itself: the site's phase and its status.
#include "agent/core/follower.hpp"
#include "agent/core/words.hpp"
#include "base/text.hpp"

namespace diemcau::agent {

v1::SitePhase::Name Follower::sitePhase(const Now& now) const {
  if (acting_.plan == nullptr) return v1::SitePhase::idle;
  switch (acting_.phase) {
    case v1::Phase::scheduled:
      return v1::SitePhase::waiting;
    case v1::Phase::rehearsing:
      return v1::SitePhase::rehearsing;
    case v1::Phase::armed:
      return v1::SitePhase::armed;
    case v1::Phase::ended:
      return v1::SitePhase::ended;
    case v1::Phase::live:
    case v1::Phase::paused:
      break;
    default:
      return v1::SitePhase::idle;
  }
  if (started_ != 0)
    return acting_.phase == v1::Phase::paused ? v1::SitePhase::paused : v1::SitePhase::started;
  if (clock_awaited_) return v1::SitePhase::starting;
  // Measured from when the site could have shown it: a late joiner is starting, not failed, in its first
  // moments.
  return now.wall >= show_at_ + kShowPatience && now.steady >= showing_since_ + kShowPatience
             ? v1::SitePhase::failed
             : v1::SitePhase::starting;
}

v1::Text Follower::startTrouble() const {
  if (acting_.plan->feeds_size() == 0) return text("Kế hoạch không có luồng phát", "The plan has no feed");
  const auto found = samples_.find(failover_.active());
  if (found != samples_.end()) {
    auto trouble = feedTrouble(found->second);
    if (!trouble.vi().empty()) return trouble;
  }
  return text("Hình chưa được chiếu lên: kiểm tra màn hình", "The picture is not shown: check the screen");
}

v1::Status Follower::status(const Now& now) const {
  v1::Status status;
  status.set_revision(assignment_.revision());
  status.set_session_id(session_id_);
  status.set_phase(phase_);
  if (phase_ == v1::SitePhase::failed) *status.mutable_problem() = problem_;
  status.set_started_us(started_);
  status.set_start_error_us(start_error_);
  status.set_active_feed_id(failover_.active());
  const auto& readiness = checks_.readiness();
  if (!readiness.session_id().empty() && readiness.session_id() == session_id_)
    *status.mutable_readiness() = readiness;
  for (const auto& [id, sample] : samples_) *status.add_health() = sample;
  auto* clock = status.mutable_clock();
  clock->set_known(now.clock_known);
  if (now.clock_known) {
    clock->set_offset_us(now.coordinator - now.wall);
    clock->set_error_us(now.error);
    clock->set_rtt_us(now.rtt);
  }
  for (const auto& id : received_) status.add_received_text_ids(id);
  status.set_roster_revision(assignment_.roster().revision());
  status.set_at_us(now.wall);
  status.set_failovers(failover_.changes());
  return status;
}

bool Follower::takeNews(const Now& now) {
  auto status = this->status(now);
  status.clear_at_us();
  const bool known = status.clock().known();
  status.mutable_clock()->Clear();
  status.mutable_clock()->set_known(known);
  for (auto& sample : *status.mutable_health()) {
    v1::HealthSample verdict;
    verdict.set_feed_id(sample.feed_id());
    verdict.set_connected(sample.connected());
    *verdict.mutable_conditions() = sample.conditions();
    sample = std::move(verdict);
  }
  auto key = status.SerializeAsString();
  if (key == news_) return false;
  news_ = std::move(key);
  return true;
}

}  // namespace diemcau::agent
