// Accounts, sessions, tokens and the audit log behind the port that the API knows. Belongs to the loop's
// thread; hashing goes to a worker.
//
// A change is in memory at once and answered after its commit, in one transaction with the audit entry that
// tells of it.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "coordinator/auth/audit_log.hpp"
#include "coordinator/auth/audit_reader.hpp"
#include "coordinator/auth/book.hpp"
#include "coordinator/auth/throttle.hpp"
#include "coordinator/core/people.hpp"

namespace diemcau::auth {

struct DirectoryPorts {
  const Clock& clock;
  std::function<void(core::StoreBatch batch, std::function<void()> then)> commit;
  std::function<bool()> healthy;  // of the store
  // Runs the job off the loop, and what it returns on the loop. False: too many wait.
  using Job = std::function<std::function<void()>()>;
  std::function<bool(Job job)> slow;
  std::function<bool(const std::string& area_id)> known_area;
  AuditPages pages;
};

struct DirectorySettings {
  Micros idle = 2 * kHour;                 // a session that is not used for so long is over
  Micros longest = 24 * kHour;             // and after so long in any case
  Micros attempts_longest = 60 * kSecond;  // delay between attempts to sign in, at most
};

class Directory final : public core::People {
 public:
  explicit Directory(DirectoryPorts ports, DirectorySettings settings = {});

  // At start: objects of the kinds "account", "ticket", "audit", then the log's newest row.
  bool restore(std::string_view kind, std::string_view id, std::string_view body);
  void restoreAudit(const core::AuditRow& newest) { log_.restoreNewest(newest); }
  void tick(Micros now);  // once a second or so

  // The first account of all, an admin everywhere. Slow. The batch is to be committed.
  Done firstAdmin(const std::string& name, const std::string& password, bool one_time,
                  core::StoreBatch& batch);

  // For who has the machine, when no admin can sign in any more: a new password for one sign-in, without a
  // second factor, and the account enabled. Slow.
  Done recover(const std::string& name, const std::string& password, core::StoreBatch& batch);

  bool open() const override { return book_.empty(); }
  Result<core::Identity> identify(const core::Credentials& credentials, Micros now) override;
  std::optional<core::Identity> again(const std::string& ticket, Micros now) const override;
  void audit(v1::AuditEntry entry, Micros now, core::StoreBatch& batch) override;
  void act(const core::Identity& who, const v1::PeopleAct& act, Then then) override;
  v1::Me me(const core::Identity& who) const override;
  v1::AccountList accounts() const override;
  v1::TokenList tokens() const override;
  void auditPage(std::uint64_t after, std::size_t most,
                 std::function<void(Result<v1::AuditPage>)> then) override;
  void auditVerify(std::function<void(Result<v1::AuditVerdict>)> then) override;

 private:
  // One act under way: who asked, what its entry will say, whom to answer.
  struct Asked {
    core::Identity who;
    v1::AuditEntry entry;
    Then then;
  };
  using AskedPtr = std::shared_ptr<Asked>;
  using Reply = Result<v1::PeopleReply>;

  std::optional<core::Identity> identityOf(const std::string& id, const v1::Ticket& ticket, Micros now) const;
  bool over(const v1::Ticket& ticket, Micros now) const;
  void finish(const AskedPtr& asked, Reply reply, core::StoreBatch batch);
  void offLoop(const AskedPtr& asked, DirectoryPorts::Job job);

  // directory_sign_in.cpp
  std::string throttleKey(const std::string& name, const std::string& address) const;
  void signIn(const AskedPtr& asked, const v1::SignIn& wish);
  void signedIn(const AskedPtr& asked, const v1::SignIn& wish, const std::string& checked, bool fits,
                const Result<std::string>& fresh);
  Reply secondFactor(v1::StoredAccount& account, const std::string& code, Micros now, bool& wrong);
  Reply openSession(const AskedPtr& asked, const v1::SignIn& wish, v1::StoredAccount account,
                    core::StoreBatch& batch);
  void changePassword(const AskedPtr& asked, const v1::PasswordChange& wish);
  Reply beginTotp(Asked& asked, core::StoreBatch& batch);
  Reply confirmTotp(Asked& asked, const std::string& code, core::StoreBatch& batch);
  Reply endTotp(Asked& asked, const std::string& code, core::StoreBatch& batch);
  Reply signOut(Asked& asked, core::StoreBatch& batch);

  // directory_accounts.cpp
  // Of what is done beside a stopped coordinator.
  void auditOnMachine(const std::string& act, const std::string& account, const std::string& detail,
                      core::StoreBatch& batch);
  void addAccount(const AskedPtr& asked, const v1::NewAccount& wish);
  void resetPassword(const AskedPtr& asked, const v1::PasswordReset& wish);
  Reply changeAccount(Asked& asked, const v1::AccountChange& wish, core::StoreBatch& batch);
  Reply resetTotp(Asked& asked, const std::string& name, core::StoreBatch& batch);
  Reply endSessions(Asked& asked, const std::string& name, core::StoreBatch& batch);
  Reply addToken(Asked& asked, const v1::NewToken& wish, core::StoreBatch& batch);
  Reply revokeToken(Asked& asked, const std::string& name, core::StoreBatch& batch);

  DirectoryPorts ports_;
  const DirectorySettings settings_;
  Book book_;
  AuditLog log_;
  Throttle by_account_, by_address_;
  // "name@address" of who signed in before: strangers elsewhere do not hold them up.
  std::set<std::string> known_;
  Micros swept_ = 0;
};

}  // namespace diemcau::auth
