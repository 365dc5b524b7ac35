// See options.hpp.
#include "tests/bench/options.hpp"

#include <CLI/CLI.hpp>

#include "tests/bench/jobs.hpp"

namespace diemcau::bench {

std::optional<Options> parseOptions(int argc, const char* const* argv, int& code) {
  Options options;
  std::string transport;
  std::vector<std::string> jobs;
  for (const auto& kind : jobKinds()) jobs.push_back(kind.name);
  CLI::App app(
      "What the coordinator costs, beside a floor and two brokers, on this machine. Asserts nothing.",
      "tests/bench/run");
  app.add_option("JOB", options.jobs, "launch, ingest, reconnect, memory, checkins, view; none: all")
      ->check(CLI::IsMember(jobs));
  app.add_option("--sites", options.sites, "how many, one or several: 100,766")
      ->delimiter(',')
      ->check(CLI::Range(std::size_t{1}, std::size_t{60'000}))
      ->capture_default_str();
  app.add_option("--rounds", options.rounds, "all systems in turn, so often")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--systems", options.systems, "only these")
      ->delimiter(',')
      ->check(CLI::IsMember(options.systems))
      ->capture_default_str();
  app.add_option("--transport", transport, "plain or tls; not said: as each job has it")
      ->check(CLI::IsMember({"plain", "tls"}));
  app.add_option("--seconds", options.seconds, "of measuring, for ingest")
      ->check(CLI::Range(1, 600))
      ->capture_default_str();
  app.add_option("--json", options.json, "everything that was measured, with the machine and the versions");
  app.add_option("--out", options.out, "directory of bench.csv and bench.svg")->capture_default_str();
  app.add_option("--bin", options.bin, "directory of the programs; not said: where this one is");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    code = app.exit(error) == 0 ? 0 : 64;
    return std::nullopt;
  }
  if (!transport.empty()) options.tls = transport == "tls";
  return options;
}

}  // namespace diemcau::bench
