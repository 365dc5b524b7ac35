// `diemcau-agent run`: until SIGTERM or SIGINT.
#pragma once

#include "agent/app/options.hpp"

namespace diemcau::agent {

int runAgent(const AgentSettings& settings);

}  // namespace diemcau::agent
