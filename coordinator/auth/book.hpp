// The accounts and tickets there are, as the store has them, and the rules of what may be written there.
// Pure.
//
// Kinds in the store: "account" (by name), "ticket" (by the hash of its secret).
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "coordinator/core/effects.hpp"
#include "diemcau/v1/people.pb.h"

namespace diemcau::auth {

using Grants = google::protobuf::RepeatedPtrField<v1::Grant>;

class Book {
 public:
  static constexpr std::size_t kMostAccounts = 10'000, kMostTokens = 1'000, kMostSessionsEach = 50;
  static constexpr int kMostGrants = 50;

  // At start. False: the bytes are not what `kind` says.
  bool restore(std::string_view kind, std::string_view id, std::string_view body);

  bool empty() const { return accounts_.empty(); }
  const v1::StoredAccount* account(const std::string& name) const;
  const std::map<std::string, v1::StoredAccount>& accounts() const { return accounts_; }
  void put(const v1::StoredAccount& account, core::StoreBatch& batch);
  // Somebody would be left who may do everything everywhere, if `changed` replaced its namesake.
  bool adminRemains(const v1::StoredAccount& changed) const;

  const v1::Ticket* ticket(const std::string& id) const;
  const std::map<std::string, v1::Ticket>& tickets() const { return tickets_; }
  void putTicket(const std::string& id, const v1::Ticket& ticket, core::StoreBatch& batch);
  void removeTicket(const std::string& id, core::StoreBatch& batch);
  // Sessions of the account, but for one; how many.
  std::size_t endSessions(const std::string& account, const std::string& but, core::StoreBatch& batch);
  // The id of the token with this name; empty: there is none.
  std::string tokenId(const std::string& name) const;
  void makeRoomForSession(const std::string& account, core::StoreBatch& batch);
  void sweep(const std::function<bool(const v1::Ticket&)>& over, core::StoreBatch& batch);

 private:
  std::map<std::string, v1::StoredAccount> accounts_;
  std::map<std::string, v1::Ticket> tickets_;
};

// 1-32 of [a-z0-9._-]; upper case is taken for lower case.
Result<std::string> checkedName(std::string_view name);
// At least one; each a role, in an area that is there; admin and auditor everywhere only.
Done checkGrants(const Grants& grants, const std::function<bool(const std::string&)>& known_area);
std::string inWords(const Grants& grants);  // "operator in hn-01, viewer everywhere"

}  // namespace diemcau::auth
