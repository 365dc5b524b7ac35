// The coordinator's settings, from TOML.
#include "coordinator/app/settings.hpp"

namespace diemcau::app {
namespace {

void readSites(SettingsReader& in, SitesSettings& sites) {
  in.section("sites")
      .value("listen", sites.listen)
      .value("hosts", sites.hosts)
      .value("max_connections", sites.max_connections, 1, 1'000'000)
      .value("max_per_address", sites.max_per_address, 1, 1'000'000)
      .value("max_handshakes", sites.max_handshakes, 1, 10'000)
      .value("hello_within_ms", sites.hello_within_ms, 1'000, 60'000)
      .value("heartbeat_ms", sites.heartbeat_ms, 1'000, 60'000)
      .value("status_interval_ms", sites.status_interval_ms, 200, 60'000)
      .value("reconnect_window_ms", sites.reconnect_window_ms, 100, 600'000)
      .value("reconnects_per_second", sites.reconnects_per_second, 1, 100'000);
}

void readApi(SettingsReader& in, ApiServerSettings& api) {
  in.section("api")
      .value("listen", api.listen)
      .value("hosts", api.hosts)
      .value("max_connections", api.max_connections, 4, 100'000)
      .value("max_import_mib", api.max_import_mib, 1, 256)
      .value("view_period_ms", api.view_period_ms, 50, 10'000)
      .value("max_views", api.max_views, 1, 100'000);
}

void readSession(SettingsReader& in, SessionSettings& session) {
  in.section("session")
      .value("stale_after_ms", session.stale_after_ms, 2'000, 600'000)
      .value("offline_after_ms", session.offline_after_ms, 3'000, 3'600'000)
      .value("start_grace_ms", session.start_grace_ms, 500, 60'000)
      .value("start_tolerance_ms", session.start_tolerance_ms, 20, 10'000)
      .value("least_lead_ms", session.least_lead_ms, 500, 60'000)
      .value("most_lead_ms", session.most_lead_ms, 1'000, 600'000)
      .value("rehearsal_length_ms", session.rehearsal_length_ms, 5'000, 3'600'000)
      .value("alarm_gather_ms", session.alarm_gather_ms, 0, 60'000)
      .value("alarm_clear_ms", session.alarm_clear_ms, 0, 600'000)
      .value("link_grace_ms", session.link_grace_ms, 0, 600'000);
}

// What each value allows alone, but not together.
std::string contradictions(const Settings& settings) {
  const auto& session = settings.session;
  std::string out;
  if (session.offline_after_ms <= session.stale_after_ms) {
    out += "[session] offline_after_ms: must be greater than stale_after_ms\n";
  }
  if (session.most_lead_ms < session.least_lead_ms) {
    out += "[session] most_lead_ms: must not be less than least_lead_ms\n";
  }
  if (session.stale_after_ms <= 2 * settings.sites.status_interval_ms) {
    out += "[session] stale_after_ms: must be greater than twice [sites] status_interval_ms\n";
  }
  if (settings.store.path.empty()) out += "[store] path: must not be empty\n";
  return out;
}

}  // namespace

core::CoreSettings Settings::core() const {
  core::CoreSettings out;
  out.version = DIEMCAU_VERSION;
  out.stale_after = session.stale_after_ms * kMillisecond;
  out.offline_after = session.offline_after_ms * kMillisecond;
  out.start_grace = session.start_grace_ms * kMillisecond;
  out.start_tolerance = session.start_tolerance_ms * kMillisecond;
  out.least_lead = session.least_lead_ms * kMillisecond;
  out.most_lead = session.most_lead_ms * kMillisecond;
  out.rehearsal_length = session.rehearsal_length_ms * kMillisecond;
  out.alarm_gather = session.alarm_gather_ms * kMillisecond;
  out.alarm_clear = session.alarm_clear_ms * kMillisecond;
  out.link_grace = session.link_grace_ms * kMillisecond;
  out.heartbeat_ms = static_cast<std::uint32_t>(sites.heartbeat_ms);
  out.status_interval_ms = static_cast<std::uint32_t>(sites.status_interval_ms);
  out.reconnect_window_ms = static_cast<std::uint32_t>(sites.reconnect_window_ms);
  return out;
}

Result<Settings> readSettings(std::string_view text, const std::string& file,
                              std::vector<std::string>* keys) {
  Settings settings;
  SettingsReader in(text, file);
  in.section("store").value("path", settings.store.path);
  readSites(in, settings.sites);
  readApi(in, settings.api);
  in.section("people")
      .value("session_idle_min", settings.people.session_idle_min, 1, 10'080)
      .value("session_hours", settings.people.session_hours, 1, 720);
  in.section("log").value("level", settings.log.level).value("file", settings.log.file);
  readSession(in, settings.session);
  if (keys != nullptr) *keys = in.keys();
  if (auto ok = in.finish(); !ok) return tl::unexpected(ok.error());
  std::string wrong = contradictions(settings);
  if (!wrong.empty()) {
    wrong.pop_back();
    return fail(ErrorCode::kInvalid, file + ": " + wrong);
  }
  return settings;
}

Result<ListenAddress> loopbackOnly(const std::string& listen, const std::string& key) {
  auto address = parseListen(listen);
  if (!address) return fail(ErrorCode::kInvalid, key + ": " + address.error().text);
  if (address->loopback()) return address;
  return fail(
      ErrorCode::kDenied,
      key + ": '" + listen +
          "' can be reached from other machines, and there are no accounts yet: whoever reaches it could "
          "start and stop sessions. Use a loopback address such as 127.0.0.1 (and a tunnel to it)");
}

Result<ListenAddress> apiMayListen(const std::string& listen, bool accounts, bool tls) {
  if (!accounts) return loopbackOnly(listen, "[api] listen");
  auto address = parseListen(listen);
  if (!address) return fail(ErrorCode::kInvalid, "[api] listen: " + address.error().text);
  if (tls || address->loopback()) return address;
  return fail(ErrorCode::kDenied,
              "[api] listen: '" + listen +
                  "' can be reached from other machines, and passwords would travel in the clear: "
                  "serve it over TLS, or use a loopback address such as 127.0.0.1 and a tunnel to it");
}

}  // namespace diemcau::app
