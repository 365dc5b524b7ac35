// The readiness checks of one simulated site: they run for some seconds and turn out by its seed.
#pragma once

#include "diemcau/v1/assignment.pb.h"
#include "diemcau/v1/readiness.pb.h"
#include "tests/fleet/behaviour.hpp"
#include "tests/fleet/site_now.hpp"

namespace diemcau::fleet {

class Trial {
 public:
  Trial(const Behaviour& behaviour, std::string site_id)
      : behaviour_(&behaviour), site_id_(std::move(site_id)) {}

  // While the plan rehearses or is armed. `again`: the centre wants it once more. True: something changed.
  bool follow(const v1::Plan& plan, bool again, const SiteNow& now);
  // The rehearsal is over: what still ran is not run. True: something changed.
  bool stop(const SiteNow& now);
  void forget() { readiness_.Clear(); }

  const v1::Readiness& readiness() const { return readiness_; }

 private:
  void begin(const v1::Plan& plan, const SiteNow& now);
  void finish(const SiteNow& now);
  void judge();
  const Behaviour* behaviour_;
  std::string site_id_;
  v1::Readiness readiness_;
  Micros done_at_ = 0;
};

}  // namespace diemcau::fleet
