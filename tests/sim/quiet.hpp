// The product's parts log as they always do; a simulation of thousands of sites wants none of it.
#pragma once

#include "base/log.hpp"

namespace diemcau::sim {

inline void silenceLogs() {
  for (const char* component : {"agent", "app", "gateway", "link", "probes", "spool", "store"})
    logger(component)->set_level(spdlog::level::off);
}

}  // namespace diemcau::sim
