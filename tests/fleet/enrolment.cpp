// See enrolment.hpp.
#include "tests/fleet/enrolment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>

#include "base/csv.hpp"
#include "base/json.hpp"
#include "base/settings.hpp"
#include "diemcau/v1/enrolment.pb.h"
#include "net/client.hpp"
#include "tests/fleet/dice.hpp"
#include "wire/enrolment_token.hpp"
#include "wire/proof.hpp"

namespace diemcau::fleet {
namespace {

constexpr std::size_t kThreads = 4, kMostHeld = 4096;
constexpr unsigned kPatienceS = 30;

Result<SiteAccess> enrolOne(const std::string& text, std::uint64_t seed) {
  const auto token = wire::readToken(text);
  if (!token) return tl::unexpected(token.error());
  SiteAccess access{token->url(), toHex(token->fingerprint()), token->signing_key(),
                    siteKey(seed, token->site_id())};
  const bool tls = access.url.starts_with("wss://");
  const auto host = access.url.substr(access.url.find("://") + 3);
  v1::EnrolRequest request;
  request.set_site_id(token->site_id());
  request.set_secret(token->secret());
  request.set_public_key(access.key.publicKey());
  request.set_agent_id(Dice(seed, token->site_id(), "agent").hex(32));
  request.set_signature(
      access.key.sign(wire::enrolProof(token->site_id(), sha256(token->secret()), access.key.publicKey())));
  const auto answer = net::httpRequest(
      "POST", fmt::format("{}://{}/enrol", tls ? "https" : "http", host.substr(0, host.find('/'))),
      toJson(request), {{"Content-Type", "application/json"}}, kPatienceS, {access.fingerprint});
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status != 200)
    return fail(ErrorCode::kDenied, fmt::format("{}: the coordinator answered {}: {}", token->site_id(),
                                                answer->status, answer->body));
  return access;
}

}  // namespace

SigningKey siteKey(std::uint64_t seed, const std::string& site_id) {
  return SigningKey::fromSeed(sha256(fmt::format("diemcau-fleet {} {}", seed, site_id)));
}

Result<std::map<std::string, SiteAccess>> enrolSites(const std::string& csv, std::uint64_t seed,
                                                     const std::vector<std::string>& wanted) {
  auto rows = parseCsv(csv);
  if (!rows) return tl::unexpected(rows.error());
  std::map<std::string, std::string> tokens;
  for (const auto& row : *rows) {
    if (row.fields.size() >= 3 && row.line > 1) tokens[row.fields[0]] = row.fields[2];
  }
  for (const auto& id : wanted) {
    if (!tokens.contains(id)) return fail(ErrorCode::kInvalid, "the file of tokens has none for " + id);
  }
  std::map<std::string, SiteAccess> made;
  std::optional<Error> fault;
  std::mutex mutex;
  std::size_t next = 0;
  std::vector<std::thread> threads;
  for (std::size_t n = 0; n < std::min(kThreads, wanted.size()); ++n) {
    threads.emplace_back([&] {
      for (;;) {
        std::string id;
        {
          const std::lock_guard lock(mutex);
          if (fault || next == wanted.size()) return;
          id = wanted[next++];
        }
        auto access = enrolOne(tokens[id], seed);
        const std::lock_guard lock(mutex);
        if (access) {
          made.emplace(id, std::move(*access));
        } else {
          fault = access.error();
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  if (fault) return tl::unexpected(*fault);
  return made;
}

Result<std::map<std::string, SiteAccess>> enrolAll(const Options& options) {
  constexpr std::size_t kMostTokens = 64 * 1024 * 1024;
  auto csv = readFile(options.tokens, kMostTokens);
  if (!csv) return tl::unexpected(csv.error());
  std::vector<std::string> ids;
  for (const SiteEntry& entry : options.sites) ids.push_back(entry.id);
  return enrolSites(*csv, options.seed, ids);
}

bool SharedVerifier::holds(std::string_view message, std::string_view signature,
                           const std::string& public_key) {
  std::string all = public_key;
  all.append(signature).append(message);
  if (held_.contains(all)) return true;
  if (!verifySignature(message, signature, public_key)) return false;
  if (held_.size() >= kMostHeld) held_.clear();
  held_.insert(std::move(all));
  return true;
}

}  // namespace diemcau::fleet
