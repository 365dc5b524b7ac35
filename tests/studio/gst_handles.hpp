// GStreamer objects owned like everything else. Only the .cpp files that know GStreamer include this.
#pragma once

#include <gst/gst.h>

#include <memory>
#include <string>

#include "base/result.hpp"

namespace diemcau::studio {

struct GstRelease {
  void operator()(GstElement* element) const { gst_object_unref(element); }
  void operator()(GstBus* bus) const { gst_object_unref(bus); }
  void operator()(GstSample* sample) const { gst_sample_unref(sample); }
  void operator()(GstMessage* message) const { gst_message_unref(message); }
};
using ElementPtr = std::unique_ptr<GstElement, GstRelease>;
using BusPtr = std::unique_ptr<GstBus, GstRelease>;
using SamplePtr = std::unique_ptr<GstSample, GstRelease>;
using MessagePtr = std::unique_ptr<GstMessage, GstRelease>;

// A pipeline from a constant description of ours. Values that a person gave are set as typed properties
// afterwards.
Result<ElementPtr> buildPipeline(const char* description);
ElementPtr childOf(const ElementPtr& bin, const char* name);
// The oldest error that the pipeline reported, or nothing.
std::string takeError(const ElementPtr& pipeline);

}  // namespace diemcau::studio
