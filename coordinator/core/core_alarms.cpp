// Alarms as people have to do with them: what of their life is told, taken in hand, put aside for a while.
#include <fmt/format.h>

#include "base/text.hpp"
#include "coordinator/core/core_impl.hpp"

namespace diemcau::core {
namespace {

constexpr Micros kLongestShelf = 24 * kHour;

v1::CommandReply alarmReply(const v1::Alarm& alarm) {
  v1::CommandReply reply;
  reply.set_id(alarm.id());
  reply.set_sites(static_cast<std::uint32_t>(alarm.site_ids_size()));
  return reply;
}

}  // namespace

void Core::Impl::flushAlarms(Micros now, Effects& out) {
  for (const auto& change : alarms.takeChanges()) {
    const auto& alarm = *alarms.find(change.id);
    if (change.store) put(out, "alarm", alarm.id(), alarm.session_id(), alarm.SerializeAsString());
    alarm_versions.touch(alarm.id(), ++version);
    if (const auto* state = findSession(alarm.session_id())) touchSession(*state);
    tellAlarm(alarm, change, now, out);
  }
}

void Core::Impl::tellAlarm(const v1::Alarm& alarm, const AlarmChange& change, Micros now, Effects& out) {
  Timeline::Event event{"alarm.raised", alarm.session_id(), {}, kSystem, alarm.id()};
  if (alarm.scope() == v1::Alarm::site && !alarm.site_ids().empty()) event.site_id = alarm.site_ids(0);
  if (!change.by.empty()) event.actor = change.by;
  const auto& said = alarm.text();
  const auto say = [&](const char* kind, const std::string& vi, const std::string& en) {
    event.kind = kind;
    tell(event, text(vi + said.vi(), en + said.en()), now, out);
  };
  switch (change.what) {
    case AlarmChange::kRaised:
      return say("alarm.raised", "", "");
    case AlarmChange::kCleared:
      return say("alarm.cleared", "đã hết: ", "over: ");
    case AlarmChange::kAcked:
      event.actor = alarm.acked_by();
      return say("alarm.acked", "đã nhận xử lý: ", "acknowledged: ");
    case AlarmChange::kShelved: {
      const auto* state = findSession(alarm.session_id());
      const auto until = formatLocalTime(alarm.shelved_until_us(),
                                         state == nullptr ? "Asia/Ho_Chi_Minh" : state->session.time_zone());
      return say("alarm.shelved", fmt::format("tạm gác đến {} ({}): ", until, alarm.shelve_reason()),
                 fmt::format("put aside until {} ({}): ", until, alarm.shelve_reason()));
    }
    case AlarmChange::kUnshelved:
      return say("alarm.unshelved", "thôi tạm gác: ", "taken up again: ");
    case AlarmChange::kExpired:
      return say("alarm.unshelved", "hết hạn tạm gác: ", "no longer put aside: ");
    default:
      return;
  }
}

Result<v1::CommandReply> Core::Impl::ackAlarm(const v1::AckAlarm& ack, const std::string& actor, Micros now,
                                              Effects& out) {
  const auto note = cleanText(ack.note(), 500, "note");
  if (!note) return tl::unexpected(note.error());
  const auto acked = alarms.ack(ack.alarm_id(), actor, now, *note);
  if (!acked) return tl::unexpected(acked.error());
  if (acked->kind() == v1::Alarm::help) helpSeen(*acked, actor, now, out);
  if (!note->empty())
    tell({"alarm.note", acked->session_id(), {}, actor, acked->id()}, text(*note, *note), now, out);
  return alarmReply(*acked);
}

// Somebody takes care: the site is told so, and the alarm is over.
void Core::Impl::helpSeen(const v1::Alarm& alarm, const std::string& by, Micros now, Effects& out) {
  if (alarm.site_ids().empty()) return;
  const std::string& site = alarm.site_ids(0);
  plans.seeHelp(site, alarm.record_id(), by, now);
  assignSite(site, out);
  put(out, "own", site, "", plans.stored(site).SerializeAsString());
  alarms.clear(alarm.id(), now);
}

Result<v1::CommandReply> Core::Impl::shelveAlarm(const v1::ShelveAlarm& shelve, const std::string& actor,
                                                 Micros now, Effects& out) {
  (void)out;  // the change is told with the others, in finish()
  const auto reason = cleanText(shelve.reason(), 500, "reason");
  if (!reason) return tl::unexpected(reason.error());
  if (reason->empty())
    return fail(ErrorCode::kInvalid, "putting an alarm aside needs a reason",
                "cần ghi lý do tạm gác cảnh báo");
  if (shelve.until_us() <= now || shelve.until_us() > now + kLongestShelf)
    return fail(ErrorCode::kInvalid, "until_us is not within the next 24 hours",
                "hạn tạm gác phải trong vòng 24 giờ tới");
  const auto shelved = alarms.shelve(shelve.alarm_id(), actor, *reason, shelve.until_us(), now);
  if (!shelved) return tl::unexpected(shelved.error());
  return alarmReply(*shelved);
}

Result<v1::CommandReply> Core::Impl::unshelveAlarm(const v1::UnshelveAlarm& unshelve,
                                                   const std::string& actor) {
  const auto taken = alarms.unshelve(unshelve.alarm_id(), actor);
  if (!taken) return tl::unexpected(taken.error());
  return alarmReply(*taken);
}

v1::AlarmHistory Core::alarmHistory(std::string_view session_id) const {
  v1::AlarmHistory out;
  auto list = alarms(session_id, false);
  for (auto& alarm : *list.mutable_alarms()) {
    auto& story = *out.add_stories();
    for (const auto& event : impl_->timeline.ofAlarm(alarm.id())) *story.add_events() = event;
    *story.mutable_alarm() = std::move(alarm);
  }
  return out;
}

}  // namespace diemcau::core
