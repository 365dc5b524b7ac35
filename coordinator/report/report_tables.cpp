// Launch, outcomes, alarms, help, sign-offs, timeline.
#include <fmt/format.h>

#include "coordinator/report/report_parts.hpp"

namespace diemcau::report {
namespace {

std::string milliseconds(double ms) {
  return fmt::format("{:.1f} ms", ms);
}

const char* outcomeWord(const Page& page, v1::Outcome::State state) {
  switch (state) {
    case v1::Outcome::started:
      return page.say("đã bắt đầu", "started");
    case v1::Outcome::late:
      return page.say("trễ", "late");
    case v1::Outcome::failed:
      return page.say("hỏng", "failed");
    case v1::Outcome::waived:
      return page.say("được miễn", "waived");
    default:
      return page.say("đang chờ", "pending");
  }
}

const char* scopeWord(const Page& page, v1::Alarm::Scope scope) {
  switch (scope) {
    case v1::Alarm::area:
      return page.say("địa bàn", "area");
    case v1::Alarm::source:
      return page.say("nguồn phát", "source");
    case v1::Alarm::session:
      return page.say("phiên hội nghị", "session");
    default:
      return page.say("điểm cầu", "site");
  }
}

const char* topicWord(const Page& page, v1::HelpRequest::Topic topic) {
  switch (topic) {
    case v1::HelpRequest::no_picture:
      return page.say("mất hình", "no picture");
    case v1::HelpRequest::no_sound:
      return page.say("mất tiếng", "no sound");
    case v1::HelpRequest::no_connection:
      return page.say("mất kết nối", "no connection");
    default:
      return page.say("khác", "other");
  }
}

std::string section(const char* title, const std::string& content) {
  return fmt::format("<section><h2>{}</h2>\n{}</section>\n", title, content);
}

}  // namespace

std::string cutNote(const Page& page, int total) {
  if (total <= kMostRows) return {};
  return fmt::format(
      fmt::runtime(page.say("<p>{} dòng đầu trong {}; toàn bộ có trong tệp CSV và JSON.</p>\n",
                            "<p>The first {} rows of {}; all are in the CSV and JSON exports.</p>\n")),
      kMostRows, total);
}

std::string launch(const Page& page) {
  const v1::LaunchReport& launch = page.report.launch();
  if (page.report.session().go_at_us() == 0)
    return section(page.say("Phát lệnh", "Launch"),
                   fmt::format("<p>{}</p>\n", page.say("Chưa phát lệnh.", "GO was not given.")));
  Table table(page.say("Số liệu phát lệnh", "The launch in figures"), " n",
              {page.say("Số liệu", "Figure"), page.say("Giá trị", "Value")});
  const auto row = [&](const char* vi, const char* en, const std::string& value) {
    table.row({plain(page.say(vi, en)), plain(value)});
  };
  row("Phát lệnh lúc", "GO was given at", page.time(page.report.session().go_at_us()));
  row("Thời điểm bắt đầu chung", "Common start", page.time(page.report.session().start_at_us()));
  row("Điểm cầu xác nhận sau cùng", "Last acknowledgement", milliseconds(launch.last_ack_ms()));
  row("Một nửa đã xác nhận trong", "Half had acknowledged within", milliseconds(launch.ack_p50_ms()));
  row("99% đã xác nhận trong", "99% had acknowledged within", milliseconds(launch.ack_p99_ms()));
  if (launch.real_sites() > 0) {
    row("Điểm cầu thật", "Real sites", std::to_string(launch.real_sites()));
    row("Lệch thời điểm bắt đầu, một nửa trong", "Start skew, half within",
        milliseconds(launch.skew_p50_ms()));
    row("Lệch thời điểm bắt đầu, 99% trong", "Start skew, 99% within", milliseconds(launch.skew_p99_ms()));
    row("Lệch nhiều nhất", "Largest start skew", milliseconds(launch.skew_max_ms()));
  }
  return section(page.say("Phát lệnh", "Launch"), acknowledgements(page) + table.html());
}

std::string outcomes(const Page& page) {
  Table table(page.say("Mọi điểm cầu không bắt đầu đúng lúc, và vì sao",
                       "Every site that did not start in time, and why"),
              "    ",
              {page.say("Điểm cầu", "Site"), page.say("Kết quả", "Outcome"), page.say("Lý do", "Reason"),
               page.say("Bắt đầu lúc", "Started at")});
  int rows = 0;
  for (const v1::Outcome& outcome : page.report.outcomes()) {
    if (outcome.state() == v1::Outcome::started || ++rows > kMostRows) continue;
    table.row({plain(page.siteName(outcome.site_id())), plain(outcomeWord(page, outcome.state())),
               plain(page.text(outcome.reason())), plain(page.time(outcome.started_us()))},
              v1::Outcome::State_Name(outcome.state()));
  }
  if (page.report.outcomes().empty()) return {};
  return section(page.say("Điểm cầu không bắt đầu đúng lúc", "Sites that did not start in time"),
                 table.empty() ? fmt::format("<p>{}</p>\n", page.say("Không có: tất cả đã bắt đầu đúng lúc.",
                                                                     "None: all started in time."))
                               : table.html() + cutNote(page, rows));
}

std::string alarms(const Page& page) {
  Table table(page.say("Cảnh báo", "Alarms"), "   n   ",
              {page.say("Lúc", "Raised"), page.say("Phạm vi", "Scope"), page.say("Nội dung", "What"),
               page.say("Số điểm cầu", "Sites"), page.say("Kéo dài", "For"),
               page.say("Người nhận", "Acknowledged by"), page.say("Hết lúc", "Cleared")});
  int rows = 0;
  for (const v1::Alarm& alarm : page.report.alarms()) {
    if (++rows > kMostRows) break;
    const bool cleared = alarm.state() == v1::Alarm::cleared && alarm.cleared_us() > 0;
    table.row(
        {plain(page.time(alarm.raised_us())), plain(scopeWord(page, alarm.scope())),
         plain(page.text(alarm.text())), plain(std::to_string(alarm.sites_peak())),
         plain(cleared ? formatSpan(alarm.cleared_us() - alarm.raised_us()) : ""), plain(alarm.acked_by()),
         plain(cleared ? page.time(alarm.cleared_us()) : page.say("chưa hết", "still there"))},
        cleared ? "" : "missing");
  }
  return section(page.say("Cảnh báo", "Alarms"),
                 table.empty()
                     ? fmt::format("<p>{}</p>\n", page.say("Không có cảnh báo nào.", "There were none."))
                     : table.html() + cutNote(page, page.report.alarms_size()));
}

std::string helpRequests(const Page& page) {
  Table table(page.say("Yêu cầu hỗ trợ", "Help requests"), "     ",
              {page.say("Lúc", "At"), page.say("Điểm cầu", "Site"), page.say("Vấn đề", "Topic"),
               page.say("Nội dung", "Text"), page.say("Người yêu cầu", "By")});
  int rows = 0;
  for (const v1::LedgerRecord& record : page.report.help_requests()) {
    if (++rows > kMostRows) break;
    const v1::HelpRequest& help = record.record().help();
    table.row({plain(page.time(record.record().at_us())), plain(page.siteName(record.site_id())),
               plain(topicWord(page, help.topic())), plain(help.text()), plain(record.record().by())});
  }
  if (table.empty()) return {};
  return section(page.say("Yêu cầu hỗ trợ", "Help requests"),
                 table.html() + cutNote(page, page.report.help_requests_size()));
}

std::string signOffs(const Page& page) {
  Table table(page.say("Kỹ thuật viên xác nhận", "Confirmed by technicians"), "       ",
              {page.say("Lúc", "At"), page.say("Điểm cầu", "Site"), page.say("Màn hình", "Screen"),
               page.say("Loa", "Loudspeaker"), page.say("Máy quay", "Camera"),
               page.say("Micrô", "Microphone"), page.say("Người xác nhận, ghi chú", "By, note")});
  const auto tick = [](bool yes) { return plain(yes ? "✓" : "–"); };
  int rows = 0;
  for (const v1::LedgerRecord& record : page.report.sign_offs()) {
    if (++rows > kMostRows) break;
    const v1::SignOff& said = record.record().sign_off();
    table.row({plain(page.time(record.record().at_us())), plain(page.siteName(record.site_id())),
               tick(said.screen()), tick(said.loudspeaker()), tick(said.camera()), tick(said.microphone()),
               plain(record.record().by() + (said.note().empty() ? "" : ": " + said.note()))});
  }
  if (table.empty()) return {};
  return section(page.say("Xác nhận sẵn sàng", "Sign-offs"),
                 table.html() + cutNote(page, page.report.sign_offs_size()));
}

std::string timeline(const Page& page) {
  Table table(page.say("Diễn biến", "Timeline"), "    ",
              {page.say("Lúc", "At"), page.say("Ai", "Who"), page.say("Điểm cầu", "Site"),
               page.say("Việc", "What happened")});
  int rows = 0;
  for (const v1::TimelineEntry& entry : page.report.timeline()) {
    if (++rows > kMostRows) break;
    const std::string text = page.text(entry.text());
    table.row({plain(page.time(entry.at_us())), plain(entry.actor()),
               plain(entry.site_id().empty() ? "" : page.siteName(entry.site_id())),
               plain(text.empty() ? entry.kind() : text)});
  }
  if (table.empty()) return {};
  return section(page.say("Diễn biến", "Timeline"),
                 table.html() + cutNote(page, page.report.timeline_size()));
}

}  // namespace diemcau::report
