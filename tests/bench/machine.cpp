// See machine.hpp.
#include "tests/bench/machine.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/statfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <thread>

namespace diemcau::bench {
namespace {

// "VmRSS:   123 kB" -> bytes.
double statusField(pid_t pid, const std::string& name) {
  std::ifstream in(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(name + ":")) return std::atof(line.c_str() + name.size() + 1) * 1024;
  return 0;
}

std::string valueIn(const char* file, const std::string& name) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(name)) continue;
    auto value = line.substr(line.find_first_of(":=") + 1);
    value.erase(0, value.find_first_not_of(" \t\""));
    if (value.ends_with('"')) value.pop_back();
    return value;
  }
  return "?";
}

std::string fileSystem(const std::string& path) {
  struct statfs facts {};
  if (::statfs(path.c_str(), &facts) != 0) return "?";
  switch (static_cast<unsigned long>(facts.f_type)) {
    case 0xEF53:
      return "ext4";
    case 0x01021994:
      return "tmpfs: fsync costs nothing here";
    case 0x794c7630:
      return "overlay";
    case 0x58465342:
      return "xfs";
    case 0x9123683E:
      return "btrfs";
    default:
      return fmt::format("0x{:x}", static_cast<unsigned long>(facts.f_type));
  }
}

volatile std::sig_atomic_t asked_to_end = 0;

}  // namespace

std::map<std::string, std::string> machineFacts() {
  utsname name{};
  ::uname(&name);
  return {
      {"cores", std::to_string(std::thread::hardware_concurrency())},
      {"cpu", valueIn("/proc/cpuinfo", "model name")},
      {"kernel", name.release},
      {"system", valueIn("/etc/os-release", "PRETTY_NAME")},
      {"memory_mib", fmt::format("{:.0f}", std::atof(valueIn("/proc/meminfo", "MemTotal").c_str()) / 1024)},
      {"file_system", fileSystem(std::filesystem::temp_directory_path().string())}};
}

Micros processorTime(pid_t pid) {
  std::error_code gone;
  std::uint64_t nanoseconds = 0;
  for (const auto& task : std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid), gone)) {
    std::ifstream in(task.path() / "schedstat");
    std::uint64_t ran = 0;
    if (in >> ran) nanoseconds += ran;
  }
  return static_cast<Micros>(nanoseconds / 1000);
}

double memoryOf(pid_t pid) {
  return statusField(pid, "RssAnon");
}

double residentOf(pid_t pid) {
  return statusField(pid, "VmRSS");
}

Micros ownProcessorTime() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return Micros{now.tv_sec} * kSecond + now.tv_nsec / 1000;
}

std::size_t raiseDescriptors() {
  constexpr rlim_t kEnough = 80'000;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  rlimit more{kEnough, std::max(kEnough, files.rlim_max)};
  // Beyond the hard limit only for root.
  if (::setrlimit(RLIMIT_NOFILE, &more) != 0) {
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
  ::getrlimit(RLIMIT_NOFILE, &files);
  return static_cast<std::size_t>(files.rlim_cur);
}

void watchForEnd() {
  struct sigaction action {};
  action.sa_handler = [](int) { asked_to_end = 1; };
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void endIfAsked() {
  if (asked_to_end != 0) throw Ended{};
}

}  // namespace diemcau::bench
