// diemcau-probe: receives a feed and tells how it is.
#include <malloc.h>

#include <cstdio>

#include "agent/probe/app.hpp"
#include "agent/probe/options.hpp"
#include "base/log.hpp"

int main(int argc, char** argv) {
  using namespace diemcau;
  // A hall's old PC runs two of us or more: pictures go back to the system, and threads share what is free.
  mallopt(M_MMAP_THRESHOLD, 256 * 1024);
  mallopt(M_ARENA_MAX, 1);
  probe::Parsed parsed = probe::parseOptions(argc, argv);
  if (!parsed.options) {
    std::fputs(parsed.output.c_str(), parsed.exit_code == 0 ? stdout : stderr);
    return parsed.exit_code;
  }
  // A panel owns the terminal: a line of the log would tear it.
  LogSettings log;
  log.lines = 256;
  log.level = parsed.options->mode == probe::Mode::kPanel ? "error" : "warn";
  startLog(log);
  const int code = probe::runProbe(*parsed.options);
  stopLog();
  return code;
}
