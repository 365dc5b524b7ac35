// From encoded sound to its levels; hands decoded sound on while it is played. Belongs to the streaming
// thread of the sound, but for setShown.
#pragma once

#include <gst/audio/audio.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/probe/decoder.hpp"
#include "agent/probe/leaps.hpp"
#include "agent/probe/meter.hpp"
#include "agent/probe/receiver.hpp"
#include "agent/probe/sound.hpp"
#include "wire/tone_mark.hpp"

namespace diemcau::probe {

class AudioPath {
 public:
  // Interleaved; `info` is of what was decoded. `stream_s`: running time.
  using Shown =
      std::function<void(const std::vector<float>& samples, const GstAudioInfo& info, double stream_s)>;

  // `mark`: what the studio's marks should name; where it is empty none are listened for.
  AudioPath(Meter& meter, const Clock& clock, Shown shown, std::string mark = {})
      : meter_(meter), clock_(clock), shown_(std::move(shown)), wanted_mark_(std::move(mark)) {}

  void frame(const Codec& codec, const Frame& frame);
  void restart();
  // See Decoder::Work. Any thread.
  std::uint32_t work() const { return work_.load(std::memory_order_relaxed); }
  void setShown(bool shown) { want_.store(shown, std::memory_order_relaxed); }

 private:
  void onSound(GstBuffer* sound, GstCaps* caps);
  // Into samples_; false: of a kind that is not known.
  bool read(GstBuffer* sound);
  void measure(std::optional<double> stream_s);
  void noteFormat(const std::string& codec, GstCaps* caps);
  void listenForMark(unsigned channels, unsigned rate);

  Meter& meter_;
  const Clock& clock_;
  Shown shown_;
  const std::string wanted_mark_;
  wire::ToneMarkReader marks_;
  std::atomic<bool> want_{false};
  Decoder::Work work_{0};
  std::unique_ptr<Decoder> decoder_;
  CapsPtr noted_, sound_caps_;
  GstAudioInfo sound_{};  // of sound_caps_
  double offset_s_ = 0;
  LevelBlocks blocks_{BeepFinder::kBlock};
  std::vector<float> samples_;
};

}  // namespace diemcau::probe
