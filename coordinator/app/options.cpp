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
  cli.fallthrough();
  cli.require_subcommand(0, 1);
  CLI::App* init =
      cli.add_subcommand("init", "Make the store and the first admin, while no coordinator runs on it");
  CLI::App* recover = cli.add_subcommand(
      "recover", "A new password for one sign-in, when nobody can sign in; while no coordinator runs");
  for (CLI::App* task : {init, recover}) {
    task->add_option("--admin", options.admin, "Name of the account")
        ->type_name("NAME")
        ->capture_default_str();
    task->add_flag("--password-stdin", options.password_stdin,
                   "The password is the first line of standard input");
    task->add_flag("--generate", options.generate, "Make a password for one sign-in, and print it");
  }
  recover->callback([&options] { options.task = Options::Task::kRecover; });
  init->callback([&options] { options.task = Options::Task::kInit; });
  cli.add_subcommand("audit-verify", "Is the audit log whole? While no coordinator runs on the store")
      ->callback([&options] { options.task = Options::Task::kVerifyAudit; });
  cli.set_version_flag("--version", "diemcau-coordinator " DIEMCAU_VERSION);
  cli.footer(
      "Prints 'ready sites=PORT api=PORT' once it listens.\n"
      "Exit codes: 0 ended as asked, 1 the audit log is broken, 64 wrong options, 69 address not available, "
      "74 not everything was "
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
  // Whether it may be used depends on the accounts there are: see apiMayListen.
  if (auto ok = parseListen(settings.api.listen); !ok)
    return fail(ErrorCode::kInvalid, "[api] listen: " + ok.error().text);
  return settings;
}

}  // namespace diemcau::app
