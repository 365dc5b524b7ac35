// Real programs in tests: started with arguments, read line by line, ended by their own id. Every wait is for
// an event and has a limit.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/temp_dir.hpp"

namespace diemcau::test {

constexpr int kPatienceMs = 30'000;

struct ProcessSetup {
  bool input = false;             // a pipe for write(); else standard input is empty
  std::vector<std::string> more;  // "NAME=value", before what it inherits
};

class Process {
 public:
  // argv[0] is the program's path. Fails the test when it cannot be started.
  explicit Process(std::vector<std::string> argv, const ProcessSetup& setup = {});
  ~Process();  // SIGKILL when it still runs
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  int pidfd() const { return pidfd_; }  // for pidfd_send_signal() from another thread
  // Next line of standard output; nothing at its end or after the limit.
  std::optional<std::string> line(int limit_ms = kPatienceMs);
  // The first line that begins with `begin`; those before it are left out.
  std::optional<std::string> lineThatBegins(const std::string& begin, int limit_ms = kPatienceMs);
  void write(const std::string& text);  // to its standard input
  void signal(int number);
  // Exit code, or 128 + the signal that ended it; nothing when it still runs at the limit.
  std::optional<int> wait(int limit_ms = kPatienceMs);
  // What it wrote to standard error so far.
  std::string errors() const;

 private:
  TempDir dir_;
  pid_t pid_ = -1;
  int pidfd_ = -1, out_ = -1, in_ = -1;
  std::string buffer_;
  std::optional<int> ended_;
};

// "ready sites=1 api=2" -> {"sites": "1", "api": "2"}.
std::map<std::string, std::string> fields(const std::string& line);

}  // namespace diemcau::test
