// The elements that a probe may use, and nothing else: every other factory is taken out of this process's
// registry, so that not even a playlist from the network can bring in another one.
#pragma once

#include <string>
#include <vector>

#include "agent/probe/gst_ptr.hpp"
#include "base/feed_address.hpp"
#include "base/result.hpp"

namespace diemcau::probe {

// Names of the factories for this kind of feed; `screen` adds those that show and play.
std::vector<std::string> allowedElements(FeedKind kind, bool screen);

// Starts GStreamer and takes out what is not allowed. Once, before any element is made. Fails naming the
// packages when an element that the feed needs is not installed.
Done startMedia(FeedKind kind, bool screen);

// A new element with a floating reference, or nullptr (with a log line) when it is not there.
GstElement* makeElement(const char* factory, const char* name = nullptr);

// Elements of one job differ in what can be set.
void setIfThere(GstElement* element, const char* property, int value);

}  // namespace diemcau::probe
