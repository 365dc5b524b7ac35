// Where somebody's roles hold.
#include "coordinator/core/scope.hpp"

#include <algorithm>

namespace diemcau::core {

std::string Identity::actor() const {
  switch (kind) {
    case Kind::kAccount:
      return "account:" + name;
    case Kind::kToken:
      return "token:" + name;
    default:
      return "nobody";
  }
}

Scope Scope::everywhere() {
  Scope scope;
  scope.everywhere_ = true;
  scope.key_ = "*";
  return scope;
}

Scope Scope::of(const std::vector<v1::Grant>& grants, Roles roles) {
  Scope scope;
  for (const v1::Grant& grant : grants) {
    if ((roleBit(grant.role()) & roles) == 0) continue;
    if (grant.area_id().empty()) return everywhere();
    scope.areas_.push_back(grant.area_id());
  }
  std::sort(scope.areas_.begin(), scope.areas_.end());
  scope.areas_.erase(std::unique(scope.areas_.begin(), scope.areas_.end()), scope.areas_.end());
  for (const auto& area : scope.areas_) scope.key_ += area + "/";  // no id has a slash
  return scope;
}

bool Scope::area(std::string_view area_id, const Roster& roster) const {
  if (everywhere_) return true;
  const auto path = roster.pathOf(area_id);
  return std::any_of(path.begin(), path.end(), [this](const std::string& above) {
    return std::binary_search(areas_.begin(), areas_.end(), above);
  });
}

bool Scope::site(std::string_view site_id, const Roster& roster) const {
  if (everywhere_) return true;
  const v1::Site* site = roster.site(site_id);
  return site != nullptr && area(site->area_id(), roster);
}

bool Scope::all(const std::vector<std::string>& site_ids, const Roster& roster) const {
  if (everywhere_) return true;
  return !site_ids.empty() && std::all_of(site_ids.begin(), site_ids.end(),
                                          [&](const std::string& id) { return site(id, roster); });
}

bool Scope::any(const std::vector<std::string>& site_ids, const Roster& roster) const {
  if (everywhere_) return true;
  return std::any_of(site_ids.begin(), site_ids.end(),
                     [&](const std::string& id) { return site(id, roster); });
}

}  // namespace diemcau::core
