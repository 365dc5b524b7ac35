// Owners of GStreamer's objects, so that nothing leaks on any path.
#pragma once

#include <gst/gst.h>

#include <memory>

namespace diemcau::probe {

struct ObjectUnref {
  void operator()(gpointer object) const { gst_object_unref(object); }
};
struct MiniUnref {
  template <class T>
  void operator()(T* object) const {
    gst_mini_object_unref(GST_MINI_OBJECT_CAST(object));
  }
};
struct GFree {
  void operator()(gpointer memory) const { g_free(memory); }
};
struct ErrorFree {
  void operator()(GError* error) const { g_error_free(error); }
};
struct StructureFree {
  void operator()(GstStructure* structure) const { gst_structure_free(structure); }
};

using ElementPtr = std::unique_ptr<GstElement, ObjectUnref>;
using PadPtr = std::unique_ptr<GstPad, ObjectUnref>;
using BusPtr = std::unique_ptr<GstBus, ObjectUnref>;
using CapsPtr = std::unique_ptr<GstCaps, MiniUnref>;
using BufferPtr = std::unique_ptr<GstBuffer, MiniUnref>;
using SamplePtr = std::unique_ptr<GstSample, MiniUnref>;
using MessagePtr = std::unique_ptr<GstMessage, MiniUnref>;
using TextPtr = std::unique_ptr<gchar, GFree>;
using ErrorPtr = std::unique_ptr<GError, ErrorFree>;
using StructurePtr = std::unique_ptr<GstStructure, StructureFree>;

inline CapsPtr share(GstCaps* caps) {
  return CapsPtr(caps == nullptr ? nullptr : gst_caps_ref(caps));
}
inline BufferPtr share(GstBuffer* buffer) {
  return BufferPtr(buffer == nullptr ? nullptr : gst_buffer_ref(buffer));
}

}  // namespace diemcau::probe
