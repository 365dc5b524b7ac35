#include "coordinator/ctl/report_text.hpp"

#include <fmt/format.h>

#include "base/csv.hpp"
#include "coordinator/ctl/table.hpp"

namespace diemcau::ctl {
namespace {

std::string milliseconds(const Speech& speech, double value) {
  std::string text = fmt::format("{:.1f}", value);
  if (!speech.english) {
    const std::size_t dot = text.find('.');
    if (dot != std::string::npos) text[dot] = ',';
  }
  return text + " ms";
}

std::string launchText(const Speech& speech, const v1::LaunchReport& launch) {
  std::string out = speech.paint(speech.say("Phát lệnh", "Launch"), Style::kBold) + "\n";
  out += fmt::format(
      "  {} {} · {} {} · {} {} · {} {} · {} {}\n", speech.number(launch.started()),
      speech.word(v1::Outcome::started), speech.number(launch.late()), speech.word(v1::Outcome::late),
      speech.number(launch.failed()), speech.word(v1::Outcome::failed), speech.number(launch.waived()),
      speech.word(v1::Outcome::waived), speech.number(launch.pending()), speech.word(v1::Outcome::pending));
  out += fmt::format("  {}: p50 {}, p99 {}, {} {}\n", speech.say("nhận lệnh", "acknowledged"),
                     milliseconds(speech, launch.ack_p50_ms()), milliseconds(speech, launch.ack_p99_ms()),
                     speech.say("cuối cùng", "last"), milliseconds(speech, launch.last_ack_ms()));
  out += fmt::format("  {}: p50 {}, p99 {}, {} {} ({} {})\n", speech.say("lệch giờ bắt đầu", "start skew"),
                     milliseconds(speech, launch.skew_p50_ms()), milliseconds(speech, launch.skew_p99_ms()),
                     speech.say("lớn nhất", "worst"), milliseconds(speech, launch.skew_max_ms()),
                     speech.number(launch.real_sites()), speech.say("hội trường thật", "real halls"));
  return out;
}

}  // namespace

std::string countsText(const Speech& speech, const v1::Counts& counts) {
  return fmt::format(
      "{} {}, {} {}, {} {}, {} {}, {} {}", speech.number(counts.present()), speech.say("có mặt", "present"),
      speech.number(counts.online()), speech.say("trực tuyến", "online"), speech.number(counts.excused()),
      speech.say("vắng có lý do", "excused"), speech.number(counts.absent()), speech.say("vắng", "absent"),
      speech.number(counts.not_marked()), speech.say("chưa điểm", "not marked"));
}

std::string alarmsTable(const Speech& speech, const google::protobuf::RepeatedPtrField<v1::Alarm>& alarms,
                        std::size_t width) {
  Table table({speech.say("MÃ", "ID"), speech.say("LÚC", "TIME"), speech.say("LOẠI", "KIND"),
               speech.say("TRẠNG THÁI", "STATE"), speech.say(">ĐIỂM CẦU", ">SITES"),
               speech.say("NGƯỜI XỬ LÝ", "TAKEN BY"), speech.say("NỘI DUNG", "WHAT")});
  for (const v1::Alarm& alarm : alarms) {
    const bool raised = alarm.state() == v1::Alarm::raised;
    const std::string kind =
        alarm.kind() == v1::Alarm::feed ? speech.word(alarm.condition()) : speech.word(alarm.kind());
    table.add({{alarm.id(), Style::kDim},
               {speech.time(alarm.raised_us())},
               {kind},
               {raised ? speech.say("đang báo", "raised")
                       : speech.say("đã hết ", "cleared ") + speech.clock(alarm.cleared_us()),
                raised ? Style::kBad : Style::kDim},
               {speech.number(alarm.sites_peak())},
               {!alarm.acked_by().empty() ? alarm.acked_by()
                : raised && alarm.shelved_until_us() != 0
                    ? speech.say("gác đến ", "aside until ") + speech.clock(alarm.shelved_until_us())
                    : "-"},
               {speech.say(alarm.text())}});
  }
  if (table.empty()) return speech.say("không có cảnh báo\n", "no alarms\n");
  return table.render(speech, width);
}

std::string reportText(Speech speech, const v1::SessionReport& report, std::size_t width) {
  const v1::Session& session = report.session();
  if (!session.time_zone().empty()) speech.zone = session.time_zone();
  std::string out =
      speech.paint(session.title(), Style::kBold) + "  " + speech.paint(session.id(), Style::kDim) + "\n";
  out += fmt::format(
      "{} · {} {} · {} {}\n", speech.word(session.phase()), speech.say("bắt đầu", "start"),
      speech.time(session.start_at_us() != 0 ? session.start_at_us() : session.scheduled_start_us()),
      speech.say("kết thúc", "end"), speech.time(session.ended_us()));
  if (!report.final()) {
    out += speech.paint(speech.say("báo cáo tạm: phiên chưa đóng", "not final: the session is not closed"),
                        Style::kWarn) +
           "\n";
  }
  out += "\n" + launchText(speech, report.launch());

  Table troubled({speech.say("ĐIỂM CẦU", "SITE"), speech.say("KẾT QUẢ", "OUTCOME"), speech.say("LÚC", "TIME"),
                  speech.say("LÝ DO", "REASON")});
  for (const v1::Outcome& outcome : report.outcomes()) {
    if (outcome.state() == v1::Outcome::started) continue;
    troubled.add({{outcome.site_id()},
                  {speech.word(outcome.state()), styleOf(outcome.state())},
                  {speech.clock(outcome.started_us())},
                  {speech.say(outcome.reason())}});
  }
  if (!troubled.empty()) out += "\n" + troubled.render(speech, width);

  out += "\n" + speech.paint(speech.say("Điểm danh", "Attendance"), Style::kBold) + "\n";
  for (const v1::SittingAttendance& sitting : report.attendance()) {
    out += fmt::format("  {}: {} — {}/{} {}\n", sitting.sitting_id(), countsText(speech, sitting.total()),
                       speech.number(sitting.reported_sites()), speech.number(sitting.sites()),
                       speech.say("điểm cầu đã báo", "sites reported"));
  }
  out += "\n" + speech.paint(speech.say("Cảnh báo", "Alarms"), Style::kBold) + "\n" +
         alarmsTable(speech, report.alarms(), width);
  return out;
}

std::string outcomesCsv(const v1::SessionReport& report) {
  std::string out = "site_id,outcome,reason,acked,started,error_ms,simulated\r\n";
  for (const v1::Outcome& outcome : report.outcomes()) {
    const auto when = [](Micros at) { return at == 0 ? std::string() : formatUtc(at); };
    out += csvField(outcome.site_id()) + "," + v1::Outcome::State_Name(outcome.state()) + "," +
           csvField(outcome.reason().vi()) + "," + when(outcome.acked_us()) + "," +
           when(outcome.started_us()) + "," +
           fmt::format("{:.3f}", static_cast<double>(outcome.start_error_us()) / 1000.0) + "," +
           (outcome.simulated() ? "1" : "0") + "\r\n";
  }
  return out;
}

}  // namespace diemcau::ctl
