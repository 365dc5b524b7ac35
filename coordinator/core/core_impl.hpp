// The core's state and the steps that change it. Only the core*.cpp files include this. Each step is given
// the time and the effects to fill; nothing here knows where either comes from.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "coordinator/core/alarm_book.hpp"
#include "coordinator/core/alarm_groups.hpp"
#include "coordinator/core/attendance.hpp"
#include "coordinator/core/by_id.hpp"
#include "coordinator/core/core.hpp"
#include "coordinator/core/delay_watch.hpp"
#include "coordinator/core/due_list.hpp"
#include "coordinator/core/launch.hpp"
#include "coordinator/core/ledger.hpp"
#include "coordinator/core/links.hpp"
#include "coordinator/core/plans.hpp"
#include "coordinator/core/readiness.hpp"
#include "coordinator/core/recorder.hpp"
#include "coordinator/core/replay.hpp"
#include "coordinator/core/site_history.hpp"
#include "coordinator/core/thumbnails.hpp"
#include "coordinator/core/timeline.hpp"
#include "coordinator/core/versions.hpp"

namespace diemcau::core {

// What is new of a site, beside its newest figures. Figures come each second; the rest is most of a view and
// stands still, and readers that hold it are not sent it again.
struct SiteNews {
  bool readiness = true, rest = true;
  bool counts = true;  // something that its sessions count
  bool trace = true;   // something that the recorder writes
};

struct SessionState;

// Whose readiness of a site was taken in last, and of which of its rehearsals.
struct TakenIn {
  const SessionState* session = nullptr;
  std::uint32_t rehearsal = 0;
  bool operator==(const TakenIn&) const = default;
};

struct SiteState {
  std::string id;
  Link link;
  v1::LinkState::Name shown = v1::LinkState::never;  // what the views were told last
  std::string agent_id, agent_version;
  v1::Status status;        // cleaned; its readiness apart:
  v1::Readiness readiness;  // as it was told last; of no session: none was
  std::uint64_t told = 0;   // its number, as it was told
  TakenIn taken_in;
  Micros status_at = 0;       // when it arrived; 0: none since the coordinator started
  std::uint64_t floor = 0;    // revisions up to here are not ours: they acknowledge nothing
  std::uint64_t acked = 0;    // records that the site knows as acknowledged, by its hello
  bool offline_told = false;  // the timeline has its loss
  std::vector<std::string> texts_on_the_way;
  Micros duplicate_at = 0;                                // when another agent last tried to take its name
  DueMark look;                                           // when its link is looked at next
  Recorder::Mark record;                                  // the recorder has yet to look at it
  std::size_t place = Versions::kNone;                    // among the site versions
  std::uint64_t readiness_version = 0, rest_version = 0;  // of the view, when they last changed
};

struct SessionState {
  v1::Session session;
  Outcomes outcomes;  // after GO: of every site
  ById<v1::Readiness> readiness;
  Attendance attendance;
  std::uint64_t go_revision = 0;  // of the plan that said GO
  SiteSet connected_at_go;
  bool judged = false;        // the deadline's verdicts are out
  bool starts_moved = true;   // an outcome is another since watchNotStarted() looked
  Micros judge_at = 0;        // the deadline; later after a restart in the middle
  bool start_unsaid = false;  // auto_start could not arm, and the timeline has it
  std::vector<v1::LedgerRecord> sign_offs, help_requests;
  std::uint32_t records = 0;
  std::string report;  // encoded, once closed
  bool recording = false;
  // Caches of the views.
  mutable std::map<std::string, v1::SiteAttendance, std::less<>> attended;  // of the current sitting
  mutable v1::SessionView view;
  mutable bool view_dirty = true;
};

struct TextState {
  v1::OperatorText text;
  v1::SendText to;  // session and the sites that it went to, sorted
  std::map<std::string, v1::Receipt, std::less<>> receipts;
  std::size_t read = 0;
  std::uint64_t revision = 0;  // a site whose status names this or a later one has it
  bool over = false;           // its session is closed: kept to be looked at
};

struct Core::Impl {
  explicit Impl(CoreSettings given);

  // core.cpp: what a start reads.
  bool restoreObject(std::string_view kind, std::string_view id, std::string_view body);
  bool restoreMeta(std::string_view id, std::string_view body);
  void restoreRecord(const v1::LedgerRecord& record);
  void restored(Micros now);
  void restoreSession(SessionState& state, Micros now);
  // core.cpp: what every step needs.
  // Once at the end of each step: counters, alarms, views. `news`: what the step changed is more than
  // figures.
  void finish(Micros now, Effects& out, bool news = true);
  void tell(const Timeline::Event& event, v1::Text text, Micros now, Effects& out);
  void put(Effects& out, std::string kind, std::string id, std::string session_id, std::string body) const;
  std::string nextId(const char* prefix);
  SessionState* findSession(std::string_view id);
  const SessionState* findSession(std::string_view id) const;
  static tl::unexpected<Error> noSession(std::string_view id);
  static tl::unexpected<Error> notTakingPart(const std::string& site_id);
  SiteState& siteState(std::string_view id);
  const SiteState* findSite(std::string_view id) const;
  std::string siteName(std::string_view id) const;
  v1::LinkState::Name linkOf(const SiteState* site, Micros now) const;
  void markSite(const std::string& id, SiteNews news = {});
  void markSite(SiteState& site, SiteNews news);
  void touchSite(const std::string& id, SiteNews news = {});
  void touchSessions(const std::set<std::string>& of);
  void touchSession(const SessionState& state);
  void touchSites(const SessionState& state);
  void saveSession(const SessionState& state, Effects& out);
  // The session's plan changed: a new revision to its sites.
  void publish(SessionState& state, Effects& out);
  void assignSite(const std::string& site_id, Effects& out);

  // core_commands.cpp
  Result<v1::CommandReply> command(const v1::Command& command, Micros now, Effects& out);
  Result<v1::CommandReply> createSession(const v1::Session& wish, const std::string& actor, Micros now,
                                         Effects& out, const std::string& from = {});
  Result<v1::CommandReply> updateSession(const v1::SessionUpdate& update, const std::string& actor,
                                         Micros now, Effects& out);
  Result<v1::CommandReply> waive(const v1::WaiveSites& waive, const std::string& actor, Micros now,
                                 Effects& out);
  Result<v1::CommandReply> checkAgain(const v1::CheckAgain& wish, const std::string& actor, Micros now,
                                      Effects& out);
  Result<v1::CommandReply> pinFeed(const v1::PinFeed& pin, const std::string& actor, Micros now,
                                   Effects& out);
  Result<v1::CommandReply> importRoster(const v1::RosterImport& import, const std::string& actor, Micros now,
                                        Effects& out);

  // core_alarms.cpp
  void flushAlarms(Micros now, Effects& out);
  void tellAlarm(const v1::Alarm& alarm, const AlarmChange& change, Micros now, Effects& out);
  Result<v1::CommandReply> ackAlarm(const v1::AckAlarm& ack, const std::string& actor, Micros now,
                                    Effects& out);
  Result<v1::CommandReply> shelveAlarm(const v1::ShelveAlarm& shelve, const std::string& actor, Micros now,
                                       Effects& out);
  Result<v1::CommandReply> unshelveAlarm(const v1::UnshelveAlarm& unshelve, const std::string& actor);
  void helpSeen(const v1::Alarm& alarm, const std::string& by, Micros now, Effects& out);

  // core_templates.cpp
  Result<v1::CommandReply> copySession(const v1::CopySession& copy, const std::string& actor, Micros now,
                                       Effects& out);
  Result<v1::CommandReply> saveTemplate(const v1::SaveTemplate& save, const std::string& actor, Micros now,
                                        Effects& out);
  Result<v1::CommandReply> deleteTemplate(const v1::DeleteTemplate& gone, const std::string& actor,
                                          Micros now, Effects& out);

  // core_attendance.cpp
  Result<v1::CommandReply> enterAttendance(const v1::EnterAttendance& entry, const std::string& actor,
                                           Micros now, Effects& out);
  Result<v1::CommandReply> remind(const v1::RemindAttendance& wish, const std::string& actor, Micros now,
                                  Effects& out);
  Result<std::vector<std::string>> unreported(const v1::RemindAttendance& wish, Micros now) const;

  // core_texts.cpp
  Result<v1::CommandReply> sendText(const v1::SendText& wish, const std::string& actor, Micros now,
                                    Effects& out);
  void noteTexts(SiteState& site, Micros now, Effects& out);
  void noteRead(const TextState& sent, const SiteState& site, Micros now, Effects& out);
  void closeTexts(const std::string& session_id, Effects& out);
  bool restoreText(std::string_view kind, const std::string& text_id, const std::string& site_id,
                   std::string_view body);
  void restoreTexts();

  // core_reach.cpp
  Done reach(const v1::Command& command, Micros now, std::set<std::string>& to) const;

  // core_acts.cpp: phases. `start_at`: of a launch whose instant is set already; 0: from lead_ms.
  Result<v1::CommandReply> act(const v1::SessionAct& act, const std::string& actor, Micros now, Effects& out,
                               Micros start_at = 0);
  Done beforeAct(SessionState& state, v1::SessionAct::Kind kind, Micros now, v1::Session& next) const;
  void armWarnings(const SessionState& state, Micros now, v1::CommandReply& reply) const;
  void launch(SessionState& state, Micros start_at, Micros now, Effects& out);
  void afterAct(SessionState& state, v1::SessionAct::Kind kind, Micros now, Effects& out);
  void endAlarms(const SessionState& state, bool help_too, Micros now);
  void closeSession(SessionState& state, Micros now, Effects& out);
  Done freeOfOthers(const v1::Session& session, const std::vector<std::string>& site_ids) const;
  Micros measuredLead(const v1::Session& session, Micros now) const;
  v1::CommandReply replyFor(const SessionState& state) const;

  // core_sites.cpp: what sites say.
  Result<v1::Welcome> hello(const v1::Hello& hello, Micros now, Effects& out);
  Done refuseDuplicate(const v1::Hello& hello, Micros now, Effects& out);
  // True: it tells more than new figures.
  bool status(std::string_view site_id, v1::Status&& status, std::uint64_t readiness, Micros now,
              Effects& out);
  bool takeReadiness(SiteState& site, v1::Status& status, std::uint64_t number, bool repeated);
  void noteHistory(const SiteState& site, Micros now);
  bool noteReadiness(SessionState& state, SiteState& site, bool other, Effects& out);
  // True: the site's outcome is another than before.
  bool noteLaunch(SessionState& state, const SiteState& site, Micros now, Effects& out);
  Done records(std::string_view site_id, std::uint64_t epoch, const v1::RecordBatch& batch, Micros now,
               Effects& out);
  void enter(v1::LedgerRecord record, Micros now, Effects& out);
  void applyRecord(SessionState& state, const v1::LedgerRecord& record);
  void helpAsked(SessionState* state, const v1::LedgerRecord& record, Micros now, Effects& out);
  void gone(std::string_view site_id, Micros now, Effects& out);
  std::string sessionOfRecord(std::string_view site_id, const v1::Record& record) const;

  // core_tick.cpp: time.
  void tick(Micros now, Effects& out);
  void scheduled(SessionState& state, Micros now, Effects& out);
  bool rehearsalDue(const v1::Session& session, Micros now) const;
  void autoStart(SessionState& state, Micros now, Effects& out);
  void judgeLaunch(SessionState& state, Micros now, Effects& out);
  void tellJudged(SessionState& state, const std::vector<std::string>& missing, Micros now, Effects& out);
  // What can only be seen in a link as time goes by is seen by watchLinks(); a word from a site that is not
  // shown as online, and the end of a link, ask for a look at once.
  void heard(SiteState& site, Micros now);
  std::vector<SiteState*> linksToLookAt(Micros now);
  void watchLinks(Micros now, Effects& out);
  void watchNotStarted(SessionState& state, Micros now);
  void watchNotReady(SessionState& state, Micros now);
  void watchDuplicates(Micros now);
  void watchDelay(Micros now);
  void watchAlarms(Micros now);
  AlarmPicture picture(Micros now) const;
  struct Exposure;  // one session of the picture while it is made
  void addSite(Exposure& session, const std::string& site_id, Micros now) const;
  Micros lostAt(const SessionState& state, const SiteState* site, const std::string& site_id,
                Micros now) const;

  // core_replay.cpp: the flight recorder, and what it tells.
  void record(Micros now, Effects& out);
  bool recorded(const v1::Session& session, Micros now) const;
  v1::SiteTrace traceOf(const SessionState& state, const std::string& site_id) const;
  v1::SiteView siteThen(const SessionState& state, const v1::Site& site, const ReplayState& then,
                        const std::string& sitting) const;

  // core_view.cpp: what the centre sees.
  void view(std::uint64_t since, std::string_view session_id, Micros now, v1::ViewUpdate& out) const;
  v1::SessionView sessionView(const SessionState& state, Micros now) const;
  // `since`: what has not changed since that version is left out; 0: nothing is.
  void siteView(const v1::Site& site, const SessionState* state, Micros now, std::uint64_t since,
                v1::SiteView& out) const;
  v1::SiteView siteView(const v1::Site& site, const SessionState* state, Micros now) const;
  void addRest(const v1::Site& site, const SiteState* known, const SessionState* state,
               v1::SiteView& out) const;
  const SessionState* sessionFor(std::string_view site_id) const;
  const v1::SiteAttendance& attended(const SessionState& state, const std::string& site_id) const;
  void countSite(const SessionState& state, const std::string& site_id, Micros now,
                 v1::SessionView& view) const;
  bool concerns(const v1::Alarm& alarm, const SessionState& state) const;
  v1::SessionReport report(const SessionState& state, Micros now) const;

  CoreSettings settings;
  LinkTimes link_times;
  LaunchTimes launch_times;
  Roster roster;
  Plans plans;
  Ledger ledger;
  Timeline timeline;
  std::uint64_t ids = 0;
  AlarmBook alarms;
  AlarmGroups groups;
  DelayWatch delay;
  SiteHistories histories;
  Thumbnails thumbnails;
  Recorder recorder;
  ById<SiteState> sites;  // nobody is ever taken off the roster: each stays where it is
  DueList<SiteState, &SiteState::look> looks;
  // Which sessions a site takes part in, and whether they run, decides what is told of its link.
  bool look_at_all = true;
  Micros looked_at = 0;
  std::map<std::string, SessionState, std::less<>> sessions;
  std::map<std::string, TextState, std::less<>> texts;
  std::map<std::string, v1::SessionTemplate, std::less<>> templates;
  Micros restored_at = 0;
  // After a restart: sites of alarms that went on, until they speak again.
  std::map<AlarmCause, std::map<std::string, Micros>> carried;
  AlarmPicture picture_now;
  Micros picture_at = 0;
  bool picture_dirty = true;
  std::uint64_t stored_revision = 0, stored_ids = 0;  // what the store has of the counters

  std::uint64_t version = 1, first_version = 1, told_version = 0;
  mutable Versions session_versions, site_versions, alarm_versions;
  std::deque<std::pair<std::uint64_t, std::uint64_t>> entry_versions;  // (version, timeline seq)
};

}  // namespace diemcau::core
