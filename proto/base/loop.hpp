// The event loop of a program: libuv behind one small class. Everything except post() belongs to the loop's
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

struct uv_loop_s;

namespace diemcau {

// A running timer, signal watcher or child; destroying it stops it (a child gets SIGKILL).
class LoopHandle {
 public:
  virtual ~LoopHandle() = default;
};
using Timer = std::unique_ptr<LoopHandle>;

struct ChildOptions {
  std::vector<std::string> argv;  // [0] is the program; never a shell
  std::vector<std::string> env;   // added to ours, "KEY=value"
  std::function<void(std::string_view line)>
      line;  // each line of standard output, without its end; at most 64 KiB
  std::function<void(int status, int signal)> exit;
};

class Child : public LoopHandle {
 public:
  virtual int pid() const = 0;
  // To standard input; false when the child no longer reads (over 64 KiB waiting, or closed).
  virtual bool write(std::string_view text) = 0;
  virtual void kill(int signal) = 0;
};

// What most parts need of a loop: later, and again and again. A simulation gives them another one.
class Tasks {
 public:
  virtual ~Tasks() = default;
  virtual void post(std::function<void()> task) = 0;
  virtual Timer after(Micros delay, std::function<void()> task) = 0;
  virtual Timer every(Micros period, std::function<void()> task) = 0;
};

class Loop final : public Tasks {
 public:
  Loop();
  ~Loop() override;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void run();   // until stop()
  void stop();  // from the loop's thread

  // From any thread: `task` runs on the loop's thread, in order.
  void post(std::function<void()> task) override;

  Timer after(Micros delay, std::function<void()> task) override;
  Timer every(Micros period, std::function<void()> task) override;
  Timer onSignal(int signal, std::function<void()> task);
  Result<std::unique_ptr<Child>> spawn(ChildOptions options);

  // Longest time that one round of the loop took since the last call.
  Micros takeWorstDelay();

  uv_loop_s* uv();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace diemcau
