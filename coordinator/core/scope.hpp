// Where somebody's roles hold, and what of the centre's view they may see. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "coordinator/core/people.hpp"
#include "coordinator/core/roster.hpp"

namespace diemcau::core {

// Bits of Role::Name.
using Roles = unsigned;
constexpr Roles roleBit(v1::Role::Name role) {
  return role == v1::Role::none ? 0U : 1U << static_cast<unsigned>(role);
}

// Areas with everything below them, or everywhere.
class Scope {
 public:
  // What the grants of one of these roles cover.
  static Scope of(const std::vector<v1::Grant>& grants, Roles roles);
  static Scope everywhere();

  bool none() const { return !everywhere_ && areas_.empty(); }
  bool isEverywhere() const { return everywhere_; }
  bool area(std::string_view area_id, const Roster& roster) const;
  bool site(std::string_view site_id, const Roster& roster) const;
  // Every one of them; nothing is covered by everywhere alone.
  bool all(const std::vector<std::string>& site_ids, const Roster& roster) const;
  bool any(const std::vector<std::string>& site_ids, const Roster& roster) const;

  // Two that see the same have the same key.
  const std::string& key() const { return key_; }

 private:
  bool everywhere_ = false;
  std::vector<std::string> areas_;  // sorted
  std::string key_;
};

}  // namespace diemcau::core
