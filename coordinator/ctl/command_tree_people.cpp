// The tree of commands: people, tokens, the audit log.
#include <CLI/CLI.hpp>

#include "coordinator/ctl/command_tree.hpp"
#include "coordinator/ctl/commands.hpp"

namespace diemcau::ctl {

void TreeBuilder::rolesOption(CLI::App* command) {
  command
      ->add_option("--role", arguments_.roles,
                   say("viewer, operator, admin, auditor; VAI-TRÒ@ĐỊA-BÀN: chỉ ở đó và cấp dưới",
                       "viewer, operator, admin, auditor; ROLE@AREA: there and below only"))
      ->required()
      ->allow_extra_args(false)
      ->type_name(say("VAI-TRÒ", "ROLE"));
}

void TreeBuilder::passwordOption(CLI::App* command) {
  command->add_flag("--password-stdin", arguments_.password_stdin,
                    say("mật khẩu là dòng đầu của đầu vào", "passwords are lines of standard input"));
}

void TreeBuilder::people() {
  CLI::App* root = line_.app.get();
  CLI::App* in = leaf(root, "sign-in", "đăng nhập; mật khẩu được hỏi, không ghi trên dòng lệnh",
                      "sign in; the password is asked for and never on the command line", signIn,
                      "diemcau sign-in --name an");
  in->add_option("--name", arguments_.name, say("tên tài khoản", "name of the account"))
      ->capture_default_str()
      ->type_name(say("TÊN", "NAME"));
  in->add_option("--code", arguments_.code, say("mã xác nhận hai bước", "code of the second factor"))
      ->type_name("N");
  passwordOption(in);
  leaf(root, "sign-out", "đăng xuất", "sign out", signOut);
  leaf(root, "whoami", "đang là ai, với vai trò gì", "who is signed in, with which roles", whoami);
  accountTree();

  CLI::App* tokens = this->group("token", "mã truy cập cho chương trình", "tokens of programs");
  CLI::App* make = leaf(tokens, "new", "tạo; chỉ hiện một lần", "make one; it is shown once", tokenNew,
                        "diemcau token new wall --role viewer --days 365");
  id(make, "name", "tên, để nhận ra", "a name to know it by");
  rolesOption(make);
  make->add_option("--days", arguments_.days, say("hạn dùng", "how long it works"))
      ->check(CLI::Range(1, 730))
      ->capture_default_str()
      ->type_name("N");
  leaf(tokens, "list", "các mã truy cập", "what tokens there are", tokenList);
  id(leaf(tokens, "revoke", "thu hồi ngay", "it works no more, at once", tokenRevoke), "name", "tên",
     "its name");

  CLI::App* audit = this->group("audit", "nhật ký: ai đã làm gì", "the audit log: who did what");
  CLI::App* list = leaf(audit, "list", "các mục mới nhất", "the newest entries", auditList);
  list->add_option("--limit", arguments_.limit, say("bao nhiêu mục", "how many"))
      ->check(CLI::Range(1, 1000))
      ->capture_default_str()
      ->type_name("N");
  list->add_option("--after", arguments_.after, say("từ sau mục này, cũ trước", "from behind this entry on"))
      ->type_name("SEQ");
  leaf(audit, "verify", "nhật ký có nguyên vẹn không", "is the log whole", auditVerify);
}

void TreeBuilder::accountTree() {
  CLI::App* accounts = this->group("account", "tài khoản", "accounts");
  const auto named = [this](CLI::App* command) {
    id(command, "name", "tên tài khoản", "name of the account");
  };
  leaf(accounts, "list", "các tài khoản", "what accounts there are", accountList);
  CLI::App* add = leaf(accounts, "add", "thêm; mật khẩu dùng một lần được in ra",
                       "add one; its one-time password is printed", accountAdd,
                       "diemcau account add an --display \"Nguyễn An\" --role operator@hn-01");
  named(add);
  rolesOption(add);
  add->add_option("--display", arguments_.display, say("tên hiện trên màn hình", "name on screens"))
      ->type_name(say("TÊN", "NAME"));
  passwordOption(add);
  CLI::App* password = leaf(accounts, "password", "đổi mật khẩu của mình; có tên: đặt lại của người khác",
                            "change one's own; with a name: reset another's", accountPassword);
  password->add_option("name", arguments_.id, say("tên tài khoản", "name of the account"));
  passwordOption(password);
  named(leaf(accounts, "disable", "khóa, và đăng xuất ngay", "disable, and sign out at once",
             [](Context& context) { return accountDisable(context, true); }));
  named(leaf(accounts, "enable", "mở lại", "enable again",
             [](Context& context) { return accountDisable(context, false); }));
  CLI::App* roles = leaf(accounts, "roles", "thay các vai trò", "replace the roles", accountRoles,
                         "diemcau account roles an --role viewer --role operator@hn-01");
  named(roles);
  rolesOption(roles);
  named(leaf(accounts, "sign-out", "đăng xuất mọi nơi", "sign out everywhere", accountSignOut));
  CLI::App* totp = leaf(accounts, "totp", "bật xác nhận hai bước của mình; có tên: tắt của người khác",
                        "begin one's own second factor; with a name: end another's", accountTotp);
  totp->add_option("name", arguments_.id, say("tên tài khoản", "name of the account"));
  totp->add_flag("--off", arguments_.automatic, say("tắt của mình", "end one's own"));
  totp->add_option("--code", arguments_.code,
                   say("mã mà điện thoại hiện", "the code that the telephone shows"))
      ->type_name("N");
  passwordOption(totp);
}

}  // namespace diemcau::ctl
