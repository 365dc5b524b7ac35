#include "net/ws_socket.hpp"

#include <algorithm>
#include <cstring>

namespace diemcau::net {
namespace {

constexpr std::size_t kMaxReason = 120;  // bytes; a close frame has room for 123
constexpr std::size_t kKeptAssembly = 1024;
// At once and without waiting for the loop; after that other peers get their turn.
constexpr unsigned kBurst = 8;

// Never cuts a character of UTF-8 in two.
std::string_view shortened(std::string_view reason) {
  if (reason.size() <= kMaxReason) return reason;
  std::size_t end = kMaxReason;
  while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xC0U) == 0x80U) --end;
  return reason.substr(0, end);
}

// libwebsockets 4.1.6 shows a peer's 1012 and 1013 as 1002, "protocol error". So these two carry a word in
// front of their reason, by which our client knows them again.
constexpr std::string_view kRestartWord = "restart: ", kTryLaterWord = "try later: ";
constexpr std::uint16_t kProtocolError = 1002;

std::string wireReason(std::uint16_t code, std::string_view reason) {
  if (code == close_code::kRestart) return std::string(kRestartWord).append(reason);
  if (code == close_code::kTryLater) return std::string(kTryLaterWord).append(reason);
  return std::string(reason);
}

}  // namespace

WsSocket::WsSocket(Parts parts) : parts_(std::move(parts)) {}

WsSocket::~WsSocket() = default;

// The handler may end or abandon this socket while it is being called.
template <class Call>
void WsSocket::call(Call&& what) {
  struct Depth {
    WsSocket& socket;
    explicit Depth(WsSocket& of) : socket(of) { ++socket.depth_; }
    ~Depth() {
      if (--socket.depth_ == 0 && socket.muted_) socket.parts_.handler.reset();
    }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;
  } const depth(*this);
  what(*parts_.handler);
}

bool WsSocket::choked() const {
  return parts_.wsi != nullptr && !told_ && lws_partial_buffered(parts_.wsi) != 0;
}

bool WsSocket::write(const Frame& frame) {
  const std::size_t shared = frame.body ? frame.body->size() : 0;
  const std::size_t size = frame.head.size() + shared;
  unsigned char* bytes = parts_.home.scratch(size);
  std::copy(frame.head.begin(), frame.head.end(), bytes);
  if (shared != 0) std::memcpy(bytes + frame.head.size(), frame.body->data(), shared);
  if (lws_write(parts_.wsi, bytes, size, frame.text ? LWS_WRITE_TEXT : LWS_WRITE_BINARY) <
      static_cast<int>(size)) {
    return false;
  }
  ++parts_.counters->frames_out;
  parts_.counters->bytes_out += size;
  return true;
}

// While a rest of a frame waits in libwebsockets, it asks for the writable callback itself.
void WsSocket::pump(unsigned frames) {
  if (sending_) return;  // next() asked again: it will be asked again anyway
  while (live() && lws_partial_buffered(parts_.wsi) == 0) {
    if (frames-- == 0) {
      lws_callback_on_writable(parts_.wsi);
      return;
    }
    Frame frame;
    bool some = false;
    sending_ = true;
    call([&](PeerHandler& handler) { some = handler.next(frame); });
    sending_ = false;
    if (!some || !live()) return;
    if (!write(frame)) {
      broken_ = true;
      lws_callback_on_writable(parts_.wsi);
      parts_.owner.ending();
      return;
    }
  }
}

void WsSocket::wantSend() {
  if (live() && !broken_) pump(kBurst);
}

void WsSocket::close(std::uint16_t code, std::string_view reason) {
  if (closing_ || told_) return;
  closing_ = true;
  code_ = code;
  reason_ = shortened(reason);
  if (parts_.wsi == nullptr) return;
  if (open_) lws_callback_on_writable(parts_.wsi);
  parts_.owner.ending();
}

// Begins the closing handshake, from the writable callback. While a rest of a frame waits the close frame
// would land in the middle of it. Not by returning -1: Debian's libwebsockets with libuv closes twice then,
// and the second time is hard.
int WsSocket::beginClose() {
  if (close_begun_ || lws_partial_buffered(parts_.wsi) != 0) return 0;
  close_begun_ = true;
  const std::string whole = wireReason(code_, reason_);
  std::string reason(shortened(whole));
  lws_close_reason(parts_.wsi, static_cast<lws_close_status>(code_),
                   reinterpret_cast<unsigned char*>(reason.data()), reason.size());
  lws_set_timeout(parts_.wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_SYNC);
  return told_ ? -1 : 0;
}

int WsSocket::opened() {
  open_ = true;
  if (parts_.handler && !muted_) {
    call([&](PeerHandler& handler) { handler.onOpen(*this); });
  }
  // Closed before it was open: there was nothing to ask for yet.
  if (closing_) lws_callback_on_writable(parts_.wsi);
  return broken_ ? -1 : 0;
}

int WsSocket::deliver(std::string_view message) {
  ++parts_.counters->messages_in;
  parts_.counters->bytes_in += message.size();
  call([&](PeerHandler& handler) { handler.onMessage(message); });
  return broken_ ? -1 : 0;
}

int WsSocket::received(const char* bytes, std::size_t length) {
  if (!live()) return 0;  // what comes after the end began
  const std::size_t rest = lws_remaining_packet_payload(parts_.wsi);
  if (length > parts_.max_message || rest > parts_.max_message ||
      assembly_.size() + length + rest > parts_.max_message) {
    ++parts_.counters->too_big;
    std::string().swap(assembly_);
    close(close_code::kTooBig, "a message is larger than " + std::to_string(parts_.max_message) + " bytes");
    return broken_ ? -1 : 0;
  }
  const std::string_view piece(bytes == nullptr ? "" : bytes, bytes == nullptr ? 0 : length);
  const bool whole = lws_is_final_fragment(parts_.wsi) != 0;
  if (whole && assembly_.empty()) return deliver(piece);
  assembly_.append(piece);
  if (!whole) return 0;
  const std::string message = std::move(assembly_);
  assembly_.clear();
  if (assembly_.capacity() > kKeptAssembly) std::string().swap(assembly_);
  return deliver(message);
}

int WsSocket::writable() {
  if (broken_) return -1;
  if (closing_) return beginClose();
  pump(1);  // one lws_write per writable callback
  return broken_ ? -1 : 0;
}

void WsSocket::peerCloses(const unsigned char* payload, std::size_t length) {
  if (closing_) return;  // its answer to ours
  code_ = 1005;
  reason_.clear();
  if (payload == nullptr || length < 2) return;
  code_ = static_cast<std::uint16_t>((payload[0] << 8U) | payload[1]);
  std::string_view reason(reinterpret_cast<const char*>(payload) + 2, length - 2);
  if (code_ == kProtocolError && reason.starts_with(kRestartWord)) {
    code_ = close_code::kRestart;
    reason.remove_prefix(kRestartWord.size());
  } else if (code_ == kProtocolError && reason.starts_with(kTryLaterWord)) {
    code_ = close_code::kTryLater;
    reason.remove_prefix(kTryLaterWord.size());
  }
  reason_ = reason;
}

void WsSocket::ended() {
  if (told_) return;
  told_ = true;
  parts_.wsi = nullptr;
  std::string().swap(assembly_);
  if (!parts_.handler) return;
  if (open_ && !muted_) {
    call([&](PeerHandler& handler) { handler.onClose(code_, reason_); });
  }
  muted_ = true;
  if (depth_ == 0) parts_.handler.reset();
}

void WsSocket::abandon(std::uint16_t code, std::string_view reason) {
  muted_ = true;
  if (depth_ == 0) parts_.handler.reset();
  close(code, reason);
}

}  // namespace diemcau::net
