// diemcau-coordinator: parses, loads, builds, runs.
#include <cstdio>

#include "base/log.hpp"
#include "coordinator/app/coordinator.hpp"
#include "coordinator/app/options.hpp"
#include "coordinator/app/people_setup.hpp"

int main(int argc, char** argv) {
  using namespace diemcau;
  app::Options options;
  int code = app::exit_code::kOk;
  if (!app::parseOptions(argc, argv, options, code)) return code;

  auto settings = app::loadSettings(options);
  if (!settings) {
    std::fprintf(stderr, "diemcau-coordinator: %s\n", settings.error().text.c_str());
    return app::exit_code::kConfig;
  }
  if (options.check_config) {
    std::printf("the settings are good\n");
    return app::exit_code::kOk;
  }
  if (options.task == app::Options::Task::kInit) return app::makeFirstAdmin(*settings, options);
  if (options.task == app::Options::Task::kRecover) return app::recoverAccount(*settings, options);
  if (options.task == app::Options::Task::kVerifyAudit) return app::verifyAuditOffline(*settings);
  if (!startLog(settings->log)) {
    std::fprintf(
        stderr,
        "diemcau-coordinator: [log] level '%s' is not one of trace, debug, info, warn, error, or file '%s' "
        "cannot be written\n",
        settings->log.level.c_str(), settings->log.file.c_str());
    return app::exit_code::kConfig;
  }
  {
    app::Coordinator coordinator(std::move(*settings));
    code = coordinator.run();
  }
  stopLog();
  return code;
}
