// What goes wrong in one run, drawn from the seed: a mood for the whole run, then single faults between two
// instants. After the second one everything works again.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/sim/centre.hpp"
#include "tests/sim/hall.hpp"

namespace diemcau::sim {

struct City {
  Calendar& calendar;
  Network& network;
  History& history;
  Air& air;
  Centre& centre;
  std::vector<std::unique_ptr<Hall>>& halls;
};

class Weather {
 public:
  Weather(City city, Dice dice) : city_(city), dice_(dice) {}
  // `quiet`: nothing goes wrong but feeds.
  void forecast(Micros from, Micros until, Micros live, bool quiet, bool auto_start);

 private:
  void fault(Micros at, Micros length, std::string kind, std::string where, std::function<void()> begin,
             std::function<void()> end);
  void centreFaults();
  void centreClock();
  void hallFaults();
  void pathFaults();
  void feedFaults(bool quiet);
  void clocks(bool quiet);
  Hall& anyHall();
  std::string anyArea();
  Micros when() { return dice_.between(from_, until_ - kSecond); }

  City city_;
  Dice dice_;
  Micros from_ = 0, until_ = 0, live_ = 0;
  bool auto_start_ = false;
};

}  // namespace diemcau::sim
