// The gate before every route.
#include "coordinator/api/gate.hpp"

#include "base/text.hpp"
#include "coordinator/api/desk.hpp"
#include "coordinator/api/problem.hpp"

namespace diemcau::api {
namespace {

std::string headerOf(const net::HttpRequest& request, const char* name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? std::string() : found->second;
}

std::string bearerOf(const net::HttpRequest& request) {
  const std::string header = headerOf(request, "authorization");
  constexpr std::string_view scheme = "bearer ";
  if (header.size() <= scheme.size()) return {};
  for (std::size_t i = 0; i < scheme.size(); ++i) {
    const char c = header[i];
    if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != scheme[i]) return {};
  }
  return header.substr(scheme.size());
}

std::string cookieOf(const net::HttpRequest& request, const std::string& name) {
  const std::string header = headerOf(request, "cookie");
  for (std::size_t from = 0; from < header.size();) {
    const std::size_t end = std::min(header.find(';', from), header.size());
    std::string_view part(header.data() + from, end - from);
    while (part.starts_with(' ')) part.remove_prefix(1);
    if (part.starts_with(name + "=")) return std::string(part.substr(name.size() + 1));
    from = end + 1;
  }
  return {};
}

// As long as they are the same length this takes the same time whatever they hold.
bool sameSecret(std::string_view a, std::string_view b) {
  unsigned differ = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    differ |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return differ == 0;
}

// Of an attempt that did not come as far as an act of ours.
std::string actName(std::string_view method, std::string_view pattern) {
  std::string out(method);
  out += ' ';
  out += pattern;
  return out;
}

}  // namespace

Result<core::Identity> Gate::identify(const net::HttpRequest& request) {
  core::Credentials credentials{bearerOf(request), cookieOf(request, cookieName()), request.peer};
  if (ports_.people == nullptr || ports_.people->open()) {
    core::Identity who;
    if (ports_.people != nullptr) {
      auto found = ports_.people->identify(credentials, ports_.clock.wall());
      if (!found) return found;
      who = std::move(*found);
    } else {
      who.kind = core::Identity::Kind::kOpen;
      v1::Grant everything;
      everything.set_role(v1::Role::admin);
      who.grants.push_back(everything);
      who.address = request.peer;
    }
    auto name = AnswerDesk::actor(request);
    if (!name) return tl::unexpected(name.error());
    who.shown = *name;
    return who;
  }
  return ports_.people->identify(credentials, ports_.clock.wall());
}

Done Gate::check(const Access* access, const net::HttpRequest& request, core::Identity& who,
                 core::Scope& scope) {
  if (access == nullptr) return fail(ErrorCode::kDenied, "this route is closed", "đường dẫn này đang đóng");
  if (access->door == Access::Door::kPublic) {
    who.address = request.peer;
    return {};
  }
  auto found = identify(request);
  if (!found) {
    who.address = request.peer;
    return tl::unexpected(found.error());
  }
  who = std::move(*found);
  if (access->changes && !who.csrf.empty() && !sameSecret(headerOf(request, "x-diemcau-csrf"), who.csrf))
    return fail(ErrorCode::kDenied, "a change from a browser needs the header X-Diemcau-Csrf of this session",
                "thay đổi từ trình duyệt cần tiêu đề X-Diemcau-Csrf của phiên đăng nhập này");
  auto admitted = admit(who, *access);
  if (!admitted) return tl::unexpected(admitted.error());
  scope = std::move(*admitted);
  return {};
}

bool Gate::pass(std::string_view method, std::string_view pattern, Call& call) {
  const Access* access = accessOf(method, pattern);
  auto ok = check(access, call.request, call.who, call.scope);
  if (ok) return true;
  // Nobody who asks for nothing but to look is told to sign in, and that is all. Everything else is an
  // attempt.
  const bool harmless = call.who.isNobody() && bearerOf(call.request).empty() &&
                        cookieOf(call.request, cookieName()).empty() && access != nullptr && !access->changes;
  if (!harmless) {
    auditAlone(call.who, actName(method, pattern), call.request.path, v1::AuditEntry::refused,
               ok.error().text);
  }
  auto response = problem(ok.error());
  if (response.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"diemcau\"");
  call.respond(std::move(response));
  return false;
}

std::optional<core::Scope> Gate::passView(const net::HttpRequest& request, core::Identity& who) {
  core::Scope scope;
  auto ok = check(accessOf("WS", "/api/v1/view"), request, who, scope);
  if (ok) return scope;
  auditAlone(who, "WS /api/v1/view", "", v1::AuditEntry::refused, ok.error().text);
  return std::nullopt;
}

core::Roles Gate::rolesOf(const net::HttpRequest& request) {
  core::Roles roles = 0;
  if (const auto who = identify(request))
    for (const v1::Grant& grant : who->grants) roles |= core::roleBit(grant.role());
  return roles;
}

bool Gate::still(const core::Identity& who) const {
  if (ports_.people == nullptr) return true;
  const auto now = ports_.people->again(who.ticket, ports_.clock.wall());
  if (!now || now->grants.size() != who.grants.size() || now->kind != who.kind) return false;
  for (std::size_t i = 0; i < who.grants.size(); ++i) {
    if (now->grants[i].role() != who.grants[i].role() || now->grants[i].area_id() != who.grants[i].area_id())
      return false;
  }
  return true;
}

void Gate::audit(const core::Identity& who, const std::string& act, const std::string& subject,
                 v1::AuditEntry::Outcome outcome, const std::string& detail, core::StoreBatch& batch) {
  if (ports_.people == nullptr) return;
  v1::AuditEntry entry;
  entry.set_actor(who.actor());
  entry.set_address(who.address);
  entry.set_act(act);
  entry.set_subject(subject);
  entry.set_outcome(outcome);
  const bool open = who.kind == core::Identity::Kind::kOpen;
  entry.set_detail(open ? "as \"" + who.shown + "\", there are no accounts; " + detail : detail);
  ports_.people->audit(std::move(entry), ports_.clock.wall(), batch);
}

void Gate::auditAlone(const core::Identity& who, const std::string& act, const std::string& subject,
                      v1::AuditEntry::Outcome outcome, const std::string& detail) {
  core::Effects effects;
  audit(who, act, subject, outcome, detail, effects.store);
  if (!effects.store.empty()) ports_.submit(std::move(effects), {});
}

std::string Gate::cookie(const std::string& secret) const {
  std::string out = cookieName() + "=" + secret + "; Path=/; HttpOnly; SameSite=Strict";
  if (settings_.secure) out += "; Secure";
  if (secret.empty()) out += "; Max-Age=0";
  return out;
}

}  // namespace diemcau::api
