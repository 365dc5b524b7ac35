// The core from outside, what a start reads back, and what every step needs.
#include "coordinator/core/core.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "coordinator/core/core_impl.hpp"
#include "coordinator/core/session_check.hpp"
#include "coordinator/core/session_phase.hpp"

namespace diemcau::core {
namespace {

// After a restart in the middle of a launch: time for the sites to come back before they are judged.
constexpr Micros kReturnTime = 10 * kSecond;
constexpr std::size_t kEntryVersions = 1'000;

template <class Message>
bool parse(std::string_view body, Message& message) {
  return message.ParseFromArray(body.data(), static_cast<int>(body.size()));
}

// "session/site"
std::pair<std::string, std::string> splitId(std::string_view id) {
  const auto slash = id.find('/');
  if (slash == std::string_view::npos) return {std::string(id), {}};
  return {std::string(id.substr(0, slash)), std::string(id.substr(slash + 1))};
}

}  // namespace

Core::Core(CoreSettings settings) : impl_(std::make_unique<Impl>(std::move(settings))) {}
Core::~Core() = default;

bool Core::restoreObject(std::string_view kind, std::string_view id, std::string_view body) {
  return impl_->restoreObject(kind, id, body);
}
void Core::restoreRecord(const v1::LedgerRecord& record) {
  impl_->restoreRecord(record);
}
void Core::restoreTimeline(const v1::TimelineEntry& entry) {
  impl_->timeline.restore(entry);
}
void Core::restored(Micros now) {
  impl_->restored(now);
}

Result<v1::CommandReply> Core::command(const v1::Command& command, Micros now, Effects& effects) {
  auto reply = impl_->command(command, now, effects);
  if (reply) impl_->finish(now, effects);
  return reply;
}

Result<v1::Welcome> Core::siteHello(const v1::Hello& hello, Micros now, Effects& effects) {
  auto welcome = impl_->hello(hello, now, effects);
  impl_->finish(now, effects);
  return welcome;
}

void Core::siteHeard(std::string_view site_id, Micros now) {
  if (const auto site = impl_->sites.find(site_id); site != impl_->sites.end())
    impl_->heard(site->second, now);
}

void Core::siteStatus(std::string_view site_id, v1::Status&& status, Micros now, Effects& effects,
                      std::uint64_t readiness) {
  const bool news = impl_->status(site_id, std::move(status), readiness, now, effects);
  impl_->finish(now, effects, news);
}

std::uint64_t Core::readinessTold(std::string_view site_id) const {
  const auto* site = impl_->findSite(site_id);
  return site == nullptr ? 0 : site->told;
}

Result<void> Core::siteRecords(std::string_view site_id, std::uint64_t epoch, const v1::RecordBatch& batch,
                               Micros now, Effects& effects) {
  auto done = impl_->records(site_id, epoch, batch, now, effects);
  if (done) impl_->finish(now, effects);
  return done;
}

void Core::siteGone(std::string_view site_id, Micros now, Effects& effects) {
  impl_->gone(site_id, now, effects);
  impl_->finish(now, effects);
}

void Core::tick(Micros now, Effects& effects) {
  impl_->tick(now, effects);
  impl_->finish(now, effects);
}

void Core::loopDelay(Micros longest, Micros now) {
  impl_->delay.note(longest, now);
}

wire::AssignmentBytes Core::assignment(std::string_view site_id) const {
  return impl_->plans.assignment(site_id, impl_->roster);
}

Core::Impl::Impl(CoreSettings given)
    : settings(std::move(given)),
      link_times{settings.stale_after, settings.offline_after},
      launch_times{settings.least_lead, settings.most_lead, settings.start_grace, settings.start_tolerance},
      alarms([this] { return nextId("a"); }),
      groups({settings.alarm_gather, settings.alarm_clear, settings.link_grace, 2 * settings.link_grace}),
      delay(settings.loop_delay) {}

bool Core::Impl::restoreObject(std::string_view kind, std::string_view id, std::string_view body) {
  if (kind == "area" || kind == "site" || kind == "delegate") return roster.restore(kind, body);
  if (kind == "meta") return restoreMeta(id, body);
  if (kind == "session") return parse(body, sessions[std::string(id)].session);
  if (kind == "report") {
    sessions[std::string(id)].report = body;
    v1::SessionReport report;
    return parse(body, report);
  }
  if (kind == "launch") {
    v1::Session launched;
    if (!parse(body, launched)) return false;
    auto& state = sessions[std::string(id)];
    state.go_revision = launched.revision();
    state.connected_at_go = {launched.site_ids().begin(), launched.site_ids().end()};
    return true;
  }
  const auto [first, second] = splitId(id);
  if (kind == "outcome") return parse(body, sessions[first].outcomes[second]);
  if (kind == "readiness") return parse(body, sessions[first].readiness[second]);
  if (kind == "text" || kind == "text_to" || kind == "receipt" || kind == "sent_text")
    return restoreText(kind, first, second, body);
  if (kind == "template") return parse(body, templates[first]);
  if (kind == "own") {
    v1::OwnPart own;
    if (!parse(body, own)) return false;
    plans.restoreOwn(id, own);
    return true;
  }
  if (kind == "alarm") {
    v1::Alarm alarm;
    if (!parse(body, alarm)) return false;
    alarms.restore(alarm);
  }
  return true;  // a kind of a newer version: kept in the store, not needed here
}

bool Core::Impl::restoreMeta(std::string_view id, std::string_view body) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), value);
  if (error != std::errc() || end != body.data() + body.size()) return false;
  if (id == "revision") stored_revision = value;
  if (id == "ids") stored_ids = ids = value;
  return true;
}

void Core::Impl::restoreRecord(const v1::LedgerRecord& record) {
  ledger.add(record);
  if (auto* state = findSession(record.record().session_id())) applyRecord(*state, record);
}

void Core::Impl::restored(Micros now) {
  restored_at = now;
  look_at_all = true;
  roster.restored();
  histories.expect(roster.sites().size());
  plans.restart(stored_revision);
  // Readers of before the restart hold versions below this one and get everything anew.
  first_version = version = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(now));
  std::erase_if(sessions, [](const auto& entry) { return entry.second.session.id().empty(); });
  for (const auto& [id, site] : roster.sites()) siteState(id);
  for (auto& [id, state] : sessions) restoreSession(state, now);
  restoreTexts();
  for (const auto& id : alarms.raisedIds()) {
    const auto& alarm = *alarms.find(id);
    if (!AlarmGroups::groups(alarm.kind())) continue;
    groups.adopt(alarm);
    auto& sites_of = carried[{alarm.session_id(), alarm.kind(), alarm.feed_id(), alarm.condition()}];
    for (const auto& site : alarm.site_ids()) sites_of.emplace(site, alarm.onset_us());
  }
}

void Core::Impl::restoreSession(SessionState& state, Micros now) {
  const auto& session = state.session;
  plans.set(session);
  touchSession(state);
  if (!isLaunched(session.phase())) return;
  for (const auto& site : session.site_ids()) {
    auto& outcome = state.outcomes[site];
    outcome.set_session_id(session.id());
    outcome.set_site_id(site);
    if (outcome.state() == v1::Outcome::pending && findWaiver(session, site) != nullptr)
      outcome.set_state(v1::Outcome::waived);
  }
  if (state.go_revision == 0) state.go_revision = session.revision();
  state.judge_at = std::max(session.deadline_us(), now + kReturnTime);
  state.judged = std::none_of(state.outcomes.begin(), state.outcomes.end(), [](const auto& outcome) {
    return outcome.second.state() == v1::Outcome::pending;
  });
}

void Core::Impl::finish(Micros now, Effects& out, bool news) {
  flushAlarms(now, out);
  if (plans.newest() != stored_revision) {
    stored_revision = plans.newest();
    put(out, "meta", "revision", "", std::to_string(stored_revision));
  }
  if (ids != stored_ids) {
    stored_ids = ids;
    put(out, "meta", "ids", "", std::to_string(ids));
  }
  std::sort(out.assign.begin(), out.assign.end());
  out.assign.erase(std::unique(out.assign.begin(), out.assign.end()), out.assign.end());
  if (version != told_version && (news || !out.store.empty())) out.news = true;
  told_version = version;
}

void Core::Impl::tell(const Timeline::Event& event, v1::Text text, Micros now, Effects& out) {
  const auto& entry = timeline.add(event, std::move(text), now, out.store);
  entry_versions.emplace_back(++version, entry.seq());
  if (entry_versions.size() > kEntryVersions) entry_versions.pop_front();
}

void Core::Impl::put(Effects& out, std::string kind, std::string id, std::string session_id,
                     std::string body) const {
  out.store.puts.push_back({std::move(kind), std::move(id), std::move(session_id), std::move(body)});
}

std::string Core::Impl::nextId(const char* prefix) {
  return fmt::format("{}-{}", prefix, ++ids);
}

SessionState* Core::Impl::findSession(std::string_view id) {
  const auto found = sessions.find(id);
  return found == sessions.end() ? nullptr : &found->second;
}

const SessionState* Core::Impl::findSession(std::string_view id) const {
  const auto found = sessions.find(id);
  return found == sessions.end() ? nullptr : &found->second;
}

tl::unexpected<Error> Core::Impl::noSession(std::string_view id) {
  const auto shown = cleanText(id.substr(0, 64), 64, "session id").value_or("");
  return fail(ErrorCode::kNotFound, "no session has the id \"" + shown + "\"",
              "không có phiên với mã \"" + shown + "\"");
}

tl::unexpected<Error> Core::Impl::notTakingPart(const std::string& site_id) {
  return fail(ErrorCode::kNotFound, "site \"" + site_id.substr(0, 64) + "\" does not take part",
              "điểm cầu \"" + site_id.substr(0, 64) + "\" không tham gia");
}

SiteState& Core::Impl::siteState(std::string_view id) {
  const auto found = sites.find(id);
  if (found != sites.end()) return found->second;
  auto& site = sites[std::string(id)];
  site.id = id;
  site.place = site_versions.placeOf(site.id);
  return site;
}

const SiteState* Core::Impl::findSite(std::string_view id) const {
  const auto found = sites.find(id);
  return found == sites.end() ? nullptr : &found->second;
}

std::string Core::Impl::siteName(std::string_view id) const {
  const auto* site = roster.site(id);
  return site == nullptr ? std::string(id) : site->name();
}

v1::LinkState::Name Core::Impl::linkOf(const SiteState* site, Micros now) const {
  return site == nullptr ? v1::LinkState::never : linkState(site->link, now, link_times);
}

void Core::Impl::markSite(const std::string& id, SiteNews news) {
  markSite(siteState(id), news);
}

void Core::Impl::markSite(SiteState& site, SiteNews news) {
  site_versions.touch(site.place, ++version);
  if (news.readiness) site.readiness_version = version;
  if (news.rest) site.rest_version = version;
  if (news.trace) recorder.mark(site.id, site.record);
}

void Core::Impl::touchSite(const std::string& id, SiteNews news) {
  markSite(id, news);
  if (news.counts) touchSessions(plans.sessions(id));
}

void Core::Impl::touchSessions(const std::set<std::string>& of) {
  for (const auto& id : of)
    if (const auto* state = findSession(id)) touchSession(*state);
}

void Core::Impl::touchSession(const SessionState& state) {
  state.view_dirty = true;
  session_versions.touch(state.session.id(), ++version);
}

void Core::Impl::touchSites(const SessionState& state) {
  for (const auto& site : state.session.site_ids()) markSite(site);
  touchSession(state);
}

void Core::Impl::saveSession(const SessionState& state, Effects& out) {
  const auto& id = state.session.id();
  put(out, "session", id, id, state.session.SerializeAsString());
  touchSession(state);
}

void Core::Impl::publish(SessionState& state, Effects& out) {
  state.session.set_revision(plans.next());
  for (auto& site : plans.set(state.session)) {
    markSite(site);
    out.assign.push_back(std::move(site));
  }
  picture_dirty = look_at_all = state.starts_moved = true;
  saveSession(state, out);
}

void Core::Impl::assignSite(const std::string& site_id, Effects& out) {
  plans.bump(site_id);
  out.assign.push_back(site_id);
  touchSite(site_id);
}

}  // namespace diemcau::core
