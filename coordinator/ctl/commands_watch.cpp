// diemcau watch: asks for the view twice a second and draws it.
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "coordinator/ctl/commands.hpp"
#include "coordinator/ctl/terminal.hpp"
#include "coordinator/ctl/watch_frame.hpp"

namespace diemcau::ctl {
namespace {

constexpr Micros kPeriod = 500 * kMillisecond;
constexpr Micros kRosterAgain = 60 * kSecond;

// What an operator would look at now: what runs, then what comes next, then what was last.
std::string mostUrgent(const v1::SessionList& list) {
  const auto rank = [](const v1::Session& session) {
    switch (session.phase()) {
      case v1::Phase::live:
        return 0;
      case v1::Phase::paused:
        return 1;
      case v1::Phase::armed:
        return 2;
      case v1::Phase::rehearsing:
        return 3;
      case v1::Phase::scheduled:
        return 4;
      case v1::Phase::ended:
        return 5;
      case v1::Phase::draft:
        return 6;
      default:
        return 7;
    }
  };
  const v1::Session* best = nullptr;
  for (const v1::Session& session : list.sessions()) {
    if (best == nullptr || rank(session) < rank(*best) ||
        (rank(session) == rank(*best) && session.scheduled_start_us() < best->scheduled_start_us())) {
      best = &session;
    }
  }
  return best == nullptr ? std::string() : best->id();
}

class Watcher {
 public:
  explicit Watcher(Context& context) : context_(context) {}

  // 0, or the exit code of what went wrong.
  int fetch() {
    const Micros began = systemClock().steady();
    const auto code = fetchView();
    const Micros took = systemClock().steady() - began;
    // A large country costs more to ask for: then less often.
    period_ = std::max(kPeriod, took * 4);
    return code;
  }

  std::vector<std::string> frame(std::size_t width, std::size_t height) const {
    const Micros age = fetched_at_ == 0 ? 0 : systemClock().steady() - fetched_at_;
    WatchInput input{view_, roster_, view_.now_us() == 0 ? systemClock().wall() : view_.now_us() + age, age,
                     problem_};
    return watchFrame(input, context_.speech, width, height);
  }
  Micros period() const { return period_; }
  const Failure& failure() const { return failure_; }

 private:
  int remember(const Failure& failure) {
    failure_ = failure;
    problem_ = context_.speech.say(failure.vi, failure.en);
    return failure.exit_code;
  }

  int fetchView() {
    std::string id = context_.arguments.id;
    if (id.empty()) {
      const auto body = context_.api.get("/api/v1/sessions");
      if (!body) return remember(body.error());
      v1::SessionList list;
      if (auto ok = readJson(*body, list); !ok) return remember(ok.error());
      id = mostUrgent(list);
      if (id.empty()) {
        view_.Clear();
        problem_.clear();
        return kOk;
      }
    }
    if (roster_at_ == 0 || systemClock().steady() - roster_at_ > kRosterAgain) {
      const auto body = context_.api.get("/api/v1/roster");
      if (!body) return remember(body.error());
      auto roster = readRoster(*body);
      if (!roster) return remember(roster.error());
      roster_ = std::move(*roster);
      roster_at_ = systemClock().steady();
    }
    const auto body = context_.api.get(sessionPath(id, "view"));
    if (!body) return remember(body.error());
    v1::ViewUpdate view;
    if (auto ok = readJson(*body, view); !ok) return remember(ok.error());
    // The session that was asked for, should there be more.
    for (int i = 1; i < view.sessions_size(); ++i) {
      if (view.sessions(i).session().id() == id) view.mutable_sessions()->SwapElements(0, i);
    }
    view_ = std::move(view);
    fetched_at_ = systemClock().steady();
    problem_.clear();
    return kOk;
  }

  Context& context_;
  v1::ViewUpdate view_;
  RosterNames roster_;
  Micros fetched_at_ = 0, roster_at_ = 0, period_ = kPeriod;
  std::string problem_;
  Failure failure_;
};

int once(Context& context, Watcher& watcher, int code) {
  if (code != kOk) return failed(context, watcher.failure());
  const std::size_t width =
      context.arguments.width != 0 ? context.arguments.width : std::max<std::size_t>(context.width, 80);
  const std::size_t height =
      context.arguments.height != 0 ? context.arguments.height : std::max<std::size_t>(context.height, 24);
  for (const std::string& line : watcher.frame(width, height)) context.out << line << "\n";
  return kOk;
}

}  // namespace

int watch(Context& context) {
  Watcher watcher(context);
  const int code = watcher.fetch();
  if (context.arguments.once) return once(context, watcher, code);
  // What will not get better by waiting is said at once.
  if (code == kNotFound || code == kUsage) return failed(context, watcher.failure());
  if (!isTerminal(STDOUT_FILENO) || !isTerminal(STDIN_FILENO)) {
    return misused(context, {ErrorCode::kInvalid, "watch needs a terminal; watch --once prints one frame",
                             "watch cần màn hình dòng lệnh; watch --once in một khung hình"});
  }
  Screen screen;
  Micros next = systemClock().steady() + watcher.period();
  do {
    if (systemClock().steady() >= next) {
      watcher.fetch();
      next = systemClock().steady() + watcher.period();
    }
    const TerminalSize size = terminalSize(STDOUT_FILENO);
    screen.draw(watcher.frame(size.width, size.height));
  } while (screen.wait(static_cast<int>(
      std::clamp<Micros>((next - systemClock().steady()) / kMillisecond, 1, kPeriod / kMillisecond))));
  return kOk;
}

}  // namespace diemcau::ctl
