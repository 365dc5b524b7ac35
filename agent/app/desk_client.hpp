// `diemcau-agent desk ...`: asks the desk of a running agent and prints for a person, or its JSON.
#pragma once

#include <string>

#include "agent/app/options.hpp"

namespace diemcau::agent {

// Prints; returns the exit code.
int runDeskCommand(const DeskCommand& command);

// The state that GET /api/desk answers, for a terminal.
std::string describeState(const std::string& json, bool english);
std::string describeMessages(const std::string& json, bool english);
// What GET /api/desk/access answers.
std::string describeAccess(const std::string& json, bool english);

}  // namespace diemcau::agent
