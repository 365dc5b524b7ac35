// What an admin does: accounts of others, tokens of programs.
#include <fmt/format.h>

#include "base/text.hpp"
#include "coordinator/auth/directory.hpp"
#include "coordinator/auth/passwords.hpp"

namespace diemcau::auth {
namespace {

constexpr Micros kDay = 24 * kHour;
constexpr Micros kTokenDefault = 90 * kDay, kTokenLongest = 730 * kDay;

tl::unexpected<Error> noAccount(const std::string& name) {
  const std::string shown = validId(name) ? name : "?";
  return fail(ErrorCode::kNotFound, "there is no account \"" + shown + "\"",
              "không có tài khoản \"" + shown + "\"");
}

tl::unexpected<Error> lastAdmin() {
  return fail(ErrorCode::kConflict,
              "then nobody would be left who may manage accounts: make another admin first",
              "như vậy sẽ không còn ai quản lý tài khoản: hãy thêm một admin khác trước");
}

}  // namespace

Done Directory::firstAdmin(const std::string& wish, const std::string& password, bool one_time,
                           core::StoreBatch& batch) {
  if (!book_.empty())
    return fail(ErrorCode::kConflict,
                "there are accounts already: an admin adds more with diemcau account add",
                "đã có tài khoản: admin thêm tài khoản bằng diemcau account add");
  const auto name = checkedName(wish);
  if (!name) return tl::unexpected(name.error());
  if (auto good = goodPassword(password, *name); !good) return good;
  auto hash = hashPassword(password);
  if (!hash) return tl::unexpected(hash.error());
  v1::StoredAccount account;
  account.mutable_account()->set_name(*name);
  account.mutable_account()->set_created_us(ports_.clock.wall());
  account.mutable_account()->set_must_change(one_time);
  account.mutable_account()->add_grants()->set_role(v1::Role::admin);
  account.set_password(*hash);
  book_.put(account, batch);
  auditOnMachine("account.add", *name, "the first admin, made by diemcau-coordinator init", batch);
  return {};
}

void Directory::auditOnMachine(const std::string& act, const std::string& account, const std::string& detail,
                               core::StoreBatch& batch) {
  v1::AuditEntry entry;
  entry.set_actor("system");
  entry.set_act(act);
  entry.set_subject(account);
  entry.set_detail(detail);
  log_.add(std::move(entry), ports_.clock.wall(), batch);
}

Done Directory::recover(const std::string& wish, const std::string& password, core::StoreBatch& batch) {
  const auto name = checkedName(wish);
  const auto* stored = name ? book_.account(*name) : nullptr;
  if (stored == nullptr) return noAccount(wish);
  if (auto good = goodPassword(password, *name); !good) return good;
  auto hash = hashPassword(password);
  if (!hash) return tl::unexpected(hash.error());
  v1::StoredAccount account = *stored;
  account.set_password(*hash);
  account.clear_totp_secret();
  account.clear_totp_pending();
  account.clear_recovery();
  account.mutable_account()->set_totp(false);
  account.mutable_account()->set_disabled(false);
  account.mutable_account()->set_must_change(true);
  book_.put(account, batch);
  book_.endSessions(*name, "", batch);
  auditOnMachine("account.recover", *name, "by diemcau-coordinator recover, on the machine itself", batch);
  return {};
}

void Directory::addAccount(const AskedPtr& asked, const v1::NewAccount& wish) {
  asked->entry.set_act("account.add");
  const auto name = checkedName(wish.name());
  if (!name) return finish(asked, tl::unexpected(name.error()), {});
  asked->entry.set_subject(*name);
  const auto display = cleanText(wish.display_name(), 60, "display_name");
  if (!display) return finish(asked, tl::unexpected(display.error()), {});
  if (auto ok = checkGrants(wish.grants(), ports_.known_area); !ok)
    return finish(asked, tl::unexpected(ok.error()), {});
  const auto taken = [this, name] {
    return fail(ErrorCode::kConflict, "there is an account \"" + *name + "\" already",
                "đã có tài khoản \"" + *name + "\"");
  };
  if (book_.account(*name) != nullptr) return finish(asked, taken(), {});
  if (book_.accounts().size() >= Book::kMostAccounts)
    return finish(
        asked, fail(ErrorCode::kTooBig, "there are 10,000 accounts: no more", "đã có 10.000 tài khoản"), {});
  const std::string password = wish.password().empty() ? makePassword() : wish.password();
  if (auto good = goodPassword(password, *name); !good)
    return finish(asked, tl::unexpected(good.error()), {});
  asked->entry.set_detail(inWords(wish.grants()));
  v1::StoredAccount account;
  account.mutable_account()->set_name(*name);
  account.mutable_account()->set_display_name(*display);
  *account.mutable_account()->mutable_grants() = wish.grants();
  account.mutable_account()->set_must_change(true);
  account.mutable_account()->set_created_us(ports_.clock.wall());
  const bool made = wish.password().empty();
  offLoop(asked, [this, asked, account, password, made, taken]() -> std::function<void()> {
    auto hash = hashPassword(password);
    return [this, asked, account, password, made, taken, hash = std::move(hash)]() mutable {
      if (!hash) return finish(asked, tl::unexpected(hash.error()), {});
      if (book_.account(account.account().name()) != nullptr) return finish(asked, taken(), {});
      core::StoreBatch batch;
      account.set_password(*hash);
      book_.put(account, batch);
      v1::PeopleReply reply;
      *reply.mutable_account() = account.account();
      if (made) reply.set_one_time_password(password);
      finish(asked, std::move(reply), std::move(batch));
    };
  });
}

void Directory::resetPassword(const AskedPtr& asked, const v1::PasswordReset& wish) {
  asked->entry.set_act("account.password_reset");
  const auto name = checkedName(wish.name());
  const auto* stored = name ? book_.account(*name) : nullptr;
  if (stored == nullptr) return finish(asked, noAccount(wish.name()), {});
  asked->entry.set_subject(*name);
  const bool made = wish.password().empty();
  const std::string password = made ? makePassword() : wish.password();
  if (auto good = goodPassword(password, *name); !good)
    return finish(asked, tl::unexpected(good.error()), {});
  offLoop(asked, [this, asked, name = *name, password, made]() -> std::function<void()> {
    auto hash = hashPassword(password);
    return [this, asked, name, password, made, hash = std::move(hash)] {
      const auto* present = book_.account(name);
      if (present == nullptr) return finish(asked, noAccount(name), {});
      if (!hash) return finish(asked, tl::unexpected(hash.error()), {});
      core::StoreBatch batch;
      v1::StoredAccount account = *present;
      account.set_password(*hash);
      account.mutable_account()->set_must_change(true);
      book_.put(account, batch);
      book_.endSessions(name, "", batch);
      by_account_.succeeded(name);
      v1::PeopleReply reply;
      *reply.mutable_account() = account.account();
      if (made) reply.set_one_time_password(password);
      finish(asked, std::move(reply), std::move(batch));
    };
  });
}

Directory::Reply Directory::changeAccount(Asked& asked, const v1::AccountChange& wish,
                                          core::StoreBatch& batch) {
  asked.entry.set_act("account.change");
  const auto* stored = book_.account(wish.name());
  if (stored == nullptr) return noAccount(wish.name());
  asked.entry.set_subject(wish.name());
  v1::StoredAccount next = *stored;
  std::string detail;
  if (wish.has_display_name()) {
    const auto display = cleanText(wish.display_name(), 60, "display_name");
    if (!display) return tl::unexpected(display.error());
    next.mutable_account()->set_display_name(*display);
    detail += "name shown; ";
  }
  if (wish.replace_grants()) {
    if (auto ok = checkGrants(wish.grants(), ports_.known_area); !ok) return tl::unexpected(ok.error());
    *next.mutable_account()->mutable_grants() = wish.grants();
    detail += inWords(wish.grants()) + "; ";
  }
  if (wish.has_disabled()) {
    next.mutable_account()->set_disabled(wish.disabled());
    detail += wish.disabled() ? "disabled; " : "enabled; ";
  }
  if (!book_.adminRemains(next)) return lastAdmin();
  book_.put(next, batch);
  if (next.account().disabled()) book_.endSessions(wish.name(), "", batch);
  asked.entry.set_detail(detail);
  v1::PeopleReply reply;
  *reply.mutable_account() = next.account();
  return reply;
}

Directory::Reply Directory::resetTotp(Asked& asked, const std::string& name, core::StoreBatch& batch) {
  asked.entry.set_act("account.totp_reset");
  const auto* stored = book_.account(name);
  if (stored == nullptr) return noAccount(name);
  asked.entry.set_subject(name);
  v1::StoredAccount account = *stored;
  account.mutable_account()->set_totp(false);
  account.clear_totp_secret();
  account.clear_totp_pending();
  account.clear_recovery();
  book_.put(account, batch);
  book_.endSessions(name, "", batch);
  return v1::PeopleReply();
}

Directory::Reply Directory::endSessions(Asked& asked, const std::string& name, core::StoreBatch& batch) {
  asked.entry.set_act("account.sign_out");
  if (book_.account(name) == nullptr) return noAccount(name);
  asked.entry.set_subject(name);
  asked.entry.set_detail(fmt::format("{} sessions", book_.endSessions(name, "", batch)));
  return v1::PeopleReply();
}

Directory::Reply Directory::addToken(Asked& asked, const v1::NewToken& wish, core::StoreBatch& batch) {
  asked.entry.set_act("token.add");
  const auto name = checkedName(wish.name());
  if (!name) return tl::unexpected(name.error());
  asked.entry.set_subject(*name);
  if (auto ok = checkGrants(wish.grants(), ports_.known_area); !ok) return tl::unexpected(ok.error());
  if (!book_.tokenId(*name).empty())
    return fail(ErrorCode::kConflict,
                "there is a token \"" + *name + "\" already: revoke it or take another name",
                "đã có mã truy cập \"" + *name + "\": hãy thu hồi hoặc đặt tên khác");
  const Micros now = ports_.clock.wall();
  const Micros expires = wish.expires_us() == 0 ? now + kTokenDefault : wish.expires_us();
  if (expires <= now || expires > now + kTokenLongest)
    return fail(ErrorCode::kInvalid, "a token expires in the future, and within two years",
                "mã truy cập phải hết hạn trong tương lai, không quá hai năm");
  std::size_t count = 0;
  for (const auto& [id, ticket] : book_.tickets()) count += ticket.account().empty() ? 1 : 0;
  if (count >= Book::kMostTokens)
    return fail(ErrorCode::kTooBig, "there are 1,000 tokens: revoke some",
                "đã có 1.000 mã truy cập: hãy thu hồi bớt");
  v1::Ticket ticket;
  ticket.set_token(*name);
  *ticket.mutable_grants() = wish.grants();
  ticket.set_created_us(now);
  ticket.set_used_us(now);
  ticket.set_expires_us(expires);
  ticket.set_created_by(asked.who.name);
  const std::string secret = makeSecret("dct_");
  book_.putTicket(hashSecret(secret), ticket, batch);
  asked.entry.set_detail(inWords(wish.grants()) + ", until " + formatUtc(expires));
  v1::PeopleReply reply;
  *reply.mutable_token() = ticket;
  reply.set_secret(secret);
  return reply;
}

Directory::Reply Directory::revokeToken(Asked& asked, const std::string& name, core::StoreBatch& batch) {
  asked.entry.set_act("token.revoke");
  const std::string id = book_.tokenId(name);
  if (id.empty()) {
    const std::string shown = validId(name) ? name : "?";
    return fail(ErrorCode::kNotFound, "there is no token \"" + shown + "\"",
                "không có mã truy cập \"" + shown + "\"");
  }
  asked.entry.set_subject(name);
  book_.removeTicket(id, batch);
  return v1::PeopleReply();
}

}  // namespace diemcau::auth
