// The processes that ours is compared with.
#include "tests/bench/systems.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "net/tls.hpp"
#include "tests/bench/machine.hpp"

namespace diemcau::bench {
namespace {

constexpr int kEndMs = 30'000;
constexpr Micros kStartLimit = 30 * kSecond;

// Binds when `connect` is false; the socket's port, or 0.
std::uint16_t tryPort(std::uint16_t port, bool connect) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* address = reinterpret_cast<sockaddr*>(&at);
  const bool good = connect ? ::connect(fd, address, size) == 0 : ::bind(fd, address, size) == 0;
  if (good && !connect) ::getsockname(fd, address, &size);
  ::close(fd);
  return good ? ntohs(at.sin_port) : 0;
}

std::string installed(const char* program) {
  for (const char* place : {"/usr/sbin/", "/usr/bin/", "/usr/local/bin/"})
    if (std::filesystem::exists(std::string(place) + program)) return std::string(place) + program;
  return {};
}

std::string firstLine(std::vector<std::string> argv) {
  test::Process process(std::move(argv));
  return process.line().value_or("?");
}

class FloorSystem final : public System {
 public:
  FloorSystem(const Programs& programs, bool tls, const Sizes& sizes)
      : System(tls), program_(programs.bin + "/diemcau-floor"), sizes_(sizes) {}
  std::string name() const override { return "floor"; }
  std::string version() const override { return DIEMCAU_VERSION; }
  void start() override {
    std::vector<std::string> argv = {program_, dir_ / "records"};
    if (tls_) argv.insert(argv.end(), {certificate(), key()});
    run(std::move(argv));
    port_ = portOf("port");
  }
  Target target() const override { return {port_, 0, tls_, tls_}; }
  std::unique_ptr<Dialect> dialect() override { return floorDialect(sizes_); }

 private:
  const std::string program_;
  const Sizes sizes_;
};

class Mosquitto final : public System {
 public:
  Mosquitto(std::string program, bool tls, const Sizes& sizes)
      : System(tls), program_(std::move(program)), sizes_(sizes) {}
  std::string name() const override { return "mosquitto"; }
  std::string version() const override { return firstLine({program_, "-h"}); }
  void start() override {
    // As root it would become another user, who cannot read our files.
    std::string config = fmt::format(
        "listener {} 127.0.0.1\nallow_anonymous true\npersistence false\nsys_interval 0\nlog_dest none\n"
        "set_tcp_nodelay true\nmax_queued_messages 0\n{}",
        fixedPort(), ::geteuid() == 0 ? "user root\n" : "");
    if (tls_) config += fmt::format("certfile {}\nkeyfile {}\n", certificate(), key());
    run({program_, "-c", dir_.write("mosquitto.conf", config)});
    waitForPort();
  }
  Target target() const override { return {port_, 0, tls_, tls_}; }
  std::unique_ptr<Dialect> dialect() override { return mqttDialect(sizes_); }

 private:
  const std::string program_;
  const Sizes sizes_;
};

class Nats final : public System {
 public:
  Nats(std::string program, bool tls, const Sizes& sizes)
      : System(tls), program_(std::move(program)), sizes_(sizes) {}
  std::string name() const override { return "nats"; }
  std::string version() const override { return firstLine({program_, "-v"}); }
  void start() override {
    std::string config = fmt::format(
        "listen: \"127.0.0.1:{}\"\nmax_connections: 100000\nping_interval: \"10m\"\nwrite_deadline: \"60s\"\n"
        "logfile: \"/dev/null\"\n",
        fixedPort());
    if (tls_)
      config +=
          fmt::format("tls {{ cert_file: \"{}\", key_file: \"{}\", timeout: 60 }}\n", certificate(), key());
    run({program_, "-c", dir_.write("nats.conf", config)});
    waitForPort();
  }
  Target target() const override { return {port_, 0, tls_, tls_}; }
  std::unique_ptr<Dialect> dialect() override { return natsDialect(sizes_); }

 private:
  const std::string program_;
  const Sizes sizes_;
};

}  // namespace

void System::run(std::vector<std::string> argv) {
  process_.reset();
  process_ = std::make_unique<test::Process>(std::move(argv));
}

void System::stop() {
  if (!process_) return;
  process_->signal(SIGTERM);
  process_->wait(kEndMs);
  process_.reset();
}

void System::kill() {
  process_->signal(SIGKILL);
  process_->wait(kEndMs);
}

std::uint16_t System::portOf(const std::string& field) {
  const auto told = process_->lineThatBegins("ready ");
  if (!told) throw Spoilt(name() + " did not start: " + process_->errors());
  return static_cast<std::uint16_t>(std::stoi(test::fields(*told)[field]));
}

std::uint16_t System::fixedPort() {
  if (port_ == 0) port_ = tryPort(0, false);
  return port_;
}

void System::waitForPort() {
  const Micros end = systemClock().steady() + kStartLimit;
  while (tryPort(port_, true) == 0) {
    endIfAsked();
    if (systemClock().steady() >= end || process_->wait(5))
      throw Spoilt(name() + " does not listen: " + process_->errors());
  }
}

std::string System::certificate() {
  const net::TlsFiles files{dir_ / "peer.crt", dir_ / "peer.key"};
  if (auto made = net::makeOwnCertificate(files); !made) throw Spoilt(made.error().text);
  return files.certificate;
}
std::string System::key() {
  return dir_ / "peer.key";
}

std::unique_ptr<System> floorSystem(const Programs& programs, bool tls, const Sizes& sizes) {
  return std::make_unique<FloorSystem>(programs, tls, sizes);
}
std::unique_ptr<System> mosquittoSystem(bool tls, const Sizes& sizes) {
  const auto program = installed("mosquitto");
  return program.empty() ? nullptr : std::make_unique<Mosquitto>(program, tls, sizes);
}
std::unique_ptr<System> natsSystem(bool tls, const Sizes& sizes) {
  const auto program = installed("nats-server");
  return program.empty() ? nullptr : std::make_unique<Nats>(program, tls, sizes);
}

}  // namespace diemcau::bench
