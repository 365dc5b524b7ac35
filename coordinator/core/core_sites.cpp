// What sites say: hello, status, and the end of a link. Everything here may come from a broken or hostile
// site. Records are in core_records.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "coordinator/core/core_impl.hpp"
#include "coordinator/core/session_check.hpp"
#include "coordinator/core/session_phase.hpp"
#include "coordinator/core/status_check.hpp"

namespace diemcau::core {
namespace {

constexpr std::uint32_t kProtocol = 1;
// A revision beyond this is no revision: it would bring the counter near its end.
constexpr std::uint64_t kMostRevision = std::uint64_t{1} << 53;

bool agentId(std::string_view id) {
  return id.size() == 32 && std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

}  // namespace

Result<v1::Welcome> Core::Impl::hello(const v1::Hello& hello, Micros now, Effects& out) {
  if (!validId(hello.site_id()) || !agentId(hello.agent_id()) || hello.epoch() == 0)
    return fail(ErrorCode::kInvalid,
                "hello is malformed: site_id, agent_id (32 hex digits) and epoch are needed",
                "lời chào không hợp lệ: cần mã điểm cầu, mã máy và mã sổ bản ghi");
  if (hello.protocol() != kProtocol)
    return fail(
        ErrorCode::kConflict,
        fmt::format("too old or too new: the agent speaks protocol {}, the coordinator {}", hello.protocol(),
                    kProtocol),
        fmt::format("phần mềm điểm cầu dùng giao thức {}, trung tâm dùng {}", hello.protocol(), kProtocol));
  if (roster.site(hello.site_id()) == nullptr)
    return fail(
        ErrorCode::kDenied,
        "the roster has no site \"" + hello.site_id() + "\": import it with `diemcau roster import FILE`",
        "danh sách chưa có điểm cầu \"" + hello.site_id() + "\": hãy nhập bằng `diemcau roster import TỆP`");
  if (auto ok = refuseDuplicate(hello, now, out); !ok) return tl::unexpected(ok.error());

  auto& site = siteState(hello.site_id());
  site.agent_id = hello.agent_id();
  site.agent_version = cleanSentence(hello.agent_version(), 60);
  site.link.connect(now);
  looks.add(site, now);
  site.acked = hello.acked();
  site.status.set_simulated(hello.simulated());
  if (hello.revision() > plans.revision(site.id) && hello.revision() < kMostRevision) {
    plans.skipTo(hello.revision());
    site.floor = hello.revision();
    plans.bump(site.id);
  }
  plans.holdsRoster(site.id, hello.roster_revision());
  picture_dirty = true;
  touchSite(site.id);

  v1::Welcome welcome;
  welcome.set_protocol(kProtocol);
  welcome.set_coordinator_version(settings.version);
  const auto newest = ledger.newest(site.id, hello.epoch());
  welcome.set_resume_after(newest.number);
  welcome.set_resume_id(newest.id);
  welcome.set_heartbeat_ms(settings.heartbeat_ms);
  welcome.set_status_interval_ms(settings.status_interval_ms);
  welcome.set_reconnect_window_ms(settings.reconnect_window_ms);
  return welcome;
}

// The first agent keeps the name as long as it is alive; a person has to find out which of the two is the
// right one.
Done Core::Impl::refuseDuplicate(const v1::Hello& hello, Micros now, Effects& out) {
  const auto known = sites.find(hello.site_id());
  if (known == sites.end()) return {};
  auto& site = known->second;
  if (site.agent_id.empty() || site.agent_id == hello.agent_id() || site.link.heard == 0 ||
      now - site.link.heard >= settings.stale_after)
    return {};
  site.duplicate_at = now;
  if (alarms.raised("", v1::Alarm::duplicate_site, site.id) == nullptr) {
    v1::Alarm draft;
    draft.set_kind(v1::Alarm::duplicate_site);
    draft.set_scope(v1::Alarm::site);
    alarms.raise(std::move(draft), {site.id}, now, roster, now);
    flushAlarms(now, out);
  }
  return fail(ErrorCode::kDenied,
              "the name \"" + site.id + "\" is in use by another agent that is alive: stop one of the two",
              "mã điểm cầu \"" + site.id + "\" đang do một máy khác dùng: hãy tắt một trong hai máy");
}

void Core::Impl::gone(std::string_view site_id, Micros now, Effects& out) {
  (void)out;
  const auto found = sites.find(site_id);
  if (found == sites.end() || !found->second.link.connected) return;
  found->second.link.disconnect(now);
  looks.add(found->second, now);
  picture_dirty = true;
  touchSite(found->second.id);
}

// The message is made harmless where it lies, in the arena of its frame, before anything of it is copied.
bool Core::Impl::status(std::string_view site_id, v1::Status&& status, std::uint64_t readiness, Micros now,
                        Effects& out) {
  const auto found = sites.find(site_id);
  if (found == sites.end()) return false;
  auto& site = found->second;
  if (status.has_thumbnail()) thumbnails.add(site.id, status.thumbnail(), now);
  const auto& mine = plans.holdsRoster(site_id, status.roster_revision());
  const bool repeated = readiness != 0 && readiness == site.told;
  if (repeated) status.clear_readiness();
  cleanStatus(status, [&](const std::string& id) { return mine.contains(id); });
  const bool other_readiness = takeReadiness(site, status, readiness, repeated);
  heard(site, now);
  const bool other_health = site.status_at == 0 || !sameHealth(site.status, status);
  const bool news = other_health || site.status.revision() != status.revision() ||
                    site.status.active_feed_id() != status.active_feed_id();
  if (other_health) picture_dirty = true;
  const bool other_session = site.status_at == 0 || site.status.session_id() != status.session_id();
  SiteNews changed{.readiness = other_session || other_readiness,
                   .rest = other_session,
                   .counts = other_session || news,
                   .trace = site.status.phase() != status.phase()};
  site.status = status;
  site.status_at = now;
  noteHistory(site, now);
  if (auto* state = findSession(site.status.session_id()))
    changed.readiness |= noteReadiness(*state, site, other_readiness, out);
  for (const auto& id : mine)
    if (auto* state = findSession(id); state != nullptr && isLaunched(state->session.phase()))
      changed.rest |= noteLaunch(*state, site, now, out);
  noteTexts(site, now, out);
  changed.counts |= changed.readiness || changed.rest;
  changed.trace |= changed.counts;
  markSite(site, changed);
  if (changed.counts) touchSessions(mine);
  return news;
}

// It is most of a status and seldom another: it stays where it is, and is no part of the status that is kept.
// True: it is another than before.
bool Core::Impl::takeReadiness(SiteState& site, v1::Status& status, std::uint64_t number, bool repeated) {
  // What was said of a session that the site has no part in any more was taken out.
  if (repeated && !status.session_id().empty()) return false;
  site.told = status.has_readiness() ? number : 0;
  const bool other = !sameReadiness(status.readiness(), site.readiness);
  if (other) site.readiness = status.readiness();
  status.clear_readiness();
  return other;
}

void Core::Impl::noteHistory(const SiteState& site, Micros now) {
  const auto& status = site.status;
  const auto* state = findSession(status.session_id());
  if (status.health().empty() || state == nullptr || state->session.feeds().empty()) return;
  const auto& main = state->session.feeds(0).id();
  const auto& active = status.active_feed_id().empty() ? main : status.active_feed_id();
  for (const auto& sample : status.health())
    if (sample.feed_id() == active) return histories.add(site.id, sample, active != main, now);
}

// Sites repeat it with every status: what was taken in already changes nothing.
bool Core::Impl::noteReadiness(SessionState& state, SiteState& site, bool other, Effects& out) {
  if (site.readiness.session_id().empty()) return false;
  const auto rehearsal = std::min(site.readiness.rehearsal(), state.session.rehearsal());
  const TakenIn now_in{&state, rehearsal};
  if (std::exchange(site.taken_in, now_in) == now_in && !other) return false;
  auto told = site.readiness;
  told.set_rehearsal(rehearsal);
  auto& known = state.readiness[site.id];
  if (!mergeReadiness(known, told)) return false;
  picture_dirty = true;
  const auto& id = state.session.id();
  put(out, "readiness", id + "/" + site.id, id, known.SerializeAsString());
  return true;
}

bool Core::Impl::noteLaunch(SessionState& state, const SiteState& site, Micros now, Effects& out) {
  const auto found = state.outcomes.find(site.id);
  if (found == state.outcomes.end()) return false;
  auto& outcome = found->second;
  const auto before = outcome.state();
  // What was applied before this store's time names a revision of another life: it acknowledges nothing.
  const std::uint64_t go = std::max(state.go_revision, site.floor + 1);
  if (!noteStatus(outcome, state.session, site.status, go, now, launch_times)) return false;
  state.starts_moved = true;
  const auto& id = state.session.id();
  put(out, "outcome", id + "/" + site.id, id, outcome.SerializeAsString());
  if (outcome.state() == before) return true;
  if (outcome.state() == v1::Outcome::late) {
    tell({"site.late", id, site.id},
         text(siteName(site.id) + ": " + outcome.reason().vi(),
              siteName(site.id) + ": " + outcome.reason().en()),
         now, out);
  } else if (outcome.state() == v1::Outcome::failed) {
    tell({"site.failed", id, site.id},
         text(siteName(site.id) + ": " + outcome.reason().vi(),
              siteName(site.id) + ": " + outcome.reason().en()),
         now, out);
  } else if (outcome.state() == v1::Outcome::started && before != v1::Outcome::pending) {
    const auto how =
        outcome.has_reason() ? outcome.reason() : text("đã bắt đầu đúng giờ", "did start on time");
    tell({"site.started", id, site.id},
         text(siteName(site.id) + ": " + how.vi(), siteName(site.id) + ": " + how.en()), now, out);
  }
  return true;
}

}  // namespace diemcau::core
