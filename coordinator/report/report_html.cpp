// The page around the parts: head, style, title, key figures.
#include "coordinator/report/report_html.hpp"

#include <fmt/format.h>

#include "coordinator/report/report_parts.hpp"

namespace diemcau::report {
namespace {

// Colours have a contrast of at least 4.5 on white; what is missing is also said in words, never by colour
// alone.
constexpr const char* kStyle = R"css(
body{font:15px/1.45 system-ui,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif;color:#1b1f24;background:#fff;
margin:0 auto;max-width:1080px;padding:24px}
h1{font-size:26px;margin:0 0 4px}h2{font-size:19px;margin:32px 0 8px;border-bottom:2px solid #0b5394;padding-bottom:4px}
p{margin:4px 0 10px}.draft{background:#fff4ce;border:1px solid #8a6d00;padding:6px 10px}
.figures{display:flex;flex-wrap:wrap;gap:10px;margin:16px 0;padding:0;list-style:none}
.figures li{border:1px solid #c5ccd3;border-radius:6px;padding:8px 14px;min-width:96px}
.figures b{display:block;font-size:24px;font-variant-numeric:tabular-nums}
.figures .bad b{color:#a61b1b}
table{border-collapse:collapse;width:100%;margin:10px 0 18px;font-size:13.5px}
caption{text-align:left;font-weight:600;padding:4px 0}thead{display:table-header-group}
th,td{border-bottom:1px solid #d5dbe1;padding:4px 8px;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:#eef2f6}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tr.total td{font-weight:700;border-top:2px solid #1b1f24}tr.missing td,tr.failed td,tr.late td{background:#fdf0ef}
.d1{padding-left:16px}.d2{padding-left:32px}.d3{padding-left:48px}.d4{padding-left:64px}.d5{padding-left:80px}
.d6{padding-left:96px}.d7{padding-left:112px}.d8{padding-left:128px}
.chart{width:100%;max-width:900px;height:auto;margin:8px 0}.chart text{font-size:12px;fill:#1b1f24}
.chart .expected{fill:#d5dbe1}.chart .there{fill:#0b5394}.chart .grid{stroke:#d5dbe1}
.chart .curve{fill:none;stroke:#0b5394;stroke-width:2}
footer{margin-top:32px;color:#4a5560;font-size:12.5px}
@page{size:A4;margin:14mm}
@media print{body{padding:0;max-width:none;font-size:11pt}table{font-size:9pt}tr,svg{break-inside:avoid}
h2{break-after:avoid}}
)css";
// SHA-256 of the style: the page allows this one and no other. A test holds the two together.
constexpr const char* kStyleHash = "TuQ5wH2LpjMB92+3VTT6UDj/ZXCGIP7zaWVIlPODPr8=";

std::string figure(const char* name, std::uint64_t value, bool bad = false) {
  return fmt::format("<li{}><b>{}</b>{}</li>", bad && value > 0 ? " class=\"bad\"" : "", value, name);
}

std::string figures(const Page& page) {
  const v1::LaunchReport& launch = page.report.launch();
  std::string out = "<ul class=\"figures\">";
  out += figure(page.say("điểm cầu", "sites"), launch.sites());
  out += figure(page.say("đã bắt đầu", "started"), launch.started());
  out += figure(page.say("trễ", "late"), launch.late(), true);
  out += figure(page.say("hỏng", "failed"), launch.failed(), true);
  out += figure(page.say("đang chờ", "pending"), launch.pending(), true);
  out += figure(page.say("được miễn", "waived"), launch.waived());
  out += figure(page.say("cảnh báo", "alarms"), static_cast<std::uint64_t>(page.report.alarms_size()));
  for (const v1::SittingAttendance& sitting : page.report.attendance()) {
    const std::uint64_t there = std::uint64_t(sitting.total().present()) + sitting.total().online();
    out += fmt::format("<li><b>{}</b>{} ({})</li>", there, page.say("người dự", "there"),
                       escaped(page.sittingName(sitting.sitting_id())));
  }
  return out + "</ul>\n";
}

std::string head(const Page& page) {
  const v1::Session& session = page.report.session();
  std::string out =
      fmt::format("<header><h1>{}</h1>\n<p>{} {}", escaped(session.title()),
                  page.say("Báo cáo phiên hội nghị", "Report of the session"), escaped(session.id()));
  if (session.start_at_us() != 0)
    out += fmt::format("; {} {}", page.say("bắt đầu", "began"), escaped(page.time(session.start_at_us())));
  if (session.ended_us() != 0)
    out += fmt::format("; {} {}", page.say("kết thúc", "ended"), escaped(page.time(session.ended_us())));
  out += fmt::format(" ({})</p>\n", escaped(session.time_zone()));
  if (!page.report.final())
    out += fmt::format("<p class=\"draft\">{}</p>\n",
                       page.say("Báo cáo tạm thời: phiên hội nghị chưa đóng, số liệu còn có thể thay đổi.",
                                "Preliminary: the session is not closed, and figures may still change."));
  return out + "</header>\n";
}

}  // namespace

std::string Page::text(const v1::Text& text) const {
  const std::string& wanted = english ? text.en() : text.vi();
  return wanted.empty() ? (english ? text.vi() : text.en()) : wanted;
}

std::string Page::siteName(const std::string& site_id) const {
  const v1::Site* site = roster.site(site_id);
  return site == nullptr ? site_id : fmt::format("{} ({})", site->name(), site_id);
}

std::string Page::areaName(const std::string& area_id) const {
  const v1::Area* area = roster.area(area_id);
  return area == nullptr ? area_id : area->name();
}

std::string Page::sittingName(const std::string& sitting_id) const {
  for (const v1::Sitting& known : report.session().sittings())
    if (known.id() == sitting_id && !known.title().empty()) return known.title();
  return sitting_id;
}

std::string Page::time(Micros at) const {
  return at == 0 ? std::string() : formatLocal(at, report.session().time_zone());
}

std::string reportHtml(const v1::SessionReport& report, const core::Roster& roster, bool english) {
  const Page page{report, roster, english};
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n"
      "<style>{}</style>\n</head>\n<body>\n",
      english ? "en" : "vi", kStyleHash, escaped(report.session().title()), kStyle);
  out += head(page) + "<main>\n" + figures(page) + launch(page) + outcomes(page);
  for (const v1::SittingAttendance& sitting : report.attendance()) out += attendance(page, sitting);
  out += alarms(page) + helpRequests(page) + signOffs(page) + timeline(page);
  out += fmt::format("</main>\n<footer>{} {}. {} {}.</footer>\n</body>\n</html>\n",
                     page.say("Lập lúc", "Made at"), escaped(page.time(report.made_us())), report.records(),
                     page.say("bản ghi trong sổ cái", "records in the ledger"));
  return out;
}

}  // namespace diemcau::report
