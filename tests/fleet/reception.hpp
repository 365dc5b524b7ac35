// How one simulated site receives its feeds: it notices a fault some time after it began, reports it in its
// samples, and after 2 s of trouble takes the other feed, back after 10 good seconds, as a real agent does.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "diemcau/v1/assignment.pb.h"
#include "diemcau/v1/status.pb.h"
#include "tests/fleet/behaviour.hpp"
#include "tests/fleet/site_now.hpp"

namespace diemcau::fleet {

class Reception {
 public:
  static constexpr Micros kBadFor = 2 * kSecond, kGoodFor = 10 * kSecond;

  Reception(const Behaviour& behaviour, const std::string& site_id);

  // The feeds of the plan, the first is the main one; a feed keeps what is known of it.
  void feeds(const v1::Plan& plan);
  void pin(const std::string& feed_id) { pinned_ = feed_id; }
  // What is sent on the feed from now on, wherever the site may be; `none`: all is well.
  void sent(const std::string& feed_id, v1::Condition::Name condition, Micros steady);
  // True: a condition or the active feed changed.
  bool follow(const SiteNow& now);
  // Back to the main feed: another session.
  void forget();

  const std::string& active() const { return active_; }
  std::uint32_t failovers() const { return failovers_; }
  // Newest sample of each feed, for the status.
  void sample(v1::Status& status, const SiteNow& now);

 private:
  struct Feed {
    v1::Condition::Name sent = v1::Condition::none, seen = v1::Condition::none;
    Micros sent_at = 0, seen_at = 0;
  };
  void decide(Micros steady);
  void fill(v1::HealthSample& sample, const std::string& id, const Feed& feed, const SiteNow& now);

  const Behaviour* behaviour_;
  double wobble_ = 0;  // a phase in [0, 1) of what varies from second to second
  double rtt_ms_ = 0;
  std::map<std::string, Feed> feeds_;
  std::vector<std::string> order_;
  v1::Profile profile_;
  std::string pinned_, active_;
  std::uint32_t failovers_ = 0;
  Micros since_ = 0;
};

}  // namespace diemcau::fleet
