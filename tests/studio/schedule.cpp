// See schedule.hpp.
#include "tests/studio/schedule.hpp"

#include <fmt/format.h>

#include <utility>

namespace diemcau::studio {

namespace {
constexpr std::string_view kAll = "all";
}

Schedule::Schedule(std::vector<std::string> feeds) {
  for (auto& feed : feeds) feeds_.try_emplace(std::move(feed));
}

Done Schedule::known(const std::string& feed) const {
  if (feed == kAll || feeds_.contains(feed)) return {};
  std::string names;
  for (const auto& [id, running] : feeds_) names += id + ", ";
  return fail(ErrorCode::kNotFound, fmt::format("no feed '{}' here: use {}or all", feed, names));
}

Done Schedule::add(TimedCue cue) {
  if (auto ok = known(cue.cue.feed); !ok) return ok;
  waiting_.emplace(cue.at, std::move(cue.cue));
  return {};
}

Done Schedule::apply(const Command& command, Micros now) {
  switch (command.kind) {
    case Command::Kind::kQuit:
      return {};
    case Command::Kind::kOk:
      if (auto ok = known(command.feed); !ok) return ok;
      for (auto& [id, running] : feeds_) {
        if (command.feed == kAll || command.feed == id) running.until.clear();
      }
      return {};
    case Command::Kind::kCue:
      if (auto ok = known(command.cue.feed); !ok) return ok;
      start(command.cue, now);
      return {};
  }
  return {};
}

void Schedule::start(const Cue& cue, Micros now) {
  for (auto& [id, running] : feeds_) {
    if (cue.feed == kAll || cue.feed == id) {
      running.until[cue.fault] = cue.length == 0 ? kOpenEnd : now + cue.length;
    }
  }
}

void Schedule::advance(Micros now) {
  // From its own start, so that the end does not depend on how late the frame was.
  while (!waiting_.empty() && waiting_.begin()->first <= now) {
    start(waiting_.begin()->second, waiting_.begin()->first);
    waiting_.erase(waiting_.begin());
  }
  for (auto& [id, running] : feeds_) {
    std::erase_if(running.until,
                  [now](const auto& entry) { return entry.second != kOpenEnd && entry.second <= now; });
  }
}

FaultSet Schedule::active(const std::string& feed) const {
  FaultSet set;
  const auto found = feeds_.find(feed);
  if (found == feeds_.end()) return set;
  for (const auto& [fault, until] : found->second.until) set.set(static_cast<std::size_t>(fault));
  return set;
}

}  // namespace diemcau::studio
