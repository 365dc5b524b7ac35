// What a session brings to read: notes of the operators, and documents that lie elsewhere. Pure.
#pragma once

#include "base/result.hpp"
#include "diemcau/v1/session.pb.h"

namespace diemcau::core {

// Cleans both into `out`. kInvalid names the field.
Done checkPapers(const v1::Session& wish, v1::Session& out);

}  // namespace diemcau::core
