// One frame of `diemcau watch`: pure, so that it can be tested at any size. Private to this folder.
#pragma once

#include <string>
#include <vector>

#include "coordinator/ctl/context.hpp"
#include "coordinator/ctl/speech.hpp"
#include "diemcau/v1/view.pb.h"

namespace diemcau::ctl {

struct WatchInput {
  const v1::ViewUpdate& view;  // of one session, full
  const RosterNames& roster;
  Micros now = 0;       // on the coordinator's clock
  Micros age = 0;       // of the view
  std::string problem;  // why there is nothing newer, or empty
};

// Exactly `height` lines of at most `width` columns each, painted. At least 60x16 is assumed; smaller is cut.
std::vector<std::string> watchFrame(const WatchInput& input, const Speech& speech, std::size_t width,
                                    std::size_t height);

}  // namespace diemcau::ctl
