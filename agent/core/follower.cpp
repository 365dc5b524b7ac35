// See follower.hpp. What the site says of it all is in follower_status.cpp.
#include "agent/core/follower.hpp"

#include <algorithm>
#include <cstdlib>

#include "agent/core/words.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "wire/codec.hpp"

namespace diemcau::agent {
namespace {

constexpr Micros kSoundClock = 2000;  // no sound clock gains or loses more than one part in this

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

constexpr Micros kDay = 24 * kHour;

Micros latestEnd(const v1::Plan& plan) {
  Micros end = 0;
  for (const auto& sitting : plan.sittings()) end = std::max(end, Micros{sitting.ends_us()});
  return end != 0 ? end : plan.scheduled_start_us() + Follower::kOwnStartLatest;
}

}  // namespace

void Follower::restore(const v1::Status& last) {
  session_id_ = last.session_id();
  started_ = last.started_us();
  start_error_ = last.start_error_us();
  failover_.restore(last.active_feed_id(), last.failovers());
  checks_.restore(last.readiness());
  received_.assign(last.received_text_ids().begin(), last.received_text_ids().end());
}

Result<bool> Follower::apply(const v1::Assignment& assignment, const Now& now) {
  if (assignment.revision() <= assignment_.revision()) return false;
  std::vector<v1::Plan> plans;
  for (const auto& bytes : assignment.plans()) {
    v1::Plan plan;
    if (!parseLimited(bytes, plan, wire::kMaxFrame) || plan.session_id().empty())
      return fail(ErrorCode::kInvalid, "the assignment holds a plan that cannot be read",
                  "Lệnh phân công có kế hoạch không đọc được");
    plans.push_back(std::move(plan));
  }
  v1::Assignment next = assignment;
  if (!next.has_roster() && assignment_.has_roster()) *next.mutable_roster() = assignment_.roster();
  assignment_ = std::move(next);
  plans_ = std::move(plans);

  // Receipts only for texts that are still there.
  std::erase_if(received_, [&](const std::string& id) {
    const auto& texts = assignment_.own().texts();
    return std::none_of(texts.begin(), texts.end(), [&](const v1::OperatorText& t) { return t.id() == id; });
  });
  failover_.pin(assignment_.own().pinned_feed_id());
  evaluate(now);
  return true;
}

void Follower::link(LinkInfo link, const Now& now) {
  if (link.connected && !link_.connected) {
    linked_at_ = now.steady;
    clock_heard_ = false;
  }
  link_ = std::move(link);
  evaluate(now);
}

void Follower::clockHeard(const Now& now) {
  clock_heard_ = true;
  evaluate(now);
}

void Follower::sample(v1::HealthSample sample, const Now& now) {
  const auto id = sample.feed_id();
  if (id == kTestFeed) {
    test_.problem = sample.problem();
    test_.sample = std::move(sample);
    return;
  }
  const bool wanted = std::any_of(probes_.begin(), probes_.end(),
                                  [&](const WantedProbe& probe) { return probe.setup.feed().id() == id; });
  if (!wanted) return;
  // In its first moments a probe has seen nothing yet and has no verdict either: that is neither good nor
  // bad.
  const bool good = goodFeed(sample);
  if (good || sample.conditions_size() != 0) failover_.judge(id, good, now.steady);
  samples_[id] = std::move(sample);
  evaluate(now);
}

void Follower::lost(const std::string& feed_id, v1::Text problem, const Now& now) {
  v1::HealthSample sample;
  sample.set_feed_id(feed_id);
  sample.set_at_us(now.wall);
  sample.add_conditions(v1::Condition::no_signal);
  *sample.mutable_problem() = std::move(problem);
  this->sample(std::move(sample), now);
}

void Follower::shown(const std::string& feed_id, Micros at_wall, const Now& now) {
  if (feed_id == kTestFeed) test_.shown = test_.on;
  if (!showing() || feed_id != show_feed_) return;
  if (started_ == 0) {
    // A probe that names an instant of another day is broken: what it opened, it opened about now.
    const Micros at = std::clamp(at_wall, now.wall - kDay, now.wall + kDay);
    started_ = now.coordinatorAt(at);
    start_error_ = now.clock_known ? now.error : kHour;
    started_steady_ = now.steady - (now.wall - at);
  }
  evaluate(now);
}

void Follower::signOff(const std::string& session_id, const v1::SignOff& sign_off, const std::string& by,
                       Micros at) {
  if (session_id == session_id_) checks_.signOff(session_id, sign_off, by, at);
}

Done Follower::received(const std::string& text_id) {
  const auto& texts = assignment_.own().texts();
  if (std::none_of(texts.begin(), texts.end(), [&](const v1::OperatorText& t) { return t.id() == text_id; }))
    return fail(ErrorCode::kNotFound, "there is no such message from the centre",
                "Không có tin nhắn này từ trung tâm");
  if (std::find(received_.begin(), received_.end(), text_id) == received_.end()) received_.push_back(text_id);
  return {};
}

Done Follower::testPicture(bool on, const Now& now) {
  if (on && busy())
    return fail(ErrorCode::kConflict, "a session is armed or live: the screen belongs to it now",
                "Phiên hội nghị đang chờ phát lệnh hoặc đang diễn ra: không thử màn hình lúc này");
  if (on) {
    test_.on = true;
    test_.until = now.steady + kTestFor;
  } else {
    test_ = {};
  }
  evaluate(now);
  return {};
}

bool Follower::busy() const {
  return acting_.phase == v1::Phase::armed || showing();
}

void Follower::tick(const Now& now) {
  evaluate(now);
}

Follower::Acting Follower::acting(const v1::Plan& plan, const Now& now) {
  if (own_start_.session_id == plan.session_id() && own_start_.revision != plan.revision()) own_start_ = {};
  if (own_start_.session_id == plan.session_id()) return {&plan, v1::Phase::live, own_start_.start_at};
  Acting as{&plan, plan.phase(), plan.start_at_us()};
  if (as.phase == v1::Phase::scheduled && rechecks(plan, now)) as.phase = v1::Phase::rehearsing;
  const bool before_live = plan.phase() == v1::Phase::scheduled || plan.phase() == v1::Phase::rehearsing ||
                           plan.phase() == v1::Phase::armed;
  if (!plan.auto_start() || !before_live || (link_.connected && !link_.quiet) ||
      now.coordinator >= latestEnd(plan))
    return as;
  const Micros start = plan.scheduled_start_us();
  const bool just_born = started_ == 0 && now.rtt == 0 && now.steady < born_ + kFirstExchange;
  if (now.coordinator >= start - kOwnStartLead && !just_born) {
    own_start_ = {plan.session_id(), plan.revision(), start};
    return {&plan, v1::Phase::live, start};
  }
  if (now.coordinator >= start - Micros{plan.arm_lead_s()} * kSecond) as.phase = v1::Phase::armed;
  return as;
}

bool Follower::rechecks(const v1::Plan& plan, const Now& now) const {
  const auto& wish = assignment_.own().recheck();
  return wish.session_id() == plan.session_id() && now.coordinator < wish.until_us();
}

Follower::Acting Follower::choose(const Now& now) {
  Acting best;
  for (const auto& plan : plans_) {
    const auto next = acting(plan, now);
    if (rank(next.phase) == 0) continue;
    if (best.plan == nullptr || rank(next.phase) > rank(best.phase)) {
      best = next;
      continue;
    }
    if (rank(next.phase) < rank(best.phase)) continue;
    // Of several that wait the earliest, of several that ran the latest.
    const bool earlier = next.plan->scheduled_start_us() < best.plan->scheduled_start_us();
    const bool ran =
        next.phase == v1::Phase::live || next.phase == v1::Phase::paused || next.phase == v1::Phase::ended;
    if (next.plan->scheduled_start_us() != best.plan->scheduled_start_us() && earlier != ran) best = next;
  }
  return best;
}

// What was known of the clock at the start may have been wrong: kept over a restart, while somebody set the
// wall clock. The centre believes no start before its order or in the future, so the instant is told anew
// once the clock is known better.
void Follower::correctStart(const Now& now) {
  if (started_ == 0 || started_steady_ == 0 || !now.clock_known) return;
  const Micros since = now.steady - started_steady_;
  const Micros better = now.coordinator - since;
  const Micros known = start_error_ == kHour ? 0 : start_error_ + since / kSoundClock;
  if (std::abs(better - started_) <= known + now.error + kMillisecond) return;
  started_ = better;
  start_error_ = now.error;
}

void Follower::evaluate(const Now& now) {
  if (born_ == 0) born_ = now.steady;
  enter(choose(now), now);
  followChecks(now);
  followFeeds(now);
  wantProbes(now);
  correctStart(now);
  phase_ = sitePhase(now);
  problem_ = phase_ == v1::SitePhase::failed ? startTrouble() : v1::Text();
}

bool Follower::probing() const {
  return acting_.phase == v1::Phase::rehearsing || acting_.phase == v1::Phase::armed || showing();
}

bool Follower::showing() const {
  return acting_.plan != nullptr && (acting_.phase == v1::Phase::live || acting_.phase == v1::Phase::paused);
}

bool Follower::awaitsClock(const Now& now) const {
  const bool heard = link_.connected ? clock_heard_ : now.rtt != 0;
  const Micros since = link_.connected ? linked_at_ : born_;
  return started_ == 0 && show_feed_.empty() && !heard && now.steady < since + kFirstExchange;
}

void Follower::enter(const Acting& next, const Now& now) {
  const auto id = next.plan == nullptr ? std::string() : next.plan->session_id();
  if (id != session_id_) {
    session_id_ = id;
    started_ = start_error_ = started_steady_ = 0;
    checks_.clear();
    failover_.reset();
    failover_.pin(assignment_.own().pinned_feed_id());
    samples_.clear();
    show_feed_.clear();
    acting_ = {};
  }
  const bool probed = probing();
  acting_ = next;
  const bool runs = showing() || acting_.phase == v1::Phase::ended;
  if (!runs) {
    started_ = start_error_ = started_steady_ = 0;
    show_feed_.clear();
  }
  if (!probing()) samples_.clear();
  if (probed && !probing()) {
    failover_.forget();
    if (!runs) {
      failover_.reset();
      failover_.pin(assignment_.own().pinned_feed_id());
    }
  }
  const bool checking = acting_.phase == v1::Phase::rehearsing || acting_.phase == v1::Phase::armed;
  if (!checking && checks_.readiness().verdict() == v1::Readiness::checking) checks_.finish(now);
  if (probing() && !probed && checks_.readiness().session_id() == session_id_) checks_.resume(now);
}

void Follower::followChecks(const Now& now) {
  if (acting_.phase != v1::Phase::rehearsing && acting_.phase != v1::Phase::armed) return;
  const auto& held = checks_.readiness();
  const auto& plan = *acting_.plan;
  const bool none = held.session_id() != session_id_ || held.verdict() == v1::Readiness::not_checked;
  const bool another = acting_.phase == v1::Phase::rehearsing && held.rehearsal() != plan.rehearsal();
  const Micros wish = assignment_.own().recheck().until_us();
  const bool again = rechecks(plan, now) && rechecked_ != wish;
  if (again) rechecked_ = wish;
  if (none || another || again) checks_.begin(plan, plan.rehearsal(), now);
  checks_.update({link_, machine_, plan, samples_}, now);
}

void Follower::followFeeds(const Now& now) {
  std::vector<std::string> ids;
  if (acting_.plan != nullptr)
    for (const auto& feed : acting_.plan->feeds()) ids.push_back(feed.id());
  failover_.feeds(ids, now.steady);
  if (probing()) failover_.decide(now.steady);
}

void Follower::wantProbes(const Now& now) {
  probes_.clear();
  if (test_.on && (busy() || now.steady >= test_.until)) test_ = {};
  if (test_.on) {
    WantedProbe probe;
    probe.setup.mutable_feed()->set_id(kTestFeed);
    probe.setup.mutable_feed()->set_uri("test://");
    probe.show_at = 0;
    probes_.push_back(std::move(probe));
  }
  clock_awaited_ = showing() && awaitsClock(now);
  if (!probing()) return;
  if (showing() && !clock_awaited_) {
    const Micros start = now.wallAt(acting_.start_at);
    if (show_feed_.empty()) {
      show_feed_ = failover_.active();
      show_at_ = start;
      showing_since_ = now.steady;
    } else if (show_feed_ != failover_.active()) {
      show_feed_ = failover_.active();
      show_at_ = std::max(start, now.wall);
    } else if (started_ == 0 && (now.coordinator < acting_.start_at || show_at_ > now.wall) &&
               std::abs(start - show_at_) > 2 * kMillisecond) {
      show_at_ = start;  // another start, a better offset, or somebody set the clock of this computer
    }
  }
  for (const auto& feed : acting_.plan->feeds()) {
    WantedProbe probe;
    *probe.setup.mutable_feed() = feed;
    *probe.setup.mutable_profile() = acting_.plan->profile();
    probe.setup.set_title(acting_.plan->title());
    probe.setup.set_time_zone(acting_.plan->time_zone());
    if (showing() && !clock_awaited_ && feed.id() == show_feed_) probe.show_at = show_at_;
    // Only the one that will be shown: some screens can be opened by one program alone.
    probe.prepare = (acting_.phase == v1::Phase::armed || clock_awaited_) && feed.id() == failover_.active();
    probes_.push_back(std::move(probe));
  }
}

const v1::Plan* Follower::plan() const {
  return acting_.plan;
}

bool Follower::waived() const {
  const auto& ids = assignment_.own().waived_session_ids();
  return std::find(ids.begin(), ids.end(), session_id_) != ids.end();
}

}  // namespace diemcau::agent
