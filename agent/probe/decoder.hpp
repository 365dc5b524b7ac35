// One decoder (or encoder) of GStreamer, used as a function: an encoded buffer goes in, pictures or sound
// come out before the call returns. Not part of a pipeline, so that the caller alone decides which frames are
// worth decoding. One thread at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "agent/probe/gst_ptr.hpp"

namespace diemcau::probe {

class Decoder {
 public:
  using Output = std::function<void(GstBuffer* buffer, GstCaps* caps)>;

  // Counts at the begin and at the end of each buffer: odd while the decoder is at one. Another thread sees
  // by it that a decoder never comes back.
  using Work = std::atomic<std::uint32_t>;

  // nullptr when there is no such decoder. `work` lives longer than it.
  static std::unique_ptr<Decoder> open(const char* factory, Output output, Work* work = nullptr);
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // False: the decoder refused it. Damage inside counts in takeErrors().
  bool decode(GstBuffer* buffer, GstCaps* caps);
  // Everything that it still holds comes out; the next buffer must be a key frame.
  void drain();
  // Buffers that could be decoded only with errors, since the last call.
  unsigned takeErrors();

 private:
  Decoder(Output output, Work* work) : output_(std::move(output)), work_(work) {}
  bool start(const char* factory);
  void newCaps(GstCaps* caps);
  static GstFlowReturn onChain(GstPad* pad, GstObject* parent, GstBuffer* buffer);
  static gboolean onEvent(GstPad* pad, GstObject* parent, GstEvent* event);
  static gboolean onQuery(GstPad* pad, GstObject* parent, GstQuery* query);

  Output output_;
  Work* const work_;
  ElementPtr element_;
  PadPtr in_, out_;  // ours: in_ feeds the element, out_ takes from it
  CapsPtr in_caps_, out_caps_;
  unsigned errors_ = 0;
  bool started_ = false;
};

}  // namespace diemcau::probe
