// diemcau attendance delegates, remind, mark
#include "coordinator/ctl/commands.hpp"
#include "coordinator/ctl/table.hpp"

namespace diemcau::ctl {
namespace {

std::string stateWord(const Speech& speech, v1::Presence::State state) {
  switch (state) {
    case v1::Presence::present:
      return speech.say("có mặt", "present");
    case v1::Presence::online:
      return speech.say("trực tuyến", "online");
    case v1::Presence::excused:
      return speech.say("vắng có lý do", "excused");
    case v1::Presence::absent:
      return speech.say("vắng", "absent");
    default:
      return speech.say("chưa điểm", "not marked");
  }
}

void printDelegates(Context& context, const v1::DelegateAttendanceList& list) {
  const Speech& speech = context.speech;
  Table table({speech.say("ĐIỂM CẦU", "SITE"), speech.say("MÃ", "ID"), speech.say("ĐẠI BIỂU", "DELEGATE"),
               speech.say("ĐƠN VỊ", "UNIT"), speech.say("TRẠNG THÁI", "STATE"),
               speech.say("BẢN GHI", "RECORD"), speech.say("GHI CHÚ", "NOTE")});
  for (const auto& one : list.delegates()) {
    std::string note = one.reason();
    for (const auto& other : one.also_at())
      note += (note.empty() ? "" : ", ") + speech.say("cũng ở ", "also at ") + other;
    table.add({{one.site_id(), Style::kDim},
               {one.delegate().id(), Style::kDim},
               {one.delegate().name()},
               {one.delegate().unit()},
               {stateWord(speech, one.state()),
                one.state() == v1::Presence::not_marked ? Style::kDim : Style::kPlain},
               {one.record_id(), Style::kDim},
               {note, one.also_at().empty() ? Style::kPlain : Style::kBad}});
  }
  context.out << table.render(speech, context.width)
              << speech.number(static_cast<std::uint64_t>(list.delegates_size())) << "/"
              << speech.number(list.total()) << "\n";
}

}  // namespace

int attendanceDelegates(Context& context) {
  const auto& given = context.arguments;
  std::string path = sessionPath(given.id, "attendance/delegates") + "?limit=5000";
  for (const auto& [name, value] :
       {std::pair{"sitting", given.sitting}, std::pair{"area", given.area}, std::pair{"site", given.site},
        std::pair{"state", given.state}, std::pair{"q", given.search}})
    if (!value.empty()) path += std::string("&") + name + "=" + encoded(value);
  if (given.all) path += "&conflicts=1";
  return show<v1::DelegateAttendanceList>(
      context, path, [&](const v1::DelegateAttendanceList& list) { printDelegates(context, list); });
}

int attendanceRemind(Context& context) {
  v1::RemindAttendance message;
  message.set_session_id(context.arguments.id);
  message.set_sitting_id(context.arguments.sitting);
  message.set_text(context.arguments.text);
  if (!context.arguments.area.empty()) message.add_area_ids(context.arguments.area);
  return command(context, "POST", sessionPath(context.arguments.id, "attendance/remind"), message,
                 [&](const v1::CommandReply& reply) {
                   context.out << context.speech.paint("✓ ", Style::kGood)
                               << context.speech.say("đã nhắc ", "reminded: ")
                               << context.speech.number(reply.sites())
                               << context.speech.say(" điểm cầu", " sites") << "\n";
                 });
}

int attendanceMark(Context& context) {
  const auto& given = context.arguments;
  if (!given.corrects.empty() && given.reason.empty())
    return misused(context,
                   Error{ErrorCode::kInvalid, "a correction needs --reason", "khi sửa phải ghi --reason"});
  v1::EnterAttendance message;
  message.set_session_id(given.id);
  message.set_site_id(given.site);
  message.set_sitting_id(given.sitting);
  message.set_corrects_id(given.corrects);
  message.set_reason(given.reason);
  auto& mark = *message.mutable_check_in();
  mark.set_delegate_id(given.delegate);
  v1::Presence::State state = v1::Presence::not_marked;
  v1::Presence::State_Parse(given.state, &state);
  mark.set_state(state);
  mark.set_reason(given.note);
  return command(context, "POST", sessionPath(given.id, "attendance"), message,
                 [&](const v1::CommandReply& reply) {
                   context.out << context.speech.paint("✓ ", Style::kGood) << given.delegate << " "
                               << stateWord(context.speech, state) << "  "
                               << context.speech.paint(reply.id(), Style::kDim) << "\n";
                 });
}

}  // namespace diemcau::ctl
