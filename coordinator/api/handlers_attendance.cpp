// Routes of attendance.
#include <algorithm>
#include <charconv>

#include "base/json.hpp"
#include "base/text.hpp"
#include "coordinator/api/handlers.hpp"
#include "coordinator/api/problem.hpp"

namespace diemcau::api {
namespace {

constexpr std::size_t kMostDelegates = 5'000, kDelegates = 200;

Result<std::size_t> numberIn(const Call& call, const char* name, std::size_t otherwise, std::size_t most) {
  const std::string text = call.query(name);
  if (text.empty()) return otherwise;
  std::size_t value = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (wrong != std::errc() || end != text.data() + text.size() || value > most)
    return fail(ErrorCode::kInvalid, std::string(name) + " is not a number up to " + std::to_string(most),
                std::string(name) + " không phải là số đến " + std::to_string(most));
  return value;
}

Result<core::DelegateQuery> queryOf(const Call& call) {
  core::DelegateQuery query;
  query.area_id = call.query("area");
  query.site_id = call.query("site");
  query.conflicts = call.query("conflicts") == "1";
  if (const std::string state = call.query("state"); !state.empty()) {
    v1::Presence::State named = v1::Presence::not_marked;
    if (!v1::Presence::State_Parse(state, &named))
      return fail(ErrorCode::kInvalid, "state is one of: not_marked, present, online, excused, absent",
                  "state là một trong: not_marked, present, online, excused, absent");
    query.state = named;
  }
  const auto offset = numberIn(call, "offset", 0, 10'000'000);
  if (!offset) return tl::unexpected(offset.error());
  const auto most = numberIn(call, "limit", kDelegates, kMostDelegates);
  if (!most) return tl::unexpected(most.error());
  query.offset = *offset;
  query.most = *most;
  return query;
}

// Those whose name, unit or id has these words, without regard to marks.
v1::DelegateAttendanceList found(v1::DelegateAttendanceList all, const std::string& words, std::size_t offset,
                                 std::size_t most) {
  v1::DelegateAttendanceList out;
  out.set_session_id(all.session_id());
  out.set_sitting_id(all.sitting_id());
  out.set_offset(static_cast<std::uint32_t>(offset));
  const std::string wanted = fold(words);
  for (auto& one : *all.mutable_delegates()) {
    const auto& who = one.delegate();
    if (fold(who.name() + " " + who.unit() + " " + who.id()).find(wanted) == std::string::npos) continue;
    const std::size_t index = out.total();
    out.set_total(out.total() + 1);
    if (index >= offset && index - offset < most) out.add_delegates()->Swap(&one);
  }
  return out;
}

}  // namespace

void Handlers::attendance(Call call) {
  if (!knownSession(call)) return;
  auto found = ports_.core.attendance(call.param("id"), call.query("sitting"));
  if (found) found = scoped(call).attendance(std::move(*found));
  desk_.answer(std::move(call.respond), std::move(found));
}

void Handlers::attendanceCsv(Call call, const std::string& kind) {
  if (!knownSession(call, true)) return;
  auto text = ports_.core.attendanceCsv(call.param("id"), kind);
  const std::string name = call.param("id") + (kind == "sites" ? "-attendance.csv" : "-checkins.csv");
  csv(std::move(call), std::move(text), name);
}

void Handlers::enterAttendance(Call call) {
  v1::Command command;
  v1::EnterAttendance& entry = *command.mutable_attendance();
  if (!desk_.body(call, entry)) return;
  if (!sameId(call, call.param("id"), entry.mutable_session_id())) return;
  desk_.command(std::move(call), std::move(command));
}

void Handlers::delegates(Call call) {
  if (!knownSession(call)) return;
  auto query = queryOf(call);
  if (!query) return desk_.answer(std::move(call.respond), problem(query.error()));
  if (!call.scope.isEverywhere())
    query->shows = [this, &call](const std::string& site) {
      return call.scope.site(site, ports_.core.roster());
    };
  const std::string words = call.query("q");
  const std::size_t offset = query->offset, most = query->most;
  if (!words.empty()) query->offset = 0, query->most = SIZE_MAX;
  auto list = ports_.core.delegates(call.param("id"), call.query("sitting"), *query);
  if (!list || words.empty()) return desk_.answer(std::move(call.respond), std::move(list));
  // Folding the names of a whole city takes longer than the loop may.
  auto all = std::make_shared<v1::DelegateAttendanceList>(std::move(*list));
  const bool taken = worker_.run([this, all, words, offset, most, respond = call.respond]() mutable {
    auto body = toJson(found(std::move(*all), words, offset, most));
    return [this, respond = std::move(respond), body = std::move(body)] {
      net::HttpResponse response;
      response.headers.emplace_back("Cache-Control", "no-store");
      response.body = body;
      desk_.answer(respond, response);
    };
  });
  if (!taken)
    desk_.answer(std::move(call.respond),
                 problem(Error{ErrorCode::kUnavailable, "busy; try again", "Đang bận; hãy thử lại"}));
}

void Handlers::remind(Call call) {
  v1::Command command;
  v1::RemindAttendance& wish = *command.mutable_remind();
  if (!desk_.body(call, wish, true)) return;
  if (!sameId(call, call.param("id"), wish.mutable_session_id())) return;
  desk_.command(std::move(call), std::move(command));
}

}  // namespace diemcau::api
