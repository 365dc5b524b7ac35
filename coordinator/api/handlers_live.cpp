// Routes of health, sites, texts and alarms.
#include "coordinator/api/handlers.hpp"
#include "coordinator/api/problem.hpp"

namespace diemcau::api {
namespace {

net::HttpResponse plain(int status, std::string text) {
  net::HttpResponse response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.headers.emplace_back("Cache-Control", "no-store");
  response.body = std::move(text);
  return response;
}

}  // namespace

// Health answers at once: it tells of this moment, and must work while the store does not.
void Handlers::healthz(Call call) {
  call.respond(plain(200, "ok\n"));
}

void Handlers::readyz(Call call) {
  if (ports_.store_healthy()) return call.respond(plain(200, "ready\n"));
  call.respond(problem(Error{ErrorCode::kUnavailable, "the store cannot write; see the log",
                             "Kho dữ liệu không ghi được; xem nhật ký"}));
}

void Handlers::metrics(Call call) {
  MetricsText out;
  ports_.metrics(out);
  const ApiCounters& mine = desk_.counters();
  out.counter("diemcau_api_requests_total", "HTTP requests.", static_cast<double>(mine.requests))
      .counter("diemcau_api_problems_total", "HTTP requests answered with a problem.",
               static_cast<double>(mine.problems))
      .counter("diemcau_api_commands_total", "Acts of people that were asked for.",
               static_cast<double>(mine.commands))
      .counter("diemcau_api_commands_failed_total", "Acts of people that were refused.",
               static_cast<double>(mine.commands_failed))
      .counter("diemcau_api_unanswered_total", "Requests given up because the store did not confirm.",
               static_cast<double>(mine.unanswered))
      .gauge("diemcau_view_readers", "Readers of the live view.", static_cast<double>(mine.view_readers))
      .counter("diemcau_view_updates_total", "Updates handed to readers.",
               static_cast<double>(mine.view_updates))
      .counter("diemcau_view_encoded_total", "Updates encoded, for one reader or many.",
               static_cast<double>(mine.view_encoded))
      .counter("diemcau_view_encode_seconds_total", "Spent on making and encoding updates.",
               static_cast<double>(mine.view_encode_us) / 1e6)
      .counter("diemcau_view_refused_total", "Readers refused.", static_cast<double>(mine.view_refused))
      .counter("diemcau_view_stuck_total", "Readers shown out because they took nothing.",
               static_cast<double>(mine.view_stuck));
  auto response = plain(200, out.take());
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  call.respond(std::move(response));
}

void Handlers::sites(Call call) {
  auto list = std::make_shared<v1::SiteList>(scoped(call).sites(ports_.core.sites("", now())));
  for (auto& site : *list->mutable_sites()) addIdentity(site);
  desk_.answer(std::move(call.respond), std::shared_ptr<const v1::SiteList>(std::move(list)));
}

void Handlers::site(Call call) {
  auto found = ports_.core.site(call.param("id"), now());
  if (found && !call.scope.site(call.param("id"), ports_.core.roster())) {
    found = fail(ErrorCode::kNotFound, "there is no such site among yours",
                 "không có điểm cầu này trong phạm vi của bạn");
  }
  if (found) addIdentity(*found);
  desk_.answer(std::move(call.respond), std::move(found));
}

void Handlers::sendText(Call call) {
  v1::Command command;
  if (!desk_.body(call, *command.mutable_send_text())) return;
  desk_.command(std::move(call), std::move(command));
}

bool Handlers::knownSite(Call& call) {
  const std::string& id = call.param("id");
  if (ports_.core.roster().site(id) != nullptr && call.scope.site(id, ports_.core.roster())) return true;
  desk_.answer(std::move(call.respond),
               problem(Error{ErrorCode::kNotFound, "there is no such site among yours",
                             "không có điểm cầu này trong phạm vi của bạn"}));
  return false;
}

void Handlers::sessionTexts(Call call) {
  if (!knownSession(call)) return;
  const auto mine = [&](const std::string& site) { return call.scope.site(site, ports_.core.roster()); };
  const bool receipts = call.query("receipts") == "1";
  desk_.answer(std::move(call.respond),
               std::make_shared<const v1::SentTextList>(ports_.core.texts(call.param("id"), receipts, mine)));
}

void Handlers::siteTexts(Call call) {
  if (!knownSite(call)) return;
  const std::string id = call.param("id");
  const auto it = [&id](const std::string& site) { return site == id; };
  desk_.answer(std::move(call.respond),
               std::make_shared<const v1::SentTextList>(ports_.core.texts(call.query("session"), true, it)));
}

void Handlers::checkAgain(Call call) {
  v1::Command command;
  if (!desk_.body(call, *command.mutable_check_again())) return;
  desk_.command(std::move(call), std::move(command));
}

void Handlers::pinFeed(Call call) {
  v1::Command command;
  if (!desk_.body(call, *command.mutable_pin_feed())) return;
  desk_.command(std::move(call), std::move(command));
}

void Handlers::alarms(Call call) {
  const bool all = call.query("all") == "1";
  desk_.answer(std::move(call.respond),
               std::make_shared<const v1::AlarmList>(scoped(call).alarms(ports_.core.alarms("", !all))));
}

void Handlers::ackAlarm(Call call) {
  v1::Command command;
  v1::AckAlarm& ack = *command.mutable_ack_alarm();
  if (!desk_.body(call, ack, true)) return;
  if (!sameId(call, call.param("id"), ack.mutable_alarm_id())) return;
  desk_.command(std::move(call), std::move(command));
}

void Handlers::shelveAlarm(Call call) {
  v1::Command command;
  v1::ShelveAlarm& shelve = *command.mutable_shelve_alarm();
  if (!desk_.body(call, shelve)) return;
  if (!sameId(call, call.param("id"), shelve.mutable_alarm_id())) return;
  desk_.command(std::move(call), std::move(command));
}

void Handlers::unshelveAlarm(Call call) {
  v1::Command command;
  v1::UnshelveAlarm& unshelve = *command.mutable_unshelve_alarm();
  if (!desk_.body(call, unshelve, true)) return;
  if (!sameId(call, call.param("id"), unshelve.mutable_alarm_id())) return;
  desk_.command(std::move(call), std::move(command));
}

void Handlers::alarmHistory(Call call) {
  if (!knownSession(call)) return;
  desk_.answer(std::move(call.respond), std::make_shared<const v1::AlarmHistory>(
                                            scoped(call).alarms(ports_.core.alarmHistory(call.param("id")))));
}

}  // namespace diemcau::api
