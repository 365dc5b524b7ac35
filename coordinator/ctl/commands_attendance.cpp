// diemcau attendance ... and diemcau status
#include <fmt/format.h>

#include "coordinator/ctl/commands.hpp"
#include "coordinator/ctl/messages.hpp"
#include "coordinator/ctl/report_text.hpp"
#include "coordinator/ctl/table.hpp"

namespace diemcau::ctl {
namespace {

std::vector<Cell> countCells(const Speech& speech, const v1::Counts& counts) {
  return {{speech.number(counts.expected())}, {speech.number(counts.present())},
          {speech.number(counts.online())},   {speech.number(counts.excused())},
          {speech.number(counts.absent())},   {speech.number(counts.not_marked())}};
}

std::vector<std::string> countTitles(const Speech& speech, const std::string& first) {
  return {first,
          speech.say(">TRIỆU TẬP", ">EXPECTED"),
          speech.say(">CÓ MẶT", ">PRESENT"),
          speech.say(">TRỰC TUYẾN", ">ONLINE"),
          speech.say(">VẮNG CÓ LÝ DO", ">EXCUSED"),
          speech.say(">VẮNG", ">ABSENT"),
          speech.say(">CHƯA ĐIỂM", ">NOT MARKED")};
}

void printAttendance(Context& context, const v1::SittingAttendance& sitting, const RosterNames& roster) {
  const Speech& speech = context.speech;
  context.out << speech.paint(sitting.sitting_id(), Style::kBold) << "  "
              << countsText(speech, sitting.total()) << "\n"
              << fmt::format("{}/{} {}, {} {}\n\n", speech.number(sitting.reported_sites()),
                             speech.number(sitting.sites()), speech.say("điểm cầu đã báo", "sites reported"),
                             speech.number(sitting.checkins()),
                             speech.say("lượt điểm danh theo tên", "named check-ins"));
  Table areas(countTitles(speech, speech.say("ĐỊA BÀN", "AREA")));
  for (const v1::AreaAttendance& area : sitting.by_area()) {
    auto cells = countCells(speech, area.counted());
    cells.insert(cells.begin(), Cell{roster.areaName(area.area_id())});
    areas.add(std::move(cells));
  }
  if (!areas.empty()) context.out << areas.render(speech, context.width) << "\n";
  auto titles = countTitles(speech, speech.say("ĐIỂM CẦU", "SITE"));
  titles.push_back(speech.say("GHI CHÚ", "NOTE"));
  Table sites(titles);
  for (const v1::SiteAttendance& site : sitting.by_site()) {
    auto cells = countCells(speech, site.counted());
    cells.insert(cells.begin(), Cell{site.site_id()});
    cells.push_back(!site.reported() ? Cell{speech.say("chưa báo", "not reported"), Style::kDim}
                    : site.differs()
                        ? Cell{speech.say("số đếm khác điểm danh", "headcount differs"), Style::kWarn}
                        : Cell{site.by(), Style::kDim});
    sites.add(std::move(cells));
  }
  context.out << sites.render(speech, context.width);
  for (const v1::AttendanceConflict& conflict : sitting.conflicts()) {
    std::string where;
    for (const auto& id : conflict.site_ids()) where += (where.empty() ? "" : ", ") + id;
    context.out << speech.paint(speech.say("trùng: ", "conflict: "), Style::kBad) << conflict.delegate_id()
                << " — " << where << "\n";
  }
}

}  // namespace

int attendanceShow(Context& context) {
  std::string path = sessionPath(context.arguments.id, "attendance");
  if (!context.arguments.sitting.empty()) path += "?sitting=" + encoded(context.arguments.sitting);
  RosterNames roster;
  if (!context.arguments.json) {
    // Names only make it nicer: an id will do.
    if (const auto body = context.api.get("/api/v1/roster")) {
      if (auto read = readRoster(*body)) roster = std::move(*read);
    }
  }
  return show<v1::SittingAttendance>(context, path, [&](const v1::SittingAttendance& sitting) {
    printAttendance(context, sitting, roster);
  });
}

int attendanceExport(Context& context) {
  return save(context, sessionPath(context.arguments.id,
                                   context.arguments.checkins ? "checkins.csv" : "attendance.csv"));
}

int attendanceEnter(Context& context) {
  const auto message = enterAttendance(context.arguments);
  if (!message) return misused(context, message.error());
  return command(context, "POST", sessionPath(context.arguments.id, "attendance"), *message,
                 [&](const v1::CommandReply& reply) {
                   context.out << context.speech.paint("✓ ", Style::kGood)
                               << context.speech.say("đã ghi cho ", "entered for ") << context.arguments.site
                               << "  " << context.speech.paint(reply.id(), Style::kDim) << "\n";
                 });
}

int status(Context& context) {
  const auto health = context.api.get("/healthz");
  if (!health) return failed(context, health.error());
  const auto ready = context.api.get("/readyz");
  if (!ready && ready.error().exit_code == kNotReached) return failed(context, ready.error());
  if (context.arguments.json) {
    context.out << *health << "\n";
    return ready ? kOk : kTryLater;
  }
  const Speech& speech = context.speech;
  context.out << speech.paint("● ", ready ? Style::kGood : Style::kBad) << context.api.url() << "  "
              << (ready ? speech.say("sẵn sàng", "ready")
                        : speech.say("đang chạy nhưng chưa phục vụ: ", "up, but not serving: ") +
                              speech.say(ready.error().vi, ready.error().en))
              << "\n";
  if (!ready) return kTryLater;
  v1::SiteList sites;
  v1::SessionList sessions;
  v1::AlarmList alarms;
  for (auto& [path, message] : std::initializer_list<std::pair<const char*, google::protobuf::Message*>>{
           {"/api/v1/sites", &sites}, {"/api/v1/sessions", &sessions}, {"/api/v1/alarms", &alarms}}) {
    const auto body = context.api.get(path);
    if (!body) return failed(context, body.error());
    if (auto ok = readJson(*body, *message); !ok) return failed(context, ok.error());
  }
  std::uint64_t online = 0, open = 0, raised = 0;
  for (const auto& site : sites.sites()) online += site.link() == v1::LinkState::online ? 1 : 0;
  for (const auto& session : sessions.sessions()) open += session.phase() < v1::Phase::ended ? 1 : 0;
  for (const auto& alarm : alarms.alarms()) raised += alarm.state() == v1::Alarm::raised ? 1 : 0;
  context.out << fmt::format("  {}{} / {}\n", pad(speech.say("trực tuyến", "online"), 12),
                             speech.number(online),
                             speech.number(static_cast<std::uint64_t>(sites.sites_size())))
              << "  " << pad(speech.say("phiên mở", "sessions"), 12) << speech.number(open) << "\n  "
              << pad(speech.say("cảnh báo", "alarms"), 12)
              << speech.paint(speech.number(raised), raised == 0 ? Style::kGood : Style::kBad) << "\n";
  return kOk;
}

}  // namespace diemcau::ctl
