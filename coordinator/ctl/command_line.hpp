// The commands and their options: what can be typed, what it says about itself, and what it does.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace diemcau::ctl {

struct Arguments;
struct Context;

// What surrounds the program; tests give their own.
struct Surroundings {
  std::ostream& out;
  std::ostream& err;
  std::function<std::string(const char* name)> environment;  // "" when not set
  bool terminal = false;                                     // `out` is one: colours, and its width
  std::size_t width = 0, height = 0;
};

// Runs one command; the exit code.
int run(const std::vector<std::string>& words, const Surroundings& surroundings);

// The tree of commands, for `run`, for completion and for tests. `action` is what was chosen, after parsing.
struct CommandLine {
  CommandLine(bool english, const std::function<std::string(const char*)>& environment);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  std::unique_ptr<Arguments> arguments;
  std::string language;
  std::unique_ptr<CLI::App> app;
  std::function<int(Context&)> action;
};

// A script that completes the commands of `app` in bash, zsh or fish; empty for another shell.
std::string completionScript(const CLI::App& app, const std::string& shell);

}  // namespace diemcau::ctl
