// A real coordinator in a directory of its own.
#include "tests/integration/centre.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sstream>

#include "base/time.hpp"
#include "tests/support/catch.hpp"

namespace diemcau::test {
namespace {

// Short times, so that a test takes seconds; each is one that the settings allow. A machine that does other
// things meanwhile is no alarm.
constexpr const char* kQuick =
    "[session]\nleast_lead_ms = 500\nstart_grace_ms = 1000\nalarm_gather_ms = 300\nalarm_clear_ms = 500\n"
    "link_grace_ms = 1000\nrehearsal_length_ms = 5000\nloop_delay_ms = 600000\n";

std::string base64(const std::string& bytes) {
  static const char* digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8U | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += i + k > bytes.size() ? '=' : digits[group >> (18 - 6 * k) & 63U];
    }
  }
  return out;
}

}  // namespace

Centre::Centre(std::string config, std::vector<std::string> more) : more_(std::move(more)) {
  if (config.find("[session]") == std::string::npos) config += kQuick;
  config_path_ = dir_.write("coordinator.toml", config);
  start();
}

void Centre::start() {
  startOnly();
  if (!ready()) FAIL("the coordinator did not start: " << process_->errors());
}

void Centre::startOnly() {
  process_.reset();
  const std::vector<std::string> argv = {COORDINATOR,
                                         "--config",
                                         config_path_,
                                         "--data",
                                         dir_.path(),
                                         "--sites-listen",
                                         fmt::format("127.0.0.1:{}", sites_port_),
                                         "--api-listen",
                                         fmt::format("127.0.0.1:{}", api_port_)};
  process_ = std::make_unique<Process>(argv, ProcessSetup{.input = false, .more = more_});
}

bool Centre::ready() {
  auto told = process_->lineThatBegins("ready ");
  if (!told) return false;
  auto ports = fields(*told);
  sites_port_ = static_cast<std::uint16_t>(std::stoi(ports["sites"]));
  api_port_ = static_cast<std::uint16_t>(std::stoi(ports["api"]));
  fingerprint_ = ports["fingerprint"];
  return true;
}

void Centre::kill() {
  process_->signal(SIGKILL);
  REQUIRE(process_->wait() == 128 + SIGKILL);
}

std::string Centre::api(const std::string& path) const {
  return fmt::format("http://127.0.0.1:{}{}", api_port_, path);
}
std::string Centre::sites() const {
  return fmt::format("ws://127.0.0.1:{}/site", sites_port_);
}
std::string Centre::sitesTls() const {
  return fmt::format("wss://127.0.0.1:{}/site", sites_port_);
}
std::string Centre::view(const std::string& query) const {
  return fmt::format("ws://127.0.0.1:{}/api/v1/view{}", api_port_, query);
}

namespace {

Centre::Answer ask(const std::string& method, const std::string& url, const std::string& body,
                   const Centre::Headers& headers) {
  auto answer = net::httpRequest(method, url, body, headers, 30);
  if (!answer) FAIL(method << " " << url << ": " << answer.error().text);
  return {answer->status, answer->content_type, answer->body};
}

}  // namespace

Centre::Answer Centre::get(const std::string& path, const Headers& headers) const {
  return ask("GET", api(path), "", headers);
}

Centre::Answer Centre::post(const std::string& path, const Json& body, Headers headers) const {
  headers.emplace_back("Content-Type", "application/json");
  return ask("POST", api(path), body.is_null() ? "{}" : body.dump(), headers);
}

Centre::Answer Centre::put(const std::string& path, const Json& body) const {
  return ask("PUT", api(path), body.dump(), {{"Content-Type", "application/json"}});
}

double Centre::metric(const std::string& name) const {
  std::istringstream lines(get("/metrics").body);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name + " ")) return std::stod(line.substr(name.size() + 1));
  }
  return -1;
}

Centre::Answer Centre::import(const std::vector<std::pair<std::string, std::string>>& files,
                              bool dry_run) const {
  Json body = {{"files", Json::array()}, {"dry_run", dry_run}};
  for (const auto& [name, content] : files) {
    body["files"].push_back({{"name", name}, {"content", base64(content)}});
  }
  return post("/api/v1/roster/import", body);
}

void Centre::importCity(int sites) const {
  std::string rows = "site_id,area_id,name\n";
  for (int i = 1; i <= sites; ++i) rows += fmt::format("S{},a,Hội trường {}\n", i, i);
  auto answer = import({{"areas.csv", "area_id,parent_id,name\na,,Phường Đống Đa\n"},
                        {"sites.csv", rows},
                        {"delegates.csv", "delegate_id,site_id,name\nd1,S1,An\nd2,S1,Bình\nd3,S1,Chi\n"}});
  CAPTURE(answer.body);
  REQUIRE(answer.status == 200);
}

std::string Centre::schedule(std::int64_t start_us) const {
  if (start_us == 0) start_us = systemClock().wall() + 5 * kHour;  // long before rehearsals begin
  auto made = post("/api/v1/sessions",
                   {{"title", "Họp giao ban"},
                    {"scheduled_start_us", std::to_string(start_us)},
                    {"feeds", {{{"id", "main"}, {"uri", "test://"}}, {{"id", "backup"}, {"uri", "test://"}}}},
                    {"selection", {{"everyone", true}}}});
  CAPTURE(made.body);
  REQUIRE(made.status == 201);
  std::string id = made.json()["session"]["id"];
  act(id, "schedule");
  return id;
}

void Centre::act(const std::string& session, const std::string& what, const Json& body) const {
  auto answer = post("/api/v1/sessions/" + session + "/" + what, body, {{"X-Diemcau-Actor", "An"}});
  CAPTURE(what, answer.body);
  REQUIRE(answer.status == 200);
}

RawSocket::RawSocket(std::uint16_t port) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(fd_ >= 0);
  const int small = 4096;  // a reader that does not read fills up soon
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0);
}

RawSocket::~RawSocket() {
  ::close(fd_);
}

void RawSocket::send(const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t put = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (put <= 0) return;  // the peer has closed: what it said will be read
    sent += static_cast<std::size_t>(put);
  }
}

std::string RawSocket::readUntil(const std::string& end, int limit_ms) {
  const Micros deadline = systemClock().steady() + limit_ms * kMillisecond;
  while (true) {
    if (const auto at = buffer_.find(end); !end.empty() && at != std::string::npos) {
      std::string found = buffer_.substr(0, at + end.size());
      buffer_.erase(0, at + end.size());
      return found;
    }
    const Micros left = (deadline - systemClock().steady()) / kMillisecond;
    pollfd one{fd_, POLLIN, 0};
    char chunk[4096];
    ssize_t got = 0;
    if (left > 0 && ::poll(&one, 1, static_cast<int>(left)) > 0) got = ::recv(fd_, chunk, sizeof chunk, 0);
    if (got <= 0) return std::exchange(buffer_, {});
    buffer_.append(chunk, static_cast<std::size_t>(got));
  }
}

std::string RawSocket::upgrade(const std::string& path, const std::string& protocol, std::uint16_t port,
                               const std::string& more) {
  send(
      fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n"
                  "Sec-WebSocket-Protocol: {}\r\n{}\r\n",
                  path, port, protocol, more));
  return readUntil("\r\n\r\n");
}

}  // namespace diemcau::test
