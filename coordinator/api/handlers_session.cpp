// Routes of sessions: their life, and what is seen of them.
#include "base/json.hpp"
#include "base/text.hpp"
#include "coordinator/api/handlers.hpp"
#include "coordinator/api/problem.hpp"

namespace diemcau::api {
namespace {

// The page names the hash of its one style in its own policy; the header says the same, and more.
std::string reportPolicy(const std::string& page) {
  constexpr std::string_view begins = "'sha256-";
  const std::size_t from = page.find(begins);
  const std::size_t to = from == std::string::npos ? from : page.find('\'', from + 1);
  const std::string style = to == std::string::npos ? "'none'" : page.substr(from, to + 1 - from);
  return "default-src 'none'; style-src " + style +
         "; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

}  // namespace

bool Handlers::knownSession(Call& call, bool whole) {
  const std::string& id = call.param("id");
  auto found = ports_.core.session(id, now());
  if (!found) {
    desk_.answer(std::move(call.respond), problem(found.error()));
    return false;
  }
  if (call.scope.isEverywhere()) return true;
  if (!scoped(call).session(id)) {
    desk_.answer(std::move(call.respond),
                 problem(Error{ErrorCode::kNotFound, "there is no such session among your sites",
                               "không có phiên này trong các điểm cầu của bạn"}));
    return false;
  }
  if (!whole || scoped(call).wholeSession(id)) return true;
  desk_.answer(
      std::move(call.respond),
      problem(Error{ErrorCode::kDenied, "this tells of all sites of the session, and not all are yours",
                    "nội dung này nói về mọi điểm cầu của phiên, không phải tất cả là của bạn"}));
  return false;
}

bool Handlers::sameId(Call& call, const std::string& id, std::string* field) {
  if (field->empty()) *field = id;
  if (*field == id) return true;
  const bool sayable = validId(*field);
  desk_.answer(std::move(call.respond),
               problem(Error{ErrorCode::kInvalid,
                             "the body names " + (sayable ? "'" + *field + "'" : "another object") +
                                 ", the address '" + id + "'",
                             "Nội dung ghi " + (sayable ? "'" + *field + "'" : "đối tượng khác") +
                                 ", còn địa chỉ là '" + id + "'"}));
  return false;
}

void Handlers::sessions(Call call) {
  desk_.answer(std::move(call.respond),
               std::make_shared<const v1::SessionList>(scoped(call).sessions(ports_.core.sessions())));
}

void Handlers::createSession(Call call) {
  v1::Command command;
  if (!desk_.body(call, *command.mutable_create_session())) return;
  desk_.command(std::move(call), std::move(command), created);
}

void Handlers::session(Call call) {
  if (!knownSession(call)) return;
  auto found = ports_.core.session(call.param("id"), now());
  if (found) found = scoped(call).session(std::move(*found));
  desk_.answer(std::move(call.respond), std::move(found));
}

void Handlers::updateSession(Call call) {
  v1::Command command;
  v1::Session& session = *command.mutable_update_session()->mutable_session();
  if (!desk_.body(call, session)) return;
  if (!sameId(call, call.param("id"), session.mutable_id())) return;
  desk_.command(std::move(call), std::move(command));
}

void Handlers::act(Call call, v1::SessionAct::Kind kind) {
  v1::Command command;
  v1::SessionAct& act = *command.mutable_act();
  if (!desk_.body(call, act, true)) return;
  if (!sameId(call, call.param("id"), act.mutable_session_id())) return;
  act.set_kind(kind);
  desk_.command(std::move(call), std::move(command));
}

void Handlers::waive(Call call) {
  v1::Command command;
  v1::WaiveSites& waive = *command.mutable_waive();
  if (!desk_.body(call, waive)) return;
  if (!sameId(call, call.param("id"), waive.mutable_session_id())) return;
  desk_.command(std::move(call), std::move(command));
}

void Handlers::sessionSites(Call call) {
  if (!knownSession(call)) return;
  desk_.answer(std::move(call.respond), std::make_shared<const v1::SiteList>(
                                            scoped(call).sites(ports_.core.sites(call.param("id"), now()))));
}

void Handlers::sessionAlarms(Call call) {
  if (!knownSession(call)) return;
  const bool raised_only = call.query("raised") == "1";
  desk_.answer(std::move(call.respond), std::make_shared<const v1::AlarmList>(scoped(call).alarms(
                                            ports_.core.alarms(call.param("id"), raised_only))));
}

void Handlers::sessionTimeline(Call call) {
  if (!knownSession(call)) return;
  desk_.answer(std::move(call.respond), std::make_shared<const v1::Timeline>(
                                            scoped(call).timeline(ports_.core.timeline(call.param("id")))));
}

void Handlers::sessionReport(Call call) {
  if (!knownSession(call, true)) return;
  auto report = ports_.core.report(call.param("id"), now());
  desk_.answer(std::move(call.respond), std::move(report));
}

void Handlers::sessionReportHtml(Call call) {
  if (!knownSession(call, true)) return;
  auto report = ports_.core.report(call.param("id"), now());
  if (!report) return desk_.answer(std::move(call.respond), problem(report.error()));
  if (!ports_.report_html) {
    return desk_.answer(std::move(call.respond),
                        problem(Error{ErrorCode::kNotFound, "this coordinator makes no HTML reports",
                                      "Bản này chưa có báo cáo HTML"}));
  }
  net::HttpResponse response;
  response.content_type = "text/html; charset=utf-8";
  response.body = ports_.report_html(*report, ports_.core.roster(), call.query("lang") == "en");
  response.headers = {{"Cache-Control", "no-store"},
                      {"Content-Security-Policy", reportPolicy(response.body)}};
  desk_.answer(std::move(call.respond), std::move(response));
}

void Handlers::sessionView(Call call) {
  if (!knownSession(call)) return;
  if (const std::string at = call.query("at"); !at.empty()) return sessionThen(std::move(call), at);
  const auto update = std::make_shared<v1::ViewUpdate>();
  ports_.core.view(0, call.param("id"), now(), *update);
  scoped(call).cut(*update);
  desk_.answer(std::move(call.respond), update);
}

}  // namespace diemcau::api
