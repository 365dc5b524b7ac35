// diemcau sign-in, sign-out, whoami, account ..., token ...
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/secret_input.hpp"
#include "coordinator/ctl/commands.hpp"
#include "coordinator/ctl/table.hpp"
#include "coordinator/ctl/token_file.hpp"
#include "diemcau/v1/people.pb.h"

namespace diemcau::ctl {
namespace {

using Grants = google::protobuf::RepeatedPtrField<v1::Grant>;

std::string codeOf(const Failure& failure) {
  const auto problem = nlohmann::json::parse(failure.body, nullptr, false);
  return problem.is_object() ? problem.value("code", "") : std::string();
}

// From a script's input, or from the terminal.
Result<std::string> secret(Context& context, const char* vi, const char* en) {
  if (context.arguments.password_stdin) return readSecretLine();
  return askSecret(context.speech.say(vi, en));
}

Result<std::string> newSecret(Context& context) {
  auto first =
      secret(context, "Mật khẩu mới (ít nhất 10 ký tự): ", "New password (at least 10 characters): ");
  if (!first || context.arguments.password_stdin) return first;
  auto second = secret(context, "Nhập lại: ", "Once more: ");
  if (second && *second != *first)
    return fail(ErrorCode::kInvalid, "the two are not the same", "hai lần nhập không giống nhau");
  return second;
}

// "operator@hn-01", "viewer".
Result<Grants> grantsOf(const std::vector<std::string>& words) {
  Grants grants;
  for (const std::string& word : words) {
    const std::size_t at = std::min(word.find('@'), word.size());
    v1::Role::Name role = v1::Role::none;
    if (!v1::Role::Name_Parse(word.substr(0, at), &role) || role == v1::Role::none)
      return fail(ErrorCode::kInvalid,
                  "\"" + word + "\" is no role; examples: viewer, operator@AREA, admin, auditor",
                  "\"" + word + "\" không phải vai trò; ví dụ: viewer, operator@ĐỊA-BÀN, admin, auditor");
    v1::Grant& grant = *grants.Add();
    grant.set_role(role);
    if (at < word.size()) grant.set_area_id(word.substr(at + 1));
  }
  return grants;
}

std::string inWords(const Grants& grants) {
  std::string out;
  for (const v1::Grant& grant : grants) {
    out += (out.empty() ? "" : ", ") + v1::Role::Name_Name(grant.role());
    if (!grant.area_id().empty()) out += "@" + grant.area_id();
  }
  return out;
}

void done(Context& context, const std::string& text) {
  context.out << context.speech.paint("✓ ", Style::kGood) << text << "\n";
}

// Sends it, and shows the reply.
template <class Print>
int people(Context& context, const std::string& method, const std::string& path,
           const google::protobuf::Message& message, Print print) {
  const auto body = context.api.send(method, path, message);
  if (!body) return failed(context, body.error());
  if (context.arguments.json) {
    context.out << *body << "\n";
    return kOk;
  }
  v1::PeopleReply reply;
  if (auto ok = readJson(*body, reply); !ok) return failed(context, ok.error());
  print(reply);
  return kOk;
}

std::string accountPath(const std::string& name, const char* rest = "") {
  return "/api/v1/accounts/" + encoded(name) + rest;
}

void printOneTime(Context& context, const v1::PeopleReply& reply) {
  if (reply.one_time_password().empty()) return;
  context.out << context.speech.say("  mật khẩu dùng một lần: ", "  password for one sign-in: ")
              << reply.one_time_password() << "\n";
}

}  // namespace

int signIn(Context& context) {
  context.signing_in = true;
  v1::SignIn wish;
  wish.set_name(context.arguments.name);
  wish.set_code(context.arguments.code);
  auto password = secret(context, "Mật khẩu: ", "Password: ");
  if (!password) return misused(context, password.error());
  wish.set_password(*password);
  // The coordinator says what else it needs: a code, a new password.
  for (int round = 0; round < 3; ++round) {
    const auto body = context.api.send("POST", "/api/v1/sign-in", wish);
    if (body) {
      v1::PeopleReply reply;
      if (auto ok = readJson(*body, reply); !ok) return failed(context, ok.error());
      if (auto ok = keepToken(context.api.url(), reply.secret(), context.environment); !ok)
        return misused(context, ok.error());
      done(context, context.speech.say("đã đăng nhập: ", "signed in: ") + reply.account().name());
      return kOk;
    }
    const std::string code = codeOf(body.error());
    const bool wants_code = code == "code_needed" && wish.code().empty();
    const bool wants_password = code == "new_password_needed" && wish.new_password().empty();
    if (!wants_code && !wants_password) return failed(context, body.error());
    if (wants_password) context.err << context.speech.say(body.error().vi, body.error().en) << "\n";
    auto more = wants_code ? secret(context, "Mã xác nhận: ", "Code: ") : newSecret(context);
    if (!more) return misused(context, more.error());
    if (more->empty()) return failed(context, body.error());
    wants_code ? wish.set_code(*more) : wish.set_new_password(*more);
  }
  return kRefused;
}

int signOut(Context& context) {
  const auto body = context.api.send("POST", "/api/v1/sign-out", v1::PeopleAct::Nothing());
  const auto kept = keepToken(context.api.url(), "", context.environment);
  // Who is signed out already is signed out.
  if (!body && body.error().status != 401) return failed(context, body.error());
  if (!kept) return misused(context, kept.error());
  done(context, context.speech.say("đã đăng xuất", "signed out"));
  return kOk;
}

int whoami(Context& context) {
  return show<v1::Me>(context, "/api/v1/me", [&](const v1::Me& me) {
    const Speech& speech = context.speech;
    if (me.open()) {
      context.out << speech.say("chưa có tài khoản nào: ai ở máy này cũng làm được mọi việc\n",
                                "there are no accounts: everybody on this machine may do everything\n");
      return;
    }
    context.out << me.shown() << "  " << inWords(me.grants()) << "\n"
                << speech.say("  đến ", "  until ") << speech.time(me.expires_us())
                << (me.totp() ? speech.say("  có xác nhận hai bước", "  with a second factor") : "") << "\n";
  });
}

int accountList(Context& context) {
  return show<v1::AccountList>(context, "/api/v1/accounts", [&](const v1::AccountList& list) {
    const Speech& speech = context.speech;
    Table table({speech.say("TÀI KHOẢN", "ACCOUNT"), speech.say("TÊN", "NAME"),
                 speech.say("VAI TRÒ", "ROLES"), speech.say("2 BƯỚC", "TOTP"),
                 speech.say("ĐĂNG NHẬP", "SIGNED IN"), ""});
    for (const v1::Account& account : list.accounts()) {
      const std::string state = account.disabled() ? speech.say("đã khóa", "disabled")
                                : account.must_change() ? speech.say("mật khẩu một lần", "one-time password")
                                                        : std::string();
      table.add({{account.name(), Style::kBold},
                 {account.display_name()},
                 {inWords(account.grants())},
                 {account.totp() ? "✓" : "-"},
                 {account.signed_in_us() == 0 ? "-" : speech.time(account.signed_in_us())},
                 {state, account.disabled() ? Style::kBad : Style::kWarn}});
    }
    context.out << table.render(speech, context.width);
  });
}

int accountAdd(Context& context) {
  v1::NewAccount wish;
  wish.set_name(context.arguments.id);
  wish.set_display_name(context.arguments.display);
  auto grants = grantsOf(context.arguments.roles);
  if (!grants) return misused(context, grants.error());
  *wish.mutable_grants() = *grants;
  if (context.arguments.password_stdin) {
    auto password = readSecretLine();
    if (!password) return misused(context, password.error());
    wish.set_password(*password);
  }
  return people(context, "POST", "/api/v1/accounts", wish, [&](const v1::PeopleReply& reply) {
    done(context, context.speech.say("đã thêm ", "added: ") + reply.account().name() + "  " +
                      inWords(reply.account().grants()));
    printOneTime(context, reply);
  });
}

// One's own, or with a name another's, which is then for one sign-in.
int accountPassword(Context& context) {
  if (!context.arguments.id.empty()) {
    v1::PasswordReset wish;
    if (context.arguments.password_stdin) {
      auto password = readSecretLine();
      if (!password) return misused(context, password.error());
      wish.set_password(*password);
    }
    return people(context, "POST", accountPath(context.arguments.id, "/password"), wish,
                  [&](const v1::PeopleReply& reply) {
                    done(context, context.speech.say("đã đặt lại mật khẩu: ", "password reset: ") +
                                      context.arguments.id);
                    printOneTime(context, reply);
                  });
  }
  v1::PasswordChange wish;
  auto old = secret(context, "Mật khẩu hiện tại: ", "Present password: ");
  if (!old) return misused(context, old.error());
  auto fresh = newSecret(context);
  if (!fresh) return misused(context, fresh.error());
  wish.set_password(*old);
  wish.set_new_password(*fresh);
  return people(context, "POST", "/api/v1/me/password", wish, [&](const v1::PeopleReply&) {
    done(context, context.speech.say("đã đổi mật khẩu; các phiên khác đã đăng xuất",
                                     "password changed; your other sessions are signed out"));
  });
}

int accountDisable(Context& context, bool disabled) {
  v1::AccountChange wish;
  wish.set_disabled(disabled);
  return people(context, "PUT", accountPath(context.arguments.id), wish, [&](const v1::PeopleReply& reply) {
    done(context, reply.account().name() + (disabled ? context.speech.say(" đã khóa", " is disabled")
                                                     : context.speech.say(" đã mở lại", " is enabled")));
  });
}

int accountRoles(Context& context) {
  v1::AccountChange wish;
  auto grants = grantsOf(context.arguments.roles);
  if (!grants) return misused(context, grants.error());
  *wish.mutable_grants() = *grants;
  wish.set_replace_grants(true);
  return people(context, "PUT", accountPath(context.arguments.id), wish, [&](const v1::PeopleReply& reply) {
    done(context, reply.account().name() + "  " + inWords(reply.account().grants()));
  });
}

int accountSignOut(Context& context) {
  return people(context, "POST", accountPath(context.arguments.id, "/sign-out"), v1::PeopleAct::Nothing(),
                [&](const v1::PeopleReply&) {
                  done(context, context.arguments.id +
                                    context.speech.say(": đã đăng xuất mọi nơi", ": signed out everywhere"));
                });
}

int accountTotp(Context& context) {
  const Speech& speech = context.speech;
  if (!context.arguments.id.empty()) {
    return people(context, "POST", accountPath(context.arguments.id, "/totp-off"), v1::PeopleAct::Nothing(),
                  [&](const v1::PeopleReply&) {
                    done(context, context.arguments.id +
                                      speech.say(": đã tắt xác nhận hai bước", ": second factor ended"));
                  });
  }
  v1::Code code;
  code.set_code(context.arguments.code);
  if (context.arguments.automatic) {  // --off
    if (code.code().empty()) {
      auto typed = secret(context, "Mã xác nhận: ", "Code: ");
      if (!typed) return misused(context, typed.error());
      code.set_code(*typed);
    }
    return people(context, "POST", "/api/v1/me/totp/off", code, [&](const v1::PeopleReply&) {
      done(context, speech.say("đã tắt xác nhận hai bước", "second factor ended"));
    });
  }
  if (code.code().empty()) {
    const int began = people(
        context, "POST", "/api/v1/me/totp", v1::PeopleAct::Nothing(), [&](const v1::PeopleReply& reply) {
          context.out << speech.say("Nhập khóa này vào ứng dụng trên điện thoại:\n",
                                    "Put this into the app on your telephone:\n")
                      << "  " << reply.totp_secret() << "\n  " << reply.totp_uri() << "\n";
        });
    if (began != kOk || context.arguments.json || context.arguments.password_stdin || !canAskSecret())
      return began;
    auto typed = secret(context, "Mã mà điện thoại hiện: ", "The code that it shows: ");
    if (!typed) return misused(context, typed.error());
    code.set_code(*typed);
  }
  return people(context, "POST", "/api/v1/me/totp/confirm", code, [&](const v1::PeopleReply& reply) {
    done(context, speech.say("từ nay đăng nhập cần mã; giữ các mã dự phòng này, mỗi mã dùng một lần:",
                             "from now on signing in needs a code; keep these for when the telephone is "
                             "lost, each works once:"));
    for (const std::string& one : reply.recovery_codes()) context.out << "  " << one << "\n";
  });
}

int tokenNew(Context& context) {
  v1::NewToken wish;
  wish.set_name(context.arguments.id);
  auto grants = grantsOf(context.arguments.roles);
  if (!grants) return misused(context, grants.error());
  *wish.mutable_grants() = *grants;
  wish.set_expires_us(context.now + static_cast<Micros>(context.arguments.days) * 24 * kHour);
  return people(context, "POST", "/api/v1/tokens", wish, [&](const v1::PeopleReply& reply) {
    context.err << context.speech.say(
        "chỉ hiện một lần; dùng: DIEMCAU_TOKEN=... hoặc Authorization: Bearer ...\n",
        "shown once; use: DIEMCAU_TOKEN=... or Authorization: Bearer ...\n");
    context.out << reply.secret() << "\n";
  });
}

int tokenList(Context& context) {
  return show<v1::TokenList>(context, "/api/v1/tokens", [&](const v1::TokenList& list) {
    const Speech& speech = context.speech;
    Table table({speech.say("MÃ TRUY CẬP", "TOKEN"), speech.say("VAI TRÒ", "ROLES"),
                 speech.say("NGƯỜI TẠO", "MADE BY"), speech.say("DÙNG", "USED"),
                 speech.say("HẾT HẠN", "EXPIRES")});
    for (const v1::Ticket& token : list.tokens()) {
      const bool over = token.expires_us() <= context.now;
      table.add({{token.token(), Style::kBold},
                 {inWords(token.grants())},
                 {token.created_by()},
                 {speech.time(token.used_us())},
                 {speech.time(token.expires_us()), over ? Style::kBad : Style::kPlain}});
    }
    context.out << table.render(speech, context.width);
  });
}

int tokenRevoke(Context& context) {
  const auto body =
      context.api.send("DELETE", "/api/v1/tokens/" + encoded(context.arguments.id), v1::PeopleAct::Nothing());
  if (!body) return failed(context, body.error());
  done(context, context.arguments.id + context.speech.say(": đã thu hồi", ": revoked"));
  return kOk;
}

int auditList(Context& context) {
  std::string path = "/api/v1/audit?limit=" + std::to_string(context.arguments.limit);
  if (context.arguments.after) path += "&after=" + std::to_string(*context.arguments.after);
  return show<v1::AuditPage>(context, path, [&](const v1::AuditPage& page) {
    const Speech& speech = context.speech;
    Table table({">" + speech.say("SỐ", "SEQ"), speech.say("LÚC", "TIME"), speech.say("AI", "WHO"),
                 speech.say("TỪ", "FROM"), speech.say("VIỆC", "ACT"), speech.say("VỚI", "SUBJECT"),
                 speech.say("KẾT QUẢ", "OUTCOME"), speech.say("CHI TIẾT", "DETAIL")});
    for (const v1::AuditEntry& entry : page.entries()) {
      const bool done = entry.outcome() == v1::AuditEntry::done;
      const bool refused = entry.outcome() == v1::AuditEntry::refused;
      const std::string outcome = done      ? speech.say("xong", "done")
                                  : refused ? speech.say("từ chối", "refused")
                                            : speech.say("không được", "failed");
      table.add({{std::to_string(entry.seq())},
                 {speech.time(entry.at_us())},
                 {entry.actor(), Style::kBold},
                 {entry.address()},
                 {entry.act()},
                 {entry.subject()},
                 {outcome, done      ? Style::kGood
                           : refused ? Style::kBad
                                     : Style::kWarn},
                 {entry.detail()}});
    }
    context.out << table.render(speech, context.width);
  });
}

int auditVerify(Context& context) {
  const auto body = context.api.get("/api/v1/audit/verify");
  if (!body) return failed(context, body.error());
  v1::AuditVerdict verdict;
  if (auto ok = readJson(*body, verdict); !ok) return failed(context, ok.error());
  const Speech& speech = context.speech;
  if (context.arguments.json) {
    context.out << *body << "\n";
  } else if (verdict.whole()) {
    done(context, fmt::format("{} {} {}", speech.number(verdict.entries()),
                              speech.say("mục, nhật ký nguyên vẹn; mã băm cuối",
                                         "entries, the log is whole; newest hash"),
                              verdict.head()));
  } else {
    context.err << "diemcau: " << speech.say("nhật ký bị hỏng ở mục ", "the audit log is broken at entry ")
                << verdict.broken_seq() << ": " << speech.say(verdict.reason()) << "\n";
  }
  return verdict.whole() ? kOk : kRefused;
}

}  // namespace diemcau::ctl
