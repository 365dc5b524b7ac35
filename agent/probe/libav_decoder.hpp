// A decoder of libavcodec, called as it is. GStreamer's own elements for these (gstreamer1.0-libav) bring
// libavfilter and libavformat into the process with all that those need, some 23 MB of a hall's PC for each
// probe, and have no switch for the smoothing of edges between blocks.
#pragma once

#include <memory>

#include "agent/probe/decoder.hpp"
#include "agent/probe/libav_frame.hpp"
#include "agent/probe/picture_memory.hpp"

namespace diemcau::probe {

class LibavDecoder final : public Decoder {
 public:
  // `name` as libavcodec has it; nullptr when it has no such decoder.
  static std::unique_ptr<Decoder> open(const char* name);

  void setUnseen(bool unseen) override;

 private:
  explicit LibavDecoder(const AVCodec* codec) : codec_(codec) {}
  bool put(GstBuffer* buffer, GstCaps* caps, unsigned& errors) override;
  void finish() override;
  bool start(GstCaps* caps);
  bool fill(GstBuffer* buffer);
  void takeAll();

  const AVCodec* const codec_;
  PictureMemory memory_;
  AvContextPtr context_;
  AvPacketPtr packet_;
  AvFramePtr frame_;
  CapsPtr in_caps_;
  FrameWrapper wrapper_;
  bool unseen_ = false;
};

}  // namespace diemcau::probe
