// What each route does. Private to this folder; api.cpp holds the table.
#pragma once

#include <string>

#include "coordinator/api/desk.hpp"

namespace diemcau::api {

class Handlers {
 public:
  Handlers(Ports& ports, const ApiSettings& settings, Worker& worker, AnswerDesk& desk)
      : ports_(ports), settings_(settings), worker_(worker), desk_(desk) {}

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
  void attendance(Call call);
  void attendanceCsv(Call call, const std::string& kind);
  void enterAttendance(Call call);

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
  void pinFeed(Call call);
  void alarms(Call call);
  void ackAlarm(Call call);

 private:
  Micros now() const { return ports_.clock.wall(); }
  bool keysCanChange(Call& call, std::string& who);
  void issueTokens(Call call, const v1::IssueTokens& wish);
  void addIdentity(v1::SiteView& site) const;
  bool knownSession(Call& call);  // false: already answered with 404
  // Fills the id of the path into a body's field; a body that names another is refused.
  bool sameId(Call& call, const std::string& id, std::string* field);
  void csv(Call call, Result<std::string> text, const std::string& file_name);

  Ports& ports_;
  const ApiSettings& settings_;
  Worker& worker_;
  AnswerDesk& desk_;
  bool importing_ = false;
};

}  // namespace diemcau::api
