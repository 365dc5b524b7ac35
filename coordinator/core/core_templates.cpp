// Sessions made from others: copies of earlier ones, and templates.
#include "base/text.hpp"
#include "coordinator/core/core_impl.hpp"
#include "coordinator/core/session_check.hpp"

namespace diemcau::core {
namespace {

constexpr std::size_t kMostTemplates = 200;

tl::unexpected<Error> noTemplate(std::string_view id) {
  const std::string shown = validId(id) ? std::string(id) : "?";
  return fail(ErrorCode::kNotFound, "there is no template \"" + shown + "\"",
              "không có mẫu phiên \"" + shown + "\"");
}

// What a person sets, and nothing that became of it.
v1::Session wishOf(const v1::Session& from) {
  v1::Session out;
  out.set_title(from.title());
  out.set_time_zone(from.time_zone());
  out.set_scheduled_start_us(from.scheduled_start_us());
  out.set_scheduled_end_us(from.scheduled_end_us());
  out.set_auto_start(from.auto_start());
  out.set_arm_lead_s(from.arm_lead_s());
  *out.mutable_rehearsal_leads_s() = from.rehearsal_leads_s();
  *out.mutable_sittings() = from.sittings();
  *out.mutable_feeds() = from.feeds();
  *out.mutable_profile() = from.profile();
  *out.mutable_selection() = from.selection();
  out.set_notes(from.notes());
  *out.mutable_documents() = from.documents();
  return out;
}

// To another start; without one, there are no times at all.
void moveTo(Micros start, v1::Session& session) {
  const Micros by = start - session.scheduled_start_us();
  const bool known = start != 0 && session.scheduled_start_us() != 0;
  const auto moved = [&](Micros at) { return known && at != 0 ? at + by : 0; };
  session.set_scheduled_end_us(moved(session.scheduled_end_us()));
  for (auto& sitting : *session.mutable_sittings()) {
    sitting.set_starts_us(moved(sitting.starts_us()));
    sitting.set_ends_us(moved(sitting.ends_us()));
  }
  session.set_scheduled_start_us(start);
  if (start == 0) session.set_auto_start(false);
}

}  // namespace

Result<v1::CommandReply> Core::Impl::copySession(const v1::CopySession& copy, const std::string& actor,
                                                 Micros now, Effects& out) {
  v1::Session wish;
  if (copy.from_template()) {
    const auto found = templates.find(copy.from_id());
    if (found == templates.end()) return noTemplate(copy.from_id());
    wish = found->second.session();
  } else {
    const auto* state = findSession(copy.from_id());
    if (state == nullptr) return noSession(copy.from_id());
    wish = wishOf(state->session);
  }
  if (copy.scheduled_start_us() < 0)
    return fail(ErrorCode::kInvalid, "scheduled_start_us is not a time from 1970 to 2200",
                "giờ bắt đầu không hợp lệ");
  moveTo(copy.scheduled_start_us(), wish);
  wish.set_id(copy.id());
  if (!copy.title().empty()) wish.set_title(copy.title());
  return createSession(wish, actor, now, out, copy.from_id());
}

Result<v1::CommandReply> Core::Impl::saveTemplate(const v1::SaveTemplate& save, const std::string& actor,
                                                  Micros now, Effects& out) {
  const auto* state = findSession(save.session_id());
  if (state == nullptr) return noSession(save.session_id());
  if (!save.id().empty() && !validId(save.id()))
    return fail(ErrorCode::kInvalid, "template id is not 1-64 characters of [A-Za-z0-9._-]",
                "mã mẫu phiên không hợp lệ");
  auto name = cleanText(save.name(), 200, "name");
  if (!name) return tl::unexpected(name.error());
  if (!templates.contains(save.id()) && templates.size() >= kMostTemplates)
    return fail(ErrorCode::kConflict, "there are 200 templates already: delete some first",
                "đã có 200 mẫu phiên: hãy xóa bớt");
  v1::SessionTemplate made;
  made.set_id(save.id());
  while (made.id().empty() || (save.id().empty() && templates.contains(made.id()))) made.set_id(nextId("m"));
  *made.mutable_session() = wishOf(state->session);
  made.set_name(name->empty() ? state->session.title() : *name);
  made.set_created_by(actor);
  made.set_created_us(now);
  put(out, "template", made.id(), "", made.SerializeAsString());
  tell({"template.saved", state->session.id(), {}, actor},
       text("lưu mẫu phiên \"" + made.name() + "\"", "template \"" + made.name() + "\" was saved"), now, out);
  v1::CommandReply reply;
  reply.set_id(made.id());
  auto& shown = *reply.mutable_session_template();
  shown = made;
  *shown.mutable_session() = withoutSecrets(made.session());
  templates[made.id()] = std::move(made);
  return reply;
}

Result<v1::CommandReply> Core::Impl::deleteTemplate(const v1::DeleteTemplate& gone, const std::string& actor,
                                                    Micros now, Effects& out) {
  const auto found = templates.find(gone.id());
  if (found == templates.end()) return noTemplate(gone.id());
  const std::string name = found->second.name();
  out.store.removes.push_back({"template", gone.id()});
  tell({"template.deleted", {}, {}, actor},
       text("xóa mẫu phiên \"" + name + "\"", "template \"" + name + "\" was deleted"), now, out);
  templates.erase(found);
  v1::CommandReply reply;
  reply.set_id(gone.id());
  return reply;
}

v1::SessionTemplateList Core::templates() const {
  v1::SessionTemplateList out;
  for (const auto& [id, one] : impl_->templates) {
    auto& shown = *out.add_templates();
    shown = one;
    *shown.mutable_session() = withoutSecrets(one.session());
  }
  return out;
}

}  // namespace diemcau::core
