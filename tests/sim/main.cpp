// diemcau-sim: plays briefings by seed and checks each. See options.cpp for what it takes.
#include <chrono>
#include <cstdio>
#include <fstream>

#include "tests/sim/checker.hpp"
#include "tests/sim/options.hpp"
#include "tests/sim/quiet.hpp"

namespace {

double secondsSince(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

}  // namespace

int main(int argc, char** argv) {
  using namespace diemcau::sim;
  int code = 0;
  const auto options = readOptions(argc, argv, code);
  if (!options) return code;
  silenceLogs();
  std::uint64_t failed = 0;
  const auto began = std::chrono::steady_clock::now();
  for (auto seed = options->first; seed <= options->last; ++seed) {
    const auto started = std::chrono::steady_clock::now();
    const auto run = play({.seed = seed, .sites = options->sites});
    const double played = secondsSince(started);
    const auto violations = checkAll(run->history, run->ending);
    if (seed == options->last && !options->history.empty()) {
      std::ofstream out(options->history);
      run->history.print(out);
      for (const auto& violation : violations) out << "VIOLATION " << lineOf(violation) << '\n';
    }
    if (options->verbose)
      std::printf("seed %llu: %.2f s, %.2f s with the check, %llu steps, %zu events, %zu records\n",
                  static_cast<unsigned long long>(seed), played, secondsSince(started),
                  static_cast<unsigned long long>(run->ending.events), run->history.events().size(),
                  run->ending.ledger.size());
    if (violations.empty()) continue;
    ++failed;
    std::printf("seed %llu FAILED; again: diemcau-sim --seeds %llu --sites %d --history FILE\n",
                static_cast<unsigned long long>(seed), static_cast<unsigned long long>(seed), options->sites);
    for (const auto& violation : violations) std::printf("  %s\n", lineOf(violation).c_str());
    std::fflush(stdout);
  }
  const auto seeds = options->last - options->first + 1;
  std::printf("seeds %llu..%llu of %d sites: %llu passed, %llu failed in %.0f s\n",
              static_cast<unsigned long long>(options->first), static_cast<unsigned long long>(options->last),
              options->sites, static_cast<unsigned long long>(seeds - failed),
              static_cast<unsigned long long>(failed), secondsSince(began));
  return failed == 0 ? 0 : 1;
}
