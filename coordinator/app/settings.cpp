// The coordinator's settings, from TOML.
#include "coordinator/app/settings.hpp"

namespace diemcau::app {
namespace {

void readSites(SettingsReader& in, SitesSettings& sites) {
  in.section("sites")
      .value("listen", sites.listen)
      .value("url", sites.url)
      .value("tls", sites.tls)
      .value("enrolment", sites.enrolment)
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
      .value("tls", api.tls)
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
      .value("link_grace_ms", session.link_grace_ms, 0, 600'000)
      .value("loop_delay_ms", session.loop_delay_ms, 5, 600'000);
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
  for (const auto& [mode, key] :
       {std::pair{settings.sites.tls, "[sites]"}, std::pair{settings.api.tls, "[api]"}}) {
    if (mode != "auto" && mode != "on" && mode != "off")
      out += std::string(key) + " tls: '" + mode + "' is none of auto, on, off\n";
  }
  const auto& enrolment = settings.sites.enrolment;
  if (enrolment != "loopback" && enrolment != "required")
    out += "[sites] enrolment: '" + enrolment + "' is neither loopback nor required\n";
  if (settings.tls.certificate.empty() != settings.tls.key.empty())
    out += "[tls] certificate, key: both or none\n";
  const auto& url = settings.sites.url;
  if (!url.empty() && !url.starts_with("wss://") && !url.starts_with("ws://"))
    out += "[sites] url: '" + url +
           "' does not begin with wss:// (an example: wss://centre.example:7600/site)\n";
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
  out.loop_delay = session.loop_delay_ms * kMillisecond;
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
  in.section("tls")
      .value("certificate", settings.tls.certificate)
      .value("key", settings.tls.key)
      .value("pin", settings.tls.pin);
  in.section("people")
      .value("session_idle_min", settings.people.session_idle_min, 1, 10'080)
      .value("session_hours", settings.people.session_hours, 1, 720);
  in.section("log").value("level", settings.log.level).value("file", settings.log.file);
  readSession(in, settings.session);
  in.section("feed_test").value("probe", settings.feed_test.probe);
  if (keys != nullptr) *keys = in.keys();
  if (auto ok = in.finish(); !ok) return tl::unexpected(ok.error());
  std::string wrong = contradictions(settings);
  if (!wrong.empty()) {
    wrong.pop_back();
    return fail(ErrorCode::kInvalid, file + ": " + wrong);
  }
  return settings;
}

namespace {

// Outside loopback it is always on; what cannot be read is nobody's loopback.
bool tlsOn(const std::string& mode, const std::string& listen) {
  const auto address = parseListen(listen);
  return mode == "on" || !address || !address->loopback();
}

}  // namespace

std::string Settings::directory() const {
  const auto slash = store.path.rfind('/');
  return slash == std::string::npos ? "." : store.path.substr(0, slash);
}

net::TlsFiles Settings::tlsFiles() const {
  if (!tls.certificate.empty()) return {tls.certificate, tls.key};
  return {directory() + "/tls.crt", directory() + "/tls.key"};
}

bool Settings::sitesTls() const {
  return tlsOn(sites.tls, sites.listen);
}

bool Settings::apiTls() const {
  return tlsOn(api.tls, api.listen);
}

bool Settings::enrolmentRequired() const {
  const auto address = parseListen(sites.listen);
  return sites.enrolment == "required" || !address || !address->loopback();
}

std::vector<std::string> Settings::sitesHosts() const {
  std::vector<std::string> hosts = sites.hosts;
  const auto address = parseListen(sites.listen);
  if (!address || address->loopback()) return hosts;
  for (const char* local : {"localhost", "127.0.0.1", "::1"}) hosts.emplace_back(local);
  hosts.push_back(address->host);
  const auto scheme = sites.url.find("://");
  if (scheme == std::string::npos) return hosts;
  const std::string where = sites.url.substr(scheme + 3);
  const auto end = where.starts_with('[') ? where.find(']') + 1 : where.find_first_of(":/");
  hosts.push_back(where.substr(0, end));
  return hosts;
}

Result<ListenAddress> sitesAddress(const Settings& settings) {
  auto address = parseListen(settings.sites.listen);
  if (!address) return fail(ErrorCode::kInvalid, "[sites] listen: " + address.error().text);
  if (!address->loopback() && settings.sites.tls == "off")
    return fail(ErrorCode::kDenied,
                "[sites] tls: 'off' is possible on a loopback address only, and listen is '" +
                    settings.sites.listen +
                    "': feeds' passphrases would travel where everybody can read them");
  return address;
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
