// A decoder, or encoder of pictures, that is an element of GStreamer.
#pragma once

#include <memory>

#include "agent/probe/decoder.hpp"

namespace diemcau::probe {

class ElementDecoder final : public Decoder {
 public:
  // nullptr when there is no such element.
  static std::unique_ptr<Decoder> open(const char* factory);
  ~ElementDecoder() override;

 private:
  ElementDecoder() = default;
  bool put(GstBuffer* buffer, GstCaps* caps, unsigned& errors) override;
  void finish() override;
  bool start(const char* factory);
  void newCaps(GstCaps* caps);
  static GstFlowReturn onChain(GstPad* pad, GstObject* parent, GstBuffer* buffer);
  static gboolean onEvent(GstPad* pad, GstObject* parent, GstEvent* event);
  static gboolean onQuery(GstPad* pad, GstObject* parent, GstQuery* query);

  ElementPtr element_;
  PadPtr in_, out_;  // ours: in_ feeds the element, out_ takes from it
  CapsPtr in_caps_, out_caps_;
  bool started_ = false;
};

}  // namespace diemcau::probe
