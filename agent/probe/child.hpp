// diemcau-probe --child: an agent's words on standard input, reports on standard output, one line of JSON
// each.
//   {"feed":{...},"profile":{...}}   first line: ProbeSetup
//   show N | prepare | hide | quit   then; N is the wall clock in microseconds; prepare opens the screen and
//                                    stays hidden; the end of input is quit
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/probe/options.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "diemcau/v1/health.pb.h"

namespace diemcau::probe {

struct ChildWord {
  enum Kind { kShow, kPrepare, kHide, kQuit, kUnknown } kind = kUnknown;
  Micros at = 0;
};
ChildWord parseWord(std::string_view line);

// Fails with what is wrong in the setup.
Result<v1::ProbeSetup> parseSetup(std::string_view line);

int runChild(const Options& options);

}  // namespace diemcau::probe
