// Where the command line keeps what it was given at sign-in: one line "URL SECRET" for each coordinator, in a
// file that only its owner can read. A secret is sent to the coordinator that it is of, and to no other.
// Private to this folder.
#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"

namespace diemcau::ctl {

using Environment = std::function<std::string(const char* name)>;

// DIEMCAU_TOKEN where it is set, else from the file; empty: not signed in.
std::string tokenFor(const std::string& url, const Environment& environment);
// An empty secret takes the line out.
Done keepToken(const std::string& url, const std::string& secret, const Environment& environment);

}  // namespace diemcau::ctl
