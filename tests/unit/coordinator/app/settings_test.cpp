// The coordinator's settings: the shipped file against the struct, errors that name their place, addresses.
#include <algorithm>
#include <sstream>

#include "coordinator/app/options.hpp"
#include "coordinator/app/settings.hpp"
#include "tests/support/catch.hpp"

using namespace diemcau;
using namespace diemcau::app;

namespace {

// The lines "# key = value" of the shipped file with their sections, as if somebody had taken every # away.
struct Shipped {
  std::string uncommented;
  std::vector<std::string> keys;
};

Shipped shipped() {
  auto text = readFile(SHIPPED);
  REQUIRE(text);
  Shipped out;
  std::istringstream lines(*text);
  std::string section;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("[")) section = line.substr(1, line.find(']') - 1);
    const auto equals = line.find(" = ");
    const std::string key =
        line.starts_with("# ") && equals != std::string::npos ? line.substr(2, equals - 2) : "";
    if (!key.empty() && key.find(' ') == std::string::npos) {
      out.keys.push_back(section + "." + key);
      line = line.substr(2);
    }
    out.uncommented += line + "\n";
  }
  return out;
}

bool names(const Error& error, const std::string& part) {
  return error.text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the shipped file shows every key, in the order in which it is read") {
  std::vector<std::string> keys;
  REQUIRE(readSettings("", "none", &keys));
  CHECK(shipped().keys == keys);
}

TEST_CASE("the shipped file shows the defaults") {
  auto all = readSettings(shipped().uncommented, SHIPPED);
  REQUIRE(all);
  const Settings defaults;
  CHECK(all->store.path == defaults.store.path);
  CHECK(all->sites.listen == defaults.sites.listen);
  CHECK(all->sites.url == defaults.sites.url);
  CHECK(all->sites.tls == defaults.sites.tls);
  CHECK(all->sites.enrolment == defaults.sites.enrolment);
  CHECK(all->sites.hosts == defaults.sites.hosts);
  CHECK(all->sites.max_connections == defaults.sites.max_connections);
  CHECK(all->sites.max_per_address == defaults.sites.max_per_address);
  CHECK(all->sites.max_handshakes == defaults.sites.max_handshakes);
  CHECK(all->sites.hello_within_ms == defaults.sites.hello_within_ms);
  CHECK(all->sites.reconnect_window_ms == defaults.sites.reconnect_window_ms);
  CHECK(all->sites.reconnects_per_second == defaults.sites.reconnects_per_second);
  CHECK(all->api.listen == defaults.api.listen);
  CHECK(all->api.tls == defaults.api.tls);
  CHECK(all->tls.certificate == defaults.tls.certificate);
  CHECK(all->tls.key == defaults.tls.key);
  CHECK(all->tls.pin == defaults.tls.pin);
  CHECK(all->api.hosts == defaults.api.hosts);
  CHECK(all->api.max_connections == defaults.api.max_connections);
  CHECK(all->api.max_import_mib == defaults.api.max_import_mib);
  CHECK(all->api.view_period_ms == defaults.api.view_period_ms);
  CHECK(all->api.max_views == defaults.api.max_views);
  CHECK(all->log.level == defaults.log.level);
  CHECK(all->log.file == defaults.log.file);
  CHECK(all->core().heartbeat_ms == defaults.core().heartbeat_ms);
}

TEST_CASE("what nobody sets is what the core would choose itself") {
  const core::CoreSettings from_file = Settings{}.core();
  const core::CoreSettings own;
  CHECK(from_file.stale_after == own.stale_after);
  CHECK(from_file.offline_after == own.offline_after);
  CHECK(from_file.start_grace == own.start_grace);
  CHECK(from_file.start_tolerance == own.start_tolerance);
  CHECK(from_file.least_lead == own.least_lead);
  CHECK(from_file.most_lead == own.most_lead);
  CHECK(from_file.rehearsal_length == own.rehearsal_length);
  CHECK(from_file.alarm_gather == own.alarm_gather);
  CHECK(from_file.alarm_clear == own.alarm_clear);
  CHECK(from_file.link_grace == own.link_grace);
  CHECK(from_file.heartbeat_ms == own.heartbeat_ms);
  CHECK(from_file.status_interval_ms == own.status_interval_ms);
  CHECK(from_file.reconnect_window_ms == own.reconnect_window_ms);
}

TEST_CASE("every key of the file reaches the core") {
  auto read = readSettings(
      "[sites]\nheartbeat_ms = 1500\nstatus_interval_ms = 300\nreconnect_window_ms = 700\n"
      "[session]\nstale_after_ms = 2100\noffline_after_ms = 4200\nstart_grace_ms = 600\nstart_tolerance_ms = "
      "70\n"
      "least_lead_ms = 800\nmost_lead_ms = 9000\nrehearsal_length_ms = 10000\nalarm_gather_ms = 11\n"
      "alarm_clear_ms = 12\nlink_grace_ms = 13\n",
      "t.toml");
  REQUIRE(read);
  const core::CoreSettings core = read->core();
  CHECK(core.heartbeat_ms == 1500);
  CHECK(core.status_interval_ms == 300);
  CHECK(core.reconnect_window_ms == 700);
  CHECK(core.stale_after == 2100 * kMillisecond);
  CHECK(core.offline_after == 4200 * kMillisecond);
  CHECK(core.start_grace == 600 * kMillisecond);
  CHECK(core.start_tolerance == 70 * kMillisecond);
  CHECK(core.least_lead == 800 * kMillisecond);
  CHECK(core.most_lead == 9 * kSecond);
  CHECK(core.rehearsal_length == 10 * kSecond);
  CHECK(core.alarm_gather == 11 * kMillisecond);
  CHECK(core.alarm_clear == 12 * kMillisecond);
  CHECK(core.link_grace == 13 * kMillisecond);
}

TEST_CASE("a fault in the file names file, line and key") {
  struct Row {
    const char* what;
    const char* text;
    std::vector<std::string> parts;
  };
  const auto row = GENERATE(values<Row>({
      {"an unknown key", "[api]\nlisten = \"127.0.0.1:1\"\nlisten_on = 5\n", {"bad.toml:3", "listen_on"}},
      {"an unknown section", "\n[apl]\nlisten = \"x\"\n", {"bad.toml:2", "apl"}},
      {"a wrong type", "[sites]\nmax_connections = \"many\"\n", {"bad.toml:2", "max_connections"}},
      {"beyond a limit", "[sites]\nheartbeat_ms = 5\n", {"bad.toml:2", "heartbeat_ms"}},
      {"not TOML", "[sites\n", {"bad.toml:1"}},
      {"a contradiction",
       "[session]\nstale_after_ms = 9000\noffline_after_ms = 8000\n",
       {"bad.toml", "offline_after_ms"}},
      {"another contradiction",
       "[session]\nleast_lead_ms = 9000\nmost_lead_ms = 8000\n",
       {"bad.toml", "most_lead_ms"}},
      {"statuses rarer than staleness",
       "[sites]\nstatus_interval_ms = 60000\n",
       {"bad.toml", "stale_after_ms"}},
      {"half a certificate", "[tls]\ncertificate = \"a.crt\"\n", {"bad.toml", "[tls]"}},
      {"TLS perhaps", "[sites]\ntls = \"maybe\"\n", {"bad.toml", "[sites] tls", "maybe"}},
      {"enrolment never", "[sites]\nenrolment = \"off\"\n", {"bad.toml", "enrolment", "off"}},
      {"a page as the sites' address", "[sites]\nurl = \"https://a.example\"\n", {"bad.toml", "url"}},
      {"no store", "[store]\npath = \"\"\n", {"bad.toml", "path"}},
  }));
  CAPTURE(row.what);
  auto read = readSettings(row.text, "bad.toml");
  REQUIRE_FALSE(read);
  CAPTURE(read.error().text);
  for (const auto& part : row.parts) CHECK(names(read.error(), part));
}

TEST_CASE("sites outside loopback get TLS and must be enrolled, whatever the file says") {
  struct Row {
    const char *listen, *tls, *enrolment;
    bool good, with_tls, required;
  };
  for (const Row& row : {Row{"127.0.0.1:7600", "auto", "loopback", true, false, false},
                         Row{"[::1]:7600", "on", "required", true, true, true},
                         Row{"127.0.0.1:7600", "off", "required", true, false, true},
                         Row{"0.0.0.0:7600", "auto", "loopback", true, true, true},
                         Row{"10.1.2.3:7600", "on", "loopback", true, true, true},
                         Row{"[::]:7600", "auto", "required", true, true, true},
                         Row{"10.1.2.3:7600", "off", "loopback", false, true, true}}) {
    CAPTURE(row.listen, row.tls, row.enrolment);
    Settings settings;
    settings.sites.listen = row.listen;
    settings.sites.tls = row.tls;
    settings.sites.enrolment = row.enrolment;
    CHECK(sitesAddress(settings).has_value() == row.good);
    CHECK(settings.sitesTls() == row.with_tls);
    CHECK(settings.enrolmentRequired() == row.required);
  }
}

TEST_CASE("only this machine may connect while there are no accounts") {
  for (const char* good : {"127.0.0.1:7600", "127.8.9.1:0", "[::1]:80", "localhost:9"}) {
    CAPTURE(good);
    CHECK(loopbackOnly(good, "[api] listen"));
  }
  for (const char* open : {"0.0.0.0:7600", "192.168.1.5:80", "[::]:80", "10.0.0.1:1"}) {
    CAPTURE(open);
    auto answer = loopbackOnly(open, "[api] listen");
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::kDenied);
    CHECK(names(answer.error(), "[api] listen"));
    CHECK(names(answer.error(), "accounts"));
  }
  auto wrong = loopbackOnly("7600", "[api] listen");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == ErrorCode::kInvalid);
}

TEST_CASE("other machines may reach the API once there are accounts, and over TLS alone") {
  struct Row {
    const char* listen;
    bool accounts, tls, may;
  };
  const auto row = GENERATE(values<Row>({{"127.0.0.1:0", false, false, true},
                                         {"127.0.0.1:0", true, false, true},
                                         {"0.0.0.0:443", false, false, false},
                                         {"0.0.0.0:443", false, true, false},
                                         {"0.0.0.0:443", true, false, false},
                                         {"0.0.0.0:443", true, true, true},
                                         {"nowhere", true, true, false}}));
  CAPTURE(row.listen, row.accounts, row.tls);
  const auto address = apiMayListen(row.listen, row.accounts, row.tls);
  CHECK(address.has_value() == row.may);
  if (!address) CHECK(names(address.error(), "[api] listen"));
}

TEST_CASE("the command line goes over the file") {
  Options options;
  options.data = "/tmp/somewhere";
  options.sites_listen = "127.0.0.1:0";
  options.api_listen = "127.0.0.1:1";
  auto settings = loadSettings(options);
  REQUIRE(settings);
  CHECK(settings->store.path == "/tmp/somewhere/coordinator.db");
  CHECK(settings->sites.listen == "127.0.0.1:0");
  CHECK(settings->api.listen == "127.0.0.1:1");

  options.api_listen = "nowhere";
  settings = loadSettings(options);
  REQUIRE_FALSE(settings);
  CHECK(names(settings.error(), "[api] listen"));

  options.config = "/nonexistent/coordinator.toml";
  settings = loadSettings(options);
  REQUIRE_FALSE(settings);
  CHECK(names(settings.error(), "/nonexistent/coordinator.toml"));
}
