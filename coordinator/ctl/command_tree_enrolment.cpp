// The commands of sites' keys.
#include <CLI/CLI.hpp>

#include "coordinator/ctl/command_tree.hpp"
#include "coordinator/ctl/commands.hpp"

namespace diemcau::ctl {

void TreeBuilder::enrolment(CLI::App* group) {
  CLI::App* enrol = leaf(group, "enrol", "cấp mã ghi danh cho điểm cầu, mỗi mã dùng một lần trong 24 giờ",
                         "tokens for sites to enrol with, each for one use within 24 hours", siteEnrol,
                         "diemcau site enrol --all --out tokens.csv");
  enrol->add_option("sites", arguments_.sites, say("mã điểm cầu", "site ids"))
      ->type_name(say("ĐIỂM CẦU", "SITE"));
  enrol->add_flag(
      "--all", arguments_.all,
      say("mọi điểm cầu chưa có khóa hoặc đã bị thu hồi", "every site without a key, or with a revoked one"));
  enrol->add_option("-o,--out", arguments_.output, say("ghi vào tệp CSV", "write to a CSV file"))
      ->type_name(say("TỆP", "FILE"));
  CLI::App* revoke = leaf(group, "revoke", "thu hồi khóa: điểm cầu bị ngắt và không vào được nữa",
                          "end a site's key: it is cut off and cannot return", siteRevoke,
                          "diemcau site revoke T01 --reason \"mất máy\"");
  id(revoke, "site", "mã điểm cầu", "site id");
  revoke->add_option("--reason", arguments_.reason, say("lý do, được ghi lại", "why; it is recorded"))
      ->required()
      ->type_name(say("LÝ DO", "REASON"));
}

}  // namespace diemcau::ctl
