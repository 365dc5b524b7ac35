// A settings file of any content, for the coordinator and for the agent: read, or refused with the file's
// name.
#include "agent/app/settings.hpp"
#include "coordinator/app/settings.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace diemcau;

namespace {

void coordinator(std::string_view text) {
  const auto settings = app::readSettings(text, "c.toml");
  if (!settings) {
    MUST(settings.error().text.starts_with("c.toml:"));
    return;
  }
  const auto core = settings->core();
  MUST(core.stale_after < core.offline_after && core.least_lead <= core.most_lead);
  (void)app::loopbackOnly(settings->api.listen, "[api] listen");
}

void agentOf(std::string_view text) {
  agent::AgentSettings settings;
  if (auto ok = agent::readSettings(text, "a.toml", settings); !ok) {
    MUST(ok.error().text.starts_with("a.toml:"));
    return;
  }
  if (!agent::checkSettings(settings)) return;
  MUST(parseListen(settings.desk.listen));
  // Passphrases go in the clear to a coordinator on this computer alone.
  const std::string_view url = settings.coordinator.url;
  constexpr std::string_view kInTheClear = "ws://";
  if (!url.empty() && !url.starts_with("wss://")) {
    MUST(url.starts_with(kInTheClear));
    const auto rest = url.substr(kInTheClear.size());
    MUST(parseListen(rest.substr(0, rest.find('/')))->loopback());
  }
  MUST(!settings.probe.program.empty() && !settings.data.dir.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::asText(data, size);
  coordinator(text);
  agentOf(text);
  return 0;
}
