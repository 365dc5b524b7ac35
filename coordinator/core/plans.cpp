// See plans.hpp.
#include "coordinator/core/plans.hpp"

#include <algorithm>
#include <iterator>

#include "coordinator/core/session_check.hpp"
#include "coordinator/core/session_phase.hpp"

namespace diemcau::core {
namespace {

// How far behind the stored counter a restart goes on.
constexpr std::uint64_t kRestartGap = 1'000;

// FNV-1a, 64 bits: names the content of a site's roster, so that equal content is never sent twice and a
// restart does not forget what was sent.
std::uint64_t contentNumber(std::string_view bytes) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211ULL;
  }
  return hash == 0 ? 1 : hash;
}

const std::string kNone;
const std::set<std::string> kNoSessions;

}  // namespace

v1::Plan planOf(const v1::Session& session) {
  v1::Plan plan;
  plan.set_session_id(session.id());
  plan.set_revision(session.revision());
  plan.set_title(session.title());
  plan.set_phase(session.phase());
  plan.set_time_zone(session.time_zone());
  plan.set_scheduled_start_us(session.scheduled_start_us());
  *plan.mutable_sittings() = session.sittings();
  *plan.mutable_feeds() = session.feeds();
  *plan.mutable_profile() = session.profile();
  plan.set_rehearsal(session.rehearsal());  // after a rehearsal too: who missed it checks itself and names it
  plan.set_start_at_us(session.start_at_us());
  plan.set_auto_start(session.auto_start());
  plan.set_arm_lead_s(session.arm_lead_s());
  plan.set_current_sitting_id(session.current_sitting_id());
  return plan;
}

void Plans::restart(std::uint64_t stored) {
  newest_ = std::max(newest_, stored + kRestartGap);
  base_ = newest_;
}

void Plans::skipTo(std::uint64_t held) {
  newest_ = std::max(newest_, held);
}

std::vector<std::string> Plans::set(const v1::Session& session) {
  Encoded next;
  if (isPlanned(session.phase())) {
    next.sites.assign(session.site_ids().begin(), session.site_ids().end());
    for (const auto& waiver : session.waivers())
      if (std::binary_search(next.sites.begin(), next.sites.end(), waiver.site_id()))
        next.waived.insert(waiver.site_id());
  }
  auto& plan = plans_[session.id()];
  std::vector<std::string> touched;
  if (next.sites == plan.sites && next.waived == plan.waived) {
    touched = next.sites;  // as when a session goes from one phase to the next
  } else {
    std::set_union(plan.sites.begin(), plan.sites.end(), next.sites.begin(), next.sites.end(),
                   std::back_inserter(touched));
    change(session, plan, next, touched);
  }
  joined_.clear();
  if (next.sites.empty()) {
    plans_.erase(session.id());
    return touched;
  }
  v1::Assignment assignment;
  assignment.add_plans(planOf(session).SerializeAsString());
  next.revision = session.revision();
  next.bytes = std::make_shared<const std::string>(assignment.SerializeAsString());
  plan = std::move(next);
  return touched;
}

void Plans::change(const v1::Session& session, const Encoded& before, const Encoded& now,
                   const std::vector<std::string>& touched) {
  for (const auto& site : before.sites) {
    if (std::binary_search(now.sites.begin(), now.sites.end(), site)) continue;
    auto& mine = own(site);
    mine.sessions.erase(session.id());
    mine.revision = std::max(mine.revision, session.revision());
  }
  for (const auto& site : touched) {
    auto& waived = *own(site).part.mutable_waived_session_ids();
    std::set<std::string> ids(waived.begin(), waived.end());
    if (now.waived.contains(site))
      ids.insert(session.id());
    else
      ids.erase(session.id());
    waived.Assign(ids.begin(), ids.end());
  }
  for (const auto& site : now.sites) own(site).sessions.insert(session.id());
}

void Plans::pin(std::string_view site_id, std::string_view feed_id) {
  own(site_id).part.set_pinned_feed_id(std::string(feed_id));
}

void Plans::addText(std::string_view site_id, const v1::OperatorText& text) {
  auto& texts = *own(site_id).part.mutable_texts();
  *texts.Add() = text;
  const auto bytes = [&] {
    std::size_t sum = 0;
    for (const auto& one : texts) sum += one.ByteSizeLong();
    return sum;
  };
  while (texts.size() > static_cast<int>(kTexts) || (texts.size() > 1 && bytes() > kTextBytes))
    texts.DeleteSubrange(0, 1);
}

void Plans::seeHelp(std::string_view site_id, std::string_view record_id, std::string_view by, Micros at) {
  auto& part = own(site_id).part;
  auto& seen = *part.mutable_seen_help_ids();
  if (std::find(seen.begin(), seen.end(), record_id) != seen.end()) return;
  *seen.Add() = std::string(record_id);
  auto* who = part.add_seen_help();
  who->set_record_id(std::string(record_id));
  who->set_by(std::string(by));
  who->set_at_us(at);
  if (seen.size() > static_cast<int>(kSeenHelp)) seen.DeleteSubrange(0, 1);
  if (part.seen_help_size() > static_cast<int>(kSeenHelp)) part.mutable_seen_help()->DeleteSubrange(0, 1);
}

void Plans::recheck(std::string_view site_id, std::string_view session_id, Micros until) {
  auto& recheck = *own(site_id).part.mutable_recheck();
  recheck.set_session_id(std::string(session_id));
  recheck.set_until_us(until);
}

void Plans::bump(std::string_view site_id) {
  own(site_id).revision = next();
}

void Plans::restoreOwn(std::string_view site_id, const v1::OwnPart& part) {
  auto& mine = own(site_id).part;
  mine.set_pinned_feed_id(part.pinned_feed_id());
  *mine.mutable_seen_help_ids() = part.seen_help_ids();
  *mine.mutable_seen_help() = part.seen_help();
}

v1::OwnPart Plans::stored(std::string_view site_id) const {
  v1::OwnPart out;
  if (const auto* mine = find(site_id)) {
    out.set_pinned_feed_id(mine->part.pinned_feed_id());
    *out.mutable_seen_help_ids() = mine->part.seen_help_ids();
    *out.mutable_seen_help() = mine->part.seen_help();
  }
  return out;
}

const std::string& Plans::pinned(std::string_view site_id) const {
  const auto* mine = find(site_id);
  return mine == nullptr ? kNone : mine->part.pinned_feed_id();
}

const std::set<std::string>& Plans::holdsRoster(std::string_view site_id, std::uint64_t revision) {
  auto& mine = own(site_id);
  mine.roster_held = revision;
  return mine.sessions;
}

std::uint64_t Plans::revision(std::string_view site_id) const {
  return revision(find(site_id));
}

std::uint64_t Plans::revision(const Own* mine) const {
  std::uint64_t newest = std::max(base_, mine == nullptr ? 0 : mine->revision);
  if (mine == nullptr) return newest;
  for (const auto& session : mine->sessions)
    if (const auto plan = plans_.find(session); plan != plans_.end())
      newest = std::max(newest, plan->second.revision);
  return newest;
}

const std::set<std::string>& Plans::sessions(std::string_view site_id) const {
  const auto* mine = find(site_id);
  return mine == nullptr ? kNoSessions : mine->sessions;
}

wire::AssignmentBytes Plans::assignment(std::string_view site_id, const Roster& roster) const {
  const auto* mine = find(site_id);
  const bool looked = mine != nullptr && mine->roster_of == rosters_;
  if (!looked && roster.site(site_id) == nullptr) return {};
  v1::Assignment assignment;
  assignment.set_revision(std::max<std::uint64_t>(revision(mine), 1));
  if (mine != nullptr && mine->part.ByteSizeLong() != 0) *assignment.mutable_own() = mine->part;
  if (!looked || mine->roster_held != mine->roster) {
    auto site_roster = rosterOf(site_id, roster);
    const auto number = site_roster.revision();
    if (mine != nullptr) mine->roster = number, mine->roster_of = rosters_;
    if (mine == nullptr || mine->roster_held != number) *assignment.mutable_roster() = std::move(site_roster);
  }
  return {assignment.SerializeAsString(), mine == nullptr ? nullptr : shared(mine->sessions)};
}

v1::SiteRoster Plans::rosterOf(std::string_view site_id, const Roster& roster) const {
  v1::SiteRoster out;
  const auto* site = roster.site(site_id);
  out.set_site_name(site->name());
  if (const auto* area = roster.area(site->area_id())) out.set_area_name(area->name());
  for (const auto& delegate : roster.delegates(site_id)) {
    auto* added = out.add_delegates();
    added->set_id(delegate.id());
    added->set_name(delegate.name());
    added->set_unit(delegate.unit());
    added->set_title(delegate.title());
  }
  // A very large hall: the names matter most.
  const auto shorten = [&](auto cut) {
    if (out.ByteSizeLong() > kRosterBytes)
      for (auto& delegate : *out.mutable_delegates()) cut(delegate);
  };
  shorten([](v1::Delegate& delegate) { delegate.clear_title(); });
  shorten([](v1::Delegate& delegate) { delegate.clear_unit(); });
  while (out.ByteSizeLong() > kRosterBytes) out.mutable_delegates()->RemoveLast();
  out.set_revision(contentNumber(out.SerializeAsString()));
  return out;
}

std::shared_ptr<const std::string> Plans::shared(const std::set<std::string>& sessions) const {
  if (sessions.empty()) return nullptr;
  if (sessions.size() == 1) {
    const auto plan = plans_.find(*sessions.begin());
    return plan == plans_.end() ? nullptr : plan->second.bytes;
  }
  auto& joined = joined_[sessions];
  if (joined == nullptr) {
    std::string bytes;
    for (const auto& session : sessions)
      if (const auto plan = plans_.find(session); plan != plans_.end()) bytes += *plan->second.bytes;
    joined = std::make_shared<const std::string>(std::move(bytes));
  }
  return joined;
}

Plans::Own& Plans::own(std::string_view site_id) {
  const auto found = own_.find(site_id);
  return found != own_.end() ? found->second : own_[std::string(site_id)];
}

const Plans::Own* Plans::find(std::string_view site_id) const {
  const auto found = own_.find(site_id);
  return found == own_.end() ? nullptr : &found->second;
}

}  // namespace diemcau::core
