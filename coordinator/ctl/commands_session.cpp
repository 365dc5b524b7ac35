// diemcau session ...
#include <fmt/format.h>

#include "coordinator/ctl/commands.hpp"
#include "coordinator/ctl/messages.hpp"
#include "coordinator/ctl/report_text.hpp"
#include "coordinator/ctl/table.hpp"

namespace diemcau::ctl {
namespace {

void printSession(Context& context, const v1::SessionView& view) {
  const v1::Session& session = view.session();
  Speech speech = context.speech;
  if (!session.time_zone().empty()) speech.zone = session.time_zone();
  const auto line = [&](const std::string& name, const std::string& value, Style style = Style::kPlain) {
    context.out << "  " << speech.paint(pad(name, 14), Style::kDim) << speech.paint(value, style) << "\n";
  };
  context.out << speech.paint(session.title(), Style::kBold) << "  "
              << speech.paint(session.id(), Style::kDim) << "\n";
  line(speech.say("trạng thái", "phase"), speech.word(session.phase()), styleOf(session.phase()));
  line(speech.say("bắt đầu", "start"),
       speech.time(session.scheduled_start_us()) + "  " + session.time_zone());
  if (session.scheduled_end_us() != 0)
    line(speech.say("kết thúc", "end"), speech.time(session.scheduled_end_us()));
  if (session.start_at_us() != 0)
    line(speech.say("phát lệnh", "launched"), speech.time(session.start_at_us()));
  line(speech.say("tự động", "automatic"), session.auto_start()
                                               ? speech.say("có, tự phát đúng giờ", "yes, launches by itself")
                                               : speech.say("không", "no"));
  if (!session.notes().empty()) line(speech.say("ghi chú", "notes"), session.notes());
  for (const auto& document : session.documents())
    line(speech.say("tài liệu", "document"), document.title() + "  " + document.url());
  for (const v1::Feed& feed : session.feeds()) line(speech.say("luồng ", "feed ") + feed.id(), feed.uri());
  for (const v1::Sitting& sitting : session.sittings()) {
    const bool now = sitting.id() == session.current_sitting_id();
    line(speech.say("buổi ", "sitting ") + sitting.id(),
         sitting.title() + (now ? speech.say("  (đang tính)", "  (current)") : ""));
  }
  line(speech.say("điểm cầu", "sites"),
       fmt::format("{}  ({} {}, {} {}, {} {})", speech.number(view.sites()), speech.number(view.online()),
                   speech.say("trực tuyến", "online"), speech.number(view.stale()),
                   speech.say("chậm tin", "stale"), speech.number(view.offline()),
                   speech.say("vắng", "offline")));
  line(speech.say("sẵn sàng", "ready"),
       fmt::format("{}  ({} {}, {} {}, {} {})", speech.number(view.ready()), speech.number(view.not_ready()),
                   speech.say("chưa sẵn sàng", "not ready"), speech.number(view.checking()),
                   speech.say("đang kiểm tra", "checking"), speech.number(view.not_checked()),
                   speech.say("chưa kiểm tra", "not checked")));
  if (session.go_at_us() != 0) {
    line(speech.say("phát lệnh", "launch"),
         fmt::format("{} {}, {} {}, {} {}, {} {}, {} {}", speech.number(view.started()),
                     speech.say("đã bắt đầu", "started"), speech.number(view.late()),
                     speech.say("muộn", "late"), speech.number(view.failed()), speech.say("lỗi", "failed"),
                     speech.number(view.pending()), speech.say("đang chờ", "pending"),
                     speech.number(view.waived()), speech.say("miễn", "waived")));
  }
  line(speech.say("cảnh báo", "alarms"), speech.number(view.alarms()),
       view.alarms() == 0 ? Style::kGood : Style::kBad);
  line(speech.say("điểm danh", "attendance"),
       fmt::format("{} {}, {}/{} {}", speech.number(view.attendance().present()),
                   speech.say("có mặt", "present"), speech.number(view.reported_sites()),
                   speech.number(view.sites()), speech.say("điểm cầu đã báo", "sites reported")));
}

std::string doneWord(const Speech& speech, const std::string& action) {
  static const std::map<std::string, std::pair<const char*, const char*>> words = {
      {"schedule", {"đã lên lịch", "scheduled"}},
      {"rehearse", {"bắt đầu chạy thử", "rehearsal begins"}},
      {"stop_rehearsal", {"đã dừng chạy thử", "rehearsal stopped"}},
      {"arm", {"đã vào chế độ chờ phát lệnh", "armed"}},
      {"disarm", {"đã thôi chờ phát lệnh", "disarmed"}},
      {"go", {"ĐÃ PHÁT LỆNH", "GO"}},
      {"pause", {"tạm nghỉ", "paused"}},
      {"resume", {"tiếp tục", "resumed"}},
      {"end", {"đã kết thúc", "ended"}},
      {"close", {"đã đóng, báo cáo là cuối cùng", "closed, the report is final"}},
      {"cancel", {"đã hủy", "cancelled"}}};
  const auto found = words.find(action);
  return found == words.end() ? action : speech.say(found->second.first, found->second.second);
}

}  // namespace

int sessionNew(Context& context) {
  const auto session = newSession(context.arguments.edit, context.now);
  if (!session) return misused(context, session.error());
  const auto created = context.api.send("POST", "/api/v1/sessions", *session);
  if (!created) return failed(context, created.error());
  v1::CommandReply reply;
  if (auto ok = readJson(*created, reply); !ok) return failed(context, ok.error());
  const std::string id = reply.session().id();
  if (context.arguments.draft) {
    context.out << (context.arguments.json ? *created : id) << "\n";
    return kOk;
  }
  v1::SessionAct act;
  act.set_session_id(id);
  act.set_kind(v1::SessionAct::schedule);
  // The id alone on standard output: for scripts. A session that cannot be scheduled stays as a draft.
  const int code =
      command(context, "POST", sessionPath(id, "schedule"), act, [&](const v1::CommandReply& scheduled) {
        context.out << id << "\n";
        Speech speech = context.speech;
        if (!scheduled.session().time_zone().empty()) speech.zone = scheduled.session().time_zone();
        context.err << speech.paint("✓ ", Style::kGood) << speech.say("đã lên lịch lúc ", "scheduled at ")
                    << speech.time(scheduled.session().scheduled_start_us()) << ", "
                    << speech.number(scheduled.session().site_ids_size() > 0
                                         ? static_cast<std::uint64_t>(scheduled.session().site_ids_size())
                                         : scheduled.sites())
                    << speech.say(" điểm cầu\n", " sites\n");
      });
  if (code != kOk) {
    context.err << context.speech.say("  phiên được giữ là bản nháp: ", "  the session stays as a draft: ")
                << id << "\n";
  }
  return code;
}

int sessionList(Context& context) {
  return show<v1::SessionList>(context, "/api/v1/sessions", [&](const v1::SessionList& list) {
    Speech speech = context.speech;
    Table table({speech.say("MÃ", "ID"), speech.say("TRẠNG THÁI", "PHASE"), speech.say("BẮT ĐẦU", "START"),
                 speech.say(">ĐIỂM CẦU", ">SITES"), speech.say("TÊN PHIÊN", "TITLE")});
    for (const v1::Session& session : list.sessions()) {
      if (!session.time_zone().empty()) speech.zone = session.time_zone();
      table.add({{session.id()},
                 {speech.word(session.phase()), styleOf(session.phase())},
                 {speech.time(session.scheduled_start_us())},
                 {session.site_ids_size() == 0
                      ? "-"
                      : speech.number(static_cast<std::uint64_t>(session.site_ids_size()))},
                 {session.title()}});
    }
    if (table.empty()) {
      context.out << speech.say("chưa có phiên nào\n", "no sessions yet\n");
    } else {
      context.out << table.render(speech, context.width);
    }
  });
}

int sessionShow(Context& context) {
  return show<v1::SessionView>(context, sessionPath(context.arguments.id),
                               [&](const v1::SessionView& view) { printSession(context, view); });
}

int sessionUpdate(Context& context) {
  const auto body = context.api.get(sessionPath(context.arguments.id));
  if (!body) return failed(context, body.error());
  v1::SessionView view;
  if (auto ok = readJson(*body, view); !ok) return failed(context, ok.error());
  v1::Session session = view.session();
  if (auto ok = applyEdit(context.arguments.edit, context.now, session); !ok)
    return misused(context, ok.error());
  return command(context, "PUT", sessionPath(context.arguments.id), session,
                 [&](const v1::CommandReply& reply) {
                   context.out << context.speech.paint("✓ ", Style::kGood)
                               << context.speech.say("đã cập nhật, kế hoạch số ", "updated, revision ")
                               << reply.session().revision() << "\n";
                 });
}

int sessionAct(Context& context, const std::string& action) {
  v1::SessionAct act;
  v1::SessionAct::Kind kind = v1::SessionAct::unknown;
  v1::SessionAct::Kind_Parse(action, &kind);
  act.set_session_id(context.arguments.id);
  act.set_kind(kind);
  act.set_reason(context.arguments.reason);
  act.set_lead_ms(context.arguments.lead_ms);
  return command(context, "POST", sessionPath(context.arguments.id, action), act,
                 [&](const v1::CommandReply& reply) {
                   Speech speech = context.speech;
                   if (!reply.session().time_zone().empty()) speech.zone = reply.session().time_zone();
                   context.out << speech.paint("✓ ", Style::kGood) << doneWord(speech, action);
                   if (action == "go")
                     context.out << speech.say(", bắt đầu lúc ", ", start at ")
                                 << speech.time(reply.session().start_at_us());
                   context.out << "\n";
                 });
}

int sessionWaive(Context& context) {
  v1::WaiveSites message;
  message.set_session_id(context.arguments.id);
  for (const auto& id : context.arguments.sites) message.add_site_ids(id);
  message.set_reason(context.arguments.reason);
  return command(context, "POST", sessionPath(context.arguments.id, "waive"), message,
                 [&](const v1::CommandReply& reply) {
                   context.out << context.speech.paint("✓ ", Style::kGood)
                               << context.speech.number(reply.sites() != 0 ? reply.sites()
                                                                           : context.arguments.sites.size())
                               << context.speech.say(" điểm cầu được miễn\n", " sites waived\n");
                 });
}

int sessionReport(Context& context) {
  return show<v1::SessionReport>(
      context, sessionPath(context.arguments.id, "report"), [&](const v1::SessionReport& report) {
        context.out << (context.arguments.csv ? outcomesCsv(report)
                                              : reportText(context.speech, report, context.width));
      });
}

int sessionTimeline(Context& context) {
  return show<v1::Timeline>(context, sessionPath(context.arguments.id, "timeline"),
                            [&](const v1::Timeline& timeline) {
                              const Speech& speech = context.speech;
                              Table table({speech.say("LÚC", "TIME"), speech.say("AI", "WHO"),
                                           speech.say("ĐIỂM CẦU", "SITE"), speech.say("VIỆC", "WHAT")});
                              for (const v1::TimelineEntry& entry : timeline.entries()) {
                                table.add({{speech.time(entry.at_us()), Style::kDim},
                                           {entry.actor()},
                                           {entry.site_id()},
                                           {speech.say(entry.text())}});
                              }
                              context.out << table.render(speech, context.width);
                            });
}

}  // namespace diemcau::ctl
