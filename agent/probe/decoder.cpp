#include "agent/probe/decoder.hpp"

#include <gst/video/video.h>

#include "agent/probe/elements.hpp"

namespace diemcau::probe {
namespace {

class AtWork {
 public:
  explicit AtWork(Decoder::Work* work) : work_(work) { count(); }
  ~AtWork() { count(); }
  AtWork(const AtWork&) = delete;
  AtWork& operator=(const AtWork&) = delete;

 private:
  void count() {
    if (work_ != nullptr) work_->fetch_add(1, std::memory_order_relaxed);
  }
  Decoder::Work* const work_;
};

}  // namespace

std::unique_ptr<Decoder> Decoder::open(const char* factory, Output output, Work* work) {
  std::unique_ptr<Decoder> decoder(new Decoder(std::move(output), work));
  return decoder->start(factory) ? std::move(decoder) : nullptr;
}

bool Decoder::start(const char* factory) {
  GstElement* element = makeElement(factory);
  if (element == nullptr) return false;
  element_.reset(GST_ELEMENT(gst_object_ref_sink(element)));
  // One thread: errors show in ours, and six probes share two cores.
  setIfThere(element, "max-threads", 1);
  setIfThere(element, "qos", FALSE);
  setIfThere(element, "max-errors", -1);
  setIfThere(element, "quality", 60);  // of an encoder of pictures

  in_.reset(GST_PAD(gst_object_ref_sink(gst_pad_new("in", GST_PAD_SRC))));
  out_.reset(GST_PAD(gst_object_ref_sink(gst_pad_new("out", GST_PAD_SINK))));
  gst_pad_set_element_private(out_.get(), this);
  gst_pad_set_chain_function(out_.get(), &Decoder::onChain);
  gst_pad_set_event_function(out_.get(), &Decoder::onEvent);
  gst_pad_set_query_function(out_.get(), &Decoder::onQuery);
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

Decoder::~Decoder() {
  if (!element_) return;
  gst_element_set_state(element_.get(), GST_STATE_NULL);
  if (in_) gst_pad_set_active(in_.get(), FALSE);
  if (out_) gst_pad_set_active(out_.get(), FALSE);
}

GstFlowReturn Decoder::onChain(GstPad* pad, GstObject*, GstBuffer* buffer) {
  const BufferPtr owned(buffer);
  auto* self = static_cast<Decoder*>(gst_pad_get_element_private(pad));
  if (self->out_caps_) self->output_(buffer, self->out_caps_.get());
  return GST_FLOW_OK;
}

gboolean Decoder::onEvent(GstPad* pad, GstObject*, GstEvent* event) {
  auto* self = static_cast<Decoder*>(gst_pad_get_element_private(pad));
  if (GST_EVENT_TYPE(event) == GST_EVENT_CAPS) {
    GstCaps* caps = nullptr;
    gst_event_parse_caps(event, &caps);
    self->out_caps_ = share(caps);
  }
  gst_event_unref(event);
  return TRUE;
}

gboolean Decoder::onQuery(GstPad* pad, GstObject* parent, GstQuery* query) {
  if (GST_QUERY_TYPE(query) != GST_QUERY_ALLOCATION) return gst_pad_query_default(pad, parent, query);
  // Pictures may keep the decoder's own layout: without this it copies each one.
  gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr);
  return TRUE;
}

void Decoder::newCaps(GstCaps* caps) {
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

bool Decoder::decode(GstBuffer* buffer, GstCaps* caps) {
  if (!in_caps_ || (in_caps_.get() != caps && gst_caps_is_equal(in_caps_.get(), caps) == FALSE))
    newCaps(caps);
  const AtWork at_work(work_);
  const unsigned before = decoderErrorsOfThread();
  const GstFlowReturn flow = gst_pad_push(in_.get(), gst_buffer_ref(buffer));
  const bool failed = flow != GST_FLOW_OK || decoderErrorsOfThread() != before;
  if (failed) ++errors_;
  return flow == GST_FLOW_OK;
}

void Decoder::drain() {
  const AtWork at_work(work_);
  // A decoder of GStreamer empties itself at the end of a segment and is ready for the next one.
  if (started_) gst_pad_push_event(in_.get(), gst_event_new_segment_done(GST_FORMAT_TIME, -1));
}

unsigned Decoder::takeErrors() {
  const unsigned out = errors_;
  errors_ = 0;
  return out;
}

}  // namespace diemcau::probe
