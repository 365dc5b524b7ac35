// How the areas of a session fare, at the level of the tree that fits on the screen. Pure. Private to this
// folder.
#pragma once

#include <string>
#include <vector>

#include "coordinator/ctl/context.hpp"
#include "diemcau/v1/view.pb.h"

namespace diemcau::ctl {

enum class AreaMeasure { kOnline, kReady, kStarted };

struct AreaBar {
  std::string name;
  std::uint64_t good = 0, whole = 0;
};

struct AreaBars {
  AreaMeasure measure = AreaMeasure::kOnline;
  std::vector<AreaBar> rows;  // the worst first
  std::size_t left_out = 0;
};

AreaBars areaBars(const v1::ViewUpdate& view, const RosterNames& roster, bool launched, v1::Phase::Name phase,
                  std::size_t rows);

}  // namespace diemcau::ctl
