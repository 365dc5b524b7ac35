// The figures of all parts, named for Prometheus: https://prometheus.io/docs/practices/naming/.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "coordinator/api/metrics.hpp"
#include "coordinator/core/core.hpp"
#include "coordinator/gateway/gateway.hpp"
#include "coordinator/store/store.hpp"
#include "net/server.hpp"

namespace diemcau::app {

// `worst_delay`: of the loop, since the figures were last asked for.
void writeProcess(api::MetricsText& out, Micros worst_delay);
void writeCore(api::MetricsText& out, const core::Core& core, Micros now);
void writeGateway(api::MetricsText& out, const gateway::GatewayCounters& counters, std::uint32_t window_ms);
void writeStore(api::MetricsText& out, const store::StoreCounters& counters);
void writeServers(api::MetricsText& out,
                  const std::vector<std::pair<std::string, net::ServerCounters>>& servers);

}  // namespace diemcau::app
