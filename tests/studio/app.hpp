// Puts the studio together and runs it.
#pragma once

namespace diemcau::studio {

// The whole program but main(): returns its exit code.
int run(int argc, const char* const* argv);

}  // namespace diemcau::studio
