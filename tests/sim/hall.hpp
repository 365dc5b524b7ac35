// One hall: the product's agent as it is, on a simulated disk, network, clock and probes.
#pragma once

#include <memory>
#include <string>

#include "agent/app/agent.hpp"
#include "tests/sim/disk.hpp"
#include "tests/sim/network.hpp"
#include "tests/sim/probes.hpp"

namespace diemcau::sim {

struct HallParts {
  Calendar& calendar;
  Network& network;
  History& history;
  const Air& air;
  Mutation mutation = Mutation::kNone;
  Micros tick = 500 * kMillisecond;
};

class Hall final : public Process {
 public:
  Hall(HallParts parts, std::string site, std::string area, Dice dice);
  ~Hall() override;

  void boot();
  void setClock(Micros offset, std::int64_t drift_ppm);
  void jumpClock(Micros by);
  // Somebody at the desk; nothing happens while the agent is down.
  bool atDesk(const std::function<void(agent::DeskPorts&)>& act);

  const std::string& site() const { return site_; }
  const std::string& area() const { return area_; }
  SimDisk& disk() { return disk_; }
  std::uint32_t unsent();
  bool running() const { return agent_ != nullptr; }

 private:
  void died(bool power) override;
  agent::AgentWorld world();

  HallParts parts_;
  std::string site_, area_;
  Dice dice_;
  SimDisk disk_;
  ProcessClock clock_;
  ProcessTasks tasks_;
  std::string screen_;
  agent::DeskPorts desk_;
  std::unique_ptr<agent::Agent> agent_;
};

}  // namespace diemcau::sim
