// What people ask for, except phases (core_acts.cpp), alarms (core_alarms.cpp) and what concerns
// single sites (core_requests.cpp). On
// an error nothing has changed: everything is checked before anything is touched.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "coordinator/core/core_impl.hpp"
#include "coordinator/core/session_check.hpp"
#include "coordinator/core/session_phase.hpp"

namespace diemcau::core {

Result<v1::CommandReply> Core::Impl::command(const v1::Command& command, Micros now, Effects& out) {
  auto actor = cleanText(command.actor(), 100, "actor");
  if (!actor) return tl::unexpected(actor.error());
  if (actor->empty())
    return fail(ErrorCode::kInvalid, "actor is empty: say who asks for it", "chưa ghi tên người thao tác");
  switch (command.body_case()) {
    case v1::Command::kImportRoster:
      return importRoster(command.import_roster(), *actor, now, out);
    case v1::Command::kCreateSession:
      return createSession(command.create_session(), *actor, now, out);
    case v1::Command::kUpdateSession:
      return updateSession(command.update_session(), *actor, now, out);
    case v1::Command::kAct:
      return act(command.act(), *actor, now, out);
    case v1::Command::kWaive:
      return waive(command.waive(), *actor, now, out);
    case v1::Command::kSendText:
      return sendText(command.send_text(), *actor, now, out);
    case v1::Command::kAckAlarm:
      return ackAlarm(command.ack_alarm(), *actor, now, out);
    case v1::Command::kShelveAlarm:
      return shelveAlarm(command.shelve_alarm(), *actor, now, out);
    case v1::Command::kUnshelveAlarm:
      return unshelveAlarm(command.unshelve_alarm(), *actor);
    case v1::Command::kCopySession:
      return copySession(command.copy_session(), *actor, now, out);
    case v1::Command::kSaveTemplate:
      return saveTemplate(command.save_template(), *actor, now, out);
    case v1::Command::kDeleteTemplate:
      return deleteTemplate(command.delete_template(), *actor, now, out);
    case v1::Command::kRemind:
      return remind(command.remind(), *actor, now, out);
    case v1::Command::kCheckAgain:
      return checkAgain(command.check_again(), *actor, now, out);
    case v1::Command::kPinFeed:
      return pinFeed(command.pin_feed(), *actor, now, out);
    case v1::Command::kAttendance:
      return enterAttendance(command.attendance(), *actor, now, out);
    default:
      return fail(ErrorCode::kInvalid, "the command is empty or not known", "lệnh trống hoặc không rõ");
  }
}

v1::CommandReply Core::Impl::replyFor(const SessionState& state) const {
  v1::CommandReply reply;
  *reply.mutable_session() = withoutSecrets(state.session);
  reply.set_sites(static_cast<std::uint32_t>(state.session.site_ids_size()));
  return reply;
}

Result<v1::CommandReply> Core::Impl::createSession(const v1::Session& wish, const std::string& actor,
                                                   Micros now, Effects& out, const std::string& from) {
  auto checked = checkedSession(wish);
  if (!checked) return tl::unexpected(checked.error());
  if (!checked->id().empty() && findSession(checked->id()) != nullptr)
    return fail(ErrorCode::kConflict, "a session with the id \"" + checked->id() + "\" is there already",
                "đã có phiên với mã \"" + checked->id() + "\"");
  while (checked->id().empty() || findSession(checked->id()) != nullptr) checked->set_id(nextId("s"));
  checked->set_created_by(actor);
  checked->set_created_us(now);
  checked->set_copied_from(from);
  checked->set_revision(plans.next());
  auto& state = sessions[checked->id()];
  state.session = std::move(*checked);
  saveSession(state, out);
  const auto& session = state.session;
  tell({"session.created", session.id(), {}, actor},
       text("tạo phiên \"" + session.title() + "\"", "session \"" + session.title() + "\" was created"), now,
       out);
  return replyFor(state);
}

Result<v1::CommandReply> Core::Impl::updateSession(const v1::SessionUpdate& update, const std::string& actor,
                                                   Micros now, Effects& out) {
  auto* state = findSession(update.session().id());
  if (state == nullptr) return noSession(update.session().id());
  auto next = updatedSession(state->session, update.session());
  if (!next) return tl::unexpected(next.error());
  const auto phase = next->phase();
  if (isPlanned(phase)) {
    if (const auto ok = schedulable(*next, isLaunched(phase) || phase == v1::Phase::armed ? 0 : now); !ok)
      return tl::unexpected(ok.error());
  }
  // While it waits, an update also takes in what the roster has got since; a running session changes its
  // sites only where the selection does.
  const bool chosen = next->selection().SerializeAsString() != state->session.selection().SerializeAsString();
  std::vector<std::string> added;
  if (isPlanned(phase) && phase != v1::Phase::ended && (chosen || !isRunning(phase))) {
    const auto resolved = roster.resolve(next->selection(), std::max(now, next->scheduled_start_us()));
    if (!resolved) return tl::unexpected(resolved.error());
    if (resolved->empty())
      return fail(ErrorCode::kInvalid, "the selection names no site", "không có điểm cầu nào được chọn");
    for (const auto& site : *resolved)
      if (!hasSite(state->session, site)) added.push_back(site);
    if (isRunning(phase))
      if (const auto ok = freeOfOthers(*next, added); !ok) return tl::unexpected(ok.error());
    next->mutable_site_ids()->Assign(resolved->begin(), resolved->end());
  }
  state->session = std::move(*next);
  state->attended.clear();
  if (isLaunched(phase)) {
    std::erase_if(state->outcomes, [&](const auto& entry) { return !hasSite(state->session, entry.first); });
    for (const auto& site : added) {
      // It joins a session that runs already: it cannot be on time, and nobody waits for it.
      auto& outcome = state->outcomes[site];
      outcome.set_session_id(state->session.id());
      outcome.set_site_id(site);
      outcome.set_state(v1::Outcome::late);
      *outcome.mutable_reason() =
          text("được thêm vào khi phiên đang diễn ra", "was added while the session was running");
      put(out, "outcome", state->session.id() + "/" + site, state->session.id(), outcome.SerializeAsString());
    }
  }
  publish(*state, out);
  tell({"session.updated", state->session.id(), {}, actor},
       text("sửa thông tin phiên", "the session was changed"), now, out);
  return replyFor(*state);
}

Result<v1::CommandReply> Core::Impl::importRoster(const v1::RosterImport& import, const std::string& actor,
                                                  Micros now, Effects& out) {
  std::set<std::string> changed;
  StoreBatch batch;
  v1::CommandReply reply;
  *reply.mutable_import_report() = roster.import(import, plans.newest() + 1, batch, changed);
  const auto& report = reply.import_report();
  if (!report.applied()) return reply;
  for (auto& one : batch.puts) out.store.puts.push_back(std::move(one));
  for (auto& one : batch.removes) out.store.removes.push_back(std::move(one));
  plans.next();
  plans.rosterChanged();
  histories.expect(roster.sites().size());
  for (const auto& site : changed) {
    siteState(site);
    assignSite(site, out);
  }
  for (const auto& [id, site] : roster.sites()) {
    siteState(id);
    markSite(id);
  }
  for (auto& [id, state] : sessions) {
    state.attended.clear();
    touchSession(state);
  }
  reply.set_sites(static_cast<std::uint32_t>(changed.size()));
  tell({"roster.imported", {}, {}, actor},
       text(fmt::format("nhập danh sách: {} địa bàn, {} điểm cầu, {} đại biểu", report.areas(),
                        report.sites(), report.delegates()),
            fmt::format("roster imported: {} areas, {} sites, {} delegates", report.areas(), report.sites(),
                        report.delegates())),
       now, out);
  return reply;
}

}  // namespace diemcau::core
