// diemcau site enrol and revoke: tokens for sites, and the end of a key.
#include <fmt/format.h>

#include "base/csv.hpp"
#include "base/settings.hpp"
#include "coordinator/ctl/commands.hpp"
#include "diemcau/v1/enrolment.pb.h"

namespace diemcau::ctl {
namespace {

// One line a site, for whoever takes them to the halls. As good as keys until they are used.
Done writeTokens(const std::string& path, const v1::IssuedTokens& issued) {
  std::string text = "site_id,name,token\n";
  for (const auto& one : issued.tokens())
    text += csvField(one.site_id()) + "," + csvField(one.site_name()) + "," + csvField(one.token()) + "\n";
  return writeFileAtomically(path, text, 0600);
}

void printTokens(Context& context, const v1::IssuedTokens& issued) {
  const Speech& speech = context.speech;
  for (const auto& one : issued.tokens()) {
    context.out << speech.paint(one.site_id(), Style::kBold) << "  " << one.site_name() << "\n"
                << one.token() << "\n";
  }
  if (issued.tokens().empty()) {
    context.err << speech.say("mọi điểm cầu đã ghi danh\n", "every site is enrolled\n");
    return;
  }
  context.err << speech.say("\nTại điểm cầu: diemcau-agent enrol MÃ. Mỗi mã dùng một lần, đến ",
                            "\nIn the hall: diemcau-agent enrol TOKEN. Each works once, until ")
              << speech.time(issued.tokens(0).expires_us()) << "\n";
}

}  // namespace

int siteEnrol(Context& context) {
  v1::IssueTokens wish;
  for (const auto& id : context.arguments.sites) wish.add_site_ids(id);
  wish.set_all(context.arguments.all);
  if (wish.site_ids().empty() && !wish.all())
    return misused(context, {ErrorCode::kInvalid, "name sites, or --all", "hãy ghi mã điểm cầu, hoặc --all"});
  const auto body = context.api.send("POST", "/api/v1/sites/enrol", wish);
  if (!body) return failed(context, body.error());
  v1::IssuedTokens issued;
  if (auto ok = readJson(*body, issued); !ok) return failed(context, ok.error());
  if (!context.arguments.output.empty()) {
    if (auto ok = writeTokens(context.arguments.output, issued); !ok) return misused(context, ok.error());
    context.err << context.speech.number(static_cast<std::uint64_t>(issued.tokens_size()))
                << context.speech.say(" mã, đã ghi ", " tokens, written: ") << context.arguments.output
                << "\n";
    return kOk;
  }
  if (context.arguments.json) {
    context.out << *body << "\n";
  } else {
    printTokens(context, issued);
  }
  return kOk;
}

int siteRevoke(Context& context) {
  v1::RevokeSite wish;
  wish.set_site_id(context.arguments.id);
  wish.set_reason(context.arguments.reason);
  const auto body =
      context.api.send("POST", "/api/v1/sites/" + encoded(context.arguments.id) + "/revoke", wish);
  if (!body) return failed(context, body.error());
  if (context.arguments.json) {
    context.out << *body << "\n";
    return kOk;
  }
  context.out << context.speech.paint("✓ ", Style::kGood)
              << context.speech.say("đã thu hồi khóa của ", "the key is revoked of ") << context.arguments.id
              << "\n";
  return kOk;
}

}  // namespace diemcau::ctl
