// Simulated sites' keys: each made from the seed, taken to the coordinator with a token as a real agent does.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/result.hpp"
#include "base/signing.hpp"
#include "diemcau/v1/assignment.pb.h"
#include "tests/fleet/options.hpp"

namespace diemcau::fleet {

struct SiteAccess {
  std::string url, fingerprint;  // of the coordinator's TLS key, hex
  std::string signing_key;       // the coordinator's
  SigningKey key;                // the site's
};

SigningKey siteKey(std::uint64_t seed, const std::string& site_id);

// Enrols the sites of a CSV file as `diemcau site enrol --out` writes it, several at a time. Blocks. Sites of
// the file that are not wanted are left out; one that is wanted and not in it, or refused, is an error.
Result<std::map<std::string, SiteAccess>> enrolSites(const std::string& csv, std::uint64_t seed,
                                                     const std::vector<std::string>& wanted);

// What --tokens asks for.
Result<std::map<std::string, SiteAccess>> enrolAll(const Options& options);

// In reality each site checks the plan's signature on a computer of its own; here one remembers for all.
class SharedVerifier {
 public:
  bool holds(std::string_view message, std::string_view signature, const std::string& public_key);

 private:
  std::unordered_set<std::string> held_;
};

}  // namespace diemcau::fleet
