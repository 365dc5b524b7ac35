// See probes.hpp.
#include "agent/app/probes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace diemcau::agent {

namespace {

constexpr const char* kHide = "hide";    // as a probe is when it starts
constexpr const char* kLight = "light";  // the same

// Without its depth, which is told while it runs.
v1::ProbeSetup setupOf(const WantedProbe& probe) {
  v1::ProbeSetup setup = probe.setup;
  setup.mutable_feed()->clear_depth();
  return setup;
}

// Words for the screen do not make it another probe.
std::string identityOf(v1::ProbeSetup setup) {
  setup.clear_title();
  setup.clear_time_zone();
  return toJson(setup);
}

std::string depthOf(const WantedProbe& probe) {
  return probe.setup.feed().depth() == v1::Depth::full ? "full" : kLight;
}

std::string wishOf(const WantedProbe& probe) {
  if (probe.show_at) return fmt::format("show {}", *probe.show_at);
  return probe.prepare ? "prepare" : kHide;
}

}  // namespace

struct ProbeSupervisor::Running {
  std::string feed_id, identity;                    // identity: a line of JSON; another is another probe
  v1::ProbeSetup setup;                             // what it is told when it starts; its depth, see below
  std::string wish = kHide, told = kHide;           // one of the probe's words; see child.hpp
  std::string depth = kLight, told_depth = kLight;  // the same: changed while it runs
  std::unique_ptr<Child> child;                     // null: waits for restart_at
  std::uint64_t life = 0;                           // tells a late callback of an older child apart
  Micros started = 0, heard = 0, restart_at = 0, lost_told = 0;
  Micros leaves_at = 0;  // the screen, at the latest; 0: it does not
  bool spoke = false, over = false, on_screen = false;
  Micros pause = kFirstPause;
  v1::Text problem;
};

namespace {

v1::Text endedText(int status, int signal) {
  if (signal != 0)
    return text(fmt::format("Chương trình đo bị dừng đột ngột (tín hiệu {}), đang chạy lại", signal),
                fmt::format("The probe was ended by signal {}, it is being started again", signal));
  if (status == 69)
    return text("Máy này thiếu thành phần GStreamer để đo luồng phát",
                "This computer lacks a part of GStreamer that the feed needs");
  if (status == 70)
    return text("Bộ giải mã của luồng bị treo, đang chạy lại",
                "The feed's decoder hung, it is being started again");
  return text(fmt::format("Chương trình đo đã dừng (mã {}), đang chạy lại", status),
              fmt::format("The probe ended with code {}, it is being started again", status));
}

}  // namespace

ProbeSupervisor::ProbeSupervisor(Loop& loop, const Clock& clock, std::vector<std::string> argv,
                                 ProbePorts ports, Micros hand_over)
    : loop_(loop), clock_(clock), argv_(std::move(argv)), ports_(std::move(ports)), hand_over_(hand_over) {}

ProbeSupervisor::~ProbeSupervisor() = default;

void ProbeSupervisor::want(const std::vector<WantedProbe>& probes) {
  std::map<std::string, const WantedProbe*> wanted;
  for (const auto& probe : probes) wanted[probe.setup.feed().id()] = &probe;
  for (auto at = running_.begin(); at != running_.end();) {
    const auto found = wanted.find(at->first);
    if (found != wanted.end() && at->second->identity == identityOf(setupOf(*found->second))) {
      ++at;
      continue;
    }
    dismiss(*at->second);
    at = running_.erase(at);
  }
  for (const auto& [id, probe] : wanted) {
    auto& slot = running_[id];
    if (!slot) {
      slot = std::make_unique<Running>();
      slot->feed_id = id;
      slot->setup = setupOf(*probe);
      slot->identity = identityOf(slot->setup);
      start(*slot);
    }
    slot->setup = setupOf(*probe);
    slot->wish = wishOf(*probe);
    slot->depth = depthOf(*probe);
  }
  tellAll();
}

void ProbeSupervisor::tellAll() {
  for (const auto& [id, running] : running_) tell(*running);
}

// Until the next feed's first picture is on the screen the one before stays: the hall sees a cut, and no
// desktop.
bool ProbeSupervisor::staysForNext(Running& running) {
  const bool leaves = running.on_screen && running.wish == kHide;
  const bool awaited = leaves && std::any_of(running_.begin(), running_.end(), [](const auto& one) {
                         return one.second->wish.starts_with("show") && !one.second->on_screen;
                       });
  if (!awaited) {
    running.leaves_at = 0;
    return false;
  }
  if (running.leaves_at == 0) running.leaves_at = clock_.steady() + hand_over_;
  return clock_.steady() < running.leaves_at;
}

void ProbeSupervisor::start(Running& running) {
  const auto now = clock_.steady();
  running.life = ++lives_;
  running.started = running.heard = now;
  running.spoke = running.over = running.on_screen = false;
  running.told = kHide;
  running.told_depth = kLight;
  const auto id = running.feed_id;
  const auto life = running.life;
  auto child =
      loop_.spawn({.argv = argv_,
                   .env = {},
                   .line = [this, id, life](std::string_view text) { line(id, life, text); },
                   .exit = [this, id, life](int status, int signal) { exited(id, life, status, signal); }});
  if (!child) {
    if (running.pause == kFirstPause)  // tried each second: said once
      logger("probes")->error("feed={} cannot start {}: {}", id, argv_.front(), child.error().text);
    fell(running, text(fmt::format("Không chạy được chương trình đo {}", argv_.front()),
                       fmt::format("The probe program {} cannot be started", argv_.front())));
    return;
  }
  running.child = std::move(*child);
  running.child->write(toJson(running.setup) + "\n");
  logger("probes")->info("feed={} probe started, pid={}", id, running.child->pid());
  tell(running);
}

// Level-triggered: said again whenever the child does not know it yet.
void ProbeSupervisor::tell(Running& running) {
  if (!running.child) return;
  const auto say = [&](const std::string& wish, std::string& told) {
    if (told == wish) return;
    running.child->write(wish + "\n");
    told = wish;
  };
  say(running.depth, running.told_depth);
  if (staysForNext(running)) return;
  say(running.wish, running.told);
  if (!running.told.starts_with("show")) running.on_screen = false;
}

void ProbeSupervisor::line(const std::string& feed_id, std::uint64_t life, std::string_view text) {
  const auto found = running_.find(feed_id);
  if (found == running_.end() || found->second->life != life) return;
  v1::ProbeReport report;
  if (auto ok = fromJson(text, report, 64 * 1024); !ok) {
    logger("probes")->warn("feed={} a line that is no report: {}", feed_id, ok.error().text);
    return;
  }
  auto& running = *found->second;
  running.heard = clock_.steady();
  running.spoke = true;
  if (report.has_shown()) {
    running.on_screen = true;
    ports_.shown(feed_id, report.shown().at_us());
  } else if (report.has_sample()) {
    report.mutable_sample()->set_feed_id(feed_id);
    ports_.sample(std::move(*report.mutable_sample()));
  } else if (report.has_thumbnail() && ports_.thumbnail) {
    report.mutable_thumbnail()->set_feed_id(feed_id);
    ports_.thumbnail(std::move(*report.mutable_thumbnail()));
  }
}

void ProbeSupervisor::exited(const std::string& feed_id, std::uint64_t life, int status, int signal) {
  for (auto& leaving : leaving_)
    if (leaving.life == life) leaving.ended = true;
  const auto found = running_.find(feed_id);
  if (found == running_.end() || found->second->life != life) return;
  logger("probes")->warn("feed={} probe ended, status={} signal={}", feed_id, status, signal);
  found->second->over = true;
  found->second->problem = endedText(status, signal);
}

void ProbeSupervisor::fell(Running& running, v1::Text problem) {
  const auto now = clock_.steady();
  running.child.reset();
  if (now - running.started >= kHeld) running.pause = kFirstPause;
  running.restart_at = now + running.pause;
  running.pause = std::min(running.pause * 2, kMostPause);
  running.problem = std::move(problem);
  running.lost_told = now - kSecond;  // tick() tells it: nobody is called back from inside want()
}

void ProbeSupervisor::tick() {
  checkLeaving();
  const auto now = clock_.steady();
  std::vector<std::pair<std::string, v1::Text>> lost;
  for (auto& [id, slot] : running_) {
    auto& running = *slot;
    if (running.child && running.over) {
      fell(running, running.problem);
    } else if (running.child && now - running.heard > (running.spoke ? kSilence : kFirstSilence)) {
      logger("probes")->warn("feed={} probe is silent, pid={}: killed", id, running.child->pid());
      fell(running, text("Chương trình đo không trả lời, đang chạy lại",
                         "The probe is silent, it is being started again"));
    }
    if (running.child) continue;
    if (now - running.lost_told >= kSecond) {
      running.lost_told = now;
      lost.emplace_back(id, running.problem);
    }
    if (now >= running.restart_at) start(running);
  }
  tellAll();  // those that stayed for the next one
  for (auto& [id, problem] : lost) ports_.lost(id, std::move(problem));
}

void ProbeSupervisor::dismiss(Running& running) {
  if (!running.child || running.over) return;
  running.child->write("quit\n");
  leaving_.push_back({std::move(running.child), running.life, clock_.steady() + kGoodbye});
}

void ProbeSupervisor::checkLeaving() {
  const auto now = clock_.steady();
  // Destroying a child that has not ended yet kills it.
  std::erase_if(leaving_, [&](const Leaving& leaving) { return leaving.ended || now >= leaving.until; });
  if (gone_ && leaving_.empty()) std::exchange(gone_, nullptr)();
}

void ProbeSupervisor::stop(std::function<void()> gone) {
  for (auto& [id, running] : running_) dismiss(*running);
  running_.clear();
  gone_ = std::move(gone);
  checkLeaving();
}

std::vector<int> ProbeSupervisor::pids() const {
  std::vector<int> pids;
  for (const auto& [id, running] : running_)
    if (running->child) pids.push_back(running->child->pid());
  return pids;
}

}  // namespace diemcau::agent
