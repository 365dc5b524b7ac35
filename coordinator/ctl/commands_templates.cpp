// diemcau session copy and diemcau template ...
#include "coordinator/ctl/commands.hpp"
#include "coordinator/ctl/messages.hpp"
#include "coordinator/ctl/table.hpp"

namespace diemcau::ctl {
namespace {

int copyFrom(Context& context, bool from_template) {
  v1::CopySession message;
  message.set_from_id(context.arguments.id);
  message.set_from_template(from_template);
  message.set_title(context.arguments.title);
  if (!context.arguments.start.empty()) {
    const auto at = readWhen(context.arguments.start, context.speech.zone, context.now);
    if (!at) return misused(context, at.error());
    message.set_scheduled_start_us(*at);
  }
  // The id alone on standard output: for scripts.
  return command(context, "POST", "/api/v1/sessions/copy", message, [&](const v1::CommandReply& reply) {
    context.out << reply.session().id() << "\n";
    context.err << context.speech.paint("✓ ", Style::kGood)
                << context.speech.say("bản nháp, lên lịch bằng: diemcau session schedule ",
                                      "a draft, schedule it with: diemcau session schedule ")
                << reply.session().id() << "\n";
  });
}

}  // namespace

int sessionCopy(Context& context) {
  return copyFrom(context, false);
}

int templateUse(Context& context) {
  return copyFrom(context, true);
}

int templateList(Context& context) {
  return show<
      v1::SessionTemplateList>(context, "/api/v1/templates", [&](const v1::SessionTemplateList& list) {
    const Speech& speech = context.speech;
    Table table({speech.say("MÃ", "ID"), speech.say("NGƯỜI LƯU", "SAVED BY"), speech.say("LÚC", "TIME"),
                 speech.say("TÊN MẪU", "NAME")});
    for (const auto& one : list.templates())
      table.add({{one.id(), Style::kDim}, {one.created_by()}, {speech.time(one.created_us())}, {one.name()}});
    context.out << (table.empty() ? speech.say("chưa có mẫu nào\n", "no templates yet\n")
                                  : table.render(speech, context.width));
  });
}

int templateSave(Context& context) {
  v1::SaveTemplate message;
  message.set_session_id(context.arguments.id);
  message.set_name(context.arguments.name);
  message.set_id(context.arguments.text);
  return command(context, "POST", "/api/v1/templates", message,
                 [&](const v1::CommandReply& reply) { context.out << reply.id() << "\n"; });
}

int templateDelete(Context& context) {
  return command(context, "DELETE", "/api/v1/templates/" + encoded(context.arguments.id),
                 v1::DeleteTemplate(), [&](const v1::CommandReply&) {
                   context.out << context.speech.paint("✓ ", Style::kGood)
                               << context.speech.say("đã xóa mẫu ", "template deleted: ")
                               << context.arguments.id << "\n";
                 });
}

}  // namespace diemcau::ctl
