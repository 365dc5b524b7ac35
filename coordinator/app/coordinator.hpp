// The composition root: one loop that owns sockets and state, a store behind it, and the rule that binds
// them: what the core decides is committed first and carried out afterwards.
#pragma once

#include <functional>
#include <memory>

#include "base/loop.hpp"
#include "coordinator/api/api.hpp"
#include "coordinator/app/session_clock.hpp"
#include "coordinator/app/settings.hpp"
#include "coordinator/core/core.hpp"
#include "coordinator/gateway/gateway.hpp"
#include "coordinator/store/store.hpp"
#include "net/server.hpp"

namespace diemcau::app {

class Coordinator {
 public:
  explicit Coordinator(Settings settings);
  ~Coordinator();

  // Opens the store, listens, prints the ready line, serves until SIGTERM or SIGINT, drains. An exit code.
  int run();

 private:
  int openStore();
  int listen();
  void submit(core::Effects effects, std::function<void()> then);
  void carryOut(const core::Effects& effects);
  void tick();
  void followClock();
  void stop();
  void drain();
  void writeMetrics(api::MetricsText& out);

  const Settings settings_;
  Loop loop_;
  SessionClock clock_{systemClock()};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<core::Core> core_;
  std::unique_ptr<gateway::Gateway> gateway_;
  std::unique_ptr<api::Api> api_;
  std::unique_ptr<net::Server> sites_server_, api_server_;
  Timer ticker_, on_term_, on_int_, drain_limit_, drain_check_;
  std::size_t in_flight_ = 0;  // commits that are not done
  Micros worst_delay_ = 0;
  bool stopping_ = false, draining_ = false;
  bool clock_told_ = false;  // that it was set, and is not followed yet
};

}  // namespace diemcau::app
