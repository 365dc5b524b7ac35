// See simulated_site.hpp.
#include "tests/fleet/simulated_site.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "wire/codec.hpp"

namespace diemcau::fleet {
namespace {

constexpr Micros kOwnStartLead = 5 * kSecond;  // as a real agent's
constexpr Micros kOwnStartLatest = 6 * kHour;

int rank(v1::Phase::Name phase) {
  switch (phase) {
    case v1::Phase::live:
    case v1::Phase::paused:
      return 5;
    case v1::Phase::armed:
      return 4;
    case v1::Phase::rehearsing:
      return 3;
    case v1::Phase::scheduled:
      return 2;
    case v1::Phase::ended:
      return 1;
    default:
      return 0;
  }
}

}  // namespace

SimulatedSite::SimulatedSite(std::string id, Behaviour behaviour, std::uint64_t epoch, Clerk::Habits habits)
    : id_(std::move(id)),
      behaviour_(behaviour),
      epoch_(epoch),
      wander_(behaviour.seed, id_, "wander"),
      reading_(behaviour.seed, id_, "reading"),
      trial_(behaviour_, id_),
      reception_(behaviour_, id_),
      clerk_(behaviour_, id_, epoch, habits) {
  status_.set_simulated(true);
}

bool SimulatedSite::apply(const v1::Assignment& assignment, const SiteNow& now) {
  if (assignment.revision() <= revision_) return false;
  std::vector<v1::Plan> plans;
  for (const std::string& bytes : assignment.plans()) {
    v1::Plan plan;
    if (!parseLimited(bytes, plan, wire::kMaxFrame)) return false;
    plans.push_back(std::move(plan));
  }
  acting_.plan = nullptr;  // it points into plans_
  plans_ = std::move(plans);
  revision_ = assignment.revision();
  if (assignment.has_roster()) {
    roster_revision_ = assignment.roster().revision();
    clerk_.roster(assignment.roster());
  }
  reception_.pin(assignment.own().pinned_feed_id());
  recheck_ = assignment.own().recheck();
  std::vector<Letter> letters;
  for (const auto& text : assignment.own().texts()) {
    const auto held =
        std::find_if(letters_.begin(), letters_.end(), [&](const auto& l) { return l.id == text.id(); });
    letters.push_back(held != letters_.end()
                          ? *held
                          : Letter{text.id(), now.steady + reading_.between(1000, 5000) * kMillisecond});
  }
  letters_ = std::move(letters);
  changed_ = true;
  follow(now);
  return true;
}

void SimulatedSite::feedSent(const std::string& feed_id, v1::Condition::Name condition, Micros steady) {
  reception_.sent(feed_id, condition, steady);
}

bool SimulatedSite::hurryHeadcount(const SiteNow& now) {
  const bool ran = runs() || acting_.phase == v1::Phase::ended;
  if (acting_.plan == nullptr || !ran || !clerk_.hurry(*acting_.plan, now)) return false;
  changed_ = clerk_.follow(*acting_.plan, now, spool_) || changed_;
  return true;
}

bool SimulatedSite::tick(const SiteNow& now) {
  follow(now);
  return std::exchange(changed_, false);
}

SimulatedSite::Acting SimulatedSite::act(const v1::Plan& plan, const SiteNow& now) {
  Acting as{&plan, plan.phase(), plan.start_at_us()};
  if (as.phase == v1::Phase::scheduled && rechecks(plan, now)) as.phase = v1::Phase::rehearsing;
  if (own_start_session_ == plan.session_id()) {
    if (own_start_revision_ == plan.revision()) return {&plan, v1::Phase::live, plan.scheduled_start_us()};
    own_start_session_.clear();
  }
  const bool before_live =
      rank(plan.phase()) >= rank(v1::Phase::scheduled) && rank(plan.phase()) <= rank(v1::Phase::armed);
  const Micros start = plan.scheduled_start_us();
  if (!plan.auto_start() || !before_live || now.connected || now.coordinator >= start + kOwnStartLatest)
    return as;
  if (now.coordinator >= start - kOwnStartLead) {
    own_start_session_ = plan.session_id();
    own_start_revision_ = plan.revision();
    return {&plan, v1::Phase::live, start};
  }
  if (now.coordinator >= start - Micros{plan.arm_lead_s()} * kSecond) as.phase = v1::Phase::armed;
  return as;
}

bool SimulatedSite::rechecks(const v1::Plan& plan, const SiteNow& now) const {
  return recheck_.session_id() == plan.session_id() && now.coordinator < recheck_.until_us();
}

bool SimulatedSite::recheckBegins(const SiteNow& now) {
  if (!rechecks(*acting_.plan, now) || rechecked_ == recheck_.until_us()) return false;
  rechecked_ = recheck_.until_us();
  return true;
}

SimulatedSite::Acting SimulatedSite::choose(const SiteNow& now) {
  Acting best;
  for (const v1::Plan& plan : plans_) {
    const Acting next = act(plan, now);
    if (rank(next.phase) == 0 || (best.plan != nullptr && rank(next.phase) < rank(best.phase))) continue;
    const bool higher = best.plan == nullptr || rank(next.phase) > rank(best.phase);
    const bool earlier = best.plan != nullptr && plan.scheduled_start_us() < best.plan->scheduled_start_us();
    const bool waits = rank(next.phase) >= 2 && rank(next.phase) <= 4;
    if (higher || earlier == waits) best = next;
  }
  return best;
}

void SimulatedSite::enter(const Acting& next) {
  const bool ran = runs();
  const bool same = next.plan == nullptr ? session_id_.empty() : next.plan->session_id() == session_id_;
  if (acting_.phase != next.phase || acting_.start_at != next.start_at) {
    held_since_ = 0;
    changed_ = true;
  }
  if (next.plan != nullptr && next.plan != acting_.plan) reception_.feeds(*next.plan);
  acting_ = next;
  if (!same) {
    session_id_ = next.plan == nullptr ? std::string() : next.plan->session_id();
    trial_.forget();
    changed_ = true;
  }
  // A session that goes back from live, or another one: nothing was started, and the main feed is the one.
  if (!same || (ran && !runs() && acting_.phase != v1::Phase::ended)) {
    status_.clear_started_us();
    status_.clear_start_error_us();
    failed_ = false;
    reception_.forget();
  }
  if (!runs()) {
    away_ = false;
    wander_at_ = 0;
  }
}

void SimulatedSite::follow(const SiteNow& now) {
  enter(choose(now));
  if (acting_.plan != nullptr) {
    const bool checks = acting_.phase == v1::Phase::rehearsing || acting_.phase == v1::Phase::armed;
    changed_ =
        (checks ? trial_.follow(*acting_.plan, recheckBegins(now), now) : trial_.stop(now)) || changed_;
    if (probing()) changed_ = reception_.follow(now) || changed_;
    if (runs()) start(now);
    if (runs() || acting_.phase == v1::Phase::ended)
      changed_ = clerk_.follow(*acting_.plan, now, spool_) || changed_;
    wander(now);
  }
  read(now);
  const auto phase = phaseNow();
  if (phase == status_.phase()) return;
  status_.set_phase(phase);
  changed_ = true;
}

void SimulatedSite::start(const SiteNow& now) {
  if (status_.started_us() != 0 || acting_.start_at == 0) return;
  if (held_since_ == 0) held_since_ = now.coordinator;
  if (behaviour_.role == Role::kFailing) {
    failed_ = now.coordinator >= acting_.start_at;
    return;
  }
  const Micros shown = showsAt();
  if (now.coordinator < shown) return;
  status_.set_started_us(shown);
  status_.set_start_error_us(now.clock_known ? now.error : kHour);
  changed_ = true;
}

Micros SimulatedSite::showsAt() const {
  const Micros meant = acting_.start_at + (behaviour_.role == Role::kLate ? behaviour_.late_by : 0);
  return std::max(meant, held_since_) + behaviour_.start_jitter;
}

bool SimulatedSite::startsWithin(Micros span, const SiteNow& now) const {
  const bool waits = runs() && acting_.start_at != 0 && status_.started_us() == 0;
  return waits && behaviour_.role != Role::kFailing && now.coordinator + span >= showsAt();
}

// Away for a few seconds now and then, but not before it has told of its start.
void SimulatedSite::wander(const SiteNow& now) {
  if (behaviour_.role != Role::kDropping || status_.started_us() == 0 || !runs()) return;
  if (wander_at_ == 0) wander_at_ = now.steady + wander_.between(5000, 25'000) * kMillisecond;
  if (now.steady < wander_at_) return;
  away_ = !away_;
  wander_at_ =
      now.steady + (away_ ? wander_.between(1500, 4000) : wander_.between(20'000, 60'000)) * kMillisecond;
}

void SimulatedSite::read(const SiteNow& now) {
  int receipts = 0;
  for (const Letter& letter : letters_) receipts += now.steady >= letter.read_at;
  if (receipts == status_.received_text_ids_size() && !changed_) return;
  changed_ = changed_ || receipts != status_.received_text_ids_size();
  status_.clear_received_text_ids();
  for (const Letter& letter : letters_) {
    if (now.steady >= letter.read_at) status_.add_received_text_ids(letter.id);
  }
}

bool SimulatedSite::runs() const {
  return acting_.phase == v1::Phase::live || acting_.phase == v1::Phase::paused;
}

bool SimulatedSite::probing() const {
  return runs() || acting_.phase == v1::Phase::rehearsing || acting_.phase == v1::Phase::armed;
}

v1::SitePhase::Name SimulatedSite::phaseNow() const {
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
    default:
      break;
  }
  if (failed_) return v1::SitePhase::failed;
  if (status_.started_us() == 0) return v1::SitePhase::starting;
  return acting_.phase == v1::Phase::paused ? v1::SitePhase::paused : v1::SitePhase::started;
}

const v1::Status& SimulatedSite::status(const SiteNow& now) {
  status_.set_revision(revision_);
  status_.set_session_id(session_id_);
  if (status_.phase() == v1::SitePhase::failed) {
    *status_.mutable_problem() = behaviour_.trouble->text;
  } else {
    status_.clear_problem();
  }
  status_.set_active_feed_id(acting_.plan == nullptr ? "" : reception_.active());
  status_.set_failovers(reception_.failovers());
  if (!session_id_.empty() && trial_.readiness().session_id() == session_id_) {
    *status_.mutable_readiness() = trial_.readiness();
  } else {
    status_.clear_readiness();
  }
  if (probing()) {
    reception_.sample(status_, now);
  } else {
    status_.clear_health();
  }
  auto* clock = status_.mutable_clock();
  clock->set_known(now.clock_known);
  if (now.clock_known) {
    clock->set_offset_us(now.coordinator - now.wall);
    clock->set_error_us(now.error);
    clock->set_rtt_us(now.rtt);
  }
  status_.set_roster_revision(roster_revision_);
  status_.set_spool_pending(static_cast<std::uint32_t>(spool_.pending()));
  status_.set_at_us(now.wall);
  return status_;
}

}  // namespace diemcau::fleet
