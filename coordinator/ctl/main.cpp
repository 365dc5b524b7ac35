// The operators' command line.
#include <unistd.h>

#include <clocale>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include "coordinator/ctl/command_line.hpp"
#include "coordinator/ctl/terminal.hpp"

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  std::signal(SIGPIPE, SIG_DFL);  // "diemcau site list | head" ends quietly
  using namespace diemcau::ctl;
  const TerminalSize size = terminalSize(STDOUT_FILENO);
  const Surroundings around{std::cout,
                            std::cerr,
                            [](const char* name) {
                              const char* value = std::getenv(name);
                              return std::string(value == nullptr ? "" : value);
                            },
                            isTerminal(STDOUT_FILENO),
                            size.width,
                            size.height};
  return run(std::vector<std::string>(argv + 1, argv + argc), around);
}
