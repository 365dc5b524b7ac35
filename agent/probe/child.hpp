// diemcau-probe --child: an agent's words on standard input, reports on standard output, one line of JSON
// each.
//   {"feed":{...},"profile":{...}}   first line: ProbeSetup
//   show N | prepare | hide        then; N is the wall clock in microseconds; prepare opens the screen and
//                                    stays hidden
//   light | full                     how closely to measure from now on
//   quit                             so is the end of input
#pragma once

#include "agent/probe/child_words.hpp"
#include "agent/probe/options.hpp"

namespace diemcau::probe {

int runChild(const Options& options);

}  // namespace diemcau::probe
