// The main thread of a probe: GLib's loop behind one small class. Everything but post() belongs to that
// thread.
#pragma once

#include <functional>
#include <memory>

#include "base/time.hpp"

namespace diemcau::probe {

class MainLoop {
 public:
  using Task = std::function<void()>;
  // Destroying it stops the watch.
  class Watch {
   public:
    virtual ~Watch() = default;
  };
  using Handle = std::unique_ptr<Watch>;

  MainLoop();
  ~MainLoop();
  MainLoop(const MainLoop&) = delete;
  MainLoop& operator=(const MainLoop&) = delete;

  void run();
  void quit();
  void post(Task task);  // from any thread
  // Once, at this instant of the steady clock (that of systemClock()).
  Handle at(Micros steady, Task task);
  Handle every(Micros period, Task task);
  Handle onSignal(int signal, Task task);
  Handle onReadable(int fd, Task task);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace diemcau::probe
