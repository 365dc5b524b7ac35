// One connection of a client, from connect() to its end.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>

#include "net/client_core.hpp"
#include "net/openssl.hpp"

namespace diemcau::net {
namespace {

constexpr Micros kCloseWithin = 5 * kSecond;

bool numericAddress(const std::string& host) {
  in_addr v4{};
  in6_addr v6{};
  return inet_pton(AF_INET, host.c_str(), &v4) == 1 || inet_pton(AF_INET6, host.c_str(), &v6) == 1;
}

}  // namespace

ClientLink::ClientLink(ClientCore& core, ClientOptions options, std::unique_ptr<PeerHandler> handler,
                       Failed failed)
    : core_(core), options_(std::move(options)), handler_(std::move(handler)), failed_(std::move(failed)) {}

int ClientLink::event(lws* w, lws_callback_reasons reason, void* in, std::size_t length) {
  const auto* bytes = static_cast<const char*>(in);
  switch (reason) {
    case LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH: {
      // Nothing is said to, or believed of, an end whose certificate was not looked at, however it came here.
      if (url_.secure() && (attempt_ == nullptr || !attempt_->believed)) return -1;
      char named[80] = {};
      const int size = lws_hdr_copy(w, named, sizeof named, WSI_TOKEN_PROTOCOL);
      wrong_protocol_ =
          std::string_view(named, size > 0 ? static_cast<std::size_t>(size) : 0) != options_.protocol;
      return wrong_protocol_ ? -1 : 0;
    }
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
      return opened(w);
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
      problem_ = refusalText(w, bytes, length);
      wsi_ = nullptr;
      if (attempt_ != nullptr) attempt_->link = nullptr;
      attempt_ = nullptr;
      if (!starting_) tryNext();  // may delete this
      return 0;
    case LWS_CALLBACK_CLIENT_RECEIVE:
      return socket_ ? socket_->received(bytes, length) : -1;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
      return socket_ ? socket_->writable() : -1;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
      if (socket_) socket_->peerCloses(static_cast<const unsigned char*>(in), length);
      return 0;
    case LWS_CALLBACK_CLIENT_CLOSED:
      wsi_ = nullptr;
      if (socket_) socket_->ended();
      return 0;
    default:
      return 0;
  }
}

// Called for each fault of the chain and once without one: a pinned key forgives them all, an authority's
// none.
bool ClientLink::believes(x509_store_ctx_st* chain, bool ok) {
  if (attempt_ == nullptr) return false;
  X509* leaf = X509_STORE_CTX_get0_cert(chain);
  if (!believed(leaf, ok, options_.trust, url_.host, distrust_)) return false;
  X509_STORE_CTX_set_error(chain, X509_V_OK);
  attempt_->believed = true;
  return true;
}

int ClientLink::opened(lws* w) {
  if (!handler_) return -1;  // let go meanwhile
  core_.unwatch(*this);
  core_.connectingOver(id);
  failed_ = nullptr;
  socket_ = std::make_unique<WsSocket>(
      WsSocket::Parts{core_.home, w, id, address_, options_.protocol, options_.max_message, core_.counters,
                      *this, std::move(handler_), shownFingerprint(lws_get_ssl(w), false)});
  return socket_->opened();
}

// In words that a technician can act on; libwebsockets' own are for its authors.
std::string ClientLink::refusalText(lws* w, const char* said, std::size_t length) const {
  if (timed_out_) return fmt::format("no answer within {} s", options_.connect_timeout_s);
  if (!distrust_.empty()) return distrust_;
  if (wrong_protocol_) return fmt::format("what answers there does not speak {}", options_.protocol);
  const unsigned status = lws_http_client_http_response(w);
  if (status != 0 && status != 101)
    return fmt::format("it answered {} and did not accept the connection", status);
  std::string words(said == nullptr ? "" : said, said == nullptr ? 0 : length);
  words.resize(std::min(words.find('\0'), words.size()));
  if (words.find("connect") != std::string::npos || words.find("before established") != std::string::npos) {
    return "connection refused, nobody listens there";
  }
  return words.empty() ? "the connection ended before it was established"
                       : "it did not answer as expected: " + words;
}

void ClientLink::begin() {
  if (!handler_) return giveUp();  // let go while it waited
  core_.watch(*this, static_cast<Micros>(options_.connect_timeout_s) * kSecond);
  auto url = parseUrl(options_.url);
  if (!url || (url->scheme != "ws" && url->scheme != "wss")) {
    problem_ = url ? "only ws:// and wss:// are spoken here" : url.error().text;
    giveUp();
    return;
  }
  url_ = std::move(*url);
  if (url_.local()) {
    addresses_ = {"127.0.0.1"};
  } else if (numericAddress(url_.host)) {
    addresses_ = {url_.host};
  } else {
    core_.lookUp(*this);
    return;
  }
  tryNext();
}

void ClientLink::found(std::vector<std::string> addresses, std::string problem) {
  if (!handler_ || attempt_ != nullptr || socket_) return;
  addresses_ = std::move(addresses);
  problem_ = std::move(problem);
  tryNext();
}

// May delete this.
void ClientLink::tryNext() {
  while (!addresses_.empty() && handler_) {
    const std::string address = addresses_.front();
    addresses_.erase(addresses_.begin());
    if (tryOne(address)) return;
  }
  giveUp();
}

bool ClientLink::tryOne(const std::string& address) {
  address_ = address;
  const std::string host = url_.hostHeader();
  lws_client_connect_info info{};
  info.context = core_.home.context();
  info.vhost = core_.home.vhost();
  info.address = address_.c_str();
  info.port = url_.port;
  info.path = url_.path.c_str();
  info.host = host.c_str();
  info.protocol = options_.protocol.c_str();
  info.local_protocol_name = "diemcau http";
  info.retry_and_idle_policy = core_.home.noValidityTimer();
  // The name is compared by believed(): libwebsockets would compare it where the key alone counts, too.
  if (url_.secure()) info.ssl_connection = LCCSCF_USE_SSL | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK;
  attempt_ = new Attempt;
  attempt_->link = this;
  info.opaque_user_data = static_cast<Wire*>(attempt_);
  starting_ = true;
  core_.home.connecting(true);
  lws* wsi = lws_client_connect_via_info(&info);
  core_.home.connecting(false);
  starting_ = false;
  if (wsi != nullptr && attempt_ != nullptr) {
    wsi_ = wsi;
    return true;
  }
  // libwebsockets has deleted the attempt if it told of its end, and has not known it otherwise.
  if (attempt_ != nullptr && wsi == nullptr) delete attempt_;
  attempt_ = nullptr;
  if (problem_.empty()) problem_ = "the network does not lead there";
  return false;
}

// May delete this.
void ClientLink::giveUp() {
  const std::uint64_t mine = id;
  ClientCore& core = core_;
  const Failed failed = std::move(failed_);
  failed_ = nullptr;
  const std::unique_ptr<PeerHandler> handler = std::move(handler_);
  const std::string reason =
      fmt::format("{}: {}", options_.url, problem_.empty() ? "the connection could not be made" : problem_);
  if (failed) failed(reason);
  core.erase(mine);
}

void ClientLink::attemptGone() {
  attempt_ = nullptr;
  wsi_ = nullptr;
  if (starting_) return;
  if (socket_) {
    socket_->ended();
    core_.erase(id);
    return;
  }
  if (handler_) {
    tryNext();
  } else {
    core_.erase(id);
  }
}

// From the sweep: the attempt took too long, the close did, or the user let go.
void ClientLink::tooLate() {
  timed_out_ = true;
  addresses_.clear();
  if (problem_.empty()) problem_ = fmt::format("no answer within {} s", options_.connect_timeout_s);
  if (wsi_ != nullptr) {
    // While a rest waits to be sent, libwebsockets only ends a connection whose sending fails.
    if (lws_partial_buffered(wsi_) != 0) shutdown(lws_get_socket_fd(wsi_), SHUT_RDWR);
    core_.watch(*this, kCloseWithin);
    lws_set_timeout(wsi_, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_SYNC);
  } else if (!socket_) {
    giveUp();
  }
}

void ClientLink::ending() {
  core_.watch(*this, kCloseWithin);
}

void ClientLink::release() {
  failed_ = nullptr;
  handler_.reset();
  if (socket_) {
    socket_->abandon(close_code::kGoingAway, "");
  } else {
    core_.watch(*this, 0);
  }
}

}  // namespace diemcau::net
