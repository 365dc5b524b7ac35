// The exact bytes that are signed, each kind under a prefix of its own, so that a signature for one purpose
// is worth nothing for another. Every part goes behind its length: no two lists of parts give the same bytes.
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "diemcau/v1/link.pb.h"

namespace diemcau::wire {

constexpr std::size_t kNonceBytes = 32;

// By the site's key, on each connect. `fingerprint`: of the TLS key that this end sees the coordinator show,
// hex; empty without TLS. A middleman who shows another key cannot hand the answer on.
std::string helloProof(const v1::Hello& hello, std::string_view nonce, std::string_view fingerprint);

// By the site's new key, in an EnrolRequest. Bound to the secret without telling it.
std::string enrolProof(std::string_view site_id, std::string_view secret_hash, std::string_view public_key);

// By the coordinator's key.
std::string planProof(std::string_view plan, Micros expires);
std::string ownProof(std::string_view site_id, std::string_view own, Micros expires);
std::string rosterProof(std::string_view site_id, std::string_view roster, Micros expires);

}  // namespace diemcau::wire
