// Which sites a command concerns: what somebody whose roles hold in some areas only must be allowed for,
// before it is carried out.
#include <algorithm>
#include <set>

#include "coordinator/core/core_impl.hpp"
#include "coordinator/core/session_check.hpp"

namespace diemcau::core {
namespace {

using Sites = std::set<std::string>;

bool namesAny(const v1::Selection& selection) {
  return selection.everyone() || selection.area_ids_size() + selection.tags_size() +
                                         selection.site_ids_size() + selection.names_size() >
                                     0;
}

template <class Names>
void addAll(Sites& to, const Names& names) {
  to.insert(names.begin(), names.end());
}

Done addSelection(Sites& to, const v1::Selection& selection, const Roster& roster, Micros at) {
  const auto found = roster.resolve(selection, at);
  if (!found) return tl::unexpected(found.error());
  addAll(to, *found);
  return {};
}

// Those that take part, and those that would if it were scheduled now.
Done addSession(Sites& to, const v1::Session& session, const Roster& roster, Micros now) {
  addAll(to, session.site_ids());
  if (session.phase() != v1::Phase::draft) return {};
  return addSelection(to, session.selection(), roster, std::max(now, session.scheduled_start_us()));
}

}  // namespace

Done Core::Impl::reach(const v1::Command& command, Micros now, Sites& to) const {
  const auto session = [&](const std::string& id) -> Done {
    const auto* state = findSession(id);
    return state == nullptr ? noSession(id) : addSession(to, state->session, roster, now);
  };
  // All that it concerned and all that it would concern.
  const auto copied = [&](const std::string& id, bool from_template) -> Done {
    if (!from_template) {
      if (const auto ok = session(id); !ok) return ok;
      return addSelection(to, findSession(id)->session.selection(), roster, now);
    }
    const auto found = templates.find(id);
    if (found == templates.end()) return {};  // the command will say so
    return addSelection(to, found->second.session().selection(), roster, now);
  };
  const auto alarm = [&](const std::string& id) {
    if (const auto* found = alarms.find(id)) addAll(to, found->site_ids());
  };
  switch (command.body_case()) {
    case v1::Command::kCreateSession: {
      const auto& wish = command.create_session();
      return addSelection(to, wish.selection(), roster, std::max(now, wish.scheduled_start_us()));
    }
    case v1::Command::kUpdateSession: {
      const auto& wish = command.update_session().session();
      if (const auto ok = session(wish.id()); !ok) return ok;
      return addSelection(to, wish.selection(), roster, std::max(now, wish.scheduled_start_us()));
    }
    case v1::Command::kAct:
      return session(command.act().session_id());
    case v1::Command::kWaive:
      addAll(to, command.waive().site_ids());
      return {};
    case v1::Command::kSendText: {
      const auto& text = command.send_text();
      if (!namesAny(text.selection())) return session(text.session_id());
      return addSelection(to, text.selection(), roster, now);
    }
    case v1::Command::kAckAlarm:
      alarm(command.ack_alarm().alarm_id());
      return {};
    case v1::Command::kCopySession:
      return copied(command.copy_session().from_id(), command.copy_session().from_template());
    case v1::Command::kSaveTemplate: {
      const auto& save = command.save_template();
      if (templates.contains(save.id()))
        if (const auto ok = copied(save.id(), true); !ok) return ok;
      return copied(save.session_id(), false);
    }
    case v1::Command::kDeleteTemplate:
      return copied(command.delete_template().id(), true);
    case v1::Command::kRemind: {
      const auto silent = unreported(command.remind(), now);
      if (!silent) return tl::unexpected(silent.error());
      addAll(to, *silent);
      return {};
    }
    case v1::Command::kShelveAlarm:
      alarm(command.shelve_alarm().alarm_id());
      return {};
    case v1::Command::kUnshelveAlarm:
      alarm(command.unshelve_alarm().alarm_id());
      return {};
    case v1::Command::kCheckAgain:
      addAll(to, command.check_again().site_ids());
      return {};
    case v1::Command::kPinFeed:
      addAll(to, command.pin_feed().site_ids());
      return {};
    case v1::Command::kAttendance:
      to.insert(command.attendance().site_id());
      return {};
    default:
      return {};  // an import concerns the whole roster: nothing but everywhere covers it
  }
}

Result<std::vector<std::string>> Core::reach(const v1::Command& command, Micros now) const {
  Sites sites;
  if (const auto ok = impl_->reach(command, now, sites); !ok) return tl::unexpected(ok.error());
  return std::vector<std::string>(sites.begin(), sites.end());
}

std::vector<std::string> Core::sitesOf(std::string_view session_id, Micros now) const {
  Sites sites;
  const auto* state = impl_->findSession(session_id);
  // A selection that names what is gone has no sites to show.
  if (state != nullptr && !addSession(sites, state->session, impl_->roster, now))
    addAll(sites, state->session.site_ids());
  return {sites.begin(), sites.end()};
}

}  // namespace diemcau::core
