// Who somebody is, and what every act of people shares.
#include "coordinator/auth/directory.hpp"

#include "base/random.hpp"
#include "coordinator/auth/passwords.hpp"

namespace diemcau::auth {
namespace {

// So often the store is told that a session is in use.
constexpr Micros kTouchEvery = 5 * kMinute;
constexpr Micros kSweepEvery = kMinute;
constexpr Micros kTokensListed = 30 * 24 * kHour;  // after they expired
constexpr std::size_t kMostSecret = 128;

std::string csrfOf(const std::string& secret) {
  return hashSecret("csrf " + secret).substr(0, 32);
}

core::Identity openIdentity() {
  core::Identity who;
  who.kind = core::Identity::Kind::kOpen;
  who.name = who.shown = "operator";
  v1::Grant everything;
  everything.set_role(v1::Role::admin);
  who.grants.push_back(everything);
  return who;
}

}  // namespace

Directory::Directory(DirectoryPorts ports, DirectorySettings settings)
    : ports_(std::move(ports)),
      settings_(settings),
      by_account_(5, settings.attempts_longest),
      by_address_(20, settings.attempts_longest) {
  randomU64();  // the generator is ready
}

bool Directory::restore(std::string_view kind, std::string_view id, std::string_view body) {
  if (kind == "audit") return log_.restoreHead(body);
  return book_.restore(kind, id, body);
}

bool Directory::over(const v1::Ticket& ticket, Micros now) const {
  if (ticket.expires_us() <= now) return true;
  return !ticket.account().empty() && now - ticket.used_us() > settings_.idle;
}

void Directory::tick(Micros now) {
  core::StoreBatch batch;
  log_.tick(now, batch);
  if (now - swept_ > kSweepEvery || now < swept_) {
    swept_ = now;
    book_.sweep(
        [&](const v1::Ticket& ticket) {
          return over(ticket, ticket.account().empty() ? now - kTokensListed : now);
        },
        batch);
  }
  if (!batch.empty()) ports_.commit(std::move(batch), {});
}

std::optional<core::Identity> Directory::identityOf(const std::string& id, const v1::Ticket& ticket,
                                                    Micros now) const {
  if (over(ticket, now)) return std::nullopt;
  core::Identity who;
  who.ticket = id;
  who.expires = ticket.expires_us();
  if (ticket.account().empty()) {
    who.kind = core::Identity::Kind::kToken;
    who.name = ticket.token();
    who.shown = "token:" + ticket.token();
    who.grants.assign(ticket.grants().begin(), ticket.grants().end());
    return who;
  }
  const auto* stored = book_.account(ticket.account());
  if (stored == nullptr || stored->account().disabled()) return std::nullopt;
  const v1::Account& account = stored->account();
  who.kind = core::Identity::Kind::kAccount;
  who.name = account.name();
  who.shown =
      account.display_name().empty() ? account.name() : account.display_name() + " (" + account.name() + ")";
  who.grants.assign(account.grants().begin(), account.grants().end());
  return who;
}

Result<core::Identity> Directory::identify(const core::Credentials& credentials, Micros now) {
  const bool bearer = !credentials.bearer.empty();
  const std::string& secret = bearer ? credentials.bearer : credentials.cookie;
  core::Identity nobody;
  nobody.address = credentials.address;
  if (open()) {
    core::Identity who = openIdentity();
    who.address = credentials.address;
    return who;
  }
  if (secret.empty()) return nobody;
  const std::string id = secret.size() <= kMostSecret ? hashSecret(secret) : std::string();
  const v1::Ticket* ticket = book_.ticket(id);
  auto who = ticket == nullptr ? std::nullopt : identityOf(id, *ticket, now);
  if (!who) {
    return fail(ErrorCode::kNotSignedIn, "this session or token is not known, or is over: sign in again",
                "phiên đăng nhập hoặc mã truy cập không đúng hoặc đã hết hạn: hãy đăng nhập lại");
  }
  who->address = credentials.address;
  if (!bearer) who->csrf = csrfOf(secret);
  if (now - ticket->used_us() > kTouchEvery) {
    v1::Ticket touched = *ticket;
    touched.set_used_us(now);
    core::StoreBatch batch;
    book_.putTicket(id, touched, batch);
    ports_.commit(std::move(batch), {});
  }
  return *who;
}

std::optional<core::Identity> Directory::again(const std::string& ticket, Micros now) const {
  if (open()) return openIdentity();
  const v1::Ticket* found = book_.ticket(ticket);
  return found == nullptr ? std::nullopt : identityOf(ticket, *found, now);
}

void Directory::audit(v1::AuditEntry entry, Micros now, core::StoreBatch& batch) {
  log_.add(std::move(entry), now, batch);
}

void Directory::act(const core::Identity& who, const v1::PeopleAct& act, Then then) {
  auto asked = std::make_shared<Asked>(Asked{who, {}, std::move(then)});
  asked->entry.set_actor(who.actor());
  asked->entry.set_address(who.address);
  if (!ports_.healthy()) {
    return asked->then(fail(ErrorCode::kUnavailable,
                            "the store cannot write now, so nobody can sign in or out; try again",
                            "Kho dữ liệu chưa ghi được nên chưa thể đăng nhập, đăng xuất; hãy thử lại"));
  }
  core::StoreBatch batch;
  const auto done = [&](Reply reply) { finish(asked, std::move(reply), std::move(batch)); };
  switch (act.body_case()) {
    case v1::PeopleAct::kSignIn:
      return signIn(asked, act.sign_in());
    case v1::PeopleAct::kSignOut:
      return done(signOut(*asked, batch));
    case v1::PeopleAct::kChangePassword:
      return changePassword(asked, act.change_password());
    case v1::PeopleAct::kBeginTotp:
      return done(beginTotp(*asked, batch));
    case v1::PeopleAct::kConfirmTotp:
      return done(confirmTotp(*asked, act.confirm_totp().code(), batch));
    case v1::PeopleAct::kEndTotp:
      return done(endTotp(*asked, act.end_totp().code(), batch));
    case v1::PeopleAct::kAddAccount:
      return addAccount(asked, act.add_account());
    case v1::PeopleAct::kChangeAccount:
      return done(changeAccount(*asked, act.change_account(), batch));
    case v1::PeopleAct::kResetPassword:
      return resetPassword(asked, act.reset_password());
    case v1::PeopleAct::kResetTotp:
      return done(resetTotp(*asked, act.reset_totp().name(), batch));
    case v1::PeopleAct::kEndSessions:
      return done(endSessions(*asked, act.end_sessions().name(), batch));
    case v1::PeopleAct::kAddToken:
      return done(addToken(*asked, act.add_token(), batch));
    case v1::PeopleAct::kRevokeToken:
      return done(revokeToken(*asked, act.revoke_token().name(), batch));
    default:
      return done(fail(ErrorCode::kInvalid, "nothing was asked for", "không có yêu cầu nào"));
  }
}

// The entry and the change are one transaction; the answer comes after it.
void Directory::finish(const AskedPtr& asked, Reply reply, core::StoreBatch batch) {
  if (!reply) {
    const auto code = reply.error().code;
    const bool refused =
        code == ErrorCode::kNotSignedIn || code == ErrorCode::kDenied || code == ErrorCode::kTooMany;
    asked->entry.set_outcome(refused ? v1::AuditEntry::refused : v1::AuditEntry::failed);
    asked->entry.set_detail(reply.error().text);
    batch = {};
  }
  log_.add(asked->entry, ports_.clock.wall(), batch);
  ports_.commit(std::move(batch), [asked, reply = std::move(reply)] { asked->then(reply); });
}

void Directory::offLoop(const AskedPtr& asked, DirectoryPorts::Job job) {
  if (ports_.slow(std::move(job))) return;
  asked->then(fail(ErrorCode::kUnavailable, "too many are signing in at this moment; try again",
                   "Đang có quá nhiều người đăng nhập; hãy thử lại"));
}

v1::Me Directory::me(const core::Identity& who) const {
  v1::Me out;
  out.set_open(who.kind == core::Identity::Kind::kOpen);
  out.set_name(who.name);
  out.set_shown(who.shown);
  out.set_is_token(who.kind == core::Identity::Kind::kToken);
  out.set_csrf(who.csrf);
  out.set_expires_us(who.expires);
  for (const auto& grant : who.grants) *out.add_grants() = grant;
  if (const auto* stored = book_.account(who.name); stored != nullptr && !out.is_token())
    out.set_totp(stored->account().totp());
  return out;
}

v1::AccountList Directory::accounts() const {
  v1::AccountList out;
  for (const auto& [name, stored] : book_.accounts()) *out.add_accounts() = stored.account();
  return out;
}

v1::TokenList Directory::tokens() const {
  v1::TokenList out;
  for (const auto& [id, ticket] : book_.tickets())
    if (ticket.account().empty()) *out.add_tokens() = ticket;
  return out;
}

void Directory::auditPage(std::uint64_t after, std::size_t most,
                          std::function<void(Result<v1::AuditPage>)> then) {
  ports_.commit({}, [this, after, most, then = std::move(then)] {
    ports_.pages(after, most, [this, then](Result<AuditRows> rows) {
      if (!rows) return then(tl::unexpected(rows.error()));
      v1::AuditPage page;
      page.set_newest(log_.newest());
      for (const auto& row : *rows) {
        auto& entry = *page.add_entries();
        // What cannot be read is shown as what it is: verify says more.
        if (!entry.ParseFromString(row.body)) {
          entry.Clear();
          entry.set_seq(row.seq);
          entry.set_at_us(row.at_us);
          entry.set_detail("this entry cannot be read: see diemcau audit verify");
        }
      }
      then(std::move(page));
    });
  });
}

void Directory::auditVerify(std::function<void(Result<v1::AuditVerdict>)> then) {
  ports_.commit({}, [this, then = std::move(then)] {
    verifyAudit(
        ports_.pages,
        [this] {
          return AuditEnd{log_.newest(), log_.head()};
        },
        then);
  });
}

}  // namespace diemcau::auth
