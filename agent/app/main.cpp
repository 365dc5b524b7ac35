// diemcau-agent: the program of one site.
#include <cstdio>

#include "agent/app/credentials.hpp"
#include "agent/app/desk_client.hpp"
#include "agent/app/enrol.hpp"
#include "agent/app/options.hpp"
#include "agent/app/run.hpp"

namespace {

int checkOnly(diemcau::agent::AgentSettings settings) {
  using namespace diemcau::agent;
  if (const auto known = identityOf(settings); !known) {
    std::fprintf(stderr, "diemcau-agent: %s\n", known.error().text.c_str());
    return exit_code::kConfig;
  }
  std::puts("settings are good");
  return exit_code::kOk;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace diemcau::agent;
  const auto parsed = parseOptions(argc, argv);
  switch (parsed.what) {
    case Parsed::Do::kExit:
      std::fputs(parsed.output.c_str(), parsed.code == 0 ? stdout : stderr);
      return parsed.code;
    case Parsed::Do::kCheck:
      return checkOnly(parsed.settings);
    case Parsed::Do::kDesk:
      return runDeskCommand(parsed.desk);
    case Parsed::Do::kEnrol:
      return runEnrol(parsed.token, parsed.settings);
    case Parsed::Do::kRun:
      break;
  }
  return runAgent(parsed.settings);
}
