#include "tests/unit/proto/net/support.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>

#include "tests/support/catch.hpp"

namespace diemcau::net::test {

LoopThread::LoopThread() : loop_(std::make_unique<Loop>()), thread_([this] { loop_->run(); }) {}

LoopThread::~LoopThread() {
  loop_->post([this] { loop_->stop(); });
  thread_.join();
}

RunningServer::RunningServer(LoopThread& loop, ServerOptions options) : loop_(loop) {
  auto started = loop_.run([&](Loop& on) { return serve(on, std::move(options)); });
  REQUIRE(started);
  server_ = std::move(*started);
  port_ = server_->port();
}

RunningServer::~RunningServer() {
  destroy();
}

void RunningServer::destroy() {
  loop_.run([&](Loop&) { server_.reset(); });
}

bool RunningServer::reload() {
  return loop_.run([&](Loop&) { return server_->reloadCertificate().has_value(); });
}

ServerCounters RunningServer::counters() {
  return loop_.run([&](Loop&) { return server_->counters(); });
}

void RunningServer::drain(std::uint16_t code, const std::string& reason) {
  loop_.run([&](Loop&) { server_->drain(code, reason); });
}

bool RunningServer::waitFor(const std::function<bool(const ServerCounters&)>& wanted) {
  const auto until = std::chrono::steady_clock::now() + kLimit;
  while (std::chrono::steady_clock::now() < until) {
    if (wanted(counters())) return true;
    std::this_thread::yield();
  }
  return false;
}

RawClient::RawClient(std::uint16_t port, int receive_buffer) : port_(port) {
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(fd_ >= 0);
  if (receive_buffer != 0) setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  const timeval limit{kLimit.count(), 0};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
}

RawClient::~RawClient() {
  if (fd_ >= 0) ::close(fd_);
}

RawClient::RawClient(RawClient&& other) noexcept
    : BlockingReader(std::move(other.buffer_)), fd_(std::exchange(other.fd_, -1)), port_(other.port_) {}

void RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the server has had enough: the answer tells
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool RawClient::more() {
  std::array<char, 64 * 1024> piece{};
  const ssize_t got = recv(fd_, piece.data(), piece.size(), 0);
  if (got <= 0) return false;
  buffer_.append(piece.data(), static_cast<std::size_t>(got));
  return true;
}

std::string BlockingReader::readUntil(std::string_view mark) {
  std::size_t at = 0;
  while ((at = buffer_.find(mark)) == std::string::npos) {
    if (!more()) return std::exchange(buffer_, {});
  }
  std::string text = buffer_.substr(0, at + mark.size());
  buffer_.erase(0, at + mark.size());
  return text;
}

std::string BlockingReader::readExactly(std::size_t count) {
  while (buffer_.size() < count && more()) {
  }
  std::string text = buffer_.substr(0, count);
  buffer_.erase(0, text.size());
  return text;
}

std::string BlockingReader::readAll() {
  while (more()) {
  }
  return std::exchange(buffer_, {});
}

std::string BlockingReader::answer(bool with_body) {
  std::string text = readUntil("\r\n\r\n");
  const std::size_t at = text.find("Content-Length: ");
  if (at == std::string::npos || !with_body) return text;
  return text + readExactly(std::stoul(text.substr(at + 16)));
}

bool RawClient::ended() {
  while (more()) {
  }
  std::array<char, 1> byte{};
  const ssize_t got = recv(fd_, byte.data(), 1, MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

std::string RawClient::handshake(const std::string& path, const std::string& protocol,
                                 const std::string& more) {
  send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) +
       "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
       "Sec-WebSocket-Version: 13\r\n" +
       (protocol.empty() ? std::string() : "Sec-WebSocket-Protocol: " + protocol + "\r\n") + more + "\r\n");
  return readUntil("\r\n\r\n");
}

void RawClient::sendFrameHead(int opcode, std::uint64_t announced) {
  std::string head{static_cast<char>(opcode)};
  if (announced < 126) {
    head += static_cast<char>(0x80U | announced);
  } else {
    const int bytes = announced < 65536 ? 2 : 8;
    head += static_cast<char>(0x80U | (bytes == 2 ? 126U : 127U));
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
      head += static_cast<char>((announced >> shift) & 0xffU);
  }
  send(head + std::string(4, '\0'));  // a mask of zeros changes nothing
}

void RawClient::sendFrame(int opcode, std::string_view payload, bool final) {
  sendFrameHead(opcode | (final ? 0x80 : 0), payload.size());
  send(payload);
}

RawClient::ReceivedFrame RawClient::readFrame() {
  const std::string head = readExactly(2);
  if (head.size() < 2) return {};
  std::uint64_t size = static_cast<unsigned char>(head[1]) & 0x7fU;
  if (size >= 126) {
    const std::string more = readExactly(size == 126 ? 2 : 8);
    size = 0;
    for (const char c : more) size = (size << 8U) | static_cast<unsigned char>(c);
  }
  return {head[0] & 0x0f, readExactly(size)};
}

int RawClient::readCloseCode(std::string* reason) {
  for (;;) {
    const ReceivedFrame frame = readFrame();
    if (frame.opcode == -1) return 0;
    if (frame.opcode != 8) continue;
    if (frame.payload.size() < 2) return 1005;
    if (reason != nullptr) *reason = frame.payload.substr(2);
    return (static_cast<unsigned char>(frame.payload[0]) << 8) | static_cast<unsigned char>(frame.payload[1]);
  }
}

void Recorder::onOpen(Peer& peer) {
  peer_ = &peer;
  record_->change([&](Record& record) {
    ++record.opened;
    record.peer = &peer;
  });
  if (on_open) on_open(peer);
  if (!out.empty()) peer.wantSend();
}

void Recorder::onMessage(std::string_view bytes) {
  record_->change([&](Record& record) { record.messages.emplace_back(bytes); });
  if (on_message) on_message(*peer_, bytes);
}

bool Recorder::next(Frame& frame) {
  if (out.empty()) return false;
  frame.head = out.front();
  out.erase(out.begin());
  return true;
}

void Recorder::onClose(std::uint16_t code, std::string_view reason) {
  record_->change([&](Record& record) {
    ++record.closed;
    record.code = code;
    record.reason = reason;
    record.peer = nullptr;
  });
}

std::unique_ptr<PeerHandler> echo(std::shared_ptr<Record> record) {
  auto handler = std::make_unique<Recorder>(std::move(record));
  handler->on_message = [self = handler.get()](Peer& peer, std::string_view bytes) {
    self->out.emplace_back(bytes);
    peer.wantSend();
  };
  return handler;
}

std::string host(const RunningServer& server) {
  return "Host: localhost:" + std::to_string(server.port()) + "\r\n";
}

ServerOptions options(std::shared_ptr<Record> record) {
  ServerOptions options;
  options.listen = {"127.0.0.1", 0};
  options.sockets.push_back({"/ws", "test.v1", [record](const HttpRequest&) { return echo(record); }});
  return options;
}

}  // namespace diemcau::net::test
