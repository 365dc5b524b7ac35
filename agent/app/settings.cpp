// See settings.hpp.
#include "agent/app/settings.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "base/text.hpp"
#include "net/tls.hpp"

namespace diemcau::agent {
namespace {

namespace fs = std::filesystem;

Done checkUrl(const std::string& url) {
  constexpr std::string_view kScheme = "ws://";
  const auto wrong = [&](std::string_view why) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("[coordinator] url \"{}\": {}. Example: ws://127.0.0.1:7600/site", url, why),
        fmt::format("[coordinator] url \"{}\" không dùng được. Ví dụ: ws://127.0.0.1:7600/site", url));
  };
  if (url.empty() || url.starts_with("wss://")) return {};
  if (!url.starts_with(kScheme)) return wrong("it must begin with wss:// or ws://");
  const auto rest = std::string_view(url).substr(kScheme.size());
  const auto listen = parseListen(rest.substr(0, rest.find('/')));
  if (!listen) return wrong(listen.error().text);
  if (!listen->loopback())
    return wrong(
        "without TLS only a coordinator on this computer may be used (127.0.0.1, ::1, localhost): anybody on "
        "the way could read the passphrases. Use wss://, and enrol this site with `diemcau-agent enrol "
        "TOKEN`");
  return {};
}

Result<std::string> besideThisProgram() {
  std::error_code failed;
  const auto self = fs::read_symlink("/proc/self/exe", failed);
  if (failed) return fail(ErrorCode::kInternal, fmt::format("/proc/self/exe: {}", failed.message()));
  return (self.parent_path() / "diemcau-probe").string();
}

}  // namespace

Done readSettings(std::string_view text, const std::string& file, AgentSettings& settings,
                  std::vector<std::string>* keys) {
  SettingsReader in(text, file);
  in.section("site").value("id", settings.site.id);
  in.section("coordinator")
      .value("url", settings.coordinator.url)
      .value("fingerprint", settings.coordinator.fingerprint);
  in.section("data").value("dir", settings.data.dir);
  in.section("desk").value("listen", settings.desk.listen).value("hosts", settings.desk.hosts);
  in.section("probe").value("program", settings.probe.program).value("show", settings.probe.show);
  in.section("log").value("level", settings.log.level).value("file", settings.log.file);
  if (keys != nullptr) *keys = in.keys();
  return in.finish();
}

Done checkSettings(AgentSettings& settings) {
  if (!settings.site.id.empty() && !validId(settings.site.id))
    return fail(
        ErrorCode::kInvalid,
        fmt::format("[site] id \"{}\": 1-64 letters, digits, '.', '_' or '-' are allowed", settings.site.id),
        fmt::format("[site] id \"{}\": chỉ dùng 1-64 chữ cái không dấu, chữ số, '.', '_', '-'",
                    settings.site.id));
  if (auto ok = checkUrl(settings.coordinator.url); !ok) return ok;
  if (!settings.coordinator.fingerprint.empty()) {
    auto clean = net::cleanFingerprint(settings.coordinator.fingerprint);
    if (!clean)
      return fail(ErrorCode::kInvalid, "[coordinator] fingerprint: " + clean.error().text, clean.error().vi);
    settings.coordinator.fingerprint = *clean;
  }
  if (settings.data.dir.empty())
    return fail(ErrorCode::kInvalid, "[data] dir is empty: name a directory for this agent alone",
                "[data] dir còn trống");
  const auto listen = parseListen(settings.desk.listen);
  if (!listen)
    return fail(ErrorCode::kInvalid, fmt::format("[desk] listen: {}", listen.error().text),
                listen.error().vi);
  if (settings.probe.show != "none" && settings.probe.show != "auto")
    return fail(ErrorCode::kInvalid, fmt::format("[probe] show \"{}\": none or auto", settings.probe.show),
                fmt::format("[probe] show \"{}\": chọn none hoặc auto", settings.probe.show));
  if (settings.probe.program.empty()) {
    auto beside = besideThisProgram();
    if (!beside) return tl::unexpected(beside.error());
    settings.probe.program = *beside;
  }
  return {};
}

}  // namespace diemcau::agent
