// See site_registry.hpp.
#include "coordinator/auth/site_registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "wire/enrolment_token.hpp"
#include "wire/proof.hpp"

namespace diemcau::auth {
namespace {

constexpr std::size_t kMostReason = 500, kKeyIdBytes = 8;

std::string keyId(const std::string& public_key) {
  return toHex(sha256(public_key).substr(0, kKeyIdBytes));
}

void put(core::StoreBatch& out, const char* kind, const std::string& id,
         const google::protobuf::Message& message) {
  out.puts.push_back({kind, id, "", message.SerializeAsString()});
}

// What is told to whoever brings a token that is not known: the same for every site, known or not.
tl::unexpected<Error> unknownToken() {
  return fail(ErrorCode::kDenied,
              "this token is not known here, or a newer one took its place: ask the centre for a new one",
              "mã ghi danh không đúng hoặc đã có mã mới thay thế: hãy xin trung tâm mã mới");
}

}  // namespace

SiteRegistry::SiteRegistry(Settings settings, const core::Core& core, Audit audit)
    : settings_(std::move(settings)), core_(core), watch_(std::move(audit)) {}

void SiteRegistry::reachable(std::string url, std::string fingerprint, std::string why_not) {
  url_ = std::move(url);
  fingerprint_ = std::move(fingerprint);
  why_not_ = std::move(why_not);
}

bool SiteRegistry::restore(std::string_view kind, std::string_view id, std::string_view body) {
  const std::string bytes(body);
  if (kind == "site_key") return keys_[std::string(id)].ParseFromString(bytes);
  return tokens_[std::string(id)].ParseFromString(bytes);
}

const v1::SiteKey* SiteRegistry::key(std::string_view site_id) const {
  const auto found = keys_.find(site_id);
  return found == keys_.end() ? nullptr : &found->second;
}

// ---- people

Result<std::vector<std::string>> SiteRegistry::chosen(const v1::IssueTokens& wish) const {
  std::set<std::string> sites;
  for (const auto& id : wish.site_ids()) {
    if (core_.roster().site(id) == nullptr)
      return fail(ErrorCode::kNotFound, "the roster has no site \"" + id + "\"",
                  "danh sách không có điểm cầu \"" + id + "\"");
    sites.insert(id);
  }
  if (wish.all()) {
    for (const auto& [id, site] : core_.roster().sites()) {
      const auto* known = key(id);
      if (known == nullptr || known->revoked_us() != 0) sites.insert(id);
    }
  }
  if (sites.empty() && !wish.all())
    return fail(ErrorCode::kInvalid, "no site is named", "chưa nêu điểm cầu nào");
  return std::vector<std::string>(sites.begin(), sites.end());
}

std::string SiteRegistry::newToken(const std::string& site_id, const std::string& actor, Micros now,
                                   core::StoreBatch& out) {
  v1::EnrolmentToken token;
  token.set_url(url_);
  token.set_fingerprint(fingerprint_);
  token.set_signing_key(settings_.signing_key);
  token.set_site_id(site_id);
  token.set_secret(randomBytes(kHashBytes));
  v1::StoredToken stored;
  stored.set_site_id(site_id);
  stored.set_secret_hash(sha256(token.secret()));
  stored.set_issued_us(now);
  stored.set_issued_by(actor);
  stored.set_expires_us(now + kTokenCounts);
  put(out, "enrolment_token", site_id, stored);
  tokens_[site_id] = std::move(stored);
  return wire::writeToken(token);
}

Result<v1::IssuedTokens> SiteRegistry::issue(const v1::IssueTokens& wish, const std::string& actor,
                                             Micros now, core::StoreBatch& out) {
  if (url_.empty())
    return fail(ErrorCode::kConflict, "no token can be made: " + why_not_,
                "chưa tạo được mã ghi danh: " + why_not_);
  const auto sites = chosen(wish);
  if (!sites) return tl::unexpected(sites.error());
  v1::IssuedTokens issued;
  for (const auto& id : *sites) {
    auto& one = *issued.add_tokens();
    one.set_site_id(id);
    one.set_site_name(core_.roster().site(id)->name());
    one.set_token(newToken(id, actor, now, out));
    one.set_expires_us(now + kTokenCounts);
  }
  return issued;
}

Done SiteRegistry::revoke(const v1::RevokeSite& wish, const std::string& actor, Micros now,
                          core::StoreBatch& out) {
  const auto reason = cleanText(wish.reason(), kMostReason, "reason");
  if (!reason) return tl::unexpected(reason.error());
  if (reason->empty()) return fail(ErrorCode::kInvalid, "a reason is needed", "cần ghi lý do");
  const auto known = keys_.find(wish.site_id());
  const auto token = tokens_.find(wish.site_id());
  if (known == keys_.end() && token == tokens_.end())
    return fail(ErrorCode::kNotFound, "the site \"" + wish.site_id() + "\" has no key and no token",
                "điểm cầu \"" + wish.site_id() + "\" chưa có khóa và chưa có mã ghi danh");
  // A token that is out would let it in again.
  if (token != tokens_.end()) {
    out.removes.push_back({"enrolment_token", wish.site_id()});
    tokens_.erase(token);
  }
  auto& entry = keys_[wish.site_id()];
  entry.set_site_id(wish.site_id());
  if (entry.revoked_us() != 0) return {};
  entry.set_revoked_us(now);
  entry.set_revoked_by(actor);
  entry.set_reason(*reason);
  put(out, "site_key", wish.site_id(), entry);
  return {};
}

v1::SiteIdentity SiteRegistry::identity(std::string_view site_id, Micros now) const {
  v1::SiteIdentity out;
  const auto token = tokens_.find(site_id);
  if (token != tokens_.end()) {
    out.set_state(v1::SiteIdentity::invited);
    out.set_since_us(token->second.issued_us());
    out.set_token_open(token->second.used_by_key().empty() && now < token->second.expires_us());
  }
  if (const auto* known = key(site_id)) {
    const bool revoked = known->revoked_us() != 0;
    out.set_state(revoked ? v1::SiteIdentity::revoked : v1::SiteIdentity::enrolled);
    out.set_since_us(revoked ? known->revoked_us() : known->enrolled_us());
    if (!known->public_key().empty()) out.set_key_id(keyId(known->public_key()));
    out.set_reason(known->reason());
  }
  return out;
}

// ---- sites

Done SiteRegistry::tokenAdmits(const v1::EnrolRequest& request, Micros now) const {
  const auto found = tokens_.find(request.site_id());
  const std::string hash = sha256(request.secret());
  if (found == tokens_.end() || !equalSecrets(hash, found->second.secret_hash())) return unknownToken();
  const auto& token = found->second;
  // The same key again: its answer was lost on the way.
  if (!token.used_by_key().empty() && token.used_by_key() != request.public_key())
    return fail(ErrorCode::kDenied, "this token was used already: ask the centre for a new one",
                "mã ghi danh đã được dùng: hãy xin trung tâm mã mới");
  if (now >= token.expires_us())
    return fail(ErrorCode::kDenied, "this token has expired: ask the centre for a new one",
                "mã ghi danh đã hết hạn: hãy xin trung tâm mã mới");
  if (core_.roster().site(request.site_id()) == nullptr)
    return fail(ErrorCode::kDenied, "the roster has no site \"" + request.site_id() + "\" any more",
                "danh sách không còn điểm cầu \"" + request.site_id() + "\"");
  if (!verifySignature(wire::enrolProof(request.site_id(), hash, request.public_key()), request.signature(),
                       request.public_key()))
    return fail(ErrorCode::kInvalid, "the key does not sign for itself", "khóa không tự chứng thực được");
  return {};
}

Result<v1::EnrolReply> SiteRegistry::enrol(const v1::EnrolRequest& request, const std::string& address,
                                           Micros now, core::StoreBatch& out, bool& replaced) {
  if (auto ok = tokenAdmits(request, now); !ok) {
    watch_.refused("site.enrol", validId(request.site_id()) ? request.site_id() : "", address,
                   ok.error().text, now);
    return tl::unexpected(ok.error());
  }
  auto& token = tokens_.find(request.site_id())->second;
  auto& entry = keys_[request.site_id()];
  replaced = !entry.public_key().empty() && entry.public_key() != request.public_key();
  const bool again =
      token.used_by_key() == request.public_key() && entry.public_key() == request.public_key();
  v1::EnrolReply reply;
  reply.set_site_id(request.site_id());
  reply.set_site_name(core_.roster().site(request.site_id())->name());
  reply.set_key_id(keyId(request.public_key()));
  if (again) return reply;
  entry.Clear();
  entry.set_site_id(request.site_id());
  entry.set_public_key(request.public_key());
  entry.set_enrolled_us(now);
  entry.set_agent_id(cleanText(request.agent_id(), 64, "agent_id").value_or(""));
  token.set_used_by_key(request.public_key());
  put(out, "site_key", request.site_id(), entry);
  put(out, "enrolment_token", request.site_id(), token);
  watch_.done("site.enrol", request.site_id(), address,
              fmt::format("key {}{}", reply.key_id(), replaced ? ", in place of another" : ""), now);
  return reply;
}

Refusal SiteRegistry::refuse(const v1::Hello& hello, const std::string& address, std::uint16_t code,
                             const std::string& reason, Micros now) {
  watch_.refused("site.hello", hello.site_id(), address, reason, now);
  return {code, reason};
}

tl::expected<std::string, Refusal> SiteRegistry::challenge(const v1::Hello& hello, const std::string& address,
                                                           Micros now) {
  const auto* known = key(hello.site_id());
  if (core_.roster().site(hello.site_id()) == nullptr && (settings_.required || known != nullptr))
    return tl::unexpected(refuse(hello, address, kNotAllowed, "the roster has no such site", now));
  if (known != nullptr && known->revoked_us() != 0)
    return tl::unexpected(
        refuse(hello, address, kNotAllowed, "the site's key was revoked: " + known->reason(), now));
  if (known != nullptr) return randomBytes(wire::kNonceBytes);
  if (!settings_.required) return std::string();
  return tl::unexpected(refuse(hello, address, kNotAuthenticated,
                               "the site is not enrolled: diemcau site enrol, then diemcau-agent enrol TOKEN",
                               now));
}

std::optional<Refusal> SiteRegistry::check(const v1::Hello& hello, std::string_view nonce,
                                           std::string_view signature, const std::string& fingerprint,
                                           const std::string& address, Micros now) {
  const auto* known = key(hello.site_id());
  // It may have been revoked, or enrolled anew, while the challenge was on its way.
  const bool holds =
      known != nullptr && known->revoked_us() == 0 &&
      verifySignature(wire::helloProof(hello, nonce, fingerprint), signature, known->public_key());
  if (holds) return std::nullopt;
  return refuse(hello, address, kNotAuthenticated, "the signature is not of the site's key", now);
}

}  // namespace diemcau::auth
