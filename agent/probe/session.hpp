// One feed being measured: supervisor, meter, conditions, and the clockwork that makes a sample each second,
// and one in between when a flag flips. Belongs to the main thread.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>

#include "agent/core/conditions.hpp"
#include "agent/probe/main_loop.hpp"
#include "agent/probe/meter.hpp"
#include "agent/probe/output.hpp"
#include "agent/probe/own_clock.hpp"
#include "agent/probe/supervisor.hpp"

namespace diemcau::probe {

class Session {
 public:
  struct Options {
    FeedAddress address;
    std::string feed_id;
    std::string passphrase;
    v1::Profile profile;
    v1::Depth::Name depth = v1::Depth::light;
    bool end_at_end = false;
    // `whole`: of a whole second; else one in between.
    std::function<void(const v1::HealthSample& sample, bool whole)> sample;
    // The end of a file, after its last sample; `problem` is empty when the file was whole.
    std::function<void(const v1::Text& problem)> finished;
    // A decoder does not come back: this process is of no more use.
    std::function<void()> stuck;
    // A small picture now and then; empty: none are made.
    std::function<void(const v1::Thumbnail& thumbnail)> thumbnail;
  };

  Session(MainLoop& loop, Options options, Output* output);
  ~Session();
  void start();
  void setShown(bool shown) { supervisor_.setShown(shown); }
  void setDepth(v1::Depth::Name depth) { supervisor_.setFull(depth == v1::Depth::full); }

 private:
  MainLoop::Handle at(Micros own, MainLoop::Task task);
  void tick();
  void onFlip();
  void between();
  void tell(v1::HealthSample sample, bool whole);
  void finish(const v1::Text& problem);
  void look();
  ThumbnailMaker::Made pictures();

  MainLoop& loop_;
  const Options options_;
  const Clock& clock_;
  OwnClock own_;
  const Micros started_;
  std::shared_ptr<bool> alive_;  // tasks that were posted check it
  Meter meter_;
  agent::Conditions conditions_;
  Supervisor supervisor_;
  MainLoop::Handle tick_, look_, between_, settled_;
  Micros next_tick_ = 0, last_told_ = 0;  // of its own time
  struct AtWork {
    std::uint32_t work = 0;  // of a decoder at the last look
    int looks = 0;           // in a row that found it at the same buffer
  };
  std::array<AtWork, 2> at_work_;
};

}  // namespace diemcau::probe
