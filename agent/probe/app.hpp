// A running probe: measures one feed and tells of it in the way that was asked for.
#pragma once

#include "agent/probe/options.hpp"

namespace diemcau::probe {

// Returns the exit code.
int runProbe(const Options& options);

}  // namespace diemcau::probe
