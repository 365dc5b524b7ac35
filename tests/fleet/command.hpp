// One line of standard input: what a demo or a drill asks of the fleet.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "diemcau/v1/health.pb.h"

namespace diemcau::fleet {

struct Command {
  enum class Kind { kFeed, kArea, kSiteLine, kSiteFeed, kHeadcounts, kLedger, kStatus, kQuit };
  Kind kind = Kind::kStatus;
  std::string name;                                     // feed, area or site
  std::string feed;                                     // kSiteFeed
  v1::Condition::Name condition = v1::Condition::none;  // kFeed, kSiteFeed; none: ok
  bool cut = false;                                     // kArea, kSiteLine
};

// feed FEED CONDITION|ok, area AREA cut|back, site SITE cut|back, site SITE FEED CONDITION|ok, ledger,
// headcounts, status, quit. A condition is a name of Condition.Name.
Result<Command> parseCommand(std::string_view line);

}  // namespace diemcau::fleet
