// What can be set of an agent: defaults here, then the file, then flags. deploy/config/agent.toml shows every
// key.
#pragma once

#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/result.hpp"
#include "base/settings.hpp"

namespace diemcau::agent {

struct SiteSettings {
  std::string id;  // as in the coordinator's roster; empty: as enrolled
};
struct CoordinatorSettings {
  std::string url;          // empty: as enrolled; without an enrolment ws://127.0.0.1:7600/site
  std::string fingerprint;  // of its TLS key; empty: as enrolled, else the system's authorities decide
};
struct DataSettings {
  std::string dir = "/var/lib/diemcau-agent";
};
struct DeskSettings {
  // Beyond loopback other devices in the hall may come in, with the PIN.
  std::string listen = "127.0.0.1:7690";
  std::vector<std::string> hosts;  // names, besides the computer's addresses, that they ask for the desk by
};
struct ProbeSettings {
  std::string program;        // empty: diemcau-probe beside this program
  std::string show = "auto";  // none, auto
};

struct AgentSettings {
  SiteSettings site;
  CoordinatorSettings coordinator;
  DataSettings data;
  DeskSettings desk;
  ProbeSettings probe;
  LogSettings log;
};

// Takes what the file says; `keys` gets the names of all keys.
Done readSettings(std::string_view text, const std::string& file, AgentSettings& settings,
                  std::vector<std::string>* keys = nullptr);
// What can be wrong with values, wherever they came from. Fills in the probe's program.
Done checkSettings(AgentSettings& settings);

}  // namespace diemcau::agent
