// Which faults are on at which frame: cues with a time, cues of now, their ends. Pure: it is given the time.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "tests/studio/cue.hpp"

namespace diemcau::studio {

class Schedule {
 public:
  explicit Schedule(std::vector<std::string> feeds);

  // Fails when the feed is not one of ours.
  Done add(TimedCue cue);
  // From now on. A fault that is on already gets the new length, counted from now.
  Done apply(const Command& command, Micros now);
  // Starts and ends what is due. Time never goes back.
  void advance(Micros now);

  FaultSet active(const std::string& feed) const;

 private:
  static constexpr Micros kOpenEnd = -1;
  struct Running {
    std::map<Fault, Micros> until;
  };

  Done known(const std::string& feed) const;
  void start(const Cue& cue, Micros now);

  std::map<std::string, Running> feeds_;
  std::multimap<Micros, Cue> waiting_;
};

}  // namespace diemcau::studio
