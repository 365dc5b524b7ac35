// A small JPEG of the feed now and then: made small by hand, and encoded by GStreamer's own encoder. Belongs
// to the streaming thread of the picture.
#pragma once

#include <gst/video/video.h>

#include <functional>
#include <memory>
#include <string>

#include "agent/probe/decoder.hpp"
#include "base/time.hpp"

namespace diemcau::probe {

class ThumbnailMaker {
 public:
  using Made = std::function<void(std::string jpeg)>;
  static constexpr Micros kEvery = 10 * kSecond;
  static constexpr std::size_t kMostBytes = 16 * 1024;
  static constexpr int kWidth = 320, kSmaller = 192;  // the smaller one when the first has too many bytes

  explicit ThumbnailMaker(Made made) : made_(std::move(made)) {}

  // A picture that is decoded anyway; most are left alone. `now` is steady.
  void offer(const GstVideoFrame& picture, Micros now);

 private:
  bool make(const GstVideoFrame& picture, int width);
  bool encode(GstBuffer* small, GstCaps* caps);

  Made made_;
  Micros next_ = 0;
  bool missing_ = false;  // there is no encoder
  std::unique_ptr<Decoder> encoder_;
  int encoder_width_ = 0, encoder_height_ = 0;
  std::string jpeg_;
};

}  // namespace diemcau::probe
