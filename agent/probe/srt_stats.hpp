// What an SRT source counts of its line.
#pragma once

#include <gst/gst.h>

#include "agent/probe/receiver.hpp"

namespace diemcau::probe {

// Fills in what the source knows by now: packets asked for again, round trip, latency.
void readSrtStats(GstElement* source, LinkStats& out);

}  // namespace diemcau::probe
