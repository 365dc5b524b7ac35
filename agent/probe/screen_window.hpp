// A window over the whole screen of an X server, black, without a pointer: sinks' own windows have the
// picture's size.
#pragma once

#include <cstdint>
#include <memory>

namespace diemcau::probe {

class ScreenWindow {
 public:
  // Not to be seen yet. Nothing where no X server answers.
  static std::unique_ptr<ScreenWindow> open();
  void show();
  ~ScreenWindow();
  ScreenWindow(const ScreenWindow&) = delete;
  ScreenWindow& operator=(const ScreenWindow&) = delete;

  std::uintptr_t id() const;

 private:
  struct Impl;
  explicit ScreenWindow(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace diemcau::probe
