// What a Loop keeps for each timer, signal watcher and child: private to base/loop*.cpp.
#pragma once

#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/loop.hpp"

namespace diemcau::loop_detail {

class States;

// Owned by States from hold() until done(), which its close callback calls; the owner of the handle shares
// it, so that it may outlive the loop and find that there is nothing left to stop.
class State : public std::enable_shared_from_this<State> {
 public:
  explicit State(States& states) : states_(&states) {}
  virtual ~State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  // By the owner, or by the loop at its end; the second call does nothing. No callback runs afterwards.
  void stop() {
    if (stopped_) return;
    stopped_ = true;
    if (calling_ == 0) forget();
    release();
  }
  bool stopped() const { return stopped_; }

  // Runs a callback of the owner, who may stop this very state in it.
  template <class Callback>
  void call(Callback callback) {
    if (stopped_) return;
    const auto keep = shared_from_this();
    ++calling_;
    callback();
    --calling_;
    if (stopped_ && calling_ == 0) forget();
  }

  void done();

 protected:
  virtual void release() = 0;  // begin to close; ends with done()
  virtual void forget() = 0;   // let go of the owner's functions

 private:
  States* states_;
  bool stopped_ = false;
  int calling_ = 0;
};

class States {
 public:
  void hold(std::shared_ptr<State> state) {
    State* key = state.get();
    states_.emplace(key, std::move(state));
  }
  void drop(State* state) { states_.erase(state); }
  void stopAll() {
    std::vector<std::shared_ptr<State>> all;
    all.reserve(states_.size());
    for (auto& [key, state] : states_) all.push_back(state);
    for (auto& state : all) state->stop();
  }

 private:
  std::unordered_map<State*, std::shared_ptr<State>> states_;
};

inline void State::done() {
  states_->drop(this);
}

Result<std::unique_ptr<Child>> spawnChild(uv_loop_s* loop, States& states, ChildOptions options);

}  // namespace diemcau::loop_detail
