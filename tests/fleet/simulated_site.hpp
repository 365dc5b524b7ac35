// One simulated site: follows its assignment as a real agent does, with the faults that its seed gave it.
// Pure: it is told the time and what arrived, and asked for its status; its records go to its spool.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "diemcau/v1/assignment.pb.h"
#include "diemcau/v1/status.pb.h"
#include "tests/fleet/behaviour.hpp"
#include "tests/fleet/clerk.hpp"
#include "tests/fleet/reception.hpp"
#include "tests/fleet/site_now.hpp"
#include "tests/fleet/spool.hpp"
#include "tests/fleet/trial.hpp"

namespace diemcau::fleet {

class SimulatedSite {
 public:
  SimulatedSite(std::string id, Behaviour behaviour, std::uint64_t epoch, Clerk::Habits habits);
  SimulatedSite(const SimulatedSite&) = delete;
  SimulatedSite& operator=(const SimulatedSite&) = delete;

  // Not newer than what is held, or a plan that cannot be read: nothing changes, and false.
  bool apply(const v1::Assignment& assignment, const SiteNow& now);
  void feedSent(const std::string& feed_id, v1::Condition::Name condition, Micros steady);
  // The headcount of the current sitting now. True: it was not entered before.
  bool hurryHeadcount(const SiteNow& now);
  void rest() { clerk_.rest(); }

  // True: something changed that the centre should hear at once.
  bool tick(const SiteNow& now);
  const v1::Status& status(const SiteNow& now);

  // Shows its picture within this time, and will have that to tell.
  bool startsWithin(Micros span, const SiteNow& now) const;

  // A dropping site is away now and then while a session runs.
  bool away() const { return away_; }

  const std::string& id() const { return id_; }
  std::uint64_t epoch() const { return epoch_; }
  const Behaviour& behaviour() const { return behaviour_; }
  v1::SitePhase::Name phase() const { return status_.phase(); }
  std::uint64_t revision() const { return revision_; }
  std::uint64_t rosterRevision() const { return roster_revision_; }
  Micros started() const { return status_.started_us(); }
  Spool& spool() { return spool_; }
  const Spool& spool() const { return spool_; }
  const Clerk& clerk() const { return clerk_; }

 private:
  struct Acting {
    const v1::Plan* plan = nullptr;
    v1::Phase::Name phase = v1::Phase::draft;
    Micros start_at = 0;
  };
  Acting act(const v1::Plan& plan, const SiteNow& now);
  Acting choose(const SiteNow& now);
  void enter(const Acting& next);
  void follow(const SiteNow& now);
  bool rechecks(const v1::Plan& plan, const SiteNow& now) const;  // the centre wants it measured anew
  bool recheckBegins(const SiteNow& now);
  void start(const SiteNow& now);
  Micros showsAt() const;
  void read(const SiteNow& now);
  void wander(const SiteNow& now);
  v1::SitePhase::Name phaseNow() const;
  bool probing() const;
  bool runs() const;

  const std::string id_;
  const Behaviour behaviour_;
  const std::uint64_t epoch_;
  std::uint64_t revision_ = 0, roster_revision_ = 0;
  std::vector<v1::Plan> plans_;
  struct Letter {
    std::string id;
    Micros read_at;  // steady
  };
  std::vector<Letter> letters_;
  v1::Recheck recheck_;
  Micros rechecked_ = 0;           // the newest that was begun
  std::string own_start_session_;  // started by itself, cut off from the coordinator
  std::uint64_t own_start_revision_ = 0;

  Acting acting_;
  std::string session_id_;
  Micros held_since_ = 0;  // coordinator's clock: when this site first knew of the start
  bool failed_ = false;
  bool changed_ = false;
  bool away_ = false;
  Micros wander_at_ = 0;  // steady: when it next drops off, or is back
  Dice wander_;
  Dice reading_;
  Trial trial_;
  Reception reception_;
  Clerk clerk_;
  Spool spool_;
  v1::Status status_;
};

}  // namespace diemcau::fleet
