// What the halls receive: the state of each feed at its source, and what a hall's own line or screen does to
// it.
#pragma once

#include <map>
#include <string>

#include "diemcau/v1/health.pb.h"

namespace diemcau::sim {

struct Air {
  std::map<std::string, v1::Condition::Name> source;                         // by feed
  std::map<std::pair<std::string, std::string>, v1::Condition::Name> local;  // by (site, feed)
  std::map<std::string, bool> screen_broken;                                 // by site

  v1::Condition::Name at(const std::string& site, const std::string& feed) const {
    if (const auto here = local.find({site, feed}); here != local.end()) return here->second;
    const auto there = source.find(feed);
    return there == source.end() ? v1::Condition::none : there->second;
  }
  bool broken(const std::string& site) const {
    const auto found = screen_broken.find(site);
    return found != screen_broken.end() && found->second;
  }
};

}  // namespace diemcau::sim
