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
  std::string url;                     // what tokens tell the sites; empty: made of `listen`
  std::string tls = "auto";            // auto, on, off
  std::string enrolment = "loopback";  // loopback, required
  std::vector<std::string> hosts;      // allowed Host names; empty: loopback
  std::int64_t max_connections = 40'000;
  std::int64_t max_per_address = 40'000;
  std::int64_t max_handshakes = 128;
  std::int64_t hello_within_ms = 10'000;
  std::int64_t heartbeat_ms = 5'000;
  std::int64_t status_interval_ms = 1'000;
  std::int64_t reconnect_window_ms = 2'000;
  std::int64_t reconnects_per_second = 1'250;
};

struct ApiServerSettings {
  std::string listen = "127.0.0.1:7680";
  std::string tls = "auto";  // auto, on, off
  std::vector<std::string> hosts;
  std::int64_t max_connections = 512;
  std::int64_t max_import_mib = 48;
  std::int64_t view_period_ms = 200;
  std::int64_t max_views = 256;
};

struct TlsSettings {
  std::string certificate, key;  // PEM files; empty: made by the coordinator, beside the store
  bool pin = true;               // tokens name the key's fingerprint
};

struct PeopleSettings {
  std::int64_t session_idle_min = 120;
  std::int64_t session_hours = 24;
};

struct FeedTestSettings {
  std::string probe;  // diemcau-probe; empty: the one beside the coordinator's program
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
  std::int64_t loop_delay_ms = 50;
};

struct Settings {
  StoreSettings store;
  SitesSettings sites;
  ApiServerSettings api;
  TlsSettings tls;
  PeopleSettings people;
  LogSettings log;
  SessionSettings session;
  FeedTestSettings feed_test;

  core::CoreSettings core() const;

  // The directory of the store: what belongs to it lies beside it.
  std::string directory() const;
  net::TlsFiles tlsFiles() const;
  // What the listeners speak: TLS outside loopback and where it is asked for.
  bool sitesTls() const;
  bool apiTls() const;
  // Whether a site must prove who it is. On loopback it need not, unless that is asked for.
  bool enrolmentRequired() const;
  // Host names by which sites may call. Not what protects this listener: the key and the challenge do.
  std::vector<std::string> sitesHosts() const;
};

// `file` is named in errors. `keys`, where given, receives every key there is, "section.key".
Result<Settings> readSettings(std::string_view text, const std::string& file,
                              std::vector<std::string>* keys = nullptr);

// Where sites may connect from anywhere, because enrolment and TLS protect them: fails for what would take
// one of the two away.
Result<ListenAddress> sitesAddress(const Settings& settings);

// Where people may connect. Without accounts, whoever reaches it may do everything, so only this machine may.
Result<ListenAddress> loopbackOnly(const std::string& listen, const std::string& key);

// The same for [api]: other machines may reach it once there are accounts, and nothing that they send can be
// read on the way.
Result<ListenAddress> apiMayListen(const std::string& listen, bool accounts, bool tls);

}  // namespace diemcau::app
