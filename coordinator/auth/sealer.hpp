// Signs what goes to enrolled sites. It stands behind the core, over the bytes that the core has made, so
// that the core needs no key and stays deterministic.
//
// A plan is signed once per revision, however many sites it goes to. A site's own part is signed when it
// changes, and not at a launch: that changes the plan alone, and the part's sealed bytes go out as they are.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/signing.hpp"
#include "base/time.hpp"
#include "coordinator/core/by_id.hpp"
#include "diemcau/v1/assignment.pb.h"
#include "wire/hub_link.hpp"

namespace diemcau::auth {

class Sealer {
 public:
  explicit Sealer(SigningKey key) : key_(std::move(key)) {}

  wire::AssignmentBytes seal(std::string_view site_id, const wire::AssignmentBytes& plain, Micros now);

  struct Counters {
    std::uint64_t plans = 0, own_parts = 0, rosters = 0;  // signatures made
  };
  const Counters& counters() const { return counters_; }

 private:
  struct SignedPlan {
    std::string bytes;
    v1::Seal seal;
  };
  struct Shared {
    std::shared_ptr<const std::string> source, sealed;
    std::vector<v1::SessionPart> sessions;
    std::string names;                  // of the sessions
    std::uint64_t newest_revision = 0;  // of theirs
    Micros renew_at = 0;
  };
  struct Own {
    std::string plain;     // what it says: the core's bytes without their revision
    std::string sessions;  // and for whom: Shared::names
    std::string sealed;    // the part of an Assignment that says so under a seal
    std::uint64_t revision = 0;
    Micros renew_at = 0;
  };
  const Shared& shared(const std::shared_ptr<const std::string>& source, Micros now);
  const v1::Seal& planSeal(const v1::Plan& plan, const std::string& bytes, Micros now);
  bool stands(const Own& known, std::string_view plain, std::uint64_t revision, const Shared& plans,
              Micros now) const;
  void sealOwn(Own& known, std::string_view site_id, const v1::Assignment& plain, const Shared& plans,
               Micros now);
  std::string sealedRoster(std::string_view site_id, const v1::SiteRoster& roster, Micros now);
  v1::Seal sealOf(const std::string& message, Micros expires) const;

  SigningKey key_;
  Counters counters_;
  std::map<std::string, SignedPlan> plans_;                // by session: the newest
  std::unordered_map<const std::string*, Shared> shared_;  // by the core's bytes, which are held meanwhile
  core::ById<Own> own_;                                    // by site
};

}  // namespace diemcau::auth
