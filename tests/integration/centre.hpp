// A real coordinator in a directory of its own, asked over real HTTP.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/loop.hpp"
#include "net/client.hpp"
#include "tests/support/process.hpp"

namespace diemcau::test {

using Json = nlohmann::json;

class Centre {
 public:
  // `config` goes into a settings file; quick values for what takes time are added.
  // `more`: environment of the program, "NAME=value".
  explicit Centre(std::string config = {}, std::vector<std::string> more = {});

  void start();  // waits for the ready line; the second time on the same ports
  void startOnly();
  bool ready();  // false: it ended instead
  void kill();   // SIGKILL

  Process& process() { return *process_; }
  const std::string& dir() const { return dir_.path(); }
  std::string api(const std::string& path) const;                  // http://...
  std::string sites() const;                                       // ws://.../site
  std::string sitesTls() const;                                    // wss://.../site
  const std::string& fingerprint() const { return fingerprint_; }  // of the TLS key; empty: none
  std::string view(const std::string& query) const;                // ws://.../api/v1/view...
  std::uint16_t apiPort() const { return api_port_; }
  std::uint16_t sitesPort() const { return sites_port_; }

  struct Answer {
    int status = 0;
    std::string type, body;
    Json json() const { return Json::parse(body); }
  };
  using Headers = std::vector<std::pair<std::string, std::string>>;
  Answer get(const std::string& path, const Headers& headers = {}) const;
  Answer post(const std::string& path, const Json& body = nullptr, Headers headers = {}) const;
  Answer put(const std::string& path, const Json& body) const;

  // One sample of /metrics, -1 when it is not there.
  double metric(const std::string& name) const;

  Answer import(const std::vector<std::pair<std::string, std::string>>& files, bool dry_run = false) const;
  // Area "a" with sites S1..Sn, three delegates in S1.
  void importCity(int sites) const;
  // A session of everyone with two test feeds, scheduled; its id.
  std::string schedule(std::int64_t start_us = 0) const;
  // One act; the test fails when it is refused.
  void act(const std::string& session, const std::string& what, const Json& body = nullptr) const;

 private:
  TempDir dir_;
  std::string config_path_;
  std::vector<std::string> more_;
  std::unique_ptr<Process> process_;
  std::string fingerprint_;
  std::uint16_t sites_port_ = 0, api_port_ = 0;
};

// Runs the loop until it is so; false after a generous limit.
template <class Condition>
bool until(Loop& loop, Condition condition, Micros limit = 30 * kSecond) {
  bool held = condition();
  if (held) return true;
  auto check = loop.every(5 * kMillisecond, [&] {
    held = held || condition();  // not asked again: it may hold for a moment only
    if (held) loop.stop();
  });
  auto end = loop.after(limit, [&] { loop.stop(); });
  loop.run();
  return held;
}

// A plain TCP connection with small buffers, for what no well-behaved client does.
class RawSocket {
 public:
  explicit RawSocket(std::uint16_t port);
  ~RawSocket();
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;

  void send(const std::string& bytes);
  // What arrived up to and with `end`, or all there was at the limit.
  std::string readUntil(const std::string& end, int limit_ms = kPatienceMs);
  // Sends an upgrade and returns the answer's head.
  std::string upgrade(const std::string& path, const std::string& protocol, std::uint16_t port,
                      const std::string& more = {});

 private:
  int fd_ = -1;
  std::string buffer_;
};

}  // namespace diemcau::test
