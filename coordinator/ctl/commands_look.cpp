// diemcau session replay, site history and picture, messages with receipts, feed test: what is looked at
// beside the state of now.
#include <fmt/format.h>

#include <algorithm>

#include "base/settings.hpp"
#include "coordinator/ctl/commands.hpp"
#include "coordinator/ctl/messages.hpp"
#include "coordinator/ctl/report_text.hpp"
#include "coordinator/ctl/table.hpp"
#include "diemcau/v1/history.pb.h"

namespace diemcau::ctl {
namespace {

constexpr std::size_t kLine = 60;  // columns of a chart

// The smallest and the largest seen, and a line of blocks between them.
std::string chart(const std::vector<double>& values) {
  static const char* kBlocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const std::size_t from = values.size() > kLine ? values.size() - kLine : 0;
  double most = 0;
  for (std::size_t i = from; i < values.size(); ++i) most = std::max(most, values[i]);
  std::string out;
  for (std::size_t i = from; i < values.size(); ++i)
    out +=
        values[i] < 0 ? " " : kBlocks[most <= 0 ? 0 : std::min(7, static_cast<int>(values[i] / most * 7.99))];
  return out;
}

void printHistory(Context& context, const v1::SiteHistory& history) {
  const Speech& speech = context.speech;
  if (history.kbps().empty()) {
    context.out << speech.say("chưa đo được gì trong giờ qua\n", "nothing was measured in the last hour\n");
    return;
  }
  const Micros last =
      history.first_us() + Micros{history.step_ms()} * kMillisecond * (history.kbps_size() - 1);
  context.out << speech.paint(speech.clock(history.first_us()) + " – " + speech.clock(last), Style::kDim)
              << "\n";
  const auto line = [&](const std::string& name, const auto& values, const std::string& unit, double floor) {
    std::vector<double> heights;
    for (const auto value : values) heights.push_back(static_cast<double>(value) - floor);
    context.out << pad(name, 12) << chart(heights) << "  "
                << fmt::format("{:.0f} {}", static_cast<double>(values[values.size() - 1]), unit) << "\n";
  };
  line(speech.say("tốc độ", "bit rate"), history.kbps(), "kbps", 0);
  line(speech.say("mất gói", "lost"), history.lost(), speech.say("gói", "packets"), 0);
  line(speech.say("trễ", "delay"), history.rtt_ms(), "ms", 0);
  line(speech.say("độ to", "loudness"), history.lufs(), "LUFS", -120);
}

void printTexts(Context& context, const v1::SentTextList& list, bool one_site) {
  const Speech& speech = context.speech;
  std::vector<std::string> titles = {speech.say("LÚC", "TIME"), speech.say("AI", "WHO")};
  titles.push_back(one_site ? speech.say("TỚI", "REACHED") : speech.say(">TỚI", ">REACHED"));
  titles.push_back(one_site ? speech.say("ĐỌC", "READ") : speech.say(">ĐỌC", ">READ"));
  titles.push_back(speech.say("NỘI DUNG", "TEXT"));
  Table table(titles);
  for (const v1::SentText& sent : list.texts()) {
    const auto of = [&](std::uint32_t count, Micros at) {
      return one_site ? speech.clock(at) : speech.number(count) + "/" + speech.number(sent.sites());
    };
    const auto& receipt = sent.receipts_size() > 0 ? sent.receipts(0) : v1::Receipt::default_instance();
    table.add({{speech.time(sent.text().at_us()), Style::kDim},
               {sent.text().by()},
               {of(sent.reached(), receipt.reached_us())},
               {of(sent.read(), receipt.read_us())},
               {sent.text().text()}});
  }
  context.out << (table.empty() ? speech.say("chưa có tin nhắn nào\n", "no texts yet\n")
                                : table.render(speech, context.width));
}

void printPast(Context& context, const v1::ViewUpdate& past) {
  if (past.sessions().empty()) return;
  Speech speech = context.speech;
  const auto& view = past.sessions(0);
  if (!view.session().time_zone().empty()) speech.zone = view.session().time_zone();
  context.out << speech.paint(view.session().title(), Style::kBold) << "  " << speech.time(past.now_us())
              << "  " << speech.paint(speech.word(view.session().phase()), styleOf(view.session().phase()))
              << "\n"
              << fmt::format("  {} {}/{}, {} {}, {} {}, {} {}, {} {}\n", speech.say("trực tuyến", "online"),
                             view.online(), view.sites(), speech.say("sẵn sàng", "ready"), view.ready(),
                             speech.say("đã bắt đầu", "started"), view.started(), speech.say("muộn", "late"),
                             view.late(), speech.say("lỗi", "failed"), view.failed())
              << "  " << countsText(speech, view.attendance()) << "\n";
  google::protobuf::RepeatedPtrField<v1::Alarm> raised;
  for (const auto& alarm : past.alarms())
    if (alarm.state() == v1::Alarm::raised) *raised.Add() = alarm;
  context.out << alarmsTable(speech, raised, context.width);
  Table table({speech.say("MÃ", "ID"), speech.say("ĐIỂM CẦU", "SITE"), speech.say("KẾT NỐI", "LINK"),
               speech.say("VIỆC", "PHASE"), speech.say("LUỒNG", "FEED")});
  for (const auto& site : past.sites())
    table.add({{site.site_id(), Style::kDim},
               {site.name()},
               {speech.word(site.link()), styleOf(site.link())},
               {speech.word(site.status().phase())},
               {site.status().active_feed_id()}});
  context.out << table.render(speech, context.width);
}

}  // namespace

int sessionReplay(Context& context) {
  const auto at = readWhen(context.arguments.start, context.speech.zone, context.now);
  if (!at) return misused(context, at.error());
  return show<v1::ViewUpdate>(context, sessionPath(context.arguments.id, "view?at=" + std::to_string(*at)),
                              [&](const v1::ViewUpdate& past) { printPast(context, past); });
}

int sessionMessages(Context& context) {
  return show<v1::SentTextList>(context, sessionPath(context.arguments.id, "texts"),
                                [&](const v1::SentTextList& list) { printTexts(context, list, false); });
}

int siteMessages(Context& context) {
  std::string path = "/api/v1/sites/" + encoded(context.arguments.id) + "/texts";
  if (!context.arguments.session.empty()) path += "?session=" + encoded(context.arguments.session);
  return show<v1::SentTextList>(context, path,
                                [&](const v1::SentTextList& list) { printTexts(context, list, true); });
}

int siteHistory(Context& context) {
  return show<v1::SiteHistory>(context, "/api/v1/sites/" + encoded(context.arguments.id) + "/history",
                               [&](const v1::SiteHistory& history) { printHistory(context, history); });
}

int sitePicture(Context& context) {
  return save(context, "/api/v1/sites/" + encoded(context.arguments.id) + "/thumbnail.jpg");
}

int feedTest(Context& context) {
  v1::FeedTest test;
  test.mutable_feed()->set_id("test");
  test.mutable_feed()->set_uri(context.arguments.uri);
  test.set_seconds(context.arguments.seconds);
  if (!context.arguments.expect.empty()) {
    auto profile = readProfile(context.arguments.expect);
    if (!profile) return misused(context, profile.error());
    *test.mutable_profile() = std::move(*profile);
  }
  if (!context.arguments.passphrase_file.empty()) {
    auto secret = readFile(context.arguments.passphrase_file, 4096);
    if (!secret) return misused(context, secret.error());
    while (!secret->empty() && (secret->back() == '\n' || secret->back() == '\r')) secret->pop_back();
    test.mutable_feed()->set_passphrase(*secret);
  }
  const auto body = context.api.send("POST", "/api/v1/feeds/test", test);
  if (!body) return failed(context, body.error());
  v1::FeedTestReport report;
  if (auto ok = readJson(*body, report); !ok) return failed(context, ok.error());
  const bool good = report.verdict() == v1::FeedTestReport::good;
  if (context.arguments.json) {
    context.out << *body << "\n";
  } else {
    const Speech& speech = context.speech;
    const auto& last = report.last();
    context.out << speech.paint(good ? "✓ " : "✗ ", good ? Style::kGood : Style::kBad)
                << speech.say(report.text()) << "\n"
                << fmt::format("  {}x{} {:.0f} fps {}, {} {:.0f} LUFS, {} kbps, {} {}\n",
                               last.video().width(), last.video().height(), last.video().fps(),
                               last.video().codec(), last.audio().codec(), last.audio().lufs(),
                               speech.number(report.mean_kbps()), speech.number(report.lost_packets()),
                               speech.say("gói mất", "packets lost"));
  }
  if (!context.arguments.output.empty() && !report.picture().jpeg().empty()) {
    if (auto ok = writeFileAtomically(context.arguments.output, report.picture().jpeg()); !ok)
      return misused(context, ok.error());
  }
  return good ? kOk : kRefused;
}

}  // namespace diemcau::ctl
