#include "net/lws_home.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <uv.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <unordered_map>

#include "base/log.hpp"

namespace diemcau::net {
namespace {

// Of one lws_write: what is larger is split by libwebsockets. Its default is the receive buffer, 512 bytes.
constexpr std::size_t kWriteAtOnce = 4 * 1024 * 1024;
// Small, because libwebsockets keeps one for each idle connection; messages are put together in WsSocket.
constexpr std::size_t kReceiveBuffer = 512;
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

std::vector<uv_handle_t*> pollHandles(uv_loop_t* loop) {
  std::vector<uv_handle_t*> all;
  uv_walk(
      loop,
      [](uv_handle_t* handle, void* data) {
        if (handle->type == UV_POLL) static_cast<std::vector<uv_handle_t*>*>(data)->push_back(handle);
      },
      &all);
  return all;
}

// libwebsockets 4.1.6 with libuv closes the file of its event pipe twice: at once when the context goes, and
// again in the close callback of the pipe's handle. By then the number may be that of another file. So this
// stands in front of that callback: a free number is taken for the callback to close, and one that somebody
// else has got is given back to him.
struct PipeEnd {
  uv_close_cb close = nullptr;
  int fd = -1;
};
std::unordered_map<uv_handle_t*, PipeEnd>& pipeEnds() {
  thread_local std::unordered_map<uv_handle_t*, PipeEnd> ends;
  return ends;
}

void closePipe(uv_handle_t* handle) {
  const auto found = pipeEnds().find(handle);
  const PipeEnd end = found->second;
  pipeEnds().erase(found);
  const int own = open("/dev/null", O_RDONLY | O_CLOEXEC);
  int stranger = -1, flags = 0;
  if (own >= 0 && own != end.fd) {
    const int taken = fcntl(own, F_DUPFD_CLOEXEC, end.fd);
    if (taken != end.fd) {
      if (taken >= 0) close(taken);
      flags = fcntl(end.fd, F_GETFD);
      stranger = fcntl(end.fd, F_DUPFD_CLOEXEC, 0);
    }
  }
  end.close(handle);
  if (stranger >= 0) {
    const int back = fcntl(stranger, (flags & FD_CLOEXEC) != 0 ? F_DUPFD_CLOEXEC : F_DUPFD, end.fd);
    if (back >= 0 && back != end.fd) close(back);
    close(stranger);
  }
  if (own >= 0 && own != end.fd) close(own);
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

int LwsHome::onEvent(lws* wsi, lws_callback_reasons reason, void* /*user*/, void* in, std::size_t length) {
  // Events of the context and not of a connection carry no wire.
  auto* home = static_cast<LwsHome*>(lws_context_user(lws_get_context(wsi)));
  auto* wire = static_cast<Wire*>(lws_get_opaque_user_data(wsi));
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
        if (self->home->context_ != nullptr) return;
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

void LwsHome::destroyFirst() {
  closing_ = true;
  int fd = -1;
  if (pipe_ != nullptr) uv_fileno(pipe_, &fd);
  lws_context_destroy(context_);
  if (pipe_ == nullptr || fd < 0 || uv_is_closing(pipe_) == 0) return;
  pipeEnds()[pipe_] = {pipe_->close_cb, fd};
  pipe_->close_cb = closePipe;
}

void LwsHome::takeDown() {
  if (context_ == nullptr) return;
  // The first call closes the connections. Each closes its handle, and the last one closes the two handles of
  // the context itself, whose data is the context. Only when those are gone may the second call free the
  // memory.
  struct Search {
    lws_context* context;
    bool found;
  } search{context_, false};
  if (!closing_) {
    destroyFirst();
    return;
  }
  uv_walk(
      loop_.uv(),
      [](uv_handle_t* handle, void* data) {
        auto* looked = static_cast<Search*>(data);
        if (handle->data == looked->context) looked->found = true;
      },
      &search);
  if (!search.found) lws_context_destroy(context_);
}

}  // namespace diemcau::net
