// The command line of diemcau-coordinator.
#include "coordinator/app/options.hpp"

#include <CLI/CLI.hpp>

namespace diemcau::app {

bool parseOptions(int argc, char** argv, Options& options, int& code) {
  CLI::App cli("The centre of a conference held in many halls: sites connect to it, operators steer it.",
               "diemcau-coordinator");
  cli.add_option("--config", options.config, "Settings, TOML; see deploy/config/coordinator.toml")
      ->type_name("FILE");
  cli.add_flag("--check-config", options.check_config, "Only check the settings");
  cli.add_option("--data", options.data, "Directory of the store, instead of [store] path")->type_name("DIR");
  cli.add_option("--sites-listen", options.sites_listen, "Instead of [sites] listen; port 0: any free one")
      ->type_name("HOST:PORT");
  cli.add_option("--api-listen", options.api_listen, "Instead of [api] listen")->type_name("HOST:PORT");
  cli.set_version_flag("--version", "diemcau-coordinator " DIEMCAU_VERSION);
  cli.footer(
      "Prints 'ready sites=PORT api=PORT' once it listens.\n"
      "Exit codes: 0 ended as asked, 64 wrong options, 69 address not available, 74 not everything was "
      "stored,\n"
      "75 the store is in use by another process, 78 settings or store are not usable.");
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    code = cli.exit(error) == 0 ? exit_code::kOk : exit_code::kUsage;
    return false;
  }
  return true;
}

Result<Settings> loadSettings(const Options& options) {
  Settings settings;
  if (!options.config.empty()) {
    auto text = readFile(options.config);
    if (!text) return tl::unexpected(text.error());
    auto read = readSettings(*text, options.config);
    if (!read) return tl::unexpected(read.error());
    settings = std::move(*read);
  }
  if (!options.data.empty()) settings.store.path = options.data + "/coordinator.db";
  if (!options.sites_listen.empty()) settings.sites.listen = options.sites_listen;
  if (!options.api_listen.empty()) settings.api.listen = options.api_listen;
  if (auto ok = sitesAddress(settings); !ok) return tl::unexpected(ok.error());
  if (auto ok = loopbackOnly(settings.api.listen, "[api] listen"); !ok) return tl::unexpected(ok.error());
  return settings;
}

}  // namespace diemcau::app
