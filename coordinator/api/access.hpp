// Who may do what: one table of every route, with the roles it admits, whether it changes anything, and where
// the role must hold. A route that is not in it is refused. tests/unit/coordinator/api/access_test.cpp holds
// it to the routes there are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "coordinator/core/people.hpp"
#include "coordinator/core/scope.hpp"

namespace diemcau::api {

struct Access {
  enum class Door {
    kPublic,    // anybody: health, the page itself, signing in
    kSignedIn,  // whoever is known, with any role or none
    kRoles,     // one of `roles`
  };
  enum class Where {
    kSites,       // the role must hold for the sites concerned; of what is shown, those outside are left out
    kWhole,       // the role must hold for all sites of the session
    kEverywhere,  // the role must hold everywhere
  };
  std::string_view method;  // "WS": the live view
  std::string_view pattern;
  Door door = Door::kRoles;
  core::Roles roles = 0;
  bool changes = false;
  Where where = Where::kSites;
};

constexpr core::Roles kViewer = core::roleBit(v1::Role::viewer),
                      kOperator = core::roleBit(v1::Role::operator_), kAdmin = core::roleBit(v1::Role::admin),
                      kAuditor = core::roleBit(v1::Role::auditor);
constexpr core::Roles kLookers = kViewer | kOperator | kAdmin | kAuditor, kSteerers = kOperator | kAdmin;

const std::vector<Access>& accessTable();
// Null: the route is not in the table.
const Access* accessOf(std::string_view method, std::string_view pattern);

// Where `who` may use this route; an error says why not at all.
Result<core::Scope> admit(const core::Identity& who, const Access& access);

}  // namespace diemcau::api
