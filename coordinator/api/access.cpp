// Who may do what.
#include "coordinator/api/access.hpp"

namespace diemcau::api {
namespace {

using Door = Access::Door;
using Where = Access::Where;

Access open(std::string_view method, std::string_view pattern, bool changes = false) {
  return {method, pattern, Door::kPublic, 0, changes, Where::kSites};
}
Access own(std::string_view method, std::string_view pattern) {
  return {method, pattern, Door::kSignedIn, 0, method != "GET", Where::kSites};
}
Access look(std::string_view pattern, Where where = Where::kSites) {
  return {"GET", pattern, Door::kRoles, kLookers, false, where};
}
Access steer(std::string_view method, std::string_view pattern, Where where = Where::kSites) {
  return {method, pattern, Door::kRoles, kSteerers, true, where};
}
Access manage(std::string_view method, std::string_view pattern) {
  return {method, pattern, Door::kRoles, kAdmin, method != "GET", Where::kEverywhere};
}
Access audit(std::string_view pattern) {
  return {"GET", pattern, Door::kRoles, kAuditor | kAdmin, false, Where::kEverywhere};
}

std::vector<Access> table() {
  return {
      // Health, the page and what it needs to show its sign-in form: nothing of a conference is in them.
      open("GET", "/healthz"),
      open("GET", "/readyz"),
      open("GET", "/"),
      open("GET", "/assets/{name}"),
      open("POST", "/api/v1/sign-in", true),

      own("POST", "/api/v1/sign-out"),
      own("GET", "/api/v1/me"),
      own("POST", "/api/v1/me/password"),
      own("POST", "/api/v1/me/totp"),
      own("POST", "/api/v1/me/totp/confirm"),
      own("POST", "/api/v1/me/totp/off"),

      manage("GET", "/api/v1/accounts"),
      manage("POST", "/api/v1/accounts"),
      manage("PUT", "/api/v1/accounts/{name}"),
      manage("POST", "/api/v1/accounts/{name}/password"),
      manage("POST", "/api/v1/accounts/{name}/totp-off"),
      manage("POST", "/api/v1/accounts/{name}/sign-out"),
      manage("GET", "/api/v1/tokens"),
      manage("POST", "/api/v1/tokens"),
      manage("DELETE", "/api/v1/tokens/{name}"),
      manage("POST", "/api/v1/sites/enrol"),
      manage("POST", "/api/v1/sites/{id}/enrol"),
      manage("POST", "/api/v1/sites/{id}/revoke"),
      audit("/api/v1/audit"),
      audit("/api/v1/audit/verify"),

      look("/metrics", Where::kEverywhere),
      look("/api/v1/roster"),
      look("/api/v1/roster/areas.csv", Where::kEverywhere),
      look("/api/v1/roster/sites.csv", Where::kEverywhere),
      look("/api/v1/roster/delegates.csv", Where::kEverywhere),
      look("/api/v1/sessions"),
      look("/api/v1/sessions/{id}"),
      look("/api/v1/sessions/{id}/sites"),
      look("/api/v1/sessions/{id}/alarms"),
      look("/api/v1/sessions/{id}/alarms/history"),
      look("/api/v1/sessions/{id}/texts"),
      look("/api/v1/sessions/{id}/timeline"),
      look("/api/v1/sessions/{id}/report", Where::kWhole),
      look("/api/v1/sessions/{id}/report.html", Where::kWhole),
      look("/api/v1/sessions/{id}/view"),
      look("/api/v1/sessions/{id}/replay"),
      look("/api/v1/sessions/{id}/attendance"),
      look("/api/v1/sessions/{id}/attendance/delegates"),
      look("/api/v1/sessions/{id}/attendance.csv", Where::kWhole),
      look("/api/v1/sessions/{id}/checkins.csv", Where::kWhole),
      look("/api/v1/sites"),
      look("/api/v1/sites/{id}"),
      look("/api/v1/sites/{id}/texts"),
      look("/api/v1/sites/{id}/history"),
      look("/api/v1/sites/{id}/thumbnail.jpg"),
      look("/api/v1/thumbnails"),
      look("/api/v1/templates"),
      look("/api/v1/alarms"),
      {"WS", "/api/v1/view", Door::kRoles, kLookers, false, Where::kSites},

      steer("POST", "/api/v1/roster/import", Where::kEverywhere),
      steer("POST", "/api/v1/sessions"),
      steer("PUT", "/api/v1/sessions/{id}"),
      steer("POST", "/api/v1/sessions/{id}/schedule"),
      steer("POST", "/api/v1/sessions/{id}/rehearse"),
      steer("POST", "/api/v1/sessions/{id}/stop_rehearsal"),
      steer("POST", "/api/v1/sessions/{id}/arm"),
      steer("POST", "/api/v1/sessions/{id}/disarm"),
      steer("POST", "/api/v1/sessions/{id}/go"),
      steer("POST", "/api/v1/sessions/{id}/pause"),
      steer("POST", "/api/v1/sessions/{id}/resume"),
      steer("POST", "/api/v1/sessions/{id}/end"),
      steer("POST", "/api/v1/sessions/{id}/close"),
      steer("POST", "/api/v1/sessions/{id}/cancel"),
      steer("POST", "/api/v1/sessions/{id}/waive"),
      steer("POST", "/api/v1/sessions/{id}/attendance"),
      steer("POST", "/api/v1/sessions/{id}/attendance/remind"),
      steer("POST", "/api/v1/sessions/copy"),
      steer("POST", "/api/v1/templates"),
      steer("DELETE", "/api/v1/templates/{id}"),
      steer("POST", "/api/v1/feeds/test"),
      steer("POST", "/api/v1/sites/check"),
      steer("POST", "/api/v1/sites/pin"),
      steer("POST", "/api/v1/texts"),
      steer("POST", "/api/v1/alarms/{id}/ack"),
      steer("POST", "/api/v1/alarms/{id}/shelve"),
      steer("POST", "/api/v1/alarms/{id}/unshelve"),
  };
}

std::string rolesInWords(core::Roles roles) {
  std::string out;
  for (const auto role : {v1::Role::viewer, v1::Role::operator_, v1::Role::admin, v1::Role::auditor}) {
    if ((core::roleBit(role) & roles) != 0) out += (out.empty() ? "" : ", ") + v1::Role::Name_Name(role);
  }
  return out;
}

}  // namespace

const std::vector<Access>& accessTable() {
  static const std::vector<Access> kTable = table();
  return kTable;
}

const Access* accessOf(std::string_view method, std::string_view pattern) {
  for (const Access& one : accessTable())
    if (one.method == method && one.pattern == pattern) return &one;
  return nullptr;
}

Result<core::Scope> admit(const core::Identity& who, const Access& access) {
  if (access.door == Door::kPublic) return core::Scope();
  if (who.isNobody()) return fail(ErrorCode::kNotSignedIn, "sign in first", "hãy đăng nhập trước");
  if (access.door == Door::kSignedIn) return core::Scope();
  core::Scope scope = core::Scope::of(who.grants, access.roles);
  if (scope.none()) {
    const std::string roles = rolesInWords(access.roles);
    return fail(ErrorCode::kDenied, "this needs one of the roles: " + roles,
                "việc này cần một trong các vai trò: " + roles);
  }
  if (access.where == Where::kEverywhere && !scope.isEverywhere())
    return fail(ErrorCode::kDenied, "this needs a role that holds everywhere, and yours holds in some areas",
                "việc này cần vai trò ở mọi nơi, vai trò của bạn chỉ ở một số địa bàn");
  return scope;
}

}  // namespace diemcau::api
