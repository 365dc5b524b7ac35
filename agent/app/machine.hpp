// What the computer has left: room on the disk, and time of its cores.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/checks.hpp"

namespace diemcau::agent {

// Numeric addresses that other devices in the hall may reach this computer at, those of private networks
// first; none of loopback, of a link alone, or of a card that is down.
std::vector<std::string> hallAddresses();

class MachineMeter {
 public:
  MachineMeter(std::string dir, Micros period) : dir_(std::move(dir)), period_(period) {}
  // At each tick of a timer with that period. Now and then: what the machine has left, delays since the last
  // such answer.
  std::optional<Machine> ticked(Micros steady);

 private:
  Machine read();
  std::string dir_;
  Micros period_, last_tick_ = 0, late_ = 0, read_due_ = 0;
  int ticks_ = 0;
};

}  // namespace diemcau::agent
