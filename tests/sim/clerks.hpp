// The people in the halls: a technician who signs off, a clerk who counts heads, checks delegates in,
// corrects, and now and then asks for help. What a desk answered is in the history.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/sim/hall.hpp"

namespace diemcau::sim {

class Clerks {
 public:
  Clerks(Calendar& calendar, History& history, Dice dice)
      : calendar_(calendar), history_(history), dice_(dice) {}

  struct Hours {
    Micros rehearsal, live, until,
        late;  // sign-offs from the first, attendance between, stragglers at the last
  };
  void employ(Hall& hall, const Hours& hours, int delegates);

 private:
  using Fill = std::function<void(v1::Record&)>;
  void at(Micros when, Hall& hall, std::string id, Fill fill);
  void enter(Hall& hall, const std::string& id, const Fill& fill, int tries);
  std::string recordId();

  Calendar& calendar_;
  History& history_;
  Dice dice_;
};

}  // namespace diemcau::sim
