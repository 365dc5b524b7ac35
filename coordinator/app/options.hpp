// The command line of diemcau-coordinator.
#pragma once

#include <string>

#include "base/result.hpp"
#include "coordinator/app/settings.hpp"

namespace diemcau::app {

// Exit codes, as in sysexits.h.
namespace exit_code {
constexpr int kOk = 0, kUsage = 64, kUnavailable = 69, kIo = 74, kTryAgain = 75, kConfig = 78;
constexpr int kDamagedAudit = 1;
}  // namespace exit_code

struct Options {
  std::string config;  // empty: defaults alone
  bool check_config = false;
  std::string data;          // a directory: [store] path is inside
  std::string sites_listen;  // over [sites] listen
  std::string api_listen;    // over [api] listen

  enum class Task { kServe, kInit, kRecover, kVerifyAudit };
  Task task = Task::kServe;
  std::string admin = "admin";  // of init and recover
  bool password_stdin = false, generate = false;
};

// True: go on with `options`. False: end with `code`; what there was to print is printed.
bool parseOptions(int argc, char** argv, Options& options, int& code);

// The file, the overrides, and the checks of both.
Result<Settings> loadSettings(const Options& options);

}  // namespace diemcau::app
