#include "net/lws_home.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <uv.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>

#include "base/log.hpp"
#include "net/openssl.hpp"

namespace diemcau::net {
namespace {

// Of one lws_write: what is larger is split by libwebsockets. Its default is the receive buffer, 512 bytes.
constexpr std::size_t kWriteAtOnce = 4 * 1024 * 1024;
// Small, because libwebsockets keeps one for each idle connection; messages are put together in WsSocket. So
// large that a site's status is read at once: with less, each takes two rounds of the loop.
constexpr std::size_t kReceiveBuffer = 1024;
constexpr rlim_t kWantedFiles = 65'536, kMostFiles = 1'048'576;

void logLine(int level, const char* line) {
  std::string_view text(line == nullptr ? "" : line);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  logger("net")->debug("libwebsockets: [{}] {}", level, text);
}

// libwebsockets sizes its tables by the limit of open files, and falls back to 2,560 when that is
// "unlimited".
void fitFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = std::min({std::max(limit.rlim_cur, kWantedFiles), limit.rlim_max, kMostFiles});
  if (limit.rlim_cur != before) setrlimit(RLIMIT_NOFILE, &limit);
}

void prepareLibrary() {
  static std::once_flag once;
  std::call_once(once, [] {
    lws_set_log_level(LLL_ERR | LLL_WARN, logLine);
    fitFileLimit();
  });
}

template <typename Wanted>
std::vector<uv_handle_t*> handlesWhere(uv_loop_t* loop, Wanted wanted) {
  struct Search {
    Wanted wanted;
    std::vector<uv_handle_t*> found;
  } search{wanted, {}};
  uv_walk(
      loop,
      [](uv_handle_t* handle, void* data) {
        auto* looked = static_cast<Search*>(data);
        if (looked->wanted(handle)) looked->found.push_back(handle);
      },
      &search);
  return std::move(search.found);
}

std::vector<uv_handle_t*> pollHandles(uv_loop_t* loop) {
  return handlesWhere(loop, [](const uv_handle_t* handle) { return handle->type == UV_POLL; });
}

std::vector<uv_handle_t*> handlesOf(uv_loop_t* loop, const lws_context* context) {
  return handlesWhere(loop, [context](const uv_handle_t* handle) { return handle->data == context; });
}

// Contexts that could not be taken down to the end (see destroyFirst). Reachable, so that no leak is
// reported.
void keepForEver(LwsHome* home) {
  static std::mutex mutex;
  static auto* kept = new std::vector<LwsHome*>;
  const std::lock_guard lock(mutex);
  kept->push_back(home);
}

// Takes the number `fd` for a file of ours; false when somebody else has it by now.
bool takeNumber(int fd) {
  const int own = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (own == fd) return true;
  if (own < 0) return false;
  const int taken = fcntl(own, F_DUPFD_CLOEXEC, fd);
  close(own);
  if (taken == fd) return true;
  if (taken >= 0) close(taken);
  return false;
}

}  // namespace

std::uint64_t nextPeerId() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

void LeaveHome::operator()(LwsHome* home) const noexcept {
  home->leave();
}

LwsHome::LwsHome(Loop& loop, LwsSettings settings) : loop_(loop), settings_(std::move(settings)) {}

LwsHome::~LwsHome() = default;

Result<LwsHomePtr> LwsHome::create(Loop& loop, LwsSettings settings) {
  prepareLibrary();
  LwsHomePtr home(new LwsHome(loop, std::move(settings)));
  if (!home->start()) {
    if (!home->tls_fault_.text.empty()) return tl::unexpected(home->tls_fault_);
    return fail(ErrorCode::kInternal,
                "libwebsockets could not be started on the event loop; is the package libwebsockets-evlib-uv "
                "installed?",
                "không khởi động được libwebsockets; đã cài gói libwebsockets-evlib-uv chưa?");
  }
  return home;
}

bool LwsHome::start() {
  // The name has a blank in it, so that no client can ask for it as a sub-protocol.
  lws_protocols first{};
  first.name = "diemcau http";
  first.callback = onEvent;
  first.rx_buffer_size = kReceiveBuffer;
  first.tx_packet_size = kWriteAtOnce;
  protocols_.push_back(first);
  for (const std::string& name : settings_.protocols) {
    lws_protocols more = first;
    more.name = name.c_str();
    protocols_.push_back(more);
  }
  protocols_.push_back(lws_protocols{});

  // On the few answers that libwebsockets writes itself.
  headers_[0] = {&headers_[1], nullptr, "x-content-type-options:", "nosniff"};
  headers_[1] = {nullptr, nullptr, "referrer-policy:", "no-referrer"};

  lws_context_creation_info info{};
  void* loops[1] = {loop_.uv()};
  info.foreign_loops = loops;
  // No listening socket: ours accepts, so that it can wait while too many are between accept and hello.
  info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
  info.protocols = protocols_.data();
  info.extensions = nullptr;  // no permessage-deflate
  info.options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_VALIDATE_UTF8;
  info.alpn = "http/1.1";  // never HTTP/2
  if (settings_.tls_client || settings_.tls_server) info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
  if (!settings_.tls_client) info.options |= LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
  if (settings_.tls_server) {
    // The files are read by useCertificate() too, whose reasons are for people; libwebsockets only must be
    // given some.
    info.options |= LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX;
    info.ssl_cert_filepath = settings_.tls_server->certificate.c_str();
    info.ssl_private_key_filepath = settings_.tls_server->key.c_str();
  }
  info.user = this;
  info.pcontext = &context_;
  info.retry_and_idle_policy = &no_validity_timer_;
  info.vhost_name = "diemcau";
  info.headers = headers_;
  info.gid = static_cast<gid_t>(-1);
  info.uid = static_cast<uid_t>(-1);
  info.max_http_header_data = 8192;
  info.max_http_header_pool2 = settings_.header_pool;
  info.pt_serv_buf_size = 16 * 1024;
  info.timeout_secs = settings_.timeout_s;
  info.keepalive_timeout = static_cast<int>(settings_.timeout_s);
  info.connect_timeout_secs = settings_.timeout_s;
  const std::vector<uv_handle_t*> before = pollHandles(loop_.uv());
  context_ = lws_create_context(&info);
  if (context_ == nullptr) return false;
  for (uv_handle_t* handle : pollHandles(loop_.uv())) {
    if (std::find(before.begin(), before.end(), handle) == before.end()) pipe_ = handle;
  }
  return true;
}

unsigned char* LwsHome::scratch(std::size_t size) {
  if (scratch_.size() < size + LWS_PRE) scratch_.resize(size + LWS_PRE);
  return scratch_.data() + LWS_PRE;
}

// Once for each TLS context that libwebsockets makes, before it is used.
bool LwsHome::tlsContext(lws_callback_reasons reason, ssl_ctx_st* made) {
  restrictTls(made);
  if (reason != LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS || !settings_.tls_server) return true;
  server_tls_ = made;
  if (auto ok = useCertificate(made, *settings_.tls_server); !ok) {
    tls_fault_ = ok.error();
    return false;
  }
  return true;
}

Done LwsHome::reloadCertificate() {
  if (server_tls_ == nullptr || !settings_.tls_server) return {};
  return useCertificate(server_tls_, *settings_.tls_server);
}

int LwsHome::onEvent(lws* wsi, lws_callback_reasons reason, void* user, void* in, std::size_t length) {
  // Events of the context and not of a connection carry no wire.
  auto* home = static_cast<LwsHome*>(lws_context_user(lws_get_context(wsi)));
  if (reason == LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS ||
      reason == LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS) {
    const bool ok =
        home != nullptr && user != nullptr && home->tlsContext(reason, static_cast<SSL_CTX*>(user));
    return ok ? 0 : -1;
  }
  auto* wire = static_cast<Wire*>(lws_get_opaque_user_data(wsi));
  if (reason == LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION) {
    const bool ok = home != nullptr && wire != nullptr && home->owner_ &&
                    home->owner_->believes(*wire, static_cast<X509_STORE_CTX*>(user), length != 0);
    return ok ? 0 : 1;
  }
  const bool never = reason == LWS_CALLBACK_RAW_ADOPT || reason == LWS_CALLBACK_RAW_RX;
  if (home == nullptr || wire == nullptr || !home->owner_) return never ? -1 : 0;
  try {
    if (reason == LWS_CALLBACK_WSI_DESTROY) {
      lws_set_opaque_user_data(wsi, nullptr);
      if (home->connecting_) home->closeStrayHandle(wsi);
      const std::unique_ptr<Wire> last(wire);
      home->owner_->gone(*last);
      return 0;
    }
    return home->owner_->event(wsi, wire, reason, in, length);
  } catch (const std::exception& fault) {
    logger("net")->error("a connection is closed because its handler failed: {}", fault.what());
  } catch (...) {
    logger("net")->error("a connection is closed because its handler failed");
  }
  return -1;
}

// Takes the context down from a timer of its own: never inside one of libwebsockets' callbacks.
struct LwsHome::Reaper {
  uv_timer_t timer{};
  LwsHome* home = nullptr;
};

void LwsHome::leave() noexcept {
  auto* reaper = new Reaper;
  reaper->home = this;
  uv_timer_init(loop_.uv(), &reaper->timer);
  reaper->timer.data = reaper;
  uv_timer_start(
      &reaper->timer,
      [](uv_timer_t* timer) {
        auto* self = static_cast<Reaper*>(timer->data);
        self->home->takeDown();
        if (self->home->kept_) {
          self->home = nullptr;
        } else if (self->home->context_ != nullptr) {
          return;
        }
        delete self->home;
        uv_close(reinterpret_cast<uv_handle_t*>(timer),
                 [](uv_handle_t* handle) { delete static_cast<Reaper*>(handle->data); });
      },
      0, 2);
}

// When connect() fails at once, as without a network, libwebsockets closes the socket and frees the
// connection, but forgets the handle that it had made for it.
void LwsHome::closeStrayHandle(const lws* wsi) {
  for (uv_handle_t* handle : pollHandles(loop_.uv())) {
    if (handle->data == wsi && uv_is_closing(handle) == 0) {
      uv_close(handle, [](uv_handle_t* stray) { std::free(stray); });
    }
  }
}

// libwebsockets 4.1.6 with libuv closes the file of its event pipe twice: at once when the context goes, and
// again in the close callback of the pipe's handle. So that the second close hits no other file, the number
// is taken again right after the first. Should another thread have been given it in between, the second close
// must not happen: the context is then left as it is, unused, for the rest of the process.
void LwsHome::destroyFirst() {
  closing_ = true;
  int fd = -1;
  if (pipe_ != nullptr) uv_fileno(pipe_, &fd);
  lws_context_destroy(context_);
  if (pipe_ == nullptr || fd < 0 || uv_is_closing(pipe_) == 0 || takeNumber(fd)) return;
  logger("net")->debug("libwebsockets: a context is kept, because file {} is somebody else's by now", fd);
  pipe_->close_cb = [](uv_handle_t*) {};
  for (uv_handle_t* handle : handlesOf(loop_.uv(), context_)) {
    if (uv_is_closing(handle) == 0) uv_close(handle, nullptr);
  }
  keepForEver(this);
  kept_ = true;
}

void LwsHome::takeDown() {
  if (context_ == nullptr) return;
  // The first call closes the connections. Each closes its handle, and the last one closes the two handles of
  // the context itself, whose data is the context. Only when those are gone may the second call free the
  // memory.
  if (!closing_) {
    destroyFirst();
  } else if (handlesOf(loop_.uv(), context_).empty()) {
    lws_context_destroy(context_);
  }
}

}  // namespace diemcau::net
