// See fleet.hpp.
#include "tests/fleet/fleet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/log.hpp"
#include "base/random.hpp"
#include "base/settings.hpp"
#include "tests/fleet/ledger.hpp"

namespace diemcau::fleet {
namespace {

using Json = nlohmann::ordered_json;

constexpr Micros kTick = 50 * kMillisecond;
constexpr Micros kStartTick = 10 * kMillisecond;  // as long as a start is near: it is told when it happens
constexpr Micros kProgress = 5 * kSecond;
constexpr Micros kQuitPatience = 20 * kSecond;

}  // namespace

Fleet::Fleet(Loop& loop, Options options, std::map<std::string, SiteAccess> access,
             std::function<void(int)> over)
    : loop_(loop),
      options_(std::move(options)),
      over_(std::move(over)),
      access_(std::move(access)),
      context_(net::clientContext(loop)) {
  std::vector<std::string> ids;
  for (const SiteEntry& entry : options_.sites) ids.push_back(entry.id);
  const auto cast = castRoles(options_.seed, ids, options_.shares);
  const Micros start = systemClock().steady();
  for (std::size_t n = 0; n < ids.size(); ++n) {
    sites_.push_back(std::make_unique<SimulatedSite>(ids[n], cast[n], randomU64(), options_.habits));
    const Micros connect_at =
        start + options_.ramp * static_cast<Micros>(n) / static_cast<Micros>(ids.size());
    const auto keyed = access_.find(ids[n]);
    lines_.push_back(
        std::make_unique<SiteLine>(*context_, options_.url, options_.sites[n].area, *sites_.back(),
                                   connect_at, keyed == access_.end() ? nullptr : &keyed->second, verifier_));
  }
  tick_ = loop.every(kTick, [this] { tick(); });
}

Fleet::~Fleet() = default;

void Fleet::tick() {
  if (finished_) return;
  const RealNow real = machineNow();
  bool start_near = false;
  for (const auto& line : lines_) {
    line->tick(real);
    start_near = start_near || line->site().startsWithin(kTick, line->now(real));
  }
  if (start_near) start_tick_ = loop_.after(kStartTick, [this] { tick(); });
  if (real.steady >= progress_at_) progress(real);
  if (!quitting_) return;
  if (real.steady >= quit_until_ || counts().pending == 0) finish();
}

Fleet::Counts Fleet::counts() const {
  Counts out;
  for (const auto& line : lines_) {
    const SimulatedSite& site = line->site();
    ++out.sites;
    out.connected += line->connected();
    out.applied += site.revision() != 0;
    out.started += site.started() != 0;
    out.failed += site.phase() == v1::SitePhase::failed;
    out.pending += site.spool().pending() + site.clerk().toCome();
    out.acked += site.spool().acked();
    out.newest_revision = std::max(out.newest_revision, site.revision());
  }
  return out;
}

void Fleet::progress(const RealNow& real) {
  progress_at_ = real.steady + kProgress;
  const Counts now = counts();
  std::string text =
      fmt::format("{} of {} sites connected, {} started, {} failed, {} records acknowledged, {} waiting",
                  now.connected, now.sites, now.started, now.failed, now.acked, now.pending);
  if (now.connected == 0 && now.sites != 0) {
    const auto told =
        std::find_if(lines_.begin(), lines_.end(), [](const auto& l) { return !l->lastFailure().empty(); });
    if (told != lines_.end()) text += "; " + (*told)->lastFailure();
  }
  if (text == told_) return;
  logger("fleet")->info("{}", text);
  told_ = std::move(text);
}

std::string Fleet::command(std::string_view line) {
  const auto command = parseCommand(line);
  if (!command) return Json{{"ok", false}, {"error", command.error().text}}.dump();
  return carryOut(*command);
}

std::string Fleet::carryOut(const Command& command) {
  const RealNow real = machineNow();
  Json answer = {{"ok", true}};
  switch (command.kind) {
    case Command::Kind::kFeed:
      for (const auto& line : lines_) {
        line->site().feedSent(command.name, command.condition, line->now(real).steady);
      }
      answer["cue"] = "feed";
      answer["feed"] = command.name;
      answer["condition"] =
          command.condition == v1::Condition::none ? "ok" : v1::Condition::Name_Name(command.condition);
      answer["at_us"] = real.wall;
      break;
    case Command::Kind::kArea: {
      std::size_t sites = 0;
      for (const auto& line : lines_) {
        if (line->area() != command.name) continue;
        ++sites;
        line->cut(command.cut, real);
      }
      if (sites == 0) return Json{{"ok", false}, {"error", "no site is in area " + command.name}}.dump();
      answer["cue"] = "area";
      answer["area"] = command.name;
      answer["state"] = command.cut ? "cut" : "back";
      answer["sites"] = sites;
      answer["at_us"] = real.wall;
      break;
    }
    case Command::Kind::kSiteLine:
    case Command::Kind::kSiteFeed:
      return carryOutAtSite(command, real);
    case Command::Kind::kHeadcounts: {
      std::size_t entered = 0;
      for (const auto& line : lines_) entered += line->site().hurryHeadcount(line->now(real));
      answer["cue"] = "headcounts";
      answer["sites"] = entered;
      break;
    }
    case Command::Kind::kLedger:
      if (options_.ledger.empty()) return Json{{"ok", false}, {"error", "there is no --ledger"}}.dump();
      if (auto ok = writeLedger(); !ok) return Json{{"ok", false}, {"error", ok.error().text}}.dump();
      answer["cue"] = "ledger";
      answer["file"] = options_.ledger;
      break;
    case Command::Kind::kStatus:
      return statusJson();
    case Command::Kind::kQuit:
      quit();
      answer["cue"] = "quit";
      answer["pending_records"] = counts().pending;
      break;
  }
  return answer.dump();
}

// Without waiting for the next tick, and `at_us` is read before: a bench counts from there to the operator's
// screen.
std::string Fleet::carryOutAtSite(const Command& command, const RealNow& real) {
  const auto found = std::find_if(lines_.begin(), lines_.end(),
                                  [&](const auto& line) { return line->site().id() == command.name; });
  if (found == lines_.end()) return Json{{"ok", false}, {"error", "no site " + command.name}}.dump();
  SiteLine& line = **found;
  if (command.kind == Command::Kind::kSiteLine) {
    line.cut(command.cut, real, true);
  } else {
    // Sent so long ago that it is seen now.
    const Micros sent = line.now(real).steady - line.site().behaviour().detect_delay;
    line.site().feedSent(command.feed, command.condition, sent);
  }
  line.tick(real);
  return Json{{"ok", true}, {"cue", "site"}, {"site", command.name}, {"at_us", real.wall}}.dump();
}

std::string Fleet::statusJson() const {
  const Counts now = counts();
  return Json{{"ok", true},
              {"sites", now.sites},
              {"connected", now.connected},
              {"assigned", now.applied},
              {"newest_revision", now.newest_revision},
              {"started", now.started},
              {"failed", now.failed},
              {"pending_records", now.pending},
              {"acked_records", now.acked}}
      .dump();
}

void Fleet::quit() {
  const RealNow real = machineNow();
  if (quitting_) {
    quit_until_ = real.steady;
    return;
  }
  quitting_ = true;
  quit_until_ = real.steady + kQuitPatience;
  for (const auto& line : lines_) {
    line->site().rest();
    line->settle();
    line->cut(false, real);
  }
}

Result<void> Fleet::writeLedger() const {
  std::vector<const SimulatedSite*> sites;
  for (const auto& site : sites_) sites.push_back(site.get());
  return writeFileAtomically(options_.ledger, ledgerJson(options_.seed, sites));
}

void Fleet::finish() {
  finished_ = true;
  const Counts now = counts();
  int code = 0;
  if (now.pending != 0) logger("fleet")->error("{} records were not acknowledged within 20 s", now.pending);
  const bool reached =
      std::any_of(lines_.begin(), lines_.end(), [](const auto& line) { return line->everWelcomed(); });
  if (!lines_.empty() && !reached) {
    logger("fleet")->error("no site ever reached the coordinator at {}: {}", options_.url,
                           lines_.front()->lastFailure());
    code = kExitUnavailable;
  }
  if (!options_.ledger.empty()) {
    if (auto ok = writeLedger(); !ok) {
      logger("fleet")->error("{}", ok.error().text);
      code = kExitUnavailable;
    }
  }
  over_(code);
}

}  // namespace diemcau::fleet
