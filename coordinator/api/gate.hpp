// The gate before every route: who asks, whether the table admits them, whether a browser's change brings its
// CSRF header; and the audit entries of who was turned away. Private to this folder.
#pragma once

#include <string>

#include "coordinator/api/access.hpp"
#include "coordinator/api/api.hpp"
#include "coordinator/api/router.hpp"

namespace diemcau::api {

class Gate {
 public:
  Gate(Ports& ports, const ApiSettings& settings) : ports_(ports), settings_(settings) {}

  // Fills in who asks and where they may; false: turned away, and answered.
  bool pass(std::string_view method, std::string_view pattern, Call& call);
  // The same for the live view, which has no answer to say why; null scope: turned away.
  std::optional<core::Scope> passView(const net::HttpRequest& request, core::Identity& who);
  // The roles of who asks, wherever they hold; none: a stranger.
  core::Roles rolesOf(const net::HttpRequest& request);
  // Still the one that it was, with the same grants.
  bool still(const core::Identity& who) const;

  // For what is refused or done past the gate: with the caller's name and address filled in.
  void audit(const core::Identity& who, const std::string& act, const std::string& subject,
             v1::AuditEntry::Outcome outcome, const std::string& detail, core::StoreBatch& batch);
  void auditAlone(const core::Identity& who, const std::string& act, const std::string& subject,
                  v1::AuditEntry::Outcome outcome, const std::string& detail);

  std::string cookieName() const { return settings_.secure ? "__Host-diemcau" : "diemcau"; }
  // The Set-Cookie of a session; an empty secret ends it.
  std::string cookie(const std::string& secret) const;

 private:
  Result<core::Identity> identify(const net::HttpRequest& request);
  Done check(const Access* access, const net::HttpRequest& request, core::Identity& who, core::Scope& scope);

  Ports& ports_;
  const ApiSettings& settings_;
};

}  // namespace diemcau::api
