// What a site checks of an assignment before it does anything with it: that all of it was signed by the
// coordinator it was enrolled at, for this site, still counts, and is not older than what is held. Pure.
//
// The plan is signed once per revision for all sites; which sites it is for stands in each site's own part,
// with the least revision of each plan, so that neither can be swapped for a copy from the past.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "diemcau/v1/assignment.pb.h"

namespace diemcau::wire {

// True when `signature` is the coordinator's under `message`.
using Verify = std::function<bool(std::string_view message, std::string_view signature)>;

struct SealCheck {
  std::string site_id;
  const v1::Assignment* held = nullptr;  // the newest one that was checked, or null
  Micros now = 0;  // coordinator's clock, for the expiry; 0: not known yet, and nothing is judged by it
};

// The assignment with `own` and `roster` filled in from the sealed bytes, which stay in it for the disk.
// kDenied with a reason where a seal does not hold.
Result<v1::Assignment> unseal(v1::Assignment assignment, const SealCheck& check, const Verify& verify);

}  // namespace diemcau::wire
