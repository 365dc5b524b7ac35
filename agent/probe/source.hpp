// The source element of a feed, with its properties set from the typed address.
#pragma once

#include <string>

#include "agent/probe/gst_ptr.hpp"
#include "base/feed_address.hpp"
#include "diemcau/v1/common.pb.h"

namespace diemcau::probe {

// A floating reference. For every kind except the test source, which has no single one.
tl::expected<GstElement*, v1::Text> makeSource(const FeedAddress& address, const std::string& passphrase);

// What a capture device is asked for, in the order of preference. nullptr: the kind is none.
GstCaps* wantedOfDevice(FeedKind kind);

// Factory of the demultiplexer behind that source; for a file it is told from its first bytes.
tl::expected<const char*, v1::Text> demuxerFor(const FeedAddress& address);

// "ts", "mp4", "mkv" or nullptr, by the first bytes of a file.
const char* containerOf(const unsigned char* data, std::size_t size);

}  // namespace diemcau::probe
