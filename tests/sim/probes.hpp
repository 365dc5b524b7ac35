// The probes of one hall: no pipelines, but the samples and the pictures that they would give.
#pragma once

#include <map>
#include <string>

#include "agent/app/probes.hpp"
#include "tests/sim/air.hpp"
#include "tests/sim/dice.hpp"
#include "tests/sim/history.hpp"
#include "tests/sim/mutation.hpp"

namespace diemcau::sim {

class SimProbes final : public agent::Probes {
 public:
  struct Hall {
    const std::string& site;
    Tasks& tasks;
    const Clock& clock;
    const Air& air;
    History& history;
    std::string& screen;  // what is on it now; empty: dark
    std::function<bool()> linked;
  };
  SimProbes(Hall hall, Dice dice, Mutation mutation, agent::ProbePorts ports)
      : hall_(hall), dice_(dice), mutation_(mutation), ports_(std::move(ports)) {}

  void want(const std::vector<agent::WantedProbe>& probes) override;
  void tick() override;
  void stop(std::function<void()> gone) override;

 private:
  struct Running {
    Micros next_sample = 0;
    v1::Condition::Name told = v1::Condition::none;
    Micros changed = 0;  // when the condition began to differ from what was told
    std::optional<Micros> show_at;
    Micros show_steady = 0;  // held on the steady clock, as the real probe does
    Timer due;
    bool shown = false;
  };
  void arm(const std::string& feed, Running& running);
  void show(const std::string& feed);
  void screen(const std::string& feed);
  v1::HealthSample sampleOf(const std::string& feed, v1::Condition::Name condition) const;

  Hall hall_;
  Dice dice_;
  Mutation mutation_;
  agent::ProbePorts ports_;
  std::map<std::string, Running> running_;
};

}  // namespace diemcau::sim
