// GStreamer's errors in words that a technician in a hall understands.
#pragma once

#include <string_view>

#include "agent/probe/gst_ptr.hpp"
#include "base/feed_address.hpp"
#include "diemcau/v1/common.pb.h"

namespace diemcau::probe {

// `debug`: the second, longer text of an error message; it often says more.
v1::Text explain(const FeedAddress& address, const GError& error, std::string_view debug);

v1::Text noData(const FeedAddress& address);
v1::Text endOfFeed(const FeedAddress& address);

}  // namespace diemcau::probe
