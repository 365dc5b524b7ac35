// One site on virtual time for the tests of the agent's core: a follower, its clocks, and probes that do as
// they are told.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/core/follower.hpp"
#include "base/text.hpp"

namespace diemcau::test {

constexpr Micros kEight = 1'772'326'800'000'000;  // 2026-03-01T01:00:00Z, 08:00 in Vietnam

inline v1::HealthSample goodSample(const std::string& feed_id) {
  v1::HealthSample sample;
  sample.set_feed_id(feed_id);
  sample.set_connected(true);
  sample.set_bitrate_kbps(4000);
  sample.mutable_video()->set_codec("h264");
  sample.mutable_video()->set_width(1920);
  sample.mutable_video()->set_height(1080);
  sample.mutable_video()->set_fps(25);
  sample.mutable_audio()->set_codec("aac");
  return sample;
}

inline v1::Plan planOf(const std::string& id, v1::Phase::Name phase, std::uint64_t revision = 1) {
  v1::Plan plan;
  plan.set_session_id(id);
  plan.set_revision(revision);
  plan.set_title("Giao ban");
  plan.set_phase(phase);
  plan.set_scheduled_start_us(kEight);
  plan.set_arm_lead_s(120);
  plan.add_sittings()->set_id("main");
  for (const auto* feed : {"main", "backup"}) {
    plan.add_feeds()->set_id(feed);
    plan.mutable_feeds(plan.feeds_size() - 1)->set_uri("test://");
  }
  plan.mutable_profile()->set_width(1920);
  plan.mutable_profile()->set_height(1080);
  return plan;
}

class Site {
 public:
  explicit Site(Micros coordinator = kEight - kHour) : coordinator_(coordinator) {
    follower.machine({.known = true, .disk_free = 1ULL << 33, .late = 3 * kMillisecond});
  }

  agent::Now now() const {
    return {.steady = coordinator_ - kEight + 10 * kHour,
            .wall = coordinator_ + wall_ahead,
            .coordinator = clock_known ? coordinator_ + estimate_ahead : coordinator_ + wall_ahead,
            .error = clock_known ? clock_error : 0,
            .rtt = exchanged ? 8 * kMillisecond : 0,
            .clock_known = clock_known};
  }

  // A new run of the program: what was saved is all that is known.
  void restart() {
    const auto assignment = follower.assignment();
    const auto status = follower.status(now());
    follower = agent::Follower();
    follower.machine({.known = true, .disk_free = 1ULL << 33, .late = 3 * kMillisecond});
    follower.restore(status);
    running_.clear();
    if (assignment.revision() != 0) (void)follower.apply(assignment, now());
  }

  bool assign(const std::vector<v1::Plan>& plans, v1::OwnPart own = {}) {
    v1::Assignment assignment;
    assignment.set_revision(++revision);
    for (const auto& plan : plans) assignment.add_plans(plan.SerializeAsString());
    *assignment.mutable_own() = std::move(own);
    return follower.apply(assignment, now()).value();
  }

  void connect(bool connected) {
    follower.link({.connected = connected, .too_old = false, .problem = {}}, now());
    if (connected && exchanged) follower.clockHeard(now());
  }

  // Time passes in steps of 100 ms; running probes report each second and show when their time has come.
  void pass(Micros span) {
    for (const auto end = coordinator_ + span; coordinator_ < end;) {
      coordinator_ += 100 * kMillisecond;
      follower.tick(now());
      probes();
    }
  }
  void passUntil(Micros coordinator) { pass(coordinator - coordinator_); }

  v1::Status status() const { return follower.status(now()); }
  v1::SitePhase::Name phase() const { return follower.phase(); }
  std::string active() const { return status().active_feed_id(); }
  // The feed that is wanted on the screen, or "".
  std::string wantedOnScreen() const {
    for (const auto& probe : follower.probes())
      if (probe.show_at) return probe.setup.feed().id();
    return {};
  }
  v1::Check check(v1::Check::Kind kind) const {
    const auto now_said = status();
    for (const auto& check : now_said.readiness().checks())
      if (check.kind() == kind) return check;
    return {};
  }

  agent::Follower follower;
  std::map<std::string, v1::HealthSample> feeds{{"main", goodSample("main")},
                                                {"backup", goodSample("backup")}};
  Micros wall_ahead = 0;
  bool exchanged = true;      // with the coordinator, in this run of the program
  Micros estimate_ahead = 0;  // how wrong what it believes of the coordinator's clock is
  Micros clock_error = 5 * kMillisecond;
  bool clock_known = true;
  bool screen_works = true;
  std::uint64_t revision = 0;

 private:
  struct Running {
    Micros next_sample = 0;
    bool shown = false;
  };
  void probes() {
    std::map<std::string, Running> still;
    const auto wanted = follower.probes();
    for (const auto& probe : wanted) {
      const auto id = probe.setup.feed().id();
      auto run = running_.contains(id) ? running_[id] : Running{coordinator_ + kSecond, false};
      if (coordinator_ >= run.next_sample) {
        run.next_sample += kSecond;
        follower.sample(feeds[id], now());
      }
      if (!probe.show_at) run.shown = false;
      if (probe.show_at && !run.shown && screen_works && now().wall >= *probe.show_at) {
        run.shown = true;
        follower.shown(id, now().wall, now());
      }
      still[id] = run;
    }
    running_ = std::move(still);
  }
  Micros coordinator_;
  std::map<std::string, Running> running_;
};

inline v1::HealthSample badSample(const std::string& feed_id, v1::Condition::Name condition) {
  auto sample = goodSample(feed_id);
  sample.add_conditions(condition);
  if (condition == v1::Condition::no_signal) {
    sample.set_connected(false);
    sample.clear_video();
    sample.clear_audio();
  }
  if (condition == v1::Condition::no_video) sample.clear_video();
  return sample;
}

}  // namespace diemcau::test
