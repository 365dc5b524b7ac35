// Routes of sites' keys: tokens to enrol with, and revocation.
#include "base/json.hpp"
#include "coordinator/api/handlers.hpp"
#include "coordinator/api/problem.hpp"
#include "net/server.hpp"

namespace diemcau::api {

// False: already answered. What changes who may come in must be on the disk before anybody hears of it.
bool Handlers::keysCanChange(Call& call) {
  if (!ports_.enrolment.issue) {
    desk_.answer(std::move(call.respond), desk_.refused(Error{ErrorCode::kNotFound, "sites have no keys here",
                                                              "ở đây điểm cầu không có khóa"}));
    return false;
  }
  if (ports_.store_healthy()) return true;
  call.respond(problem(Error{ErrorCode::kUnavailable, "the store cannot write now; try again",
                             "Kho dữ liệu chưa ghi được; hãy thử lại"}));
  return false;
}

void Handlers::refuseKeys(Call call, const std::string& act, const std::string& subject, const Error& error) {
  gate_.auditAlone(call.who, act, subject, v1::AuditEntry::failed, error.text);
  desk_.answer(std::move(call.respond), desk_.refused(error));
}

void Handlers::issueTokens(Call call, const v1::IssueTokens& wish) {
  if (!keysCanChange(call)) return;
  const std::string subject = wish.site_ids_size() == 1 ? wish.site_ids(0) : std::string();
  core::Effects effects;
  auto issued = ports_.enrolment.issue(wish, call.who.shown, effects.store);
  if (!issued) return refuseKeys(std::move(call), "site.token", subject, issued.error());
  gate_.audit(call.who, "site.token", subject, v1::AuditEntry::done,
              std::to_string(issued->tokens_size()) + " enrolment tokens", effects.store);
  auto message = std::make_shared<const v1::IssuedTokens>(std::move(*issued));
  ports_.submit(std::move(effects),
                [this, respond = std::move(call.respond), message] { desk_.answer(respond, message); });
}

void Handlers::enrolSites(Call call) {
  v1::IssueTokens wish;
  if (!desk_.body(call, wish)) return;
  issueTokens(std::move(call), wish);
}

void Handlers::enrolSite(Call call) {
  v1::IssueTokens wish;
  wish.add_site_ids(call.param("id"));
  issueTokens(std::move(call), wish);
}

void Handlers::revokeSite(Call call) {
  v1::RevokeSite wish;
  if (!desk_.body(call, wish)) return;
  if (!sameId(call, call.param("id"), wish.mutable_site_id())) return;
  if (!keysCanChange(call)) return;
  core::Effects effects;
  if (auto ok = ports_.enrolment.revoke(wish, call.who.shown, effects.store); !ok)
    return refuseKeys(std::move(call), "site.revoke", wish.site_id(), ok.error());
  gate_.audit(call.who, "site.revoke", wish.site_id(), v1::AuditEntry::done, wish.reason(), effects.store);
  effects.close.push_back({wish.site_id(), net::close_code::kNotAllowed, "the site's key was revoked"});
  auto now_known = std::make_shared<const v1::SiteIdentity>(ports_.enrolment.identity(wish.site_id()));
  ports_.submit(std::move(effects),
                [this, respond = std::move(call.respond), now_known] { desk_.answer(respond, now_known); });
}

// What the core does not know of its sites.
void Handlers::addIdentity(v1::SiteView& site) const {
  if (ports_.enrolment.identity) *site.mutable_identity() = ports_.enrolment.identity(site.site_id());
}

}  // namespace diemcau::api
