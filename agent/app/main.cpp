// diemcau-agent: the program of one site.
#include <cstdio>

#include "agent/app/desk_client.hpp"
#include "agent/app/enrol.hpp"
#include "agent/app/options.hpp"
#include "agent/app/run.hpp"

int main(int argc, char** argv) {
  using namespace diemcau::agent;
  const auto parsed = parseOptions(argc, argv);
  switch (parsed.what) {
    case Parsed::Do::kExit:
      std::fputs(parsed.output.c_str(), parsed.code == 0 ? stdout : stderr);
      return parsed.code;
    case Parsed::Do::kCheck:
      std::puts("settings are good");
      return exit_code::kOk;
    case Parsed::Do::kDesk:
      return runDeskCommand(parsed.desk);
    case Parsed::Do::kEnrol:
      return runEnrol(parsed.token, parsed.settings);
    case Parsed::Do::kRun:
      break;
  }
  return runAgent(parsed.settings);
}
