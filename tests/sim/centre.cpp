// See centre.hpp.
#include "tests/sim/centre.hpp"

namespace diemcau::sim {
namespace {

constexpr Micros kTick = 250 * kMillisecond;

bool asksNothing(const core::Effects& effects) {
  return effects.store.empty() && effects.acks.empty() && effects.assign.empty() && effects.close.empty();
}

}  // namespace

Centre::Centre(Calendar& calendar, Network& network, History& history, Dice dice, Mutation mutation,
               core::CoreSettings settings)
    : Process(calendar),
      network_(network),
      history_(history),
      mutation_(mutation),
      settings_(std::move(settings)),
      store_(calendar, dice.fork("store"), history, mutation),
      machine_clock_(calendar),
      clock_(std::make_unique<HeldClock>(machine_clock_)),
      tasks_(*this) {}

Centre::~Centre() {
  ticker_.reset();
}

void Centre::boot() {
  if (up()) return;
  born();
  history_.add(What::kCentreUp);
  clock_ = std::make_unique<HeldClock>(machine_clock_);
  noteClock();
  core_ = std::make_unique<core::Core>(settings_);
  store_.load(*core_);
  core_->restored(clock_->wall());
  in_flight_ = 0;
  gateway_ = std::make_unique<gateway::Gateway>(tasks_, *clock_, *core_,
                                                [this](core::Effects effects, std::function<void()> then) {
                                                  submit(std::move(effects), std::move(then));
                                                });
  network_.listen(*this, [route = gateway_->route()] { return route.open(net::HttpRequest{}); });
  ticker_ = tasks_.every(kTick, [this] {
    clock_->follow(!core_->watches() || mutation_ == Mutation::kFollowsClock);
    noteClock();
    core::Effects effects;
    core_->tick(clock_->wall(), effects);
    if (!asksNothing(effects)) submit(std::move(effects), {});
  });
}

void Centre::noteClock() {
  const Micros ahead = clock_->wall() - calendar_.now();
  if (ahead == noted_ahead_) return;
  noted_ahead_ = ahead;
  history_.add(What::kCentreClock, {}, {}, {}, ahead);
}

void Centre::submit(core::Effects effects, std::function<void()> then) {
  if (!up()) return;
  gateway_->submitted(effects);
  if (in_flight_ == 0 && effects.store.empty()) {
    gateway_->applied(effects);
    if (then) then();
    return;
  }
  ++in_flight_;
  auto batch = std::move(effects.store);
  effects.store = {};
  if (mutation_ == Mutation::kCarryOutBeforeCommit) {
    gateway_->applied(effects);
    effects = {};
  }
  auto rest = std::make_shared<core::Effects>(std::move(effects));
  store_.commit(*this, std::move(batch), [this, rest, then = std::move(then)] {
    --in_flight_;
    gateway_->applied(*rest);
    if (then) then();
  });
}

void Centre::command(const v1::Command& command, std::function<void(Result<v1::CommandReply>)> told) {
  enter([&] {
    if (!store_.healthy()) return told(fail(ErrorCode::kUnavailable, "the store cannot write now"));
    core::Effects effects;
    auto reply = core_->command(command, clock_->wall(), effects);
    // A refusal rests on what may not be committed yet, too.
    if (!reply) return submit({}, [told, reply] { told(reply); });
    submit(std::move(effects), [told, answer = std::move(*reply)] { told(answer); });
  });
}

void Centre::died(bool power) {
  history_.add(What::kCentreDown);
  network_.processDied(*this, power);
  ticker_.reset();
  gateway_.reset();
  core_.reset();
  store_.crashed();
}

}  // namespace diemcau::sim
