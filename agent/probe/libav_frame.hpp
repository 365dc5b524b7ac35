// libavcodec's frames as GStreamer's buffers: pictures keep their memory, which returns to the decoder with
// the buffer; sound is copied into one channel beside the other.
#pragma once

#include <memory>

extern "C" {
#include <libavcodec/avcodec.h>
}

#include "agent/probe/gst_ptr.hpp"

namespace diemcau::probe {

struct AvFree {
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
using AvContextPtr = std::unique_ptr<AVCodecContext, AvFree>;
using AvPacketPtr = std::unique_ptr<AVPacket, AvFree>;
using AvFramePtr = std::unique_ptr<AVFrame, AvFree>;

class FrameWrapper {
 public:
  // What is encoded, of which the caps say how often pictures come and how they are meant to be shown.
  void newStream(GstCaps* encoded);
  // Null: a layout that nothing here can read, or no time. The frame's times are in nanoseconds.
  BufferPtr wrap(const AVFrame& frame);
  // Of the newest buffer; the same object for as long as the layout stays.
  GstCaps* caps() const { return caps_.get(); }

 private:
  struct Layout {
    int format = -1, width = 0, height = 0;                  // of pictures
    int rate = 0, channels = 0;                              // of sound
    int matrix = 0, range = 0, transfer = 0, primaries = 0;  // of pictures
    bool operator==(const Layout&) const = default;
  };
  bool picture(const AVFrame& frame);
  bool sound(const AVFrame& frame);
  BufferPtr wrapPicture(const AVFrame& frame) const;
  static BufferPtr wrapSound(const AVFrame& frame);

  CapsPtr encoded_, caps_;
  Layout layout_;
};

}  // namespace diemcau::probe
