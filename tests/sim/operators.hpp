// The people at the centre and their script: each act waits for its answer, and is asked for again when the
// coordinator died under it, as a person would.
#pragma once

#include <deque>
#include <functional>
#include <string>

#include "tests/sim/centre.hpp"

namespace diemcau::sim {

constexpr auto kSession = "giao-ban";

class Operators {
 public:
  Operators(Calendar& calendar, Centre& centre, History& history)
      : calendar_(calendar), centre_(centre), history_(history) {}

  // `entry` is the kind that the timeline must get with the actor's name; empty: none. Acts of a line follow
  // one another.
  void plan(Micros at, std::string actor, std::string entry, std::string words,
            std::function<void(v1::Command&)> fill);
  void act(Micros at, std::string actor, v1::SessionAct::Kind kind, std::string entry);
  void start();
  bool idle() const { return script_.empty(); }

  // Help requests are seen to every few seconds.
  void watchHelp(Micros from, Micros until);

 private:
  struct Step {
    Micros at, asked;  // asked: for the first time; 0: not yet
    std::string actor, entry, words;
    std::function<void(v1::Command&)> fill;
  };
  void next();
  void attempt();
  void ask(const Step& step, std::function<void(bool done)> after);
  void seeHelp(Micros until);

  Calendar& calendar_;
  Centre& centre_;
  History& history_;
  std::deque<Step> script_;
  std::uint64_t tries_ = 0;
};

}  // namespace diemcau::sim
