// See process.hpp.
#include "tests/sim/process.hpp"

#include <memory>

namespace diemcau::sim {
namespace {

struct Ticking {
  Process& process;
  std::uint64_t life;
  Micros period;
  std::function<void()> task;
  bool stopped = false;
};

class Handle final : public LoopHandle {
 public:
  explicit Handle(std::shared_ptr<Ticking> ticking) : ticking_(std::move(ticking)) {}
  ~Handle() override { ticking_->stopped = true; }

 private:
  std::shared_ptr<Ticking> ticking_;
};

void arm(const std::shared_ptr<Ticking>& ticking, Micros delay) {
  ticking->process.calendar().after(delay, [ticking] {
    if (ticking->stopped) return;
    ticking->process.enter(ticking->life, [&] {
      if (ticking->period != 0) arm(ticking, ticking->period);
      const auto held = ticking;  // the task may destroy its own timer
      held->task();
    });
  });
}

}  // namespace

void ProcessTasks::post(std::function<void()> task) {
  process_.calendar().after(0, [&process = process_, life = process_.life(), task = std::move(task)] {
    process.enter(life, task);
  });
}

Timer ProcessTasks::after(Micros delay, std::function<void()> task) {
  auto ticking = std::make_shared<Ticking>(Ticking{process_, process_.life(), 0, std::move(task)});
  arm(ticking, delay);
  return std::make_unique<Handle>(std::move(ticking));
}

Timer ProcessTasks::every(Micros period, std::function<void()> task) {
  auto ticking = std::make_shared<Ticking>(Ticking{process_, process_.life(), period, std::move(task)});
  arm(ticking, period);
  return std::make_unique<Handle>(std::move(ticking));
}

}  // namespace diemcau::sim
