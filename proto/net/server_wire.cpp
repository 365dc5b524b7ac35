// One connection of a server, from its first header to its end.
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "base/log.hpp"
#include "net/answer.hpp"
#include "net/openssl.hpp"
#include "net/server_core.hpp"

namespace diemcau::net {
namespace {

constexpr Micros kAnswerWithin = 120 * kSecond;  // the owner of the server; then the connection ends
constexpr Micros kTakeWithin = 30 * kSecond;     // the peer, each piece of an answer
constexpr Micros kIdleFor = 30 * kSecond;        // between two requests
constexpr Micros kLingerFor = kSecond;           // after a refusal, so that a sender still sees it
constexpr Micros kCloseWithin = 5 * kSecond;     // the closing handshake
constexpr unsigned kMaxEarly = 16;               // pieces of up to 16 KiB
constexpr std::size_t kPiece = 256 * 1024;       // of an answer, at once

bool isWord(std::string_view text, std::string_view word) {
  return text.size() == word.size() && std::equal(text.begin(), text.end(), word.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
         });
}

// The token of an Upgrade header. Never from the callback's `in`: after an upgrade to something unknown it
// points into memory that libwebsockets 4.1.6 has freed already.
bool asksForWebSocket(lws* wsi) {
  char token[16] = {};
  const int length = lws_hdr_copy(wsi, token, sizeof token, WSI_TOKEN_UPGRADE);
  return length > 0 && isWord(std::string_view(token, static_cast<std::size_t>(length)), "websocket");
}

std::string headerOf(const HttpRequest& request, const char* name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? std::string() : found->second;
}

}  // namespace

int ServerWire::event(lws* w, lws_callback_reasons reason, void* in, std::size_t length) {
  const auto* bytes = static_cast<const char*>(in);
  switch (reason) {
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
      return upgrade(w);
    case LWS_CALLBACK_RAW_ADOPT:  // after CONNECT
    case LWS_CALLBACK_RAW_RX:
      return -1;
    case LWS_CALLBACK_HTTP:
      return request(w);
    case LWS_CALLBACK_HTTP_BODY:
      return body(bytes, length);
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
      if (phase_ == WirePhase::kBody && http_->request.body.size() == http_->body_length) {
        dispatch();
        return 0;
      }
      // Told again for what comes behind a body before its answer is out. libwebsockets stores it, and for
      // bytes that it holds already it asks in a loop without end: so that ends the connection.
      return ++early_ > kMaxEarly ? -1 : 0;
    case LWS_CALLBACK_HTTP_WRITEABLE:
      return sendMore();
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
      return route_ != nullptr && route_->protocol == lws_get_protocol(w)->name ? 0 : -1;
    case LWS_CALLBACK_ESTABLISHED:
      if (!handler_ || route_ == nullptr) return -1;
      phase_ = WirePhase::kSocket;
      http_.reset();
      core_.clearDeadline(*this);
      core_.handshakeOver(*this);
      ++core_.counters->open_sockets;
      socket_ = std::make_unique<WsSocket>(WsSocket::Parts{
          core_.home, w, id, caller_.address, route_->protocol, core_.options.limits.max_message,
          core_.counters, *this, std::move(handler_), shownFingerprint(lws_get_ssl(w), true)});
      return socket_->opened();
    case LWS_CALLBACK_RECEIVE:
      return socket_ ? socket_->received(bytes, length) : -1;
    case LWS_CALLBACK_SERVER_WRITEABLE:
      return socket_ ? socket_->writable() : -1;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
      if (socket_) socket_->peerCloses(static_cast<const unsigned char*>(in), length);
      return 0;
    case LWS_CALLBACK_CLOSED:
    case LWS_CALLBACK_CLOSED_HTTP:
      wsi = nullptr;
      if (socket_) socket_->ended();
      return 0;
    default:
      return 0;
  }
}

// ---- requests

std::optional<Refusal> ServerWire::checkNames(const HttpRequest& what, bool changes_state) {
  const auto* allowed = &core_.options.hosts;
  std::vector<std::string> with_own;
  if (core_.options.own_address && !caller_.reached.empty()) {
    with_own = *allowed;
    if (with_own.empty()) with_own = {"localhost", "127.0.0.1", "[::1]"};
    const bool v6 = caller_.reached.find(':') != std::string::npos;
    with_own.push_back(v6 ? "[" + caller_.reached + "]" : caller_.reached);
    allowed = &with_own;
  }
  if (!hostAllowed(headerOf(what, "host"), *allowed)) {
    ++core_.counters->refused_host;
    if (core_.options.turned_away)
      core_.options.turned_away(what, "a foreign Host: " + headerOf(what, "host"));
    return Refusal{403, "denied", "this Host name is not served here",
                   "máy chủ này không phục vụ tên Host đó"};
  }
  const auto origin = what.headers.find("origin");
  if (changes_state && core_.options.check_origin && origin != what.headers.end() &&
      !originAllowed(origin->second, *allowed, core_.port)) {
    ++core_.counters->refused_origin;
    if (core_.options.turned_away) core_.options.turned_away(what, "a foreign Origin: " + origin->second);
    return Refusal{403, "denied", "a page from another origin may not do this",
                   "trang từ nguồn khác không được làm việc này"};
  }
  return std::nullopt;
}

int ServerWire::request(lws* w) {
  wsi = w;
  early_ = 0;
  http_ = std::make_unique<Http>();
  auto head = readHead(w, core_.options.limits.max_body);
  std::optional<Refusal> refusal;
  if (!head) {
    ++(head.error().status == 413 ? core_.counters->too_big : core_.counters->refused_request);
    refusal = head.error();
  } else {
    http_->head_only = head->request.method == "HEAD";
    head->request.peer = caller_.address;
    head->request.loopback = caller_.loopback;
    refusal = checkNames(head->request, head->request.method != "GET" && head->request.method != "HEAD");
  }
  if (!refusal && core_.options.body_limit && head->body_length > core_.options.body_limit(head->request)) {
    ++core_.counters->too_big;
    refusal = Refusal{413, "too_big", "the body is larger than is accepted here",
                      "nội dung lớn hơn mức cho phép ở đây"};
  }
  if (!refusal && core_.draining) {
    refusal = Refusal{503, "unavailable", "this server is going down; try again later",
                      "máy chủ đang dừng; hãy thử lại sau"};
  }
  if (refusal) {
    http_->unread_body = true;
    queueAnswer(problem(*refusal), false);
    return 0;
  }
  http_->request = std::move(head->request);
  http_->request.peer = caller_.address;
  http_->request.loopback = caller_.loopback;
  http_->body_length = head->body_length;
  http_->keep_alive = head->keep_alive && !head->endless_for_lws;
  http_->unread_body = head->endless_for_lws;
  http_->wants_continue = head->wants_continue;
  if (http_->body_length == 0) {
    dispatch();
    return 0;
  }
  phase_ = WirePhase::kBody;
  core_.setDeadline(*this, static_cast<Micros>(core_.options.limits.handshake_timeout_s) * kSecond);
  if (http_->wants_continue) lws_callback_on_writable(w);
  return 0;
}

int ServerWire::body(const char* bytes, std::size_t length) {
  if (phase_ != WirePhase::kBody || bytes == nullptr) return 0;  // what follows a refusal
  std::string& text = http_->request.body;
  if (text.size() + length > http_->body_length) return -1;
  text.append(bytes, length);
  return 0;
}

void ServerWire::dispatch() {
  ++core_.counters->requests;
  phase_ = WirePhase::kAnswering;
  core_.setDeadline(*this, kAnswerWithin);
  lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0);
  // Until the answer is there nothing more is read, and libuv is not told of what waits.
  lws_rx_flow_control(wsi, 0);
  if (!core_.options.http) {
    queueAnswer(problem({404, "not_found", "there is nothing at this address", "không có gì ở địa chỉ này"}),
                http_->keep_alive);
    return;
  }
  // Answers come through the id: this connection, and the server, may be gone by then.
  core_.options.http(std::move(http_->request),
                     [weak = std::weak_ptr<ServerCore*>(core_.self), wire_id = id](HttpResponse response) {
                       const auto core = weak.lock();
                       if (!core) return;
                       if (ServerWire* wire = (*core)->find(wire_id)) wire->answer(std::move(response));
                     });
}

void ServerWire::answer(HttpResponse response) {
  if (phase_ != WirePhase::kAnswering || wsi == nullptr || !http_ || !http_->out.empty()) return;
  queueAnswer(std::move(response), http_->keep_alive && !core_.draining);
}

void ServerWire::queueAnswer(HttpResponse response, bool keep_alive) {
  http_->keep_alive = keep_alive;
  http_->out = answerBytes(response, http_->head_only, keep_alive);
  http_->sent = 0;
  phase_ = WirePhase::kSending;
  core_.setDeadline(*this, kTakeWithin);
  lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0);
  // libwebsockets tells nothing of a socket that may not read, not even that it can be written to.
  lws_rx_flow_control(wsi, 1);
  lws_callback_on_writable(wsi);
}

// From the sweep. libwebsockets does not read while an answer goes out, and is woken over and over by what
// waits: so a peer that sends the next request already has it thrown away, and the connection ends after the
// answer.
void ServerWire::lookForEarlyInput() {
  if (phase_ != WirePhase::kSending || wsi == nullptr || !http_) return;
  std::array<char, 16 * 1024> waste{};
  const ssize_t got = recv(lws_get_socket_fd(wsi), waste.data(), waste.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  http_->keep_alive = false;
  if (got <= 0 || ++early_ > kMaxEarly) end();
}

int ServerWire::sendMore() {
  if (phase_ == WirePhase::kBody && http_->wants_continue) {
    http_->wants_continue = false;
    constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
    unsigned char* bytes = core_.home.scratch(kGoOn.size());
    std::copy(kGoOn.begin(), kGoOn.end(), bytes);
    return lws_write(wsi, bytes, kGoOn.size(), LWS_WRITE_HTTP) < 0 ? -1 : 0;
  }
  if (phase_ != WirePhase::kSending || !http_) return 0;
  if (lws_partial_buffered(wsi) != 0) return 0;  // called again when it is out
  if (http_->sent < http_->out.size()) {
    const std::size_t size = std::min(kPiece, http_->out.size() - http_->sent);
    unsigned char* bytes = core_.home.scratch(size);
    std::memcpy(bytes, http_->out.data() + http_->sent, size);
    if (lws_write(wsi, bytes, size, LWS_WRITE_HTTP) < static_cast<int>(size)) return -1;
    http_->sent += size;
    core_.setDeadline(*this, kTakeWithin);
    if (http_->sent < http_->out.size() || lws_partial_buffered(wsi) != 0) {
      lws_callback_on_writable(wsi);
      return 0;
    }
  }
  core_.handshakeOver(*this);
  if (!http_->keep_alive) {
    const bool linger = http_->unread_body;
    http_.reset();
    if (!linger) return -1;
    // Bytes that nobody read would turn our close into a reset, and destroy the answer on its way.
    phase_ = WirePhase::kLingering;
    core_.setDeadline(*this, kLingerFor);
    lws_rx_flow_control(wsi, 0);
    shutdown(lws_get_socket_fd(wsi), SHUT_WR);
    return 0;
  }
  http_.reset();
  phase_ = WirePhase::kIdle;
  core_.setDeadline(*this, kIdleFor);
  return lws_http_transaction_completed(wsi) != 0 ? -1 : 0;
}

// ---- upgrades

int ServerWire::refuseUpgrade(lws* w, const Refusal& refusal) {
  ++core_.counters->refused_upgrade;
  const std::string out = answerBytes(problem(refusal), false, false);
  unsigned char* bytes = core_.home.scratch(out.size());
  std::copy(out.begin(), out.end(), bytes);
  lws_write(w, bytes, out.size(), LWS_WRITE_HTTP);
  return -1;
}

int ServerWire::upgrade(lws* w) {
  if (!asksForWebSocket(w)) {
    ++core_.counters->refused_upgrade;
    return -1;
  }
  wsi = w;
  auto head = readHead(w, 0);
  if (!head) return refuseUpgrade(w, head.error());
  HttpRequest& what = head->request;
  what.peer = caller_.address;
  what.loopback = caller_.loopback;
  if (what.method != "GET" || head->body_length != 0) {
    return refuseUpgrade(
        w, {400, "invalid", "an upgrade needs a GET without a body", "nâng cấp cần GET không có nội dung"});
  }
  if (auto refusal = checkNames(what, true)) return refuseUpgrade(w, *refusal);
  if (core_.draining) {
    return refuseUpgrade(w, {503, "unavailable", "this server is going down; try again later",
                             "máy chủ đang dừng; hãy thử lại sau"});
  }
  const std::string offered = headerOf(what, "sec-websocket-protocol");
  bool known_path = false;
  for (const WebSocketRoute& route : core_.options.sockets) {
    if (route.path != what.path) continue;
    known_path = true;
    if (listHas(offered, route.protocol)) route_ = &route;
  }
  if (!known_path)
    return refuseUpgrade(
        w, {404, "not_found", "there is no WebSocket at this address", "không có WebSocket ở địa chỉ này"});
  if (route_ == nullptr) {
    return refuseUpgrade(w, {400, "invalid", "the sub-protocol of this address was not offered",
                             "chưa đề nghị đúng giao thức con của địa chỉ này"});
  }
  if (headerOf(what, "sec-websocket-version") != "13" || headerOf(what, "sec-websocket-key").empty()) {
    return refuseUpgrade(w, {426, "invalid", "WebSocket version 13 is needed", "cần WebSocket phiên bản 13"});
  }
  handler_ = route_->open(what);
  if (!handler_)
    return refuseUpgrade(w, {403, "denied", "this connection is not allowed", "kết nối này không được phép"});
  phase_ = WirePhase::kUpgrading;
  return 0;
}

// ---- ends

void ServerWire::ending() {
  core_.setDeadline(*this, kCloseWithin);
}

void ServerWire::end() {
  if (wsi == nullptr) return;
  if (phase_ == WirePhase::kLingering) {
    std::array<char, 16 * 1024> waste{};
    for (int count = 0; count < 64; ++count) {
      if (recv(lws_get_socket_fd(wsi), waste.data(), waste.size(), MSG_DONTWAIT) <= 0) break;
    }
  }
  // While a rest waits to be sent, libwebsockets only ends a connection whose sending fails.
  if (lws_partial_buffered(wsi) != 0) shutdown(lws_get_socket_fd(wsi), SHUT_RDWR);
  core_.setDeadline(*this, kCloseWithin);
  lws_set_timeout(wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_SYNC);
}

void ServerWire::drain(std::uint16_t code, const std::string& reason) {
  if (socket_) {
    socket_->close(code, reason);
  } else if (phase_ == WirePhase::kHeaders || phase_ == WirePhase::kIdle) {
    // From the sweep: this may run inside a callback of this very connection.
    core_.setDeadline(*this, 0);
  }
}

void ServerWire::forget() {
  handler_.reset();
  if (socket_) socket_->abandon(close_code::kGoingAway, "");
  if (phase_ == WirePhase::kAnswering) http_.reset();
}

}  // namespace diemcau::net
