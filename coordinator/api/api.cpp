// The table of routes, and what owns their parts.
#include "coordinator/api/api.hpp"

#include "coordinator/api/handlers.hpp"
#include "coordinator/api/page.hpp"
#include "coordinator/api/router.hpp"
#include "coordinator/api/view_hub.hpp"

namespace diemcau::api {
namespace {

constexpr std::size_t kMostJobs = 64;
constexpr const char* kImportPath = "/api/v1/roster/import";
constexpr const char* kFeedTestPath = "/api/v1/feeds/test";
constexpr const char* kVerifyPath = "/api/v1/audit/verify";

// One route for each act that a session knows, named as in the message.
void addActs(std::vector<Route>& routes, Handlers& on) {
  const auto* kinds = v1::SessionAct::Kind_descriptor();
  for (int i = 0; i < kinds->value_count(); ++i) {
    const auto kind = static_cast<v1::SessionAct::Kind>(kinds->value(i)->number());
    if (kind == v1::SessionAct::unknown) continue;
    routes.push_back({"POST", "/api/v1/sessions/{id}/" + kinds->value(i)->name(),
                      [&on, kind](Call call) { on.act(std::move(call), kind); }});
  }
}

void addPeople(std::vector<Route>& routes, Handlers& on) {
  using C = Call;
  const std::string me = "/api/v1/me", accounts = "/api/v1/accounts", one = "/api/v1/accounts/{name}";
  const auto own = [&on](const char* what) { return [&on, what](C c) { on.ownAct(std::move(c), what); }; };
  const auto of = [&on](const char* what) { return [&on, what](C c) { on.accountAct(std::move(c), what); }; };
  std::vector<Route> more = {
      {"POST", "/api/v1/sign-in", [&on](C c) { on.signIn(std::move(c)); }},
      {"POST", "/api/v1/sign-out", [&on](C c) { on.signOut(std::move(c)); }},
      {"GET", me, [&on](C c) { on.me(std::move(c)); }},
      {"POST", me + "/password", own("password")},
      {"POST", me + "/totp", own("totp")},
      {"POST", me + "/totp/confirm", own("totp_confirm")},
      {"POST", me + "/totp/off", own("totp_off")},
      {"GET", accounts, [&on](C c) { on.accounts(std::move(c)); }},
      {"POST", accounts, [&on](C c) { on.addAccount(std::move(c)); }},
      {"PUT", one, [&on](C c) { on.changeAccount(std::move(c)); }},
      {"POST", one + "/password", of("password")},
      {"POST", one + "/totp-off", of("totp_off")},
      {"POST", one + "/sign-out", of("sign_out")},
      {"GET", "/api/v1/tokens", [&on](C c) { on.tokens(std::move(c)); }},
      {"POST", "/api/v1/tokens", [&on](C c) { on.addToken(std::move(c)); }},
      {"DELETE", "/api/v1/tokens/{name}", [&on](C c) { on.revokeToken(std::move(c)); }},
      {"GET", "/api/v1/audit", [&on](C c) { on.audit(std::move(c)); }},
      {"GET", kVerifyPath, [&on](C c) { on.auditVerify(std::move(c)); }},
  };
  std::move(more.begin(), more.end(), std::back_inserter(routes));
}

// What every answer says to a browser; the server adds nosniff, no-referrer and, where nothing else is said,
// no-store.
void harden(net::HttpResponse& response, bool secure) {
  bool policy = false;
  for (const auto& [name, value] : response.headers) policy = policy || name == "Content-Security-Policy";
  if (!policy)
    response.headers.emplace_back("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  if (secure) response.headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
}

void addPage(std::vector<Route>& routes) {
  const auto serve = [](Call call) { call.respond(servePage(call.request.path, call.request)); };
  routes.push_back({"GET", "/", serve});
  routes.push_back({"GET", "/assets/{name}", serve});
}

std::vector<Route> table(Handlers& on) {
  using C = Call;
  std::vector<Route> routes = {
      {"GET", "/healthz", [&on](C c) { on.healthz(std::move(c)); }},
      {"GET", "/readyz", [&on](C c) { on.readyz(std::move(c)); }},
      {"GET", "/metrics", [&on](C c) { on.metrics(std::move(c)); }},

      {"GET", "/api/v1/roster", [&on](C c) { on.roster(std::move(c)); }},
      {"GET", "/api/v1/roster/areas.csv", [&on](C c) { on.rosterCsv(std::move(c), "areas"); }},
      {"GET", "/api/v1/roster/sites.csv", [&on](C c) { on.rosterCsv(std::move(c), "sites"); }},
      {"GET", "/api/v1/roster/delegates.csv", [&on](C c) { on.rosterCsv(std::move(c), "delegates"); }},
      {"POST", kImportPath, [&on](C c) { on.importRoster(std::move(c)); }},

      {"GET", "/api/v1/sessions", [&on](C c) { on.sessions(std::move(c)); }},
      {"POST", "/api/v1/sessions", [&on](C c) { on.createSession(std::move(c)); }},
      {"GET", "/api/v1/sessions/{id}", [&on](C c) { on.session(std::move(c)); }},
      {"PUT", "/api/v1/sessions/{id}", [&on](C c) { on.updateSession(std::move(c)); }},
      {"POST", "/api/v1/sessions/{id}/waive", [&on](C c) { on.waive(std::move(c)); }},
      {"GET", "/api/v1/sessions/{id}/sites", [&on](C c) { on.sessionSites(std::move(c)); }},
      {"GET", "/api/v1/sessions/{id}/alarms", [&on](C c) { on.sessionAlarms(std::move(c)); }},
      {"GET", "/api/v1/sessions/{id}/alarms/history", [&on](C c) { on.alarmHistory(std::move(c)); }},
      {"GET", "/api/v1/sessions/{id}/timeline", [&on](C c) { on.sessionTimeline(std::move(c)); }},
      {"GET", "/api/v1/sessions/{id}/report", [&on](C c) { on.sessionReport(std::move(c)); }},
      {"GET", "/api/v1/sessions/{id}/report.html", [&on](C c) { on.sessionReportHtml(std::move(c)); }},
      {"GET", "/api/v1/sessions/{id}/view", [&on](C c) { on.sessionView(std::move(c)); }},
      {"GET", "/api/v1/sessions/{id}/attendance", [&on](C c) { on.attendance(std::move(c)); }},
      {"POST", "/api/v1/sessions/{id}/attendance", [&on](C c) { on.enterAttendance(std::move(c)); }},
      {"GET", "/api/v1/sessions/{id}/attendance/delegates", [&on](C c) { on.delegates(std::move(c)); }},
      {"POST", "/api/v1/sessions/{id}/attendance/remind", [&on](C c) { on.remind(std::move(c)); }},
      {"GET", "/api/v1/sessions/{id}/texts", [&on](C c) { on.sessionTexts(std::move(c)); }},
      {"POST", "/api/v1/sessions/copy", [&on](C c) { on.copySession(std::move(c)); }},
      {"GET", "/api/v1/templates", [&on](C c) { on.templates(std::move(c)); }},
      {"POST", "/api/v1/templates", [&on](C c) { on.saveTemplate(std::move(c)); }},
      {"DELETE", "/api/v1/templates/{id}", [&on](C c) { on.deleteTemplate(std::move(c)); }},
      {"GET", "/api/v1/sessions/{id}/attendance.csv",
       [&on](C c) { on.attendanceCsv(std::move(c), "sites"); }},
      {"GET", "/api/v1/sessions/{id}/checkins.csv",
       [&on](C c) { on.attendanceCsv(std::move(c), "checkins"); }},

      {"POST", kFeedTestPath, [&on](C c) { on.testFeed(std::move(c)); }},
      {"GET", "/api/v1/sites", [&on](C c) { on.sites(std::move(c)); }},
      {"POST", "/api/v1/sites/check", [&on](C c) { on.checkAgain(std::move(c)); }},
      {"POST", "/api/v1/sites/pin", [&on](C c) { on.pinFeed(std::move(c)); }},
      {"GET", "/api/v1/sites/{id}", [&on](C c) { on.site(std::move(c)); }},
      {"POST", "/api/v1/sites/enrol", [&on](C c) { on.enrolSites(std::move(c)); }},
      {"POST", "/api/v1/sites/{id}/enrol", [&on](C c) { on.enrolSite(std::move(c)); }},
      {"POST", "/api/v1/sites/{id}/revoke", [&on](C c) { on.revokeSite(std::move(c)); }},
      {"GET", "/api/v1/sessions/{id}/replay", [&on](C c) { on.replaySpan(std::move(c)); }},
      {"GET", "/api/v1/sites/{id}/history", [&on](C c) { on.siteHistory(std::move(c)); }},
      {"GET", "/api/v1/sites/{id}/thumbnail.jpg", [&on](C c) { on.siteThumbnail(std::move(c)); }},
      {"GET", "/api/v1/thumbnails", [&on](C c) { on.thumbnails(std::move(c)); }},
      {"GET", "/api/v1/sites/{id}/texts", [&on](C c) { on.siteTexts(std::move(c)); }},
      {"POST", "/api/v1/texts", [&on](C c) { on.sendText(std::move(c)); }},
      {"GET", "/api/v1/alarms", [&on](C c) { on.alarms(std::move(c)); }},
      {"POST", "/api/v1/alarms/{id}/ack", [&on](C c) { on.ackAlarm(std::move(c)); }},
      {"POST", "/api/v1/alarms/{id}/shelve", [&on](C c) { on.shelveAlarm(std::move(c)); }},
      {"POST", "/api/v1/alarms/{id}/unshelve", [&on](C c) { on.unshelveAlarm(std::move(c)); }},
  };
  addPeople(routes, on);
  addActs(routes, on);
  addPage(routes);
  return routes;
}

}  // namespace

struct Api::Impl {
  Impl(Ports the_ports, ApiSettings the_settings)
      : ports(std::move(the_ports)),
        settings(the_settings),
        worker(ports.loop, kMostJobs),
        gate(ports, settings),
        desk(ports, settings, worker, gate),
        handlers(ports, settings, worker, desk, gate),
        views(ports, settings, desk.counters(), gate),
        router(table(handlers), [this](const Route& route,
                                       Call& call) { return gate.pass(route.method, route.pattern, call); }),
        ticker(ports.loop.every(settings.view_period, [this] {
          views.tick();
          desk.expire();
        })) {}

  Ports ports;
  ApiSettings settings;
  Worker worker;
  Gate gate;
  AnswerDesk desk;
  Handlers handlers;
  ViewHub views;
  Router router;
  Timer ticker;
};

Api::Api(Ports ports, ApiSettings settings) : impl_(std::make_unique<Impl>(std::move(ports), settings)) {}
Api::~Api() = default;

void Api::http(net::HttpRequest request, net::Respond respond) {
  const ApiSettings& settings = impl_->settings;
  const bool long_work = request.path == kImportPath || request.path == kVerifyPath;
  const Micros patience = long_work                       ? settings.import_within
                          : request.path == kFeedTestPath ? settings.test_within
                                                          : settings.answer_within;
  net::Respond hardened = [respond = std::move(respond),
                           secure = settings.secure](net::HttpResponse response) {
    harden(response, secure);
    respond(std::move(response));
  };
  impl_->router.handle(std::move(request), impl_->desk.watched(std::move(hardened), patience));
}

std::vector<net::WebSocketRoute> Api::sockets() {
  return impl_->views.routes();
}

void Api::news() {
  impl_->views.news();
}

std::size_t Api::bodyLimit(const net::HttpRequest& request) {
  constexpr std::size_t kStranger = 16 * 1024, kKnown = 1024 * 1024;
  const core::Roles roles = impl_->gate.rolesOf(request);
  if (request.path == kImportPath && (roles & kSteerers) != 0) return impl_->settings.max_import;
  return roles != 0 ? kKnown : kStranger;
}

void Api::turnedAway(const net::HttpRequest& request, const std::string& why) {
  core::Identity nobody;
  nobody.address = request.peer;
  impl_->gate.auditAlone(nobody, request.method, request.path, v1::AuditEntry::refused, why);
}

std::vector<Api::RouteName> Api::routes() const {
  std::vector<RouteName> names;
  for (const auto& route : impl_->router.routes()) names.push_back({route.method, route.pattern});
  return names;
}

}  // namespace diemcau::api
