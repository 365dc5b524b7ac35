// One feed's encoder: raw pictures and sound in, MPEG transport packets out. H.264 with a key frame a second,
// AAC.
//
// Pushing belongs to one thread; packets come on a thread of the pipeline. Encoded once, however many receive
// it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace diemcau::studio {

struct EncoderOptions {
  int width = 1280;
  int height = 720;
  int fps = 25;
  std::uint32_t video_kbps = 1200;
  std::string preset = "ultrafast";  // of x264
};

constexpr std::uint32_t kAudioKbps = 96;

class Encoder {
 public:
  // Whole packets, and the media time of what they hold. On a thread of the pipeline.
  using Packets = std::function<void(std::string_view packets, Micros media)>;

  static Result<std::unique_ptr<Encoder>> create(const EncoderOptions& options, Packets packets);
  ~Encoder();
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  // False: the encoder is four frames behind. Whoever pushes then loses the frame, or waits.
  bool hasRoom() const;
  // `fill` writes a picture straight into the buffer that is encoded. `unit`: sent with it, before its first
  // slice; empty: none.
  void pushVideo(Micros media, bool key_frame, std::string unit,
                 const std::function<void(std::span<std::uint8_t>)>& fill);
  void pushAudio(Micros media, std::span<const std::int16_t> samples);
  void setVideoKbps(std::uint32_t kbps);

  // No more comes; returns when the last packets were handed out, or after ten seconds.
  Done finish();
  // Empty while all is well.
  std::string error();

 private:
  struct Impl;
  explicit Encoder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace diemcau::studio
