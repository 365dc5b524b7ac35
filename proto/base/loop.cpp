// libuv behind base/loop.hpp. A handle of libuv lives until its close callback ran, whatever becomes of its
// owner: each is held by a State that the loop owns and that the owner's handle only points to.
#include "base/loop.hpp"

#include <uv.h>

#include <algorithm>
#include <csignal>
#include <mutex>
#include <unordered_map>

#include "base/loop_state.hpp"

namespace diemcau {

using loop_detail::State;

struct Loop::Impl {
  uv_loop_t loop{};
  uv_async_t wake{};
  uv_check_t check{};
  std::mutex mutex;
  std::vector<std::function<void()>> posted;  // guarded by mutex
  loop_detail::States states;
  Micros round_began = 0, idle_before = 0, worst = 0;

  void takePosted() {
    std::vector<std::function<void()>> tasks;
    {
      const std::lock_guard lock(mutex);
      tasks.swap(posted);
    }
    for (auto& task : tasks) task();
  }

  // After each poll: the time since the last one, less what was spent waiting for something to happen.
  void measure() {
    const auto now = static_cast<Micros>(uv_hrtime() / 1000);
    const auto idle = static_cast<Micros>(uv_metrics_idle_time(&loop) / 1000);
    if (round_began != 0) worst = std::max(worst, (now - round_began) - (idle - idle_before));
    round_began = now;
    idle_before = idle;
  }
};

namespace {

struct TimerState final : State {
  uv_timer_t timer{};
  std::function<void()> task;
  explicit TimerState(loop_detail::States& states, uv_loop_t* loop) : State(states) {
    uv_timer_init(loop, &timer);
    timer.data = this;
  }
  void release() override {
    uv_close(reinterpret_cast<uv_handle_t*>(&timer),
             [](uv_handle_t* handle) { static_cast<TimerState*>(handle->data)->done(); });
  }
  void forget() override { task = nullptr; }
};

struct SignalState final : State {
  uv_signal_t signal{};
  std::function<void()> task;
  explicit SignalState(loop_detail::States& states, uv_loop_t* loop) : State(states) {
    uv_signal_init(loop, &signal);
    signal.data = this;
  }
  void release() override {
    uv_close(reinterpret_cast<uv_handle_t*>(&signal),
             [](uv_handle_t* handle) { static_cast<SignalState*>(handle->data)->done(); });
  }
  void forget() override { task = nullptr; }
};

class OwnedHandle final : public LoopHandle {
 public:
  explicit OwnedHandle(std::shared_ptr<State> state) : state_(std::move(state)) {}
  ~OwnedHandle() override { state_->stop(); }
  OwnedHandle(const OwnedHandle&) = delete;
  OwnedHandle& operator=(const OwnedHandle&) = delete;

 private:
  std::shared_ptr<State> state_;
};

std::uint64_t milliseconds(Micros span) {
  return span <= 0 ? 0 : static_cast<std::uint64_t>((span + kMillisecond - 1) / kMillisecond);
}

Timer startTimer(loop_detail::States& states, uv_loop_t* loop, std::uint64_t first, std::uint64_t repeat,
                 std::function<void()> task) {
  auto state = std::make_shared<TimerState>(states, loop);
  states.hold(state);
  state->task = std::move(task);
  uv_update_time(loop);
  uv_timer_start(
      &state->timer,
      [](uv_timer_t* timer) {
        auto* self = static_cast<TimerState*>(timer->data);
        self->call([self] { self->task(); });
      },
      first, repeat);
  return std::make_unique<OwnedHandle>(std::move(state));
}

}  // namespace

Loop::Loop() : impl_(std::make_unique<Impl>()) {
  std::signal(SIGPIPE, SIG_IGN);  // a peer that went away is an error code of write()
  DIEMCAU_INVARIANT(uv_loop_init(&impl_->loop) == 0);
  uv_loop_configure(&impl_->loop, UV_METRICS_IDLE_TIME);
  impl_->loop.data = impl_.get();
  DIEMCAU_INVARIANT(uv_async_init(&impl_->loop, &impl_->wake, [](uv_async_t* wake) {
                      static_cast<Impl*>(wake->loop->data)->takePosted();
                    }) == 0);
  uv_check_init(&impl_->loop, &impl_->check);
  uv_check_start(&impl_->check, [](uv_check_t* check) { static_cast<Impl*>(check->loop->data)->measure(); });
  uv_unref(reinterpret_cast<uv_handle_t*>(&impl_->check));
}

Loop::~Loop() {
  {
    // Tasks that never ran are dropped here, on the loop's thread, and not while the members go.
    const std::lock_guard lock(impl_->mutex);
    impl_->posted.clear();
  }
  impl_->states.stopAll();
  uv_close(reinterpret_cast<uv_handle_t*>(&impl_->wake), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&impl_->check), nullptr);
  uv_loop_t& loop = impl_->loop;
  loop.stop_flag = 0;
  // Close callbacks, and children that were killed and must be reaped.
  uv_run(&loop, UV_RUN_DEFAULT);
  if (uv_loop_close(&loop) == UV_EBUSY) {
    // Somebody who used uv() left a handle open: close it, so that the loop's memory can go.
    uv_walk(
        &loop,
        [](uv_handle_t* handle, void*) {
          if (uv_is_closing(handle) == 0) uv_close(handle, nullptr);
        },
        nullptr);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
  }
}

void Loop::run() {
  impl_->round_began = 0;
  uv_run(&impl_->loop, UV_RUN_DEFAULT);
}

void Loop::stop() {
  uv_stop(&impl_->loop);
}

void Loop::post(std::function<void()> task) {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->posted.push_back(std::move(task));
  }
  uv_async_send(&impl_->wake);
}

// libuv counts whole milliseconds from the last whole one: one more makes sure that it is never early.
Timer Loop::after(Micros delay, std::function<void()> task) {
  return startTimer(impl_->states, &impl_->loop, delay <= 0 ? 0 : milliseconds(delay) + 1, 0,
                    std::move(task));
}

Timer Loop::every(Micros period, std::function<void()> task) {
  const std::uint64_t ms = std::max<std::uint64_t>(milliseconds(period), 1);
  return startTimer(impl_->states, &impl_->loop, ms, ms, std::move(task));
}

Timer Loop::onSignal(int signal, std::function<void()> task) {
  auto state = std::make_shared<SignalState>(impl_->states, &impl_->loop);
  impl_->states.hold(state);
  state->task = std::move(task);
  const int rc = uv_signal_start(
      &state->signal,
      [](uv_signal_t* handle, int) {
        auto* self = static_cast<SignalState*>(handle->data);
        self->call([self] { self->task(); });
      },
      signal);
  DIEMCAU_INVARIANT(rc == 0);
  return std::make_unique<OwnedHandle>(std::move(state));
}

Result<std::unique_ptr<Child>> Loop::spawn(ChildOptions options) {
  return loop_detail::spawnChild(&impl_->loop, impl_->states, std::move(options));
}

Micros Loop::takeWorstDelay() {
  const Micros worst = impl_->worst;
  impl_->worst = 0;
  return worst;
}

uv_loop_s* Loop::uv() {
  return &impl_->loop;
}

}  // namespace diemcau
