// The coordinator's settings: one struct per section, defaults here. deploy/config/coordinator.toml shows
// every key.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/result.hpp"
#include "base/settings.hpp"
#include "coordinator/core/core.hpp"
#include "net/server.hpp"

namespace diemcau::app {

struct StoreSettings {
  std::string path = "/var/lib/diemcau/coordinator.db";
};

struct SitesSettings {
  std::string listen = "127.0.0.1:7600";
  std::vector<std::string> hosts;  // allowed Host names; empty: loopback
  std::int64_t max_connections = 40'000;
  std::int64_t max_per_address = 40'000;
  std::int64_t max_handshakes = 128;
  std::int64_t hello_within_ms = 10'000;
  std::int64_t heartbeat_ms = 5'000;
  std::int64_t status_interval_ms = 1'000;
  std::int64_t reconnect_window_ms = 2'000;
  std::int64_t reconnects_per_second = 500;
};

struct ApiServerSettings {
  std::string listen = "127.0.0.1:7680";
  std::vector<std::string> hosts;
  std::int64_t max_connections = 512;
  std::int64_t max_import_mib = 48;
  std::int64_t view_period_ms = 200;
  std::int64_t max_views = 256;
};

struct PeopleSettings {
  std::int64_t session_idle_min = 120;
  std::int64_t session_hours = 24;
};

struct SessionSettings {
  std::int64_t stale_after_ms = 15'000;
  std::int64_t offline_after_ms = 30'000;
  std::int64_t start_grace_ms = 3'000;
  std::int64_t start_tolerance_ms = 500;
  std::int64_t least_lead_ms = 2'000;
  std::int64_t most_lead_ms = 30'000;
  std::int64_t rehearsal_length_ms = 45'000;
  std::int64_t alarm_gather_ms = 1'500;
  std::int64_t alarm_clear_ms = 3'000;
  std::int64_t link_grace_ms = 5'000;
};

struct Settings {
  StoreSettings store;
  SitesSettings sites;
  ApiServerSettings api;
  PeopleSettings people;
  LogSettings log;
  SessionSettings session;

  core::CoreSettings core() const;
};

// `file` is named in errors. `keys`, where given, receives every key there is, "section.key".
Result<Settings> readSettings(std::string_view text, const std::string& file,
                              std::vector<std::string>* keys = nullptr);

// An address that the coordinator may use today. Without accounts, whoever reaches it may do everything, so
// only this machine may.
Result<ListenAddress> loopbackOnly(const std::string& listen, const std::string& key);

// The same for [api]: other machines may reach it once there are accounts, and nothing that they send can be
// read on the way.
Result<ListenAddress> apiMayListen(const std::string& listen, bool accounts, bool tls);

}  // namespace diemcau::app
