// Signing in and out, and what somebody changes of their own account.
#include <fmt/format.h>

#include <algorithm>

#include "coordinator/auth/directory.hpp"
#include "coordinator/auth/passwords.hpp"
#include "coordinator/auth/totp.hpp"

namespace diemcau::auth {
namespace {

// One answer for an unknown name, a wrong password, a wrong code and a disabled account.
tl::unexpected<Error> wrongSignIn() {
  return fail(ErrorCode::kNotSignedIn, "name, password or code is wrong",
              "tên, mật khẩu hoặc mã xác nhận không đúng");
}

tl::unexpected<Error> tooSoon(Micros wait) {
  const auto seconds = (wait + kSecond - 1) / kSecond;
  return fail(ErrorCode::kTooMany, fmt::format("too many attempts: wait {} s", seconds),
              fmt::format("thử quá nhiều lần: hãy chờ {} giây", seconds));
}

std::string digitsOf(const std::string& code) {
  std::string out;
  std::copy_if(code.begin(), code.end(), std::back_inserter(out), [](char c) { return c != ' '; });
  return out;
}

v1::PeopleReply needs(const char* what) {
  v1::PeopleReply reply;
  reply.set_needs(what);
  return reply;
}

}  // namespace

std::string Directory::throttleKey(const std::string& name, const std::string& address) const {
  const std::string together = name + "@" + address;
  return known_.contains(together) ? together : name;
}

void Directory::signIn(const AskedPtr& asked, const v1::SignIn& wish) {
  asked->who = {};
  asked->who.address = asked->entry.address();
  asked->entry.set_actor("nobody");
  asked->entry.set_act("sign_in");
  const Micros now = ports_.clock.steady();
  const auto name = checkedName(wish.name());
  if (name) asked->entry.set_subject(*name);
  if (wish.password().size() > kMostPassword || wish.new_password().size() > kMostPassword ||
      wish.code().size() > 64)
    return finish(asked, wrongSignIn(), {});
  const std::string address = asked->who.address, account_key = throttleKey(name.value_or("?"), address);
  const Micros wait = std::max(by_account_.wait(account_key, now), by_address_.wait(address, now));
  if (wait > 0) return finish(asked, tooSoon(wait), {});
  // Counted before it is checked, so that many at once count too.
  by_account_.failed(account_key, now);
  by_address_.failed(address, now);
  const auto* stored = name ? book_.account(*name) : nullptr;
  const std::string hash = stored == nullptr ? std::string() : stored->password();
  const bool fresh = !wish.new_password().empty() && name && goodPassword(wish.new_password(), *name);
  offLoop(asked, [this, asked, wish, hash, fresh]() -> std::function<void()> {
    bool fits = false;
    if (hash.empty()) {
      pretendToCheck(wish.password());
    } else {
      fits = passwordFits(hash, wish.password());
    }
    Result<std::string> made =
        fits && fresh ? hashPassword(wish.new_password()) : Result<std::string>(std::string());
    return
        [this, asked, wish, hash, fits, made = std::move(made)] { signedIn(asked, wish, hash, fits, made); };
  });
}

void Directory::signedIn(const AskedPtr& asked, const v1::SignIn& wish, const std::string& checked, bool fits,
                         const Result<std::string>& fresh) {
  const Micros now = ports_.clock.wall();
  const std::string name = asked->entry.subject();
  const std::string key = throttleKey(name, asked->who.address);
  const auto* stored = book_.account(name);
  // It may have been changed meanwhile.
  if (!fits || stored == nullptr || stored->password() != checked || stored->account().disabled())
    return finish(asked, wrongSignIn(), {});
  v1::StoredAccount account = *stored;
  bool wrong = false;
  if (auto more = secondFactor(account, wish.code(), now, wrong); wrong || more->needs() != "") {
    if (wrong) return finish(asked, wrongSignIn(), {});
    by_account_.forgive(key);
    by_address_.forgive(asked->who.address);
    return asked->then(std::move(more));
  }
  if (account.account().must_change() || !wish.new_password().empty()) {
    if (wish.new_password().empty()) {
      by_account_.forgive(key);
      by_address_.forgive(asked->who.address);
      return asked->then(needs("new_password"));
    }
    if (auto good = goodPassword(wish.new_password(), name); !good)
      return finish(asked, tl::unexpected(good.error()), {});
    if (wish.new_password() == wish.password())
      return finish(
          asked,
          fail(ErrorCode::kInvalid, "the new password is the old one", "mật khẩu mới trùng mật khẩu cũ"), {});
    if (!fresh) return finish(asked, tl::unexpected(fresh.error()), {});
    account.set_password(*fresh);
    account.mutable_account()->set_must_change(false);
    asked->entry.set_detail("with a new password");
  }
  by_account_.succeeded(key);
  if (known_.size() >= Throttle::kMost) known_.clear();
  known_.insert(name + "@" + asked->who.address);
  by_address_.forgive(asked->who.address);
  core::StoreBatch batch;
  Reply reply = openSession(asked, wish, std::move(account), batch);
  finish(asked, std::move(reply), std::move(batch));
}

Directory::Reply Directory::secondFactor(v1::StoredAccount& account, const std::string& given, Micros now,
                                         bool& wrong) {
  wrong = false;
  if (!account.account().totp()) return v1::PeopleReply();
  const std::string code = digitsOf(given);
  if (code.empty()) return needs("code");
  if (const auto step = totpMatch(account.totp_secret(), code, account.totp_step(), now)) {
    account.set_totp_step(*step);
    return v1::PeopleReply();
  }
  auto& recovery = *account.mutable_recovery();
  const auto found = std::find(recovery.begin(), recovery.end(), sha256(code));
  wrong = found == recovery.end();
  if (!wrong) recovery.erase(found);
  return v1::PeopleReply();
}

Directory::Reply Directory::openSession(const AskedPtr& asked, const v1::SignIn& wish,
                                        v1::StoredAccount account, core::StoreBatch& batch) {
  const Micros now = ports_.clock.wall();
  const std::string name = account.account().name();
  if (!wish.new_password().empty()) book_.endSessions(name, "", batch);
  account.mutable_account()->set_signed_in_us(now);
  book_.put(account, batch);
  book_.makeRoomForSession(name, batch);
  const std::string secret = makeSecret("dcs_");
  v1::Ticket ticket;
  ticket.set_account(name);
  ticket.set_created_us(now);
  ticket.set_used_us(now);
  ticket.set_expires_us(now + settings_.longest);
  ticket.set_address(asked->who.address);
  ticket.set_cookie(wish.cookie());
  book_.putTicket(hashSecret(secret), ticket, batch);
  asked->entry.set_actor("account:" + name);
  v1::PeopleReply reply;
  *reply.mutable_account() = account.account();
  reply.set_secret(secret);
  if (wish.cookie()) reply.set_csrf(identify({"", secret, ""}, now)->csrf);
  return reply;
}

Directory::Reply Directory::signOut(Asked& asked, core::StoreBatch& batch) {
  asked.entry.set_act("sign_out");
  if (asked.who.kind == core::Identity::Kind::kToken)
    return fail(ErrorCode::kInvalid, "a token does not sign out: revoke it",
                "mã truy cập không đăng xuất: hãy thu hồi");
  book_.removeTicket(asked.who.ticket, batch);
  return v1::PeopleReply();
}

namespace {

tl::unexpected<Error> notAPerson() {
  return fail(ErrorCode::kDenied, "only a person who signed in has a password and codes",
              "chỉ người đã đăng nhập mới có mật khẩu và mã xác nhận");
}

}  // namespace

void Directory::changePassword(const AskedPtr& asked, const v1::PasswordChange& wish) {
  asked->entry.set_act("account.password");
  asked->entry.set_subject(asked->who.name);
  const auto* stored = book_.account(asked->who.name);
  if (asked->who.kind != core::Identity::Kind::kAccount || stored == nullptr)
    return finish(asked, notAPerson(), {});
  const Micros now = ports_.clock.steady();
  if (const Micros wait = by_account_.wait(asked->who.name, now); wait > 0)
    return finish(asked, tooSoon(wait), {});
  if (auto good = goodPassword(wish.new_password(), asked->who.name); !good)
    return finish(asked, tl::unexpected(good.error()), {});
  if (wish.password().size() > kMostPassword) return finish(asked, wrongSignIn(), {});
  by_account_.failed(asked->who.name, now);
  offLoop(asked, [this, asked, wish, hash = stored->password()]() -> std::function<void()> {
    const bool fits = passwordFits(hash, wish.password());
    auto made = fits ? hashPassword(wish.new_password()) : Result<std::string>(std::string());
    return [this, asked, hash, fits, made = std::move(made)] {
      const auto* now_stored = book_.account(asked->who.name);
      if (!fits || now_stored == nullptr || now_stored->password() != hash)
        return finish(asked, wrongSignIn(), {});
      if (!made) return finish(asked, tl::unexpected(made.error()), {});
      by_account_.succeeded(asked->who.name);
      core::StoreBatch batch;
      v1::StoredAccount account = *now_stored;
      account.set_password(*made);
      book_.put(account, batch);
      book_.endSessions(asked->who.name, asked->who.ticket, batch);
      finish(asked, v1::PeopleReply(), std::move(batch));
    };
  });
}

Directory::Reply Directory::beginTotp(Asked& asked, core::StoreBatch& batch) {
  asked.entry.set_act("account.totp_begin");
  const auto* stored = book_.account(asked.who.name);
  if (asked.who.kind != core::Identity::Kind::kAccount || stored == nullptr) return notAPerson();
  if (stored->account().totp())
    return fail(ErrorCode::kConflict, "there is a second factor already: end it first",
                "đã có mã xác nhận: hãy tắt trước khi tạo lại");
  v1::StoredAccount account = *stored;
  account.set_totp_pending(makeTotpSecret());
  book_.put(account, batch);
  v1::PeopleReply reply;
  reply.set_totp_secret(base32(account.totp_pending()));
  reply.set_totp_uri(totpUri(account.totp_pending(), asked.who.name));
  return reply;
}

Directory::Reply Directory::confirmTotp(Asked& asked, const std::string& code, core::StoreBatch& batch) {
  asked.entry.set_act("account.totp_on");
  const auto* stored = book_.account(asked.who.name);
  if (asked.who.kind != core::Identity::Kind::kAccount || stored == nullptr) return notAPerson();
  if (stored->totp_pending().empty())
    return fail(ErrorCode::kConflict, "begin with a new secret", "hãy bắt đầu bằng cách tạo khóa mới");
  const auto step = totpMatch(stored->totp_pending(), digitsOf(code), 0, ports_.clock.wall());
  if (!step)
    return fail(ErrorCode::kInvalid, "the code does not fit: is the telephone's clock right?",
                "mã không khớp: đồng hồ điện thoại có đúng không?");
  v1::StoredAccount account = *stored;
  account.set_totp_secret(account.totp_pending());
  account.clear_totp_pending();
  account.set_totp_step(*step);
  account.mutable_account()->set_totp(true);
  account.clear_recovery();
  v1::PeopleReply reply;
  for (const auto& one : makeRecoveryCodes()) {
    account.add_recovery(sha256(one));
    reply.add_recovery_codes(one);
  }
  book_.put(account, batch);
  return reply;
}

Directory::Reply Directory::endTotp(Asked& asked, const std::string& code, core::StoreBatch& batch) {
  asked.entry.set_act("account.totp_off");
  const auto* stored = book_.account(asked.who.name);
  if (asked.who.kind != core::Identity::Kind::kAccount || stored == nullptr) return notAPerson();
  const Micros now = ports_.clock.steady();
  if (const Micros wait = by_account_.wait(asked.who.name, now); wait > 0) return tooSoon(wait);
  v1::StoredAccount account = *stored;
  bool wrong = false;
  if (auto more = secondFactor(account, code, ports_.clock.wall(), wrong); wrong || !more->needs().empty()) {
    by_account_.failed(asked.who.name, now);
    return wrongSignIn();
  }
  account.mutable_account()->set_totp(false);
  account.clear_totp_secret();
  account.clear_recovery();
  book_.put(account, batch);
  return v1::PeopleReply();
}

}  // namespace diemcau::auth
