// Sentences that a technician reads about feeds, in the words that halls use themselves. Pure.
#pragma once

#include "diemcau/v1/common.pb.h"
#include "diemcau/v1/feed.pb.h"
#include "diemcau/v1/health.pb.h"

namespace diemcau::agent {

v1::Text conditionText(v1::Condition::Name condition);

// What is wrong with the feed, the cause first; empty when nothing is.
v1::Text feedTrouble(const v1::HealthSample& sample);

// Trouble with what was measured against what was expected: "the picture is 1280x720, expected 1920x1080".
v1::Text feedTrouble(const v1::HealthSample& sample, const v1::Profile& profile);

}  // namespace diemcau::agent
