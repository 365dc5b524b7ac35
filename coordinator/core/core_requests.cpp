// What people ask of single sites: to go on without them, text, a pinned feed, attendance entered at the
// centre.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "coordinator/core/core_impl.hpp"
#include "coordinator/core/session_check.hpp"
#include "coordinator/core/session_phase.hpp"

namespace diemcau::core {
namespace {

constexpr int kMostSites = 40'000;

tl::unexpected<Error> notThere(const std::string& site_id) {
  return fail(ErrorCode::kNotFound, "site \"" + site_id.substr(0, 64) + "\" does not take part",
              "điểm cầu \"" + site_id.substr(0, 64) + "\" không tham gia");
}

}  // namespace

Result<v1::CommandReply> Core::Impl::waive(const v1::WaiveSites& waive, const std::string& actor, Micros now,
                                           Effects& out) {
  auto* state = findSession(waive.session_id());
  if (state == nullptr) return noSession(waive.session_id());
  auto& session = state->session;
  if (!isPlanned(session.phase()) || session.phase() == v1::Phase::ended) {
    const auto phase = phaseText(session.phase());
    return fail(ErrorCode::kConflict, "the session is " + phase.en() + ": there is nothing to go on without",
                "phiên " + phase.vi() + ": không thể bỏ qua điểm cầu");
  }
  const auto reason = cleanText(waive.reason(), 500, "reason");
  if (!reason) return tl::unexpected(reason.error());
  if (reason->empty()) return fail(ErrorCode::kInvalid, "a waiver needs a reason", "cần ghi lý do bỏ qua");
  if (waive.site_ids().empty() || waive.site_ids_size() > kMostSites)
    return fail(ErrorCode::kInvalid, "name the sites to go on without", "chưa chọn điểm cầu để bỏ qua");
  for (const auto& site : waive.site_ids())
    if (!hasSite(session, site)) return notThere(site);
  const SiteSet who(waive.site_ids().begin(), waive.site_ids().end());
  auto reply = replyFor(*state);
  reply.set_sites(0);
  for (const auto& site : who) {
    if (findWaiver(session, site) != nullptr) continue;
    auto* waiver = session.add_waivers();
    waiver->set_site_id(site);
    waiver->set_by(actor);
    waiver->set_reason(*reason);
    waiver->set_at_us(now);
    reply.set_sites(reply.sites() + 1);
    if (const auto outcome = state->outcomes.find(site);
        outcome != state->outcomes.end() && outcome->second.started_us() == 0) {
      outcome->second.set_state(v1::Outcome::waived);
      *outcome->second.mutable_reason() = text(*reason, *reason);
      put(out, "outcome", session.id() + "/" + site, session.id(), outcome->second.SerializeAsString());
    }
    tell({"site.waived", session.id(), site, actor},
         text(fmt::format("bắt đầu không cần {}: {}", siteName(site), *reason),
              fmt::format("going on without {}: {}", siteName(site), *reason)),
         now, out);
  }
  plans.set(session);
  for (const auto& site : who) assignSite(site, out);
  picture_dirty = true;
  saveSession(*state, out);
  *reply.mutable_session() = withoutSecrets(session);
  return reply;
}

Result<v1::CommandReply> Core::Impl::sendText(const v1::SendText& wish, const std::string& actor, Micros now,
                                              Effects& out) {
  const auto words = cleanText(wish.text(), 2'000, "text");
  if (!words) return tl::unexpected(words.error());
  if (words->empty()) return fail(ErrorCode::kInvalid, "the text is empty", "chưa có nội dung tin nhắn");
  const SessionState* state = nullptr;
  if (!wish.session_id().empty() && (state = findSession(wish.session_id())) == nullptr)
    return noSession(wish.session_id());
  const auto& selection = wish.selection();
  std::vector<std::string> to;
  if (selection.everyone() ||
      selection.area_ids_size() + selection.tags_size() + selection.site_ids_size() + selection.names_size() >
          0) {
    auto resolved = roster.resolve(selection, now);
    if (!resolved) return tl::unexpected(resolved.error());
    to = std::move(*resolved);
    if (state != nullptr) std::erase_if(to, [&](const auto& site) { return !hasSite(state->session, site); });
  } else if (state != nullptr) {
    to.assign(state->session.site_ids().begin(), state->session.site_ids().end());
  }
  if (to.empty())
    return fail(ErrorCode::kInvalid, "the text reaches no site: name some", "tin nhắn không có nơi nhận");

  TextState sent;
  sent.text.set_id(nextId("t"));
  sent.text.set_text(*words);
  sent.text.set_by(actor);
  sent.text.set_at_us(now);
  if (validId(wish.answers_record_id())) sent.text.set_answers_record_id(wish.answers_record_id());
  sent.to.set_session_id(wish.session_id());
  sent.to.mutable_selection()->mutable_site_ids()->Assign(to.begin(), to.end());
  const auto id = sent.text.id();
  put(out, "text", id, wish.session_id(), sent.text.SerializeAsString());
  put(out, "text_to", id, wish.session_id(), sent.to.SerializeAsString());
  for (const auto& site : to) {
    plans.addText(site, sent.text);
    assignSite(site, out);
  }
  const auto names = siteNames(to, roster, 3);
  tell(
      {"text.sent", wish.session_id(), to.size() == 1 ? to.front() : "", actor},
      text(fmt::format("nhắn {}: {}", names.vi(), *words), fmt::format("text to {}: {}", names.en(), *words)),
      now, out);
  // An answer to a help request is an acknowledgement of it.
  for (const SiteSet raised = alarms.raisedIds(); const auto& alarm_id : raised) {
    const auto& alarm = *alarms.find(alarm_id);
    if (alarm.kind() != v1::Alarm::help || sent.text.answers_record_id().empty() ||
        alarm.record_id() != sent.text.answers_record_id())
      continue;
    if (alarm.acked_by().empty()) alarms.ack(alarm_id, actor, now);
    helpSeen(*alarms.find(alarm_id), actor, now, out);
  }
  texts[id] = std::move(sent);
  v1::CommandReply reply;
  reply.set_id(id);
  reply.set_sites(static_cast<std::uint32_t>(to.size()));
  return reply;
}

Result<v1::CommandReply> Core::Impl::pinFeed(const v1::PinFeed& pin, const std::string& actor, Micros now,
                                             Effects& out) {
  if (pin.site_ids().empty() || pin.site_ids_size() > kMostSites)
    return fail(ErrorCode::kInvalid, "name the sites to pin the feed at", "chưa chọn điểm cầu");
  const SiteSet who(pin.site_ids().begin(), pin.site_ids().end());
  std::map<std::string, std::string> session_of;
  for (const auto& site : who) {
    if (roster.site(site) == nullptr) return notThere(site);
    bool known = pin.feed_id().empty();
    for (const auto& session_id : plans.sessions(site)) {
      const auto* state = findSession(session_id);
      if (state == nullptr || (!pin.feed_id().empty() && !hasFeed(state->session, pin.feed_id()))) continue;
      known = true;
      session_of[site] = session_id;
    }
    if (!known)
      return fail(
          ErrorCode::kNotFound,
          fmt::format("no session of site \"{}\" has a feed \"{}\"", site, pin.feed_id().substr(0, 64)),
          fmt::format("điểm cầu \"{}\" không có luồng \"{}\"", site, pin.feed_id().substr(0, 64)));
  }
  for (const auto& site : who) {
    plans.pin(site, pin.feed_id());
    assignSite(site, out);
    put(out, "own", site, "", plans.stored(site).SerializeAsString());
    tell({"feed.pinned", session_of[site], site, actor},
         pin.feed_id().empty()
             ? text(siteName(site) + " tự chọn luồng trở lại", siteName(site) + " chooses its feed again")
             : text(siteName(site) + " giữ luồng " + pin.feed_id(),
                    siteName(site) + " stays on feed " + pin.feed_id()),
         now, out);
  }
  v1::CommandReply reply;
  reply.set_sites(static_cast<std::uint32_t>(who.size()));
  return reply;
}

Result<v1::CommandReply> Core::Impl::enterAttendance(const v1::EnterAttendance& entry,
                                                     const std::string& actor, Micros now, Effects& out) {
  auto* state = findSession(entry.session_id());
  if (state == nullptr) return noSession(entry.session_id());
  const auto& session = state->session;
  if (!isPlanned(session.phase())) {
    const auto phase = phaseText(session.phase());
    return fail(ErrorCode::kConflict, "the session is " + phase.en() + ": attendance is not taken",
                "phiên " + phase.vi() + ": không nhận điểm danh");
  }
  if (!hasSite(session, entry.site_id())) return notThere(entry.site_id());
  const auto reason = cleanText(entry.reason(), 500, "reason");
  if (!reason) return tl::unexpected(reason.error());
  if (!entry.corrects_id().empty() && reason->empty())
    return fail(ErrorCode::kInvalid, "a correction needs a reason", "cần ghi lý do sửa");
  if (!entry.corrects_id().empty() && !ledger.has(entry.site_id(), entry.corrects_id()))
    return fail(ErrorCode::kNotFound, "the record to correct is not in the ledger of this site",
                "không tìm thấy bản ghi cần sửa");
  const auto sitting = entry.sitting_id().empty() ? session.current_sitting_id() : entry.sitting_id();
  if (findSitting(session, sitting) == nullptr)
    return fail(ErrorCode::kNotFound, "the session has no such sitting", "phiên không có buổi này");
  v1::LedgerRecord entered;
  auto& record = *entered.mutable_record();
  if (entry.has_headcount()) {
    *record.mutable_headcount() = entry.headcount();
    if (record.headcount().note().empty()) record.mutable_headcount()->set_note(*reason);
  }
  if (entry.has_check_in()) *record.mutable_check_in() = entry.check_in();
  if (const auto ok = checkAttendance(record); !ok) return tl::unexpected(ok.error());
  if (entry.has_check_in() && roster.delegate(entry.check_in().delegate_id()) == nullptr)
    return fail(ErrorCode::kNotFound, "the roster has no such delegate", "danh sách không có đại biểu này");

  record.set_number(++ids);
  record.set_id(fmt::format("ce{:030x}", record.number()));
  record.set_session_id(session.id());
  record.set_sitting_id(sitting);
  record.set_at_us(now);
  record.set_by(actor);
  record.set_corrects_id(entry.corrects_id());
  entered.set_site_id(entry.site_id());
  if (auto clean = cleanRecord(record)) record = std::move(*clean);
  tell({entry.corrects_id().empty() ? "attendance.entered" : "attendance.corrected", session.id(),
        entry.site_id(), actor},
       text(fmt::format("nhập điểm danh tại trung tâm cho {}{}{}", siteName(entry.site_id()),
                        reason->empty() ? "" : ": ", *reason),
            fmt::format("attendance of {} entered at the centre{}{}", siteName(entry.site_id()),
                        reason->empty() ? "" : ": ", *reason)),
       now, out);
  const auto id = record.id();
  enter(std::move(entered), now, out);
  auto reply = replyFor(*state);
  reply.set_id(id);
  reply.set_sites(1);
  return reply;
}

}  // namespace diemcau::core
