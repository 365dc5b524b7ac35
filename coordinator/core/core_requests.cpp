// What people ask of single sites: to go on without them, a pinned feed.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "coordinator/core/core_impl.hpp"
#include "coordinator/core/session_check.hpp"
#include "coordinator/core/session_phase.hpp"

namespace diemcau::core {
namespace {

constexpr int kMostSites = 40'000;
constexpr Micros kRecheckFor = 45 * kSecond;  // a probe's patience with a feed, three times

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
    if (!hasSite(session, site)) return notTakingPart(site);
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
  picture_dirty = state->starts_moved = true;
  saveSession(*state, out);
  *reply.mutable_session() = withoutSecrets(session);
  return reply;
}

Result<v1::CommandReply> Core::Impl::checkAgain(const v1::CheckAgain& wish, const std::string& actor,
                                                Micros now, Effects& out) {
  const auto* state = findSession(wish.session_id());
  if (state == nullptr) return noSession(wish.session_id());
  const auto& session = state->session;
  if (!isPlanned(session.phase()) || isLaunched(session.phase()))
    return fail(ErrorCode::kConflict, "sites are checked again between scheduling and the launch only",
                "chỉ kiểm tra lại được từ khi lên lịch đến trước khi bắt đầu");
  if (wish.site_ids().empty() || wish.site_ids_size() > kMostSites)
    return fail(ErrorCode::kInvalid, "name the sites to check again", "chưa chọn điểm cầu");
  const SiteSet who(wish.site_ids().begin(), wish.site_ids().end());
  for (const auto& site : who)
    if (!hasSite(session, site)) return notTakingPart(site);
  for (const auto& site : who) {
    plans.recheck(site, session.id(), now + kRecheckFor);
    assignSite(site, out);
    tell({"site.check", session.id(), site, actor},
         text(siteName(site) + ": kiểm tra lại", siteName(site) + ": to be checked again"), now, out);
  }
  v1::CommandReply reply;
  reply.set_sites(static_cast<std::uint32_t>(who.size()));
  return reply;
}

Result<v1::CommandReply> Core::Impl::pinFeed(const v1::PinFeed& pin, const std::string& actor, Micros now,
                                             Effects& out) {
  if (pin.site_ids().empty() || pin.site_ids_size() > kMostSites)
    return fail(ErrorCode::kInvalid, "name the sites to pin the feed at", "chưa chọn điểm cầu");
  const SiteSet who(pin.site_ids().begin(), pin.site_ids().end());
  std::map<std::string, std::string> session_of;
  for (const auto& site : who) {
    if (roster.site(site) == nullptr) return notTakingPart(site);
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

}  // namespace diemcau::core
