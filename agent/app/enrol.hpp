// `diemcau-agent enrol TOKEN`: makes this site's key and takes it to the coordinator.
#pragma once

#include <string>

#include "agent/app/settings.hpp"
#include "base/result.hpp"
#include "diemcau/v1/enrolment.pb.h"

namespace diemcau::agent {

// The credentials are on the disk when it succeeds. Repeated with the same token after a lost answer it goes
// on with the same key. kConflict: this computer is set up as another site.
Result<v1::EnrolReply> enrol(const std::string& token, const AgentSettings& settings);

// For the command line: says what came of it. An exit code.
int runEnrol(const std::string& token, const AgentSettings& settings);

}  // namespace diemcau::agent
