// A directory of people whose store is a list, whose worker works at once, and whose clock the test moves.
#pragma once

#include <map>
#include <optional>

#include "coordinator/auth/directory.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::auth {

class HandClock final : public Clock {
 public:
  Micros wall() const override { return at; }
  Micros steady() const override { return at; }
  Micros at = 1'800'000'000 * kSecond;
};

struct Desk {
  HandClock clock;
  bool healthy = true, busy = false;
  std::string address = "192.0.2.7";           // of who signs in
  std::map<std::string, std::string> objects;  // "kind/id"
  AuditRows rows;
  std::optional<Directory> people;

  Desk() { start(); }

  // As after a restart: everything from what was stored.
  void start() {
    people.emplace(DirectoryPorts{
        clock,
        [this](core::StoreBatch batch, std::function<void()> then) {
          commit(batch);
          if (then) then();
        },
        [this] { return healthy; },
        [this](DirectoryPorts::Job job) {
          if (busy) return false;
          job()();
          return true;
        },
        [](const std::string& area) { return area == "a" || area == "b"; },
        [this](std::uint64_t after, std::size_t most, std::function<void(Result<AuditRows>)> done) {
          AuditRows page;
          for (const auto& row : rows)
            if (row.seq > after && page.size() < most) page.push_back(row);
          done(page);
        }});
    for (const auto& [key, body] : objects) {
      const auto slash = key.find('/');
      REQUIRE(people->restore(key.substr(0, slash), key.substr(slash + 1), body));
    }
    if (!rows.empty()) people->restoreAudit(rows.back());
  }

  void commit(const core::StoreBatch& batch) {
    for (const auto& put : batch.puts) objects[put.kind + "/" + put.id] = put.body;
    for (const auto& gone : batch.removes) objects.erase(gone.kind + "/" + gone.id);
    rows.insert(rows.end(), batch.audit.begin(), batch.audit.end());
  }

  void init() {
    core::StoreBatch batch;
    REQUIRE(people->firstAdmin("Chief", "the chief's password", false, batch));
    commit(batch);
  }

  Result<v1::PeopleReply> act(const v1::PeopleAct& what, const core::Identity& who = {}) {
    std::optional<Result<v1::PeopleReply>> reply;
    people->act(who, what, [&](Result<v1::PeopleReply> given) {
      CHECK_FALSE(reply);
      reply = std::move(given);
    });
    REQUIRE(reply);
    return *reply;
  }
  Result<v1::PeopleReply> signIn(const std::string& name, const std::string& password,
                                 const std::string& code = {}, const std::string& fresh = {},
                                 bool cookie = false) {
    v1::PeopleAct what;
    auto& wish = *what.mutable_sign_in();
    wish.set_name(name);
    wish.set_password(password);
    wish.set_code(code);
    wish.set_new_password(fresh);
    wish.set_cookie(cookie);
    core::Identity who;
    who.address = address;
    return act(what, who);
  }
  core::Identity as(const std::string& secret) {
    auto who = people->identify({secret, "", "192.0.2.7"}, clock.at);
    REQUIRE(who);
    return *who;
  }
  core::Identity chief() { return as(signIn("chief", "the chief's password")->secret()); }
  // Adds an account whose password is "<name> has a password".
  void add(const std::string& name, v1::Role::Name role, const std::string& area = {}) {
    v1::PeopleAct what;
    what.mutable_add_account()->set_name(name);
    what.mutable_add_account()->set_password("one time password");
    auto& grant = *what.mutable_add_account()->add_grants();
    grant.set_role(role);
    grant.set_area_id(area);
    REQUIRE(act(what, chief()));
    REQUIRE(signIn(name, "one time password", "", name + " has a password"));
  }
  v1::AuditEntry newest() const {
    v1::AuditEntry entry;
    REQUIRE_FALSE(rows.empty());
    REQUIRE(entry.ParseFromString(rows.back().body));
    return entry;
  }
  v1::AuditVerdict verdict() {
    std::optional<v1::AuditVerdict> out;
    people->auditVerify([&](Result<v1::AuditVerdict> found) { out = found.value(); });
    REQUIRE(out);
    return *out;
  }
};

}  // namespace diemcau::auth
