// See isolation.hpp.
#include "tests/integration/faults/isolation.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <thread>

#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"

namespace diemcau::test {
namespace {

int namespaceNow() {
  return ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
}

std::string programPath(const std::string& name) {
  for (const char* dir : {"/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"})
    if (std::filesystem::exists(dir + name)) return dir + name;
  FAIL("there is no program " << name << "; deploy/setup installs it");
  return {};
}

bool enter() {
  if (::unshare(CLONE_NEWNS | CLONE_NEWNET) != 0) {
    std::printf("skipped: mounts and networks of a test's own need root (%s)\n", std::strerror(errno));
    return false;
  }
  run({"ip", "link", "set", "lo", "up"});
  // In a chroot the root is no mount point: what is mounted there may be seen outside until it is taken away.
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 || errno == EINVAL) return true;
  std::printf("skipped: mounts of a test's own are not possible here (%s)\n", std::strerror(errno));
  return false;
}

}  // namespace

void run(std::vector<std::string> argv) {
  argv[0] = programPath(argv[0]);
  Process process(argv);
  const auto code = process.wait();
  CAPTURE(argv, process.errors());
  REQUIRE(code == 0);
}

bool isolated() {
  static const bool entered = enter();
  return entered;
}

SmallDisk::SmallDisk(unsigned kib) {
  path_ = (std::filesystem::temp_directory_path() / "diemcau-disk-XXXXXX").string();
  REQUIRE(::mkdtemp(path_.data()) != nullptr);
  REQUIRE(::mount("tmpfs", path_.c_str(), "tmpfs", 0, fmt::format("size={}k", kib).c_str()) == 0);
}

SmallDisk::Inside::Inside(const SmallDisk& disk) {
  if (const char* before = std::getenv("TMPDIR")) before_ = before;
  ::setenv("TMPDIR", disk.path().c_str(), 1);
}

SmallDisk::Inside::~Inside() {
  if (before_.empty()) {
    ::unsetenv("TMPDIR");
  } else {
    ::setenv("TMPDIR", before_.c_str(), 1);
  }
}

SmallDisk::~SmallDisk() {
  ::umount2(path_.c_str(), MNT_DETACH);
  ::rmdir(path_.c_str());
}

void SmallDisk::fill() {
  const std::string name = path_ + "/filler";
  const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  REQUIRE(fd >= 0);
  const std::string block(4096, 'x');
  while (::write(fd, block.data(), block.size()) > 0) {
  }
  CHECK(errno == ENOSPC);
  ::close(fd);
}

void SmallDisk::clear() {
  std::filesystem::remove(path_ + "/filler");
}

int OtherNetwork::here() {
  static const int fd = namespaceNow();
  return fd;
}

OtherNetwork::OtherNetwork() {
  here();
  // A thread's own namespace, held open by its file alone.
  std::thread maker([this] {
    if (::unshare(CLONE_NEWNET) == 0) fd_ = namespaceNow();
  });
  maker.join();
  REQUIRE(fd_ >= 0);
  const auto there = fmt::format("/proc/{}/fd/{}", ::getpid(), fd_);
  run({"ip", "link", "add", "veth-here", "type", "veth", "peer", "name", "veth-there", "netns", there});
  run({"ip", "address", "add", "10.77.0.1/24", "dev", "veth-here"});
  run({"ip", "link", "set", "veth-here", "up"});
  const Visit visit(fd_);
  run({"ip", "link", "set", "lo", "up"});
  run({"ip", "address", "add", "10.77.0.2/24", "dev", "veth-there"});
  run({"ip", "link", "set", "veth-there", "up"});
}

OtherNetwork::~OtherNetwork() {
  run({"ip", "link", "del", "veth-here"});
  ::close(fd_);
}

OtherNetwork::Visit::Visit(int fd) : back_(namespaceNow()) {
  REQUIRE(::setns(fd, CLONE_NEWNET) == 0);
}

OtherNetwork::Visit::~Visit() {
  ::setns(back_, CLONE_NEWNET);
  ::close(back_);
}

Cut::Cut(unsigned port, Way way) {
  run({"nft", "add", "table", "ip", "cut"});
  run({"nft", "add", "chain", "ip", "cut", "in", "{ type filter hook input priority 0 ; }"});
  const auto number = std::to_string(port);
  run({"nft", "add", "rule", "ip", "cut", "in", "tcp", "sport", number, "drop"});
  if (way == Way::kBoth) run({"nft", "add", "rule", "ip", "cut", "in", "tcp", "dport", number, "drop"});
}

Cut::~Cut() {
  run({"nft", "delete", "table", "ip", "cut"});
}

}  // namespace diemcau::test
