// Routes of the roster.
#include <set>

#include "base/json.hpp"
#include "coordinator/api/handlers.hpp"
#include "coordinator/api/problem.hpp"

namespace diemcau::api {
namespace {

// An import that was asked for and found problems is not accepted; a dry run that finds some is a success.
net::HttpResponse importAnswer(const v1::CommandReply& reply, bool dry_run) {
  const auto& report = reply.import_report();
  if (dry_run || report.applied()) return {};
  return problem(422, "import_refused",
                 Error{ErrorCode::kInvalid,
                       "nothing was imported: " + std::to_string(report.problems_total()) +
                           " problem(s) in the files; correct them and import again",
                       "Chưa nhập gì: có " + std::to_string(report.problems_total()) +
                           " lỗi trong các tệp; hãy sửa rồi nhập lại"},
                 "import_report", toJson(report));
}

}  // namespace

void Handlers::roster(Call call) {
  struct Snapshot {
    std::vector<v1::Area> areas;
    std::vector<v1::Site> sites;
    std::size_t delegates = 0;
  };
  const core::Roster& roster = ports_.core.roster();
  auto snapshot = std::make_shared<Snapshot>();
  std::set<std::string> above;  // areas that hold theirs, for their names
  for (const auto& [id, site] : roster.sites()) {
    if (!call.scope.area(site.area_id(), roster)) continue;
    snapshot->sites.push_back(site);
    if (call.scope.isEverywhere()) continue;
    snapshot->delegates += roster.delegates(id).size();
    for (auto& area : roster.pathOf(site.area_id())) above.insert(std::move(area));
  }
  for (const auto& [id, area] : roster.areas())
    if (call.scope.area(id, roster) || above.contains(id)) snapshot->areas.push_back(area);
  if (call.scope.isEverywhere()) snapshot->delegates = roster.delegateCount();
  auto respond = std::move(call.respond);
  const bool taken = worker_.run([this, snapshot, respond]() -> std::function<void()> {
    auto list = [](const auto& messages) {
      std::string out = "[";
      for (const auto& message : messages) out += (out.size() > 1 ? "," : "") + toJson(message);
      return out + "]";
    };
    net::HttpResponse response;
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = "{\"areas\":" + list(snapshot->areas) + ",\"sites\":" + list(snapshot->sites) +
                    ",\"delegates\":" + std::to_string(snapshot->delegates) + "}";
    return [this, respond, response = std::move(response)] { desk_.answer(respond, response); };
  });
  if (!taken) {
    desk_.answer(std::move(respond),
                 problem(Error{ErrorCode::kUnavailable, "busy; try again", "Đang bận; hãy thử lại"}));
  }
}

void Handlers::rosterCsv(Call call, const std::string& kind) {
  csv(std::move(call), ports_.core.roster().exportCsv(kind), kind + ".csv");
}

void Handlers::csv(Call call, Result<std::string> text, const std::string& file_name) {
  if (!text) return desk_.answer(std::move(call.respond), problem(text.error()));
  net::HttpResponse response;
  response.content_type = "text/csv; charset=utf-8";
  response.headers = {{"Content-Disposition", "attachment; filename=\"" + file_name + "\""},
                      {"Cache-Control", "no-store"}};
  response.body = std::move(*text);
  desk_.answer(std::move(call.respond), std::move(response));
}

void Handlers::importRoster(Call call) {
  // Files of a whole country are large: one import at a time, read off the loop.
  if (importing_) {
    return desk_.answer(std::move(call.respond),
                        problem(Error{ErrorCode::kUnavailable, "another import is running; try again",
                                      "Đang nhập một danh sách khác; hãy thử lại"}));
  }
  auto shared = std::make_shared<Call>(std::move(call));
  auto command = std::make_shared<v1::Command>();
  importing_ = worker_.run([this, shared, command]() -> std::function<void()> {
    auto ok = fromJson(shared->request.body, *command->mutable_import_roster(), settings_.max_import);
    shared->request.body = {};
    return [this, shared, command, ok = std::move(ok)] {
      importing_ = false;
      if (!ok) return desk_.answer(std::move(shared->respond), problem(ok.error()));
      const bool dry_run = command->import_roster().dry_run();
      desk_.command(std::move(*shared), std::move(*command),
                    [dry_run](const v1::CommandReply& reply) { return importAnswer(reply, dry_run); });
    };
  });
  if (!importing_) {
    desk_.answer(std::move(shared->respond),
                 problem(Error{ErrorCode::kUnavailable, "busy; try again", "Đang bận; hãy thử lại"}));
  }
}

}  // namespace diemcau::api
