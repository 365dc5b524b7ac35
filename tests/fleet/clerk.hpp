// The clerk of one simulated site: counts heads once in each sitting, some a second time, and checks some
// delegates in.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "diemcau/v1/assignment.pb.h"
#include "tests/fleet/behaviour.hpp"
#include "tests/fleet/dice.hpp"
#include "tests/fleet/site_now.hpp"
#include "tests/fleet/spool.hpp"

namespace diemcau::fleet {

// What the coordinator should end up with for one sitting.
struct Entered {
  v1::Headcount headcount;
  std::set<std::string> checked_in;  // delegates
};

class Clerk {
 public:
  struct Habits {
    bool counts = false;         // by itself, some time after the start
    double checkin_percent = 0;  // of the delegates
  };
  Clerk(const Behaviour& behaviour, std::string site_id, std::uint64_t epoch, Habits habits);

  void roster(const v1::SiteRoster& roster);
  std::size_t delegates() const { return delegates_.size(); }

  // While the session is live, paused or ended. True: records were written.
  bool follow(const v1::Plan& plan, const SiteNow& now, Spool& spool);
  // The current sitting's count is due now, unless it was entered already. True: it was not.
  bool hurry(const v1::Plan& plan, const SiteNow& now);
  // Nothing new from now on.
  void rest() { resting_ = true; }
  // Corrections that will follow a count by themselves.
  std::size_t toCome() const;

  // By session and sitting.
  const std::map<std::pair<std::string, std::string>, Entered>& entered() const { return entered_; }

 private:
  struct Work {
    Micros count_at = 0, correct_at = 0;  // steady; 0: not (any more)
    bool counted = false;
    std::string first_id;
  };
  using Key = std::pair<std::string, std::string>;
  static std::string sittingOf(const v1::Plan& plan);
  Work& workOf(const Key& key, const SiteNow& now);
  v1::Record record(const Key& key, const SiteNow& now);
  v1::Headcount count(const Key& key) const;
  void enterCount(const Key& key, Work& work, const SiteNow& now, Spool& spool);
  void correct(const Key& key, Work& work, const SiteNow& now, Spool& spool);
  void checkIn(const Key& key, const SiteNow& now, Spool& spool);

  const Behaviour* behaviour_;
  std::string site_id_;
  Habits habits_;
  Dice ids_;
  std::vector<std::string> delegates_;
  std::map<Key, Work> work_;
  std::map<Key, Entered> entered_;
  bool resting_ = false;
};

}  // namespace diemcau::fleet
