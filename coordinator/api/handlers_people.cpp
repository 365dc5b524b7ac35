// Routes of signing in, accounts, tokens and the audit log.
#include <charconv>

#include "base/json.hpp"
#include "coordinator/api/handlers.hpp"
#include "coordinator/api/problem.hpp"

namespace diemcau::api {
namespace {

tl::unexpected<Error> noAccounts() {
  return fail(
      ErrorCode::kConflict,
      "there are no accounts yet: stop the coordinator and make the first with diemcau-coordinator init",
      "chưa có tài khoản nào: hãy dừng bộ điều phối và tạo tài khoản đầu tiên bằng diemcau-coordinator init");
}

std::uint64_t number(const std::string& text, std::uint64_t otherwise) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : otherwise;
}

}  // namespace

// With the answer's head made from the reply, which may take a secret out of it.
void Handlers::people(Call call, const v1::PeopleAct& act, PeopleShape shape) {
  if (ports_.people == nullptr || ports_.people->open())
    return desk_.answer(std::move(call.respond), problem(noAccounts().value()));
  ports_.people->act(call.who, act,
                     [respond = std::move(call.respond), shape](Result<v1::PeopleReply> reply) {
                       if (!reply) return respond(problem(reply.error()));
                       net::HttpResponse response;
                       if (shape) response = shape(*reply);
                       response.headers.emplace_back("Cache-Control", "no-store");
                       if (response.body.empty()) response.body = toJson(*reply);
                       respond(std::move(response));
                     });
}

void Handlers::signIn(Call call) {
  v1::PeopleAct act;
  if (!desk_.body(call, *act.mutable_sign_in())) return;
  const bool cookie = act.sign_in().cookie();
  people(std::move(call), act, [this, cookie](v1::PeopleReply& reply) {
    if (!reply.needs().empty()) {
      const bool code = reply.needs() == "code";
      return problem(401, reply.needs() + "_needed",
                     Error{ErrorCode::kNotSignedIn,
                           code ? "the account has a second factor: sign in again with its code"
                                : "the password was for one sign-in: sign in again and give a new one",
                           code ? "tài khoản có xác nhận hai bước: hãy đăng nhập kèm mã"
                                : "mật khẩu chỉ dùng một lần: hãy đăng nhập lại kèm mật khẩu mới"});
    }
    net::HttpResponse response;
    if (cookie) {
      response.headers.emplace_back("Set-Cookie", gate_.cookie(reply.secret()));
      reply.clear_secret();
    }
    return response;
  });
}

void Handlers::signOut(Call call) {
  v1::PeopleAct act;
  act.mutable_sign_out();
  people(std::move(call), act, [this](v1::PeopleReply&) {
    net::HttpResponse response;
    response.headers.emplace_back("Set-Cookie", gate_.cookie(""));
    return response;
  });
}

void Handlers::me(Call call) {
  auto me = std::make_shared<v1::Me>();
  if (ports_.people != nullptr) *me = ports_.people->me(call.who);
  if (ports_.people == nullptr) me->set_open(true);
  desk_.answer(std::move(call.respond), std::shared_ptr<const v1::Me>(me));
}

void Handlers::ownAct(Call call, const std::string& what) {
  v1::PeopleAct act;
  bool read = true;
  if (what == "password") read = desk_.body(call, *act.mutable_change_password());
  if (what == "totp") act.mutable_begin_totp();
  if (what == "totp_confirm") read = desk_.body(call, *act.mutable_confirm_totp());
  if (what == "totp_off") read = desk_.body(call, *act.mutable_end_totp());
  if (read) people(std::move(call), act);
}

void Handlers::accounts(Call call) {
  auto list = std::make_shared<v1::AccountList>();
  if (ports_.people != nullptr) *list = ports_.people->accounts();
  desk_.answer(std::move(call.respond), std::shared_ptr<const v1::AccountList>(list));
}

void Handlers::addAccount(Call call) {
  v1::PeopleAct act;
  if (desk_.body(call, *act.mutable_add_account())) people(std::move(call), act);
}

void Handlers::changeAccount(Call call) {
  v1::PeopleAct act;
  auto& change = *act.mutable_change_account();
  if (!desk_.body(call, change) || !sameId(call, call.param("name"), change.mutable_name())) return;
  people(std::move(call), act);
}

void Handlers::accountAct(Call call, const std::string& what) {
  v1::PeopleAct act;
  const std::string name = call.param("name");
  if (what == "password") {
    auto& reset = *act.mutable_reset_password();
    if (!desk_.body(call, reset, true) || !sameId(call, name, reset.mutable_name())) return;
  }
  if (what == "totp_off") act.mutable_reset_totp()->set_name(name);
  if (what == "sign_out") act.mutable_end_sessions()->set_name(name);
  people(std::move(call), act);
}

void Handlers::tokens(Call call) {
  auto list = std::make_shared<v1::TokenList>();
  if (ports_.people != nullptr) *list = ports_.people->tokens();
  desk_.answer(std::move(call.respond), std::shared_ptr<const v1::TokenList>(list));
}

void Handlers::addToken(Call call) {
  v1::PeopleAct act;
  if (desk_.body(call, *act.mutable_add_token())) people(std::move(call), act);
}

void Handlers::revokeToken(Call call) {
  v1::PeopleAct act;
  act.mutable_revoke_token()->set_name(call.param("name"));
  people(std::move(call), act);
}

// ?after=SEQ: entries from there on, oldest first; without it the newest. ?limit=N, at most 1,000.
void Handlers::audit(Call call) {
  if (ports_.people == nullptr) return desk_.answer(std::move(call.respond), problem(noAccounts().value()));
  const std::uint64_t limit = std::min<std::uint64_t>(number(call.query("limit"), 100), 1'000);
  const std::string asked = call.query("after");
  auto respond = std::make_shared<net::Respond>(std::move(call.respond));
  const auto page = [this, respond](Result<v1::AuditPage> found) {
    desk_.answer(*respond, std::move(found));
  };
  if (!asked.empty()) return ports_.people->auditPage(number(asked, 0), limit, page);
  ports_.people->auditPage(~0ULL >> 1U, 1, [this, limit, page, respond](Result<v1::AuditPage> end) {
    if (!end) return desk_.answer(*respond, std::move(end));
    const std::uint64_t newest = end->newest();
    ports_.people->auditPage(newest > limit ? newest - limit : 0, limit, page);
  });
}

void Handlers::auditVerify(Call call) {
  if (ports_.people == nullptr) return desk_.answer(std::move(call.respond), problem(noAccounts().value()));
  auto respond = std::make_shared<net::Respond>(std::move(call.respond));
  ports_.people->auditVerify(
      [this, respond](Result<v1::AuditVerdict> verdict) { desk_.answer(*respond, std::move(verdict)); });
}

}  // namespace diemcau::api
