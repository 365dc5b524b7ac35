// Who this site is to the coordinator: its key, and the coordinator's. credentials.json in the agent's
// directory, mode 0600; made by `diemcau-agent enrol`.
#pragma once

#include <optional>
#include <string>

#include "agent/app/settings.hpp"
#include "base/result.hpp"
#include "diemcau/v1/enrolment.pb.h"
#include "diemcau/v1/link.pb.h"
#include "net/tls.hpp"

namespace diemcau::agent {

// Nothing: not enrolled. An error: the file is there and cannot be used; it is never taken for absent.
Result<std::optional<v1::SiteCredentials>> readCredentials(const std::string& dir);
// The same, held against the settings, whose site id is filled in where it is empty. kDenied: nobody knows
// which site this is, or the two say different things.
Result<std::optional<v1::SiteCredentials>> identityOf(AgentSettings& settings);
// fsynced, and given to whom the directory belongs: enrolling is done by root, the agent runs as its own
// user.
Done saveCredentials(const std::string& dir, const v1::SiteCredentials& credentials);

net::Trust trustOf(const v1::SiteCredentials& credentials);

// The signature that a challenge asks for.
std::string proofFor(const v1::SiteCredentials& credentials, const v1::Hello& hello, const std::string& nonce,
                     const std::string& fingerprint);

}  // namespace diemcau::agent
