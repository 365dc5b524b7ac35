// Who asks, and the port behind which accounts, sessions and the audit log are kept. The API knows this and
// not the part that implements it (coordinator/auth).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "coordinator/core/effects.hpp"
#include "diemcau/v1/audit.pb.h"
#include "diemcau/v1/people.pb.h"

namespace diemcau::core {

// What a request brings to show who it is from.
struct Credentials {
  std::string bearer;   // of Authorization: Bearer
  std::string cookie;   // of our cookie
  std::string address;  // numeric
};

struct Identity {
  enum class Kind {
    kNobody,   // showed nothing
    kOpen,     // there are no accounts: whoever reaches this machine's own address may do everything
    kAccount,  // a person's session
    kToken,    // a program
  };
  Kind kind = Kind::kNobody;
  std::string name;    // of the account or token
  std::string shown;   // for timelines and screens
  std::string ticket;  // of what it was shown with
  std::string csrf;    // that changes must bring; empty: none is needed
  std::string address;
  std::vector<v1::Grant> grants;
  Micros expires = 0;

  bool isNobody() const { return kind == Kind::kNobody; }
  std::string actor() const;  // for the audit log: "account:NAME", "token:NAME", "nobody"
};

class People {
 public:
  virtual ~People() = default;

  // No account exists.
  virtual bool open() const = 0;
  // kNotSignedIn: it showed something that is not, or no longer, good. Nobody: it showed nothing.
  virtual Result<Identity> identify(const Credentials& credentials, Micros now) = 0;
  // The same one some time later, without counting as use of it.
  virtual std::optional<Identity> again(const std::string& ticket, Micros now) const = 0;

  // Puts the entry into the batch of the change that it speaks of. Refused and failed ones are counted when
  // there are too many, so that a flood cannot fill the disk.
  virtual void audit(v1::AuditEntry entry, Micros now, StoreBatch& batch) = 0;

  // Carries it out, commits it with its audit entry, and answers; later where a password is concerned.
  using Then = std::function<void(Result<v1::PeopleReply>)>;
  virtual void act(const Identity& who, const v1::PeopleAct& act, Then then) = 0;

  virtual v1::Me me(const Identity& who) const = 0;
  virtual v1::AccountList accounts() const = 0;
  virtual v1::TokenList tokens() const = 0;
  virtual void auditPage(std::uint64_t after, std::size_t most,
                         std::function<void(Result<v1::AuditPage>)> then) = 0;
  virtual void auditVerify(std::function<void(Result<v1::AuditVerdict>)> then) = 0;
};

}  // namespace diemcau::core
