// The command line of diemcau-fleet.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "tests/fleet/behaviour.hpp"
#include "tests/fleet/clerk.hpp"

namespace diemcau::fleet {

struct SiteEntry {
  std::string id, area;
};

struct Options {
  std::string url;     // empty: as the tokens say
  std::string tokens;  // CSV file; empty: not enrolled
  std::vector<SiteEntry> sites;
  std::uint64_t seed = 1;
  std::string ledger;
  Shares shares;
  Clerk::Habits habits;
  Micros ramp = 0;
  std::string log_level = "info";
};

constexpr int kExitUsage = 64, kExitUnavailable = 69;

struct Parsed {
  Options options;
  bool done = false;  // --help, --version or a mistake: nothing more to do
  int exit_code = 0;
};

// Prints help and mistakes itself.
Parsed parseOptions(int argc, const char* const* argv);

// "site_id" and, where there is one, "area_id" of a CSV file with a header.
Result<std::vector<SiteEntry>> readSiteList(std::string_view csv);

}  // namespace diemcau::fleet
