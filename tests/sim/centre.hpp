// The centre: the product's core and gateway, a simulated store behind them, and the rule that binds them as
// in coordinator/app/coordinator.cpp: what the core decides is committed first and carried out afterwards.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/held_clock.hpp"
#include "coordinator/core/core.hpp"
#include "coordinator/gateway/gateway.hpp"
#include "tests/sim/network.hpp"
#include "tests/sim/store.hpp"

namespace diemcau::sim {

class Centre final : public Process {
 public:
  Centre(Calendar& calendar, Network& network, History& history, Dice dice, Mutation mutation,
         core::CoreSettings settings);
  ~Centre() override;

  void boot();
  // `told` comes after the commit, or never when the centre dies before.
  void command(const v1::Command& command, std::function<void(Result<v1::CommandReply>)> told);
  core::Core* core() { return core_.get(); }
  SimStore& store() { return store_; }
  const Clock& clock() const { return *clock_; }
  void jumpClock(Micros by) { machine_clock_.offset += by; }

 private:
  void died(bool power) override;
  void noteClock();
  void submit(core::Effects effects, std::function<void()> then);

  Network& network_;
  History& history_;
  Mutation mutation_;
  core::CoreSettings settings_;
  SimStore store_;
  ProcessClock machine_clock_;
  std::unique_ptr<HeldClock> clock_;  // as the coordinator has it
  ProcessTasks tasks_;
  std::unique_ptr<core::Core> core_;
  std::unique_ptr<gateway::Gateway> gateway_;
  Timer ticker_;
  std::size_t in_flight_ = 0;
  Micros noted_ahead_ = 0;
};

}  // namespace diemcau::sim
