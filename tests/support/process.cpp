// Real programs in tests.
#include "tests/support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace diemcau::test {
namespace {

using Instant = std::chrono::steady_clock::time_point;

Instant deadlineIn(int ms) {
  return std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
}

// True when the descriptor has something (or its end) before the deadline.
bool readable(int fd, Instant deadline) {
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd one{fd, POLLIN, 0};
    const int ready = ::poll(&one, 1, left.count() > 0 ? static_cast<int>(left.count()) : 0);
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

}  // namespace

Process::Process(std::vector<std::string> argv, const ProcessSetup& setup) {
  int ends[2], input[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  if (setup.input && ::pipe2(input, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  const std::string errors = dir_.path() + "/stderr";
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                   0600);
  if (setup.input) {
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  } else {
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  std::vector<char*> raw, around;
  for (auto& arg : argv) raw.push_back(arg.data());
  raw.push_back(nullptr);
  auto more = setup.more;
  for (auto& one : more) around.push_back(one.data());
  for (char** one = environ; *one != nullptr; ++one) around.push_back(*one);
  around.push_back(nullptr);
  const int failed = ::posix_spawn(&pid_, raw[0], &actions, nullptr, raw.data(), around.data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (setup.input) ::close(input[0]);
  out_ = ends[0];
  in_ = input[1];
  if (failed != 0) throw std::runtime_error("cannot start " + argv[0]);
  pidfd_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (pidfd_ < 0) throw std::runtime_error("no pidfd");
}

Process::~Process() {
  if (!ended_) {
    signal(SIGKILL);
    wait();
  }
  ::close(pidfd_);
  ::close(out_);
  if (in_ >= 0) ::close(in_);
}

std::optional<std::string> Process::line(int limit_ms) {
  const Instant deadline = deadlineIn(limit_ms);
  while (true) {
    if (const auto end = buffer_.find('\n'); end != std::string::npos) {
      std::string found = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return found;
    }
    if (!readable(out_, deadline)) return std::nullopt;
    char chunk[4096];
    const ssize_t got = ::read(out_, chunk, sizeof chunk);
    if (got <= 0) return std::nullopt;
    buffer_.append(chunk, static_cast<std::size_t>(got));
  }
}

std::optional<std::string> Process::lineThatBegins(const std::string& begin, int limit_ms) {
  const Instant deadline = deadlineIn(limit_ms);
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    auto found = line(left.count() > 0 ? static_cast<int>(left.count()) : 0);
    if (!found || found->starts_with(begin)) return found;
  }
}

// Into a pipe that nobody reads any more: nothing happens.
void Process::write(const std::string& text) {
  const auto before = ::signal(SIGPIPE, SIG_IGN);
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t put = ::write(in_, text.data() + sent, text.size() - sent);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) break;
    sent += static_cast<std::size_t>(put);
  }
  ::signal(SIGPIPE, before);
}

void Process::signal(int number) {
  if (!ended_) ::kill(pid_, number);
}

std::optional<int> Process::wait(int limit_ms) {
  if (ended_) return ended_;
  if (!readable(pidfd_, deadlineIn(limit_ms))) return std::nullopt;
  int status = 0;
  if (::waitpid(pid_, &status, 0) != pid_) return std::nullopt;
  ended_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended_;
}

std::string Process::errors() const {
  std::ifstream in(dir_.path() + "/stderr", std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}

std::map<std::string, std::string> fields(const std::string& line) {
  std::map<std::string, std::string> out;
  std::istringstream words(line);
  for (std::string word; words >> word;) {
    if (const auto at = word.find('='); at != std::string::npos)
      out[word.substr(0, at)] = word.substr(at + 1);
  }
  return out;
}

}  // namespace diemcau::test
