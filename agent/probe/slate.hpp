// The picture on a hall's screen before a briefing begins: its name, the hour, how long until then. Drawn
// with GStreamer's text overlay. Belongs to the main thread.
#pragma once

#include <string>

#include "agent/probe/gst_ptr.hpp"
#include "base/time.hpp"

namespace diemcau::probe {

struct SlateWords {
  std::string title, clock, below;
  bool operator==(const SlateWords&) const = default;
};
// `left`: until it begins. `starts_at`: the wall clock then.
SlateWords slateWords(const std::string& title, Micros left, Micros starts_at, const std::string& zone);
SlateWords slateUnknown(const std::string& title);  // nobody has started it yet
SlateWords slateLate(const std::string& title);     // it has begun, and there is no picture
SlateWords slateSound(const std::string& title);    // it has begun, and there will be none

class Slate {
 public:
  static constexpr int kWidth = 1280, kHeight = 720;

  ~Slate();
  // Nothing where the plugin is not installed, which is logged once.
  BufferPtr draw(const SlateWords& words);
  GstCaps* caps() const { return caps_.get(); }

 private:
  bool build();
  GstElement* addText(const char* font, const char* place, int down);  // pixels

  bool tried_ = false;
  ElementPtr pipeline_;
  CapsPtr caps_;
  GstElement *source_ = nullptr, *sink_ = nullptr;                     // the pipeline's
  GstElement *title_ = nullptr, *clock_ = nullptr, *below_ = nullptr;  // the same
  GstClockTime next_ = 0;
};

}  // namespace diemcau::probe
