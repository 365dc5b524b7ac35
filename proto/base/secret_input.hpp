// Passwords that a person types, or a script hands over.
#pragma once

#include <string>

#include "base/result.hpp"

namespace diemcau {

bool canAskSecret();  // this process has a terminal

// From the terminal, without showing it; on an interrupt the terminal is as it was. kUnavailable: there is
// none.
Result<std::string> askSecret(const std::string& prompt);

// The first line of standard input, without its end; at most 4 KiB.
Result<std::string> readSecretLine();

}  // namespace diemcau
