#include "agent/probe/element_decoder.hpp"

#include <gst/video/video.h>

#include "agent/probe/elements.hpp"

namespace diemcau::probe {

std::unique_ptr<Decoder> ElementDecoder::open(const char* factory) {
  std::unique_ptr<ElementDecoder> decoder(new ElementDecoder());
  if (!decoder->start(factory)) return nullptr;
  return decoder;
}

bool ElementDecoder::start(const char* factory) {
  GstElement* element = makeElement(factory);
  if (element == nullptr) return false;
  element_.reset(GST_ELEMENT(gst_object_ref_sink(element)));
  setIfThere(element, "qos", FALSE);
  setIfThere(element, "max-errors", -1);
  setIfThere(element, "quality", 60);  // of an encoder of pictures

  in_.reset(GST_PAD(gst_object_ref_sink(gst_pad_new("in", GST_PAD_SRC))));
  out_.reset(GST_PAD(gst_object_ref_sink(gst_pad_new("out", GST_PAD_SINK))));
  gst_pad_set_element_private(out_.get(), this);
  gst_pad_set_chain_function(out_.get(), &ElementDecoder::onChain);
  gst_pad_set_event_function(out_.get(), &ElementDecoder::onEvent);
  gst_pad_set_query_function(out_.get(), &ElementDecoder::onQuery);
  const PadPtr sink(gst_element_get_static_pad(element, "sink"));
  const PadPtr source(gst_element_get_static_pad(element, "src"));
  if (!sink || !source) return false;
  if (gst_pad_link(in_.get(), sink.get()) != GST_PAD_LINK_OK) return false;
  if (gst_pad_link(source.get(), out_.get()) != GST_PAD_LINK_OK) return false;
  gst_pad_set_active(out_.get(), TRUE);
  if (gst_element_set_state(element, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) return false;
  gst_pad_set_active(in_.get(), TRUE);
  return true;
}

ElementDecoder::~ElementDecoder() {
  if (!element_) return;
  gst_element_set_state(element_.get(), GST_STATE_NULL);
  if (in_) gst_pad_set_active(in_.get(), FALSE);
  if (out_) gst_pad_set_active(out_.get(), FALSE);
}

GstFlowReturn ElementDecoder::onChain(GstPad* pad, GstObject*, GstBuffer* buffer) {
  const BufferPtr owned(buffer);
  auto* self = static_cast<ElementDecoder*>(gst_pad_get_element_private(pad));
  if (self->out_caps_) self->give(buffer, self->out_caps_.get());
  return GST_FLOW_OK;
}

gboolean ElementDecoder::onEvent(GstPad* pad, GstObject*, GstEvent* event) {
  auto* self = static_cast<ElementDecoder*>(gst_pad_get_element_private(pad));
  if (GST_EVENT_TYPE(event) == GST_EVENT_CAPS) {
    GstCaps* caps = nullptr;
    gst_event_parse_caps(event, &caps);
    self->out_caps_ = share(caps);
  }
  gst_event_unref(event);
  return TRUE;
}

gboolean ElementDecoder::onQuery(GstPad* pad, GstObject* parent, GstQuery* query) {
  if (GST_QUERY_TYPE(query) != GST_QUERY_ALLOCATION) return gst_pad_query_default(pad, parent, query);
  // Pictures may keep the decoder's own layout: without this it copies each one.
  gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr);
  return TRUE;
}

void ElementDecoder::newCaps(GstCaps* caps) {
  if (!started_) {
    gst_pad_push_event(in_.get(), gst_event_new_stream_start("feed"));
  }
  in_caps_ = share(caps);
  gst_pad_push_event(in_.get(), gst_event_new_caps(caps));
  if (!started_) {
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    gst_pad_push_event(in_.get(), gst_event_new_segment(&segment));
    started_ = true;
  }
}

bool ElementDecoder::put(GstBuffer* buffer, GstCaps* caps, unsigned&) {
  if (!in_caps_ || (in_caps_.get() != caps && gst_caps_is_equal(in_caps_.get(), caps) == FALSE))
    newCaps(caps);
  return gst_pad_push(in_.get(), gst_buffer_ref(buffer)) == GST_FLOW_OK;
}

void ElementDecoder::finish() {
  // A decoder of GStreamer empties itself at the end of a segment and is ready for the next one.
  if (started_) gst_pad_push_event(in_.get(), gst_event_new_segment_done(GST_FORMAT_TIME, -1));
}

}  // namespace diemcau::probe
