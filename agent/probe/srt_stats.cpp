#include "agent/probe/srt_stats.hpp"

#include "agent/probe/gst_ptr.hpp"

namespace diemcau::probe {

void readSrtStats(GstElement* source, LinkStats& out) {
  GstStructure* stats = nullptr;
  g_object_get(source, "stats", &stats, nullptr);
  const StructurePtr owned(stats);
  if (stats == nullptr) return;
  // What was missing and asked for again; what did not come in time shows as a gap in the transport stream.
  gint missing = 0;
  if (gst_structure_get_int(stats, "packets-received-lost", &missing) != FALSE && missing > 0)
    out.resent = static_cast<std::uint32_t>(missing);
  gst_structure_get_double(stats, "rtt-ms", &out.rtt_ms);
  gint latency = 0;
  if (gst_structure_get_int(stats, "negotiated-latency-ms", &latency) != FALSE && latency > 0)
    out.latency_ms = static_cast<std::uint32_t>(latency);
}

}  // namespace diemcau::probe
