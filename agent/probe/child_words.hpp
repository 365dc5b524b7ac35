// What an agent says to its probe, line by line, read strictly: apart from what carries it out, which needs
// GStreamer.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "diemcau/v1/health.pb.h"

namespace diemcau::probe {

struct ChildWord {
  enum Kind { kShow, kPrepare, kHide, kLight, kFull, kQuit, kUnknown } kind = kUnknown;
  Micros at = 0;
};
ChildWord parseWord(std::string_view line);

// Fails with what is wrong in the setup.
Result<v1::ProbeSetup> parseSetup(std::string_view line);

}  // namespace diemcau::probe
