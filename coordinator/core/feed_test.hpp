// The test of a feed at the centre: what may be tested, and what the probe's samples say of it. Pure.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "diemcau/v1/health.pb.h"

namespace diemcau::core {

// Checked and completed with its defaults. A browser may not have files of this machine read.
Result<v1::FeedTest> checkedFeedTest(const v1::FeedTest& wish);

// `samples`: one a second, from the start of the probe. The seconds until a feed is joined are not held
// against it.
v1::FeedTestReport judgeFeedTest(const std::vector<v1::HealthSample>& samples);

}  // namespace diemcau::core
