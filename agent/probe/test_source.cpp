#include "agent/probe/test_source.hpp"

#include "agent/probe/elements.hpp"

namespace diemcau::probe {
namespace {

constexpr GstClockTime kRunBeforeHold = 5 * GST_SECOND;

GstPad* behindCaps(GstBin* bin, GstElement* source, GstCaps* caps) {
  GstElement* filter = makeElement("capsfilter");
  if (filter == nullptr) return nullptr;
  g_object_set(filter, "caps", caps, nullptr);
  gst_bin_add_many(bin, source, filter, nullptr);
  gst_element_link(source, filter);
  const PadPtr pad(gst_element_get_static_pad(filter, "src"));
  return pad.get();  // the filter keeps it
}

}  // namespace

std::vector<GstPad*> TestSource::addTo(GstBin* bin) {
  std::vector<GstPad*> out;
  if (GstPad* pad = addPicture(bin); pad != nullptr) out.push_back(pad);
  if (GstPad* pad = addSound(bin); pad != nullptr) out.push_back(pad);
  return out;
}

GstPad* TestSource::addPicture(GstBin* bin) {
  GstElement* source = makeElement("videotestsrc");
  if (source == nullptr) return nullptr;
  gst_util_set_object_arg(G_OBJECT(source), "pattern", pattern_ == "black" ? "black" : "smpte75");
  g_object_set(source, "is-live", TRUE, "horizontal-speed", 4, nullptr);
  const CapsPtr caps(gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT,
                                         1280, "height", G_TYPE_INT, 720, "framerate", GST_TYPE_FRACTION, 25,
                                         1, nullptr));
  GstPad* pad = behindCaps(bin, source, caps.get());
  if (pad != nullptr && pattern_ == "frozen") {
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, &TestSource::onPicture, this, nullptr);
  }
  return pad;
}

GstPad* TestSource::addSound(GstBin* bin) {
  GstElement* source = makeElement("audiotestsrc");
  if (source == nullptr) return nullptr;
  gst_util_set_object_arg(G_OBJECT(source), "wave", pattern_ == "silent" ? "silence" : "sine");
  g_object_set(source, "is-live", TRUE, "volume", 0.1, nullptr);
  const CapsPtr caps(gst_caps_new_simple("audio/x-raw", "format", G_TYPE_STRING, "F32LE", "rate", G_TYPE_INT,
                                         48000, "channels", G_TYPE_INT, 2, "layout", G_TYPE_STRING,
                                         "interleaved", nullptr));
  return behindCaps(bin, source, caps.get());
}

GstPadProbeReturn TestSource::onPicture(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<TestSource*>(data);
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  if (!self->held_) {
    if (GST_BUFFER_PTS(buffer) >= kRunBeforeHold) self->held_ = share(buffer);
    return GST_PAD_PROBE_OK;
  }
  // The held picture, at the time of the new one.
  GstBuffer* again = gst_buffer_copy(self->held_.get());
  gst_buffer_copy_into(again, buffer, GST_BUFFER_COPY_TIMESTAMPS, 0, static_cast<gsize>(-1));
  gst_buffer_unref(buffer);
  GST_PAD_PROBE_INFO_DATA(info) = again;
  return GST_PAD_PROBE_OK;
}

}  // namespace diemcau::probe
