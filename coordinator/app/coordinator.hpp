// The composition root: one loop that owns sockets and state, a store behind it, and the rule that binds
// them: what the core decides is committed first and carried out afterwards.
#pragma once

#include <functional>
#include <memory>

#include "base/held_clock.hpp"
#include "base/loop.hpp"
#include "coordinator/api/api.hpp"
#include "coordinator/api/worker.hpp"
#include "coordinator/app/enrolment.hpp"
#include "coordinator/app/feed_tester.hpp"
#include "coordinator/app/settings.hpp"
#include "coordinator/auth/directory.hpp"
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
  decltype(api::Ports::feed_test) feedTest();
  int openStore();
  void makePeople();
  int listen();
  int makeCertificate();
  void reloadCertificate();
  void submit(core::Effects effects, std::function<void()> then);
  void audit(v1::AuditEntry entry);
  void carryOut(const core::Effects& effects);
  void tick();
  void followClock();
  void stop();
  void drain();
  void writeMetrics(api::MetricsText& out);

  const Settings settings_;
  Loop loop_;
  HeldClock clock_{systemClock()};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<core::Core> core_;
  std::unique_ptr<Enrolment> enrolment_;
  std::unique_ptr<auth::Directory> people_;
  std::unique_ptr<api::Worker> hasher_;      // its jobs know people_
  std::unique_ptr<FeedTester> feed_tester_;  // null: no probe is installed
  std::unique_ptr<gateway::Gateway> gateway_;
  std::unique_ptr<api::Api> api_;
  std::unique_ptr<net::Server> sites_server_, api_server_;
  Timer ticker_, on_term_, on_int_, on_hup_, drain_limit_, drain_check_;
  std::string fingerprint_;    // of the TLS key; empty: nobody listens with TLS
  std::size_t in_flight_ = 0;  // commits that are not done
  Micros worst_delay_ = 0;     // since the figures were last asked for
  Micros ticked_ = 0;          // steady
  bool stopping_ = false, draining_ = false;
  bool held_told_ = false;  // the log has that the machine's clock was set
};

}  // namespace diemcau::app
