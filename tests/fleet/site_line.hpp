// One simulated site's connection: its own clocks, the link, and when to connect again. No timer of its own:
// the fleet calls tick().
#pragma once

#include <memory>
#include <string>

#include "base/time.hpp"
#include "net/client.hpp"
#include "tests/fleet/dice.hpp"
#include "tests/fleet/enrolment.hpp"
#include "tests/fleet/simulated_site.hpp"
#include "wire/backoff.hpp"
#include "wire/clock_offset.hpp"
#include "wire/site_link.hpp"

namespace diemcau::fleet {

// This machine's time at one tick.
// Of this machine, not of a simulated site.
struct RealNow {
  Micros steady = 0, wall = 0;
};
RealNow machineNow();

class SiteLine {
 public:
  // `access`: of an enrolled site, else null; `verifier` for those.
  SiteLine(net::ClientContext& context, std::string url, std::string area, SimulatedSite& site,
           Micros connect_at, const SiteAccess* access, SharedVerifier& verifier);
  ~SiteLine();
  SiteLine(const SiteLine&) = delete;
  SiteLine& operator=(const SiteLine&) = delete;

  void tick(const RealNow& real);
  // `at_once`: has its line again without the wait that keeps a whole area from returning as one.
  void cut(bool off, const RealNow& real, bool at_once = false);
  // Stay connected, whatever the site's habits are: the end is near.
  void settle() { settling_ = true; }

  const std::string& area() const { return area_; }
  bool connected() const { return peer_ != nullptr && link_.welcomed(); }
  bool everWelcomed() const { return ever_welcomed_; }
  const std::string& lastFailure() const { return last_failure_; }
  SimulatedSite& site() { return site_; }
  const SimulatedSite& site() const { return site_; }
  SiteNow now(const RealNow& real) const;

 private:
  class Handler;
  Micros ownSteady(Micros steady) const;
  void connect();
  void drop(Micros wait);
  void opened(net::Peer& peer);
  void received(std::string_view bytes);
  void prove(const v1::Challenge& challenge);
  bool assigned(v1::Assignment assignment, const RealNow& real);
  void ended(const std::string& why);
  void follow(wire::SiteLinkEvents& events, const RealNow& real);
  void tellStatus(const RealNow& real);

  net::ClientContext& context_;
  const std::string url_, area_;
  SimulatedSite& site_;
  const SiteAccess* access_;
  SharedVerifier& verifier_;
  v1::Hello hello_;
  v1::Assignment held_;  // the newest that was believed
  Dice dice_;
  wire::ClockOffset clock_;
  wire::SiteLink link_;
  wire::Backoff backoff_{kSecond, 10 * kSecond};
  Micros steady_zero_;  // this machine's steady clock when the line was made
  Micros connect_at_, status_at_ = 0, status_interval_ = kSecond;
  bool off_ = false, settling_ = false, over_ = false, ever_welcomed_ = false;
  net::Peer* peer_ = nullptr;
  std::string last_failure_;
  std::unique_ptr<net::Connection> connection_;  // last: it goes first
};

}  // namespace diemcau::fleet
