// See options.hpp.
#include "tests/sim/options.hpp"

#include <CLI/CLI.hpp>
#include <charconv>

namespace diemcau::sim {
namespace {

bool range(const std::string& text, std::uint64_t& first, std::uint64_t& last) {
  const auto number = [](std::string_view part, std::uint64_t& into) {
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), into);
    return error == std::errc() && end == part.data() + part.size();
  };
  const auto dots = text.find("..");
  if (dots == std::string::npos) return number(text, first) && (last = first, true);
  return number(std::string_view(text).substr(0, dots), first) &&
         number(std::string_view(text).substr(dots + 2), last) && first <= last;
}

}  // namespace

std::optional<SimOptions> readOptions(int argc, char** argv, int& code) {
  SimOptions options;
  std::string seeds = "1..20";
  CLI::App app(
      "Whole briefings on virtual time, one a seed, with faults; the history of each is checked for G1-G8.\n"
      "Exit codes: 0 all held, 1 a guarantee was broken, 64 wrong option.");
  app.add_option("--seeds", seeds, "A..B or one seed")->capture_default_str();
  app.add_option("--sites", options.sites, "halls in the city")
      ->capture_default_str()
      ->check(CLI::Range(2, 2000));
  app.add_flag("--verbose", options.verbose, "say for each seed how long it took and what was in it");
  app.add_option("--history", options.history, "write the history of the last seed to this file");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    code = app.exit(error) == 0 ? 0 : 64;
    return std::nullopt;
  }
  if (!range(seeds, options.first, options.last)) {
    std::cerr << "--seeds " << seeds << ": A..B with A not above B, or one number\n";
    code = 64;
    return std::nullopt;
  }
  return options;
}

}  // namespace diemcau::sim
