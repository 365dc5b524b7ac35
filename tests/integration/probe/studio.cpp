#include "tests/integration/probe/studio.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace diemcau::test {

using Json = nlohmann::json;

namespace {

int freePort(int type) {
  const int fd = ::socket(AF_INET, type | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool ok = fd >= 0 && ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (fd >= 0) ::close(fd);
  if (!ok) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

}  // namespace

int freeUdpPort() {
  return freePort(SOCK_DGRAM);
}

std::string srtAddress(int port) {
  return "srt://127.0.0.1:" + std::to_string(port);
}

int freeTcpPort() {
  return freePort(SOCK_STREAM);
}

Studio::Studio(std::vector<std::string> words) {
  std::vector<std::string> argv = {DIEMCAU_STUDIO, "--size", "640x360", "--kbps", "1000"};
  argv.insert(argv.end(), words.begin(), words.end());
  process_ = std::make_unique<Process>(argv);
  while (const auto line = process_->line()) {
    const Json event = Json::parse(*line);
    if (event["event"] != "ready") continue;
    const Json& feed = event["feeds"][0];
    srt_ = feed.value("srt", "");
    hls_ = feed.value("hls", "");
    return;
  }
  throw std::runtime_error("the studio did not start: " + process_->errors());
}

std::optional<Micros> Studio::cue(const std::string& name, const std::string& state, int limit_ms) {
  while (const auto line = process_->line(limit_ms)) {
    const Json event = Json::parse(*line);
    if (event["event"] == "cue" && event["cue"] == name && event["state"] == state) return event["at_us"];
  }
  return {};
}

}  // namespace diemcau::test
