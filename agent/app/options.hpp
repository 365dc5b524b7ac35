// The command line of diemcau-agent.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/app/settings.hpp"
#include "diemcau/v1/record.pb.h"

namespace diemcau::agent {

// As in sysexits.h, so that scripts and systemd can tell them apart.
namespace exit_code {
constexpr int kOk = 0, kRefused = 1, kUsage = 64, kUnavailable = 69, kInternal = 70, kNoRoom = 73,
              kConfig = 78;
}

// `diemcau-agent desk ...`: one request to the desk of a running agent.
struct DeskCommand {
  enum class Kind { kStatus, kConfirm, kHeadcount, kCheckIn, kUndo, kHelp, kMessages, kTest, kPin };
  Kind kind = Kind::kStatus;
  std::string url;  // http://127.0.0.1:7690
  bool json = false;
  bool english = false;
  v1::Record record;             // of confirm, headcount, check-in, help
  std::vector<std::string> ids;  // check-in: delegates; messages: those that were read
  bool all = false;              // messages: all were read
  bool by_code = false;          // check-in: the ids are codes that were scanned
  bool on = false;               // test: the picture is shown
  bool renew = false;            // pin: a new one
};

struct Parsed {
  enum class Do { kExit, kRun, kCheck, kDesk, kEnrol };
  Do what = Do::kExit;
  int code = exit_code::kOk;  // of kExit; `output` goes to standard output if it is 0, else to standard error
  std::string output;
  AgentSettings settings;
  DeskCommand desk;
  std::string token;  // of kEnrol
};

Parsed parseOptions(int argc, const char* const* argv);

}  // namespace diemcau::agent
