// The command line of diemcau-sim.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace diemcau::sim {

struct SimOptions {
  std::uint64_t first = 1, last = 20;
  int sites = 100;
  bool verbose = false;
  std::string history;  // where to write the history of the last seed
};

// Nothing: `code` is what the program must end with.
std::optional<SimOptions> readOptions(int argc, char** argv, int& code);

}  // namespace diemcau::sim
