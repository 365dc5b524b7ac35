// What is done to a store while no coordinator runs on it: the first admin, and a look at the audit log.
#pragma once

#include "coordinator/app/options.hpp"
#include "coordinator/app/settings.hpp"

namespace diemcau::app {

// Each prints what came of it and gives an exit code.
int recoverAccount(const Settings& settings, const Options& options);
int makeFirstAdmin(const Settings& settings, const Options& options);
int verifyAuditOffline(const Settings& settings);

}  // namespace diemcau::app
