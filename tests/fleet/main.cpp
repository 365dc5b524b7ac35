// diemcau-fleet: simulated sites for tests, demos and drills.
#include <csignal>
#include <cstdio>

#include "base/log.hpp"
#include "tests/fleet/fleet.hpp"
#include "tests/fleet/input.hpp"

int main(int argc, char** argv) {
  using namespace diemcau;
  const fleet::Parsed parsed = fleet::parseOptions(argc, argv);
  if (parsed.done) return parsed.exit_code;
  startLog({parsed.options.log_level, ""});
  int exit_code = 0;
  std::map<std::string, fleet::SiteAccess> access;
  if (!parsed.options.tokens.empty()) {
    auto enrolled = fleet::enrolAll(parsed.options);
    if (!enrolled) {
      std::fprintf(stderr, "diemcau-fleet: %s\n", enrolled.error().text.c_str());
      return fleet::kExitUnavailable;
    }
    access = std::move(*enrolled);
  }
  {
    Loop loop;
    fleet::Fleet all(loop, parsed.options, std::move(access), [&](int code) {
      exit_code = code;
      loop.stop();
    });
    const Timer terminate = loop.onSignal(SIGTERM, [&] { all.quit(); });
    const Timer interrupt = loop.onSignal(SIGINT, [&] { all.quit(); });
    const fleet::Input input(loop, [&](const std::string& line) {
      std::printf("%s\n", all.command(line).c_str());
      std::fflush(stdout);
    });
    loop.run();
  }
  stopLog();
  return exit_code;
}
