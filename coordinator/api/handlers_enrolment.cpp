// Routes of sites' keys: tokens to enrol with, and revocation.
#include "base/json.hpp"
#include "coordinator/api/handlers.hpp"
#include "coordinator/api/problem.hpp"
#include "net/server.hpp"

namespace diemcau::api {

// False: already answered. What changes who may come in must be on the disk before anybody hears of it.
bool Handlers::keysCanChange(Call& call, std::string& who) {
  auto named = AnswerDesk::actor(call.request);
  if (!named || !ports_.enrolment.issue) {
    desk_.answer(std::move(call.respond),
                 desk_.refused(named ? Error{ErrorCode::kNotFound, "sites have no keys here",
                                             "ở đây điểm cầu không có khóa"}
                                     : named.error()));
    return false;
  }
  if (!ports_.store_healthy()) {
    call.respond(problem(Error{ErrorCode::kUnavailable, "the store cannot write now; try again",
                               "Kho dữ liệu chưa ghi được; hãy thử lại"}));
    return false;
  }
  who = *named;
  return true;
}

void Handlers::issueTokens(Call call, const v1::IssueTokens& wish) {
  std::string who;
  if (!keysCanChange(call, who)) return;
  core::Effects effects;
  auto issued = ports_.enrolment.issue(wish, who, effects.store);
  if (!issued) return desk_.answer(std::move(call.respond), desk_.refused(issued.error()));
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
  std::string who;
  if (!keysCanChange(call, who)) return;
  core::Effects effects;
  if (auto ok = ports_.enrolment.revoke(wish, who, effects.store); !ok)
    return desk_.answer(std::move(call.respond), desk_.refused(ok.error()));
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
