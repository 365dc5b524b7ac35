// Routes that look elsewhere than at the state of now: a session at a moment of its past, the last hour of a
// site, the newest pictures, a feed by itself.
#include <algorithm>
#include <charconv>

#include "coordinator/api/handlers.hpp"
#include "coordinator/api/problem.hpp"
#include "coordinator/core/feed_test.hpp"
#include "coordinator/core/session_check.hpp"
#include "coordinator/core/session_phase.hpp"

namespace diemcau::api {
namespace {

// The flight recorder's last rows are written a moment after a session is over.
constexpr Micros kAfterEnd = 2 * kSecond;

bool readMoment(const std::string& text, Micros& at) {
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), at);
  return wrong == std::errc() && end == text.data() + text.size() && at >= 0;
}

net::HttpResponse noMoment(const char* name) {
  return problem(Error{ErrorCode::kInvalid, std::string(name) + " is not a time in microseconds since 1970",
                       std::string(name) + " không phải là thời điểm (micro giây từ 1970)"});
}

net::HttpResponse busy() {
  return problem(Error{ErrorCode::kUnavailable, "busy; try again", "Đang bận; hãy thử lại"});
}

}  // namespace

// What was read holds for every moment before it was read; of a session that is over, for all.
void Handlers::withPast(Call call, Micros at, WithRows then) {
  const std::string id = call.param("id");
  const Micros asked = now();
  if (past_.session_id == id && (past_.whole || at <= past_.until)) return then(std::move(call), past_.rows);
  if (!ports_.replay_rows)
    return desk_.answer(std::move(call.respond),
                        problem(Error{ErrorCode::kNotFound, "this coordinator keeps no past to look at",
                                      "bản này không lưu diễn biến để xem lại"}));
  auto shared = std::make_shared<Call>(std::move(call));
  ports_.replay_rows(id, [this, id, asked, shared, then = std::move(then)](Result<core::ReplayRows> rows) {
    if (!rows) return desk_.answer(std::move(shared->respond), problem(rows.error()));
    const auto view = ports_.core.session(id, now());
    const auto& session = view ? view->session() : v1::Session::default_instance();
    const bool whole = core::isFinal(session.phase()) &&
                       std::max(session.closed_us(), session.ended_us()) < asked - kAfterEnd;
    past_ = {id, asked, whole, std::make_shared<const core::ReplayRows>(std::move(*rows))};
    then(std::move(*shared), past_.rows);
  });
}

void Handlers::replaySpan(Call call) {
  if (!knownSession(call)) return;
  withPast(std::move(call), now(), [this](Call asked, const std::shared_ptr<const core::ReplayRows>& rows) {
    desk_.answer(std::move(asked.respond), std::make_shared<const v1::ReplaySpan>(core::replaySpan(*rows)));
  });
}

// Rows from the store's thread, folded on the worker, put into words here, where the roster is.
void Handlers::sessionThen(Call call, const std::string& text) {
  Micros at = 0;
  if (!readMoment(text, at)) return desk_.answer(std::move(call.respond), noMoment("at"));
  withPast(std::move(call), at, [this, at](Call asked, std::shared_ptr<const core::ReplayRows> rows) {
    auto shared = std::make_shared<Call>(std::move(asked));
    auto records = ports_.core.recordsOf(shared->param("id"));
    const bool taken = worker_.run([this, at, shared, rows = std::move(rows), records = std::move(records)] {
      auto then = std::make_shared<const core::ReplayState>(core::replay(*rows, records, at));
      return [this, shared, then] {
        auto view = ports_.core.viewThen(shared->param("id"), *then);
        if (view) view = scoped(*shared).past(std::move(*view));
        desk_.answer(std::move(shared->respond), std::move(view));
      };
    });
    if (!taken) desk_.answer(std::move(shared->respond), busy());
  });
}

void Handlers::siteHistory(Call call) {
  if (!knownSite(call)) return;
  desk_.answer(std::move(call.respond),
               std::make_shared<const v1::SiteHistory>(ports_.core.siteHistory(call.param("id"), now())));
}

void Handlers::siteThumbnail(Call call) {
  if (!knownSite(call)) return;
  const auto* picture = ports_.core.thumbnail(call.param("id"));
  if (picture == nullptr)
    return desk_.answer(std::move(call.respond),
                        problem(Error{ErrorCode::kNotFound, "this site has sent no picture yet",
                                      "điểm cầu này chưa gửi hình"}));
  net::HttpResponse response;
  response.content_type = "image/jpeg";
  response.headers = {{"Cache-Control", "no-store"},
                      {"X-Diemcau-At", std::to_string(picture->thumbnail().at_us())},
                      {"X-Diemcau-Arrived", std::to_string(picture->arrived_us())}};
  response.body = picture->thumbnail().jpeg();
  desk_.answer(std::move(call.respond), std::move(response));
}

void Handlers::thumbnails(Call call) {
  Micros after = 0;
  if (const std::string text = call.query("after"); !text.empty() && !readMoment(text, after))
    return desk_.answer(std::move(call.respond), noMoment("after"));
  const auto mine = [&](const std::string& site) { return call.scope.site(site, ports_.core.roster()); };
  desk_.answer(std::move(call.respond),
               std::make_shared<const v1::ThumbnailList>(ports_.core.thumbnails(after, mine)));
}

void Handlers::testFeed(Call call) {
  v1::FeedTest wish;
  if (!desk_.body(call, wish)) return;
  if (!wish.session_id().empty()) {
    if (!call.scope.isEverywhere() && !scoped(call).session(wish.session_id())) wish.clear_session_id();
    *wish.mutable_feed() = ports_.core.wholeFeed(wish.session_id(), wish.feed());
  }
  const auto test = core::checkedFeedTest(wish);
  if (!test) return desk_.answer(std::move(call.respond), problem(test.error()));
  if (!ports_.feed_test)
    return desk_.answer(
        std::move(call.respond),
        problem(
            Error{ErrorCode::kNotFound,
                  "no diemcau-probe is installed beside the coordinator: install it, or name it as "
                  "[feed_test] probe",
                  "Máy trung tâm chưa cài diemcau-probe: hãy cài, hoặc ghi đường dẫn ở [feed_test] probe"}));
  gate_.auditAlone(call.who, "feed.test", test->feed().id(), v1::AuditEntry::done,
                   core::shownUri(test->feed().uri()));
  ports_.feed_test(*test, [this, respond = std::move(call.respond)](Result<v1::FeedTestReport> report) {
    desk_.answer(respond, std::move(report));
  });
}

}  // namespace diemcau::api
