// Which key each site has: tokens to come by one, the keys themselves, and who may come in. Belongs to the
// loop's thread; state is in memory and, as objects, in the store.
//
// A token is one site's, for one use, and known here by its hash alone. A new key takes the place of the old
// one; a revoked site keeps its entry, so that the reason is there.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/result.hpp"
#include "base/signing.hpp"
#include "base/time.hpp"
#include "coordinator/auth/site_watch.hpp"
#include "coordinator/core/core.hpp"
#include "diemcau/v1/enrolment.pb.h"
#include "diemcau/v1/link.pb.h"

namespace diemcau::auth {

// How a connection is closed, and what its log says.
struct Refusal {
  std::uint16_t code = 0;  // 4401 not authenticated, 4403 not allowed
  std::string reason;
};

class SiteRegistry {
 public:
  static constexpr Micros kTokenCounts = 24 * kHour;
  static constexpr std::uint16_t kNotAuthenticated = 4401, kNotAllowed = 4403;

  struct Settings {
    bool required = true;     // false: a site without a key may connect
    std::string signing_key;  // the coordinator's public key, for tokens
  };
  // `core` for its roster.
  SiteRegistry(Settings settings, const core::Core& core, Audit audit);

  // Where tokens send the sites, once it is known. An empty url: no token can be made, and why.
  void reachable(std::string url, std::string fingerprint, std::string why_not = {});

  // False: the bytes are not what the kind says. `kinds` of others are not taken.
  static bool mine(std::string_view kind) { return kind == "enrolment_token" || kind == "site_key"; }
  bool restore(std::string_view kind, std::string_view id, std::string_view body);

  // People's acts. What has to be stored is added to the batch; nothing has changed on an error.
  Result<v1::IssuedTokens> issue(const v1::IssueTokens& wish, const std::string& actor, Micros now,
                                 core::StoreBatch& out);
  Done revoke(const v1::RevokeSite& wish, const std::string& actor, Micros now, core::StoreBatch& out);
  v1::SiteIdentity identity(std::string_view site_id, Micros now) const;

  // A site's own acts. `replaced`: it had another key before, whose link has to be closed.
  Result<v1::EnrolReply> enrol(const v1::EnrolRequest& request, const std::string& address, Micros now,
                               core::StoreBatch& out, bool& replaced);

  // A hello: what its sender has to sign (empty: nothing), or why it is sent away.
  tl::expected<std::string, Refusal> challenge(const v1::Hello& hello, const std::string& address,
                                               Micros now);
  // Its answer. `fingerprint`: of the TLS key that this connection was shown.
  std::optional<Refusal> check(const v1::Hello& hello, std::string_view nonce, std::string_view signature,
                               const std::string& fingerprint, const std::string& address, Micros now);

 private:
  const v1::SiteKey* key(std::string_view site_id) const;
  Result<std::vector<std::string>> chosen(const v1::IssueTokens& wish) const;
  std::string newToken(const std::string& site_id, const std::string& actor, Micros now,
                       core::StoreBatch& out);
  Done tokenAdmits(const v1::EnrolRequest& request, Micros now) const;
  Refusal refuse(const v1::Hello& hello, const std::string& address, std::uint16_t code,
                 const std::string& reason, Micros now);

  Settings settings_;
  const core::Core& core_;
  SiteWatch watch_;
  std::string url_, fingerprint_, why_not_ = "the coordinator does not listen yet";
  std::map<std::string, v1::SiteKey, std::less<>> keys_;
  std::map<std::string, v1::StoredToken, std::less<>> tokens_;
};

}  // namespace diemcau::auth
