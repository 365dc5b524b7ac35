// The command line of diemcau-bench.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace diemcau::bench {

struct Options {
  std::vector<std::string> jobs;  // empty: all
  std::vector<std::size_t> sites = {100, 766, 4000, 16000, 31000};
  std::vector<std::string> systems = {"diemcau", "diemcau-fleet", "floor", "mosquitto", "nats"};
  std::optional<bool> tls;  // nothing: as each job has it
  int rounds = 3, seconds = 10;
  std::string json, out = "build/bench", bin;
};

// Nothing: help was printed, or a mistake; then `code` says how to end.
std::optional<Options> parseOptions(int argc, const char* const* argv, int& code);

}  // namespace diemcau::bench
