// What each route does. Private to this folder; api.cpp holds the table.
#pragma once

#include <string>

#include "coordinator/api/desk.hpp"
#include "coordinator/api/gate.hpp"
#include "coordinator/core/scoped_view.hpp"

namespace diemcau::api {

class Handlers {
 public:
  Handlers(Ports& ports, const ApiSettings& settings, Worker& worker, AnswerDesk& desk, Gate& gate)
      : ports_(ports), settings_(settings), worker_(worker), desk_(desk), gate_(gate) {}

  // handlers_roster.cpp
  void roster(Call call);
  void rosterCsv(Call call, const std::string& kind);
  void importRoster(Call call);

  // handlers_session.cpp
  void sessions(Call call);
  void createSession(Call call);
  void session(Call call);
  void updateSession(Call call);
  void act(Call call, v1::SessionAct::Kind kind);
  void waive(Call call);
  void sessionSites(Call call);
  void sessionAlarms(Call call);
  void sessionTimeline(Call call);
  void sessionReport(Call call);
  void sessionReportHtml(Call call);
  void sessionView(Call call);

  // handlers_templates.cpp
  void copySession(Call call);
  void templates(Call call);
  void saveTemplate(Call call);
  void deleteTemplate(Call call);

  // handlers_replay.cpp
  void replaySpan(Call call);
  void sessionThen(Call call, const std::string& at);
  void siteHistory(Call call);
  void siteThumbnail(Call call);
  void thumbnails(Call call);
  void testFeed(Call call);

  // handlers_attendance.cpp
  void attendance(Call call);
  void attendanceCsv(Call call, const std::string& kind);
  void enterAttendance(Call call);
  void delegates(Call call);
  void remind(Call call);

  // handlers_enrolment.cpp
  void enrolSites(Call call);
  void enrolSite(Call call);
  void revokeSite(Call call);

  // handlers_live.cpp
  void healthz(Call call);
  void readyz(Call call);
  void metrics(Call call);
  void sites(Call call);
  void site(Call call);
  void sendText(Call call);
  void sessionTexts(Call call);
  void siteTexts(Call call);
  void checkAgain(Call call);
  void pinFeed(Call call);
  void alarms(Call call);
  void ackAlarm(Call call);
  void shelveAlarm(Call call);
  void unshelveAlarm(Call call);
  void alarmHistory(Call call);

  // handlers_people.cpp
  void signIn(Call call);
  void signOut(Call call);
  void me(Call call);
  void ownAct(Call call, const std::string& what);
  void accounts(Call call);
  void addAccount(Call call);
  void changeAccount(Call call);
  void accountAct(Call call, const std::string& what);
  void tokens(Call call);
  void addToken(Call call);
  void revokeToken(Call call);
  void audit(Call call);
  void auditVerify(Call call);

 private:
  using PeopleShape = std::function<net::HttpResponse(v1::PeopleReply&)>;
  void people(Call call, const v1::PeopleAct& act, PeopleShape shape = {});

  Micros now() const { return ports_.clock.wall(); }
  static net::HttpResponse created(const v1::CommandReply& reply);
  bool keysCanChange(Call& call);
  void issueTokens(Call call, const v1::IssueTokens& wish);
  void refuseKeys(Call call, const std::string& act, const std::string& subject, const Error& error);
  void addIdentity(v1::SiteView& site) const;
  core::ScopedView scoped(const Call& call) const { return {ports_.core, call.scope, now()}; }
  // False: already answered, with 404 where none of its sites are the caller's, and with 403 where `whole`
  // and some are not.
  bool knownSession(Call& call, bool whole = false);
  // The same for the site of the path.
  bool knownSite(Call& call);
  // Fills the id of the path into a body's field; a body that names another is refused.
  bool sameId(Call& call, const std::string& id, std::string* field);
  void csv(Call call, Result<std::string> text, const std::string& file_name);

  Ports& ports_;
  const ApiSettings& settings_;
  Worker& worker_;
  AnswerDesk& desk_;
  Gate& gate_;
  bool importing_ = false;

  // The past that was looked at last: who moves a slider asks many times.
  struct Past {
    std::string session_id;
    Micros until = 0;
    bool whole = false;  // nothing comes any more
    std::shared_ptr<const core::ReplayRows> rows;
  };
  using WithRows = std::function<void(Call, std::shared_ptr<const core::ReplayRows>)>;
  void withPast(Call call, Micros at, WithRows then);
  Past past_;
};

}  // namespace diemcau::api
