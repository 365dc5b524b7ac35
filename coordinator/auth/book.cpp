// The accounts and tickets there are.
#include "coordinator/auth/book.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace diemcau::auth {
namespace {

template <class Message>
bool parsed(std::string_view body, Message& message) {
  return message.ParseFromArray(body.data(), static_cast<int>(body.size()));
}

bool adminEverywhere(const v1::StoredAccount& stored) {
  const auto& account = stored.account();
  return !account.disabled() &&
         std::any_of(account.grants().begin(), account.grants().end(), [](const v1::Grant& grant) {
           return grant.role() == v1::Role::admin && grant.area_id().empty();
         });
}

}  // namespace

bool Book::restore(std::string_view kind, std::string_view id, std::string_view body) {
  if (kind == "account") return parsed(body, accounts_[std::string(id)]);
  if (kind == "ticket") return parsed(body, tickets_[std::string(id)]);
  return true;
}

const v1::StoredAccount* Book::account(const std::string& name) const {
  const auto found = accounts_.find(name);
  return found == accounts_.end() ? nullptr : &found->second;
}

void Book::put(const v1::StoredAccount& account, core::StoreBatch& batch) {
  const std::string name = account.account().name();
  accounts_[name] = account;
  batch.puts.push_back({"account", name, "", account.SerializeAsString()});
}

bool Book::adminRemains(const v1::StoredAccount& changed) const {
  if (adminEverywhere(changed)) return true;
  return std::any_of(accounts_.begin(), accounts_.end(), [&](const auto& entry) {
    return entry.first != changed.account().name() && adminEverywhere(entry.second);
  });
}

const v1::Ticket* Book::ticket(const std::string& id) const {
  const auto found = tickets_.find(id);
  return found == tickets_.end() ? nullptr : &found->second;
}

void Book::putTicket(const std::string& id, const v1::Ticket& ticket, core::StoreBatch& batch) {
  tickets_[id] = ticket;
  batch.puts.push_back({"ticket", id, "", ticket.SerializeAsString()});
}

void Book::removeTicket(const std::string& id, core::StoreBatch& batch) {
  if (tickets_.erase(id) != 0) batch.removes.push_back({"ticket", id});
}

void Book::sweep(const std::function<bool(const v1::Ticket&)>& over, core::StoreBatch& batch) {
  std::vector<std::string> gone;
  for (const auto& [id, ticket] : tickets_)
    if (over(ticket)) gone.push_back(id);
  for (const auto& id : gone) removeTicket(id, batch);
}

std::size_t Book::endSessions(const std::string& account, const std::string& but, core::StoreBatch& batch) {
  const std::size_t before = tickets_.size();
  const v1::Ticket* kept = ticket(but);
  sweep([&](const v1::Ticket& one) { return one.account() == account && &one != kept; }, batch);
  return before - tickets_.size();
}

std::string Book::tokenId(const std::string& name) const {
  for (const auto& [id, ticket] : tickets_)
    if (ticket.account().empty() && ticket.token() == name) return id;
  return {};
}

// Who signs in again and again without signing out loses the sessions that were unused longest.
void Book::makeRoomForSession(const std::string& account, core::StoreBatch& batch) {
  std::vector<std::pair<Micros, std::string>> sessions;
  for (const auto& [id, ticket] : tickets_)
    if (ticket.account() == account) sessions.emplace_back(ticket.used_us(), id);
  std::sort(sessions.begin(), sessions.end());
  for (std::size_t i = 0; i + kMostSessionsEach <= sessions.size(); ++i)
    removeTicket(sessions[i].second, batch);
}

Result<std::string> checkedName(std::string_view name) {
  std::string out;
  for (const char c : name) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (!validId(out) || out.size() > 32)
    return fail(ErrorCode::kInvalid, "a name is 1 to 32 of the characters a-z 0-9 . _ -",
                "tên gồm 1 đến 32 ký tự a-z 0-9 . _ -");
  return out;
}

Done checkGrants(const Grants& grants, const std::function<bool(const std::string&)>& known_area) {
  if (grants.empty() || grants.size() > Book::kMostGrants)
    return fail(ErrorCode::kInvalid, "give at least one role, and at most 50",
                "cần ít nhất một vai trò, nhiều nhất 50");
  for (const v1::Grant& grant : grants) {
    const bool known = v1::Role::Name_IsValid(grant.role()) && grant.role() != v1::Role::none;
    if (!known)
      return fail(ErrorCode::kInvalid, "a role is viewer, operator, admin or auditor",
                  "vai trò là viewer, operator, admin hoặc auditor");
    if (grant.area_id().empty()) continue;
    if (grant.role() == v1::Role::admin || grant.role() == v1::Role::auditor)
      return fail(ErrorCode::kInvalid, "admin and auditor hold everywhere: leave the area out",
                  "admin và auditor có hiệu lực ở mọi nơi: không ghi địa bàn");
    if (!validId(grant.area_id()) || !known_area(grant.area_id())) {
      const std::string shown = validId(grant.area_id()) ? grant.area_id() : "?";
      return fail(ErrorCode::kInvalid, "the roster has no area \"" + shown + "\"",
                  "danh sách không có địa bàn \"" + shown + "\"");
    }
  }
  return {};
}

std::string inWords(const Grants& grants) {
  std::string out;
  for (const v1::Grant& grant : grants) {
    if (!out.empty()) out += ", ";
    out += v1::Role::Name_Name(grant.role());
    out += grant.area_id().empty() ? " everywhere" : " in " + grant.area_id();
  }
  return out;
}

}  // namespace diemcau::auth
