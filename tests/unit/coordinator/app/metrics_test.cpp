// The figures of the parts: every one with its own name, labels and value.
#include "coordinator/app/metrics.hpp"

#include <set>
#include <sstream>

#include "tests/support/catch.hpp"

using namespace diemcau;

namespace {

bool has(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("the gateway's figures") {
  gateway::GatewayCounters counters;
  counters.connected = 7;
  counters.refused_duplicate = 3;
  counters.records = 41;
  counters.waiting = 5;
  counters.encode_us = 2500;
  api::MetricsText out;
  app::writeGateway(out, counters, 2500);
  const std::string text = out.take();
  CHECK(has(text, "diemcau_gateway_connected_sites 7"));
  CHECK(has(text, "diemcau_gateway_refused_total{reason=\"duplicate\"} 3"));
  CHECK(has(text, "diemcau_gateway_refused_total{reason=\"unknown\"} 0"));
  CHECK(has(text, "diemcau_gateway_records_total 41"));
  CHECK(has(text, "diemcau_gateway_waiting_assignments 5"));
  CHECK(has(text, "diemcau_gateway_encode_seconds_total 0.0025"));
  CHECK(has(text, "diemcau_gateway_reconnect_window_seconds 2.5"));
}

TEST_CASE("the store's figures") {
  store::StoreCounters counters;
  counters.healthy = false;
  counters.waiting = 12;
  counters.last_commit_us = 1500;
  counters.commit_us = 250'000;
  api::MetricsText out;
  app::writeStore(out, counters);
  const std::string text = out.take();
  CHECK(has(text, "diemcau_store_healthy 0"));
  CHECK(has(text, "diemcau_store_waiting 12"));
  CHECK(has(text, "diemcau_store_last_commit_seconds 0.0015"));
  CHECK(has(text, "diemcau_store_commit_seconds_total 0.25"));
}

TEST_CASE("servers share the names and differ in the label, each name announced once") {
  net::ServerCounters sites, web;
  sites.accepted = 5;
  web.accepted = 6;
  web.refused_origin = 2;
  api::MetricsText out;
  app::writeServers(out, {{"sites", sites}, {"api", web}});
  const std::string text = out.take();
  CHECK(has(text, "diemcau_net_accepted_total{server=\"sites\"} 5"));
  CHECK(has(text, "diemcau_net_accepted_total{server=\"api\"} 6"));
  CHECK(has(text, "diemcau_net_refused_total{server=\"api\",reason=\"origin\"} 2"));
  std::set<std::string> announced;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("# TYPE ")) continue;
    CHECK(announced.insert(line).second);
  }
  CHECK(announced.size() == 10);
}

TEST_CASE("an empty core has figures too") {
  core::Core core{core::CoreSettings{}};
  core.restored(1);
  api::MetricsText out;
  app::writeCore(out, core, 2);
  app::writeProcess(out, 250 * kMillisecond);
  const std::string text = out.take();
  CHECK(has(text, "diemcau_roster_sites 0"));
  CHECK(has(text, "diemcau_alarms_raised 0"));
  CHECK(has(text, "diemcau_loop_delay_seconds 0.25"));
}
