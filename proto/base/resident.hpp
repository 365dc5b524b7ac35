// What only the start of a process needed.
#pragma once

#include "base/time.hpp"

namespace diemcau {

// Dozens of libraries come with those that are used (a hundred with the decoders): their symbols were read
// and their beginnings run once. Those pages leave this process and stay in the system's cache for as long as
// nobody needs the room; what is needed again comes back by itself.
void forgetStart();

constexpr Micros kStarted = 5 * kSecond;  // all has run once

}  // namespace diemcau
