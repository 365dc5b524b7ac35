#include "tests/integration/probe/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace diemcau::test {
namespace {

// True when there is something to read, or the end, before this instant of the steady clock.
bool readableBy(int fd, Micros deadline) {
  while (true) {
    const Micros left = (deadline - systemClock().steady()) / kMillisecond;
    pollfd one{fd, POLLIN, 0};
    const int ready = ::poll(&one, 1, left > 0 ? static_cast<int>(left) : 0);
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

Micros inMs(int ms) {
  return systemClock().steady() + ms * kMillisecond;
}

}  // namespace

ProbeChild::ProbeChild(const Json& setup, std::vector<std::string> words) {
  int in[2], out[2];
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  words.insert(words.begin(), {DIEMCAU_PROBE, "--child"});
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int failed = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]);
  ::close(out[1]);
  in_ = in[1];
  out_ = out[0];
  if (failed != 0) throw std::runtime_error("cannot start the probe");
  pidfd_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  ::signal(SIGPIPE, SIG_IGN);
  say(setup.dump());
}

ProbeChild::~ProbeChild() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  closeInput();
  closeOutput();
  if (pidfd_ >= 0) ::close(pidfd_);
}

void ProbeChild::say(const std::string& line) {
  const std::string text = line + "\n";
  if (::write(in_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("the probe does not listen");
  }
}

void ProbeChild::closeInput() {
  if (in_ >= 0) ::close(in_);
  in_ = -1;
}

void ProbeChild::closeOutput() {
  if (out_ >= 0) ::close(out_);
  out_ = -1;
}

std::optional<ProbeChild::Json> ProbeChild::report(int limit_ms) {
  const Micros deadline = inMs(limit_ms);
  while (true) {
    if (const std::size_t end = buffer_.find('\n'); end != std::string::npos) {
      const Json out = Json::parse(buffer_.substr(0, end));
      buffer_.erase(0, end + 1);
      return out;
    }
    if (!readableBy(out_, deadline)) return {};
    std::array<char, 4096> bytes;
    const ssize_t size = ::read(out_, bytes.data(), bytes.size());
    if (size <= 0) return {};
    buffer_.append(bytes.data(), static_cast<std::size_t>(size));
  }
}

std::optional<ProbeChild::Json> ProbeChild::sampleThat(const std::function<bool(const Json&)>& holds,
                                                       int limit_ms) {
  const Micros deadline = inMs(limit_ms);
  while (systemClock().steady() < deadline) {
    const auto next = report(limit_ms);
    if (!next) return {};
    if (next->contains("sample") && holds((*next)["sample"])) return (*next)["sample"];
  }
  return {};
}

std::optional<Micros> ProbeChild::shown(int limit_ms) {
  const Micros deadline = inMs(limit_ms);
  while (systemClock().steady() < deadline) {
    const auto next = report(limit_ms);
    if (!next) return {};
    if (next->contains("shown")) return std::stoll((*next)["shown"]["at_us"].get<std::string>());
  }
  return {};
}

std::optional<int> ProbeChild::wait(int limit_ms) {
  if (!readableBy(pidfd_, inMs(limit_ms))) return {};
  int status = 0;
  if (::waitpid(pid_, &status, 0) != pid_) return {};
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool tells(const nlohmann::json& sample, const std::string& condition) {
  const auto& all = sample["conditions"];
  return std::find(all.begin(), all.end(), condition) != all.end();
}

}  // namespace diemcau::test
