// diemcau-probe: receives a feed and tells how it is.
#include <cstdio>

#include "agent/probe/app.hpp"
#include "agent/probe/options.hpp"
#include "base/log.hpp"

int main(int argc, char** argv) {
  using namespace diemcau;
  probe::Parsed parsed = probe::parseOptions(argc, argv);
  if (!parsed.options) {
    std::fputs(parsed.output.c_str(), parsed.exit_code == 0 ? stdout : stderr);
    return parsed.exit_code;
  }
  // A panel owns the terminal: a line of the log would tear it.
  LogSettings log;
  log.level = parsed.options->mode == probe::Mode::kPanel ? "error" : "warn";
  startLog(log);
  const int code = probe::runProbe(*parsed.options);
  stopLog();
  return code;
}
