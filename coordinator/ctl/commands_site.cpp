// diemcau site ...
#include <fmt/format.h>

#include <algorithm>

#include "coordinator/ctl/commands.hpp"
#include "coordinator/ctl/messages.hpp"
#include "coordinator/ctl/report_text.hpp"
#include "coordinator/ctl/table.hpp"
#include "coordinator/ctl/trouble.hpp"

namespace diemcau::ctl {
namespace {

// A state is any word of the messages: online, offline, ready, not_ready, started, late, failed, waived,
// trouble.
bool hasState(const v1::SiteView& site, const std::string& state, Micros now, const Speech& speech) {
  if (state == "waived") return site.waived();
  if (state == "trouble") return troubleOf(site, now, speech).rank > 0;
  return v1::LinkState::Name_Name(site.link()) == state ||
         v1::SitePhase::Name_Name(site.status().phase()) == state ||
         v1::Readiness::Verdict_Name(site.status().readiness().verdict()) == state ||
         (site.has_outcome() && v1::Outcome::State_Name(site.outcome().state()) == state);
}

Style keyStyle(const v1::SiteIdentity& identity) {
  switch (identity.state()) {
    case v1::SiteIdentity::enrolled:
      return Style::kPlain;
    case v1::SiteIdentity::revoked:
      return Style::kBad;
    default:
      return Style::kDim;
  }
}

std::string keyText(const Speech& speech, const v1::SiteIdentity& identity, std::size_t digits) {
  std::string out = speech.word(identity.state());
  if (!identity.key_id().empty()) out += " " + identity.key_id().substr(0, digits);
  return out;
}

void printSites(Context& context, const v1::SiteList& list, const RosterNames& roster) {
  const Speech& speech = context.speech;
  const Arguments& wanted = context.arguments;
  Table table({speech.say("MÃ", "ID"), speech.say("ĐIỂM CẦU", "SITE"), speech.say("ĐỊA BÀN", "AREA"),
               speech.say("KHÓA", "KEY"), speech.say("KẾT NỐI", "LINK"), speech.say("VIỆC", "PHASE"),
               speech.say("SẴN SÀNG", "READY"), speech.say("LUỒNG", "FEED"),
               speech.say(">CÓ MẶT", ">PRESENT"), speech.say("VẤN ĐỀ", "TROUBLE")});
  std::size_t shown = 0;
  for (const v1::SiteView& site : list.sites()) {
    if (!wanted.area.empty() && !roster.within(site.area_id(), wanted.area)) continue;
    if (!wanted.state.empty() && !hasState(site, wanted.state, context.now, speech)) continue;
    const Trouble trouble = troubleOf(site, context.now, speech);
    const auto verdict = site.status().readiness().verdict();
    table.add({{site.site_id(), Style::kDim},
               {site.name()},
               {roster.areaName(site.area_id())},
               {keyText(speech, site.identity(), 8), keyStyle(site.identity())},
               {speech.word(site.link()), styleOf(site.link())},
               {speech.word(site.status().phase())},
               {speech.word(verdict), styleOf(verdict)},
               {site.status().active_feed_id().empty() ? "-" : site.status().active_feed_id()},
               {site.attendance().reported() ? speech.number(site.attendance().counted().present()) : "-"},
               {trouble.text, trouble.style}});
    ++shown;
  }
  if (shown == 0) {
    context.out << speech.say("không có điểm cầu nào\n", "no sites\n");
    return;
  }
  context.out << table.render(speech, context.width) << "\n"
              << speech.number(shown) << speech.say(" điểm cầu\n", " sites\n");
}

void printSite(Context& context, const v1::SiteView& site) {
  const Speech& speech = context.speech;
  const auto line = [&](const std::string& name, const std::string& value, Style style = Style::kPlain) {
    if (!value.empty())
      context.out << "  " << speech.paint(pad(name, 16), Style::kDim) << speech.paint(value, style) << "\n";
  };
  const v1::Status& status = site.status();
  context.out << speech.paint(site.name(), Style::kBold) << "  " << speech.paint(site.site_id(), Style::kDim)
              << "\n";
  line(speech.say("địa bàn", "area"), site.area_id());
  line(speech.say("kỹ thuật viên", "technician"),
       site.technician().name() + "  " + site.technician().phone());
  line(speech.say("kết nối", "link"),
       speech.word(site.link()) +
           (site.heard_us() == 0 ? ""
                                 : speech.say(", tin cuối ", ", last heard ") + speech.time(site.heard_us())),
       styleOf(site.link()));
  line(speech.say("phiên bản", "version"), site.agent_version());
  line(
      speech.say("khóa", "key"),
      keyText(speech, site.identity(), 16) +
          (site.identity().since_us() == 0 ? "" : ", " + speech.time(site.identity().since_us())) +
          (site.identity().reason().empty() ? "" : ", " + site.identity().reason()) +
          (site.identity().token_open() ? speech.say(", có mã ghi danh chưa dùng", ", a token is open") : ""),
      keyStyle(site.identity()));
  line(speech.say("việc", "phase"), speech.word(status.phase()));
  line(speech.say("vấn đề", "problem"), speech.say(status.problem()), Style::kBad);
  line(speech.say("luồng", "feed"), status.active_feed_id());
  if (status.clock().known()) {
    line(speech.say("lệch đồng hồ", "clock offset"),
         fmt::format("{:.1f} ms ± {:.1f} ms", static_cast<double>(status.clock().offset_us()) / 1000.0,
                     static_cast<double>(status.clock().error_us()) / 1000.0));
  }
  for (const v1::HealthSample& sample : status.health()) {
    std::string text =
        fmt::format("{}x{} {:.0f} fps, {} kbps", sample.video().width(), sample.video().height(),
                    sample.video().fps(), speech.number(sample.bitrate_kbps()));
    for (const int condition : sample.conditions())
      text += ", " + speech.word(static_cast<v1::Condition::Name>(condition));
    line(speech.say("đo luồng ", "measured ") + sample.feed_id(), text,
         sample.conditions_size() == 0 ? Style::kGood : Style::kBad);
  }
  for (const v1::Check& check : status.readiness().checks()) {
    const bool ok = check.verdict() == v1::Check::ok;
    const bool bad = check.verdict() == v1::Check::failed;
    line("  " + v1::Check::Kind_Name(check.kind()),
         (ok    ? "✓ "
          : bad ? "✗ "
                : "· ") +
             speech.say(check.reason()),
         ok    ? Style::kGood
         : bad ? Style::kBad
               : Style::kDim);
  }
  if (site.attendance().reported())
    line(speech.say("điểm danh", "attendance"), countsText(speech, site.attendance().counted()));
}

}  // namespace

int siteList(Context& context) {
  const std::string path =
      context.arguments.session.empty() ? "/api/v1/sites" : sessionPath(context.arguments.session, "sites");
  RosterNames roster;
  if (!context.arguments.json) {
    const auto body = context.api.get("/api/v1/roster");
    if (!body) return failed(context, body.error());
    auto read = readRoster(*body);
    if (!read) return failed(context, read.error());
    roster = std::move(*read);
  }
  return show<v1::SiteList>(context, path,
                            [&](const v1::SiteList& list) { printSites(context, list, roster); });
}

int siteShow(Context& context) {
  return show<v1::SiteView>(context, "/api/v1/sites/" + encoded(context.arguments.id),
                            [&](const v1::SiteView& site) { printSite(context, site); });
}

int siteMessage(Context& context) {
  const auto message = sendText(context.arguments);
  if (!message) return misused(context, message.error());
  return command(context, "POST", "/api/v1/texts", *message, [&](const v1::CommandReply& reply) {
    context.out << context.speech.paint("✓ ", Style::kGood) << context.speech.say("đã gửi tới ", "sent to ")
                << context.speech.number(reply.sites()) << context.speech.say(" điểm cầu", " sites") << "  "
                << context.speech.paint(reply.id(), Style::kDim) << "\n";
  });
}

int siteCheck(Context& context) {
  return command(context, "POST", "/api/v1/sites/check", checkAgain(context.arguments),
                 [&](const v1::CommandReply& reply) {
                   context.out << context.speech.paint("✓ ", Style::kGood)
                               << context.speech.number(reply.sites())
                               << context.speech.say(" điểm cầu kiểm tra lại", " sites check again") << "\n";
                 });
}

int sitePin(Context& context) {
  const auto message = pinFeed(context.arguments);
  if (!message) return misused(context, message.error());
  return command(context, "POST", "/api/v1/sites/pin", *message, [&](const v1::CommandReply& reply) {
    const std::uint64_t sites = reply.sites() != 0 ? reply.sites() : context.arguments.sites.size();
    context.out
        << context.speech.paint("✓ ", Style::kGood) << context.speech.number(sites)
        << (message->feed_id().empty()
                ? context.speech.say(" điểm cầu tự chọn luồng", " sites choose their feed by themselves")
                : context.speech.say(" điểm cầu giữ luồng ", " sites pinned to ") + message->feed_id())
        << "\n";
  });
}

}  // namespace diemcau::ctl
