// test://: pictures and a tone made here, for a hall's own check and for tests. Never over a network.
//   (nothing)  colour bars that run, and a tone of 440 Hz
//   black      black pictures, the tone
//   frozen     the bars run for five seconds and then stand, the tone goes on
//   silent     the bars, and digital silence
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "agent/probe/gst_ptr.hpp"

namespace diemcau::probe {

class TestSource {
 public:
  explicit TestSource(std::string pattern) : pattern_(std::move(pattern)) {}
  // Adds its elements; returns their source pads (owned by the elements), of raw picture and raw sound.
  std::vector<GstPad*> addTo(GstBin* bin);

 private:
  GstPad* addPicture(GstBin* bin);
  GstPad* addSound(GstBin* bin);
  static GstPadProbeReturn onPicture(GstPad* pad, GstPadProbeInfo* info, gpointer self);

  const std::string pattern_;
  BufferPtr held_;  // of the picture's thread
};

}  // namespace diemcau::probe
