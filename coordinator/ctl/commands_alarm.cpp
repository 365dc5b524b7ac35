// diemcau alarm ...
#include "coordinator/ctl/commands.hpp"
#include "coordinator/ctl/messages.hpp"
#include "coordinator/ctl/report_text.hpp"
#include "coordinator/ctl/table.hpp"
#include "diemcau/v1/history.pb.h"

namespace diemcau::ctl {

int alarmList(Context& context) {
  const bool of_session = !context.arguments.session.empty();
  const std::string path =
      of_session
          ? sessionPath(context.arguments.session, "alarms") + (context.arguments.all ? "" : "?raised=1")
          : std::string("/api/v1/alarms") + (context.arguments.all ? "?all=1" : "");
  return show<v1::AlarmList>(context, path, [&](const v1::AlarmList& list) {
    v1::AlarmList wanted;
    for (const v1::Alarm& alarm : list.alarms()) {
      if (context.arguments.all || alarm.state() == v1::Alarm::raised) *wanted.add_alarms() = alarm;
    }
    context.out << alarmsTable(context.speech, wanted.alarms(), context.width);
  });
}

int alarmAck(Context& context) {
  v1::AckAlarm message;
  message.set_alarm_id(context.arguments.id);
  message.set_note(context.arguments.note);
  return command(context, "POST", "/api/v1/alarms/" + encoded(context.arguments.id) + "/ack", message,
                 [&](const v1::CommandReply&) {
                   context.out << context.speech.paint("✓ ", Style::kGood)
                               << context.speech.say("đã nhận xử lý cảnh báo ", "alarm taken: ")
                               << context.arguments.id << "\n";
                 });
}

int alarmShelve(Context& context) {
  const auto until = readWhen(context.arguments.until, context.speech.zone, context.now);
  if (!until) return misused(context, until.error());
  v1::ShelveAlarm message;
  message.set_alarm_id(context.arguments.id);
  message.set_reason(context.arguments.reason);
  message.set_until_us(*until);
  return command(context, "POST", "/api/v1/alarms/" + encoded(context.arguments.id) + "/shelve", message,
                 [&](const v1::CommandReply&) {
                   context.out << context.speech.paint("✓ ", Style::kGood)
                               << context.speech.say("tạm gác đến ", "put aside until ")
                               << context.speech.time(*until) << "\n";
                 });
}

int alarmUnshelve(Context& context) {
  v1::UnshelveAlarm message;
  message.set_alarm_id(context.arguments.id);
  return command(context, "POST", "/api/v1/alarms/" + encoded(context.arguments.id) + "/unshelve", message,
                 [&](const v1::CommandReply&) {
                   context.out << context.speech.paint("✓ ", Style::kGood)
                               << context.speech.say("thôi tạm gác ", "taken up again: ")
                               << context.arguments.id << "\n";
                 });
}

int alarmHistory(Context& context) {
  return show<v1::AlarmHistory>(
      context, sessionPath(context.arguments.id, "alarms/history"), [&](const v1::AlarmHistory& history) {
        const Speech& speech = context.speech;
        Table table({speech.say("MÃ", "ID"), speech.say("LÚC", "TIME"), speech.say("AI", "WHO"),
                     speech.say("VIỆC", "WHAT")});
        for (const auto& story : history.stories())
          for (const auto& event : story.events())
            table.add({{story.alarm().id(), Style::kDim},
                       {speech.time(event.at_us())},
                       {event.actor()},
                       {speech.say(event.text())}});
        context.out << (table.empty() ? speech.say("không có cảnh báo\n", "no alarms\n")
                                      : table.render(speech, context.width));
      });
}

}  // namespace diemcau::ctl
