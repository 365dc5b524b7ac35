// One blocking connection. See channel.hpp.
#include "net/channel.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace diemcau::net {
namespace {

tl::unexpected<Error> unreachable(const Url& url, std::string_view why, std::string_view why_vi) {
  return fail(ErrorCode::kUnavailable, fmt::format("{}:{} was not reached: {}", url.host, url.port, why),
              fmt::format("không liên lạc được với {}:{}: {}", url.host, url.port, why_vi));
}

Result<Socket> connectTo(const Url& url, const Deadline& deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string host = url.local() ? "127.0.0.1" : url.host;
  const int rc = getaddrinfo(host.c_str(), std::to_string(url.port).c_str(), &hints, &found);
  if (rc != 0) return unreachable(url, gai_strerror(rc), "không có tên máy này");
  int error = 0;
  bool late = false;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    Socket socket(::socket(one->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (socket.fd() < 0) {
      error = errno;
      continue;
    }
    // The end of the handshake and the request are two writes: the second must not wait for the first one's
    // receipt.
    const int on = 1;
    setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket.fd(), one->ai_addr, one->ai_addrlen) != 0 && errno != EINPROGRESS) {
      error = errno;
      continue;
    }
    late = !deadline.wait(socket.fd(), POLLOUT);
    socklen_t size = sizeof error;
    if (!late && getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0) {
      freeaddrinfo(found);
      return socket;
    }
  }
  freeaddrinfo(found);
  if (late) return unreachable(url, "no answer in time", "không trả lời kịp");
  if (error == ECONNREFUSED) {
    return unreachable(url, "connection refused; is it running?",
                       "bị từ chối; chương trình có đang chạy không?");
  }
  return unreachable(url, std::strerror(error), std::strerror(error));
}

// OpenSSL writes with plain write(), which ends a process whose peer has gone. For the time of one call.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoSigpipe() {
    const timespec now{};
    if (sigismember(&before_, SIGPIPE) == 0) {
      while (sigtimedwait(&pipe_, nullptr, &now) > 0) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  sigset_t pipe_{}, before_{};
};

struct Judge {
  const Trust& trust;
  const std::string& host;
  std::string why;
};

int judgeIndex() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

int judge(int ok, X509_STORE_CTX* chain) {
  auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* by = static_cast<Judge*>(SSL_get_ex_data(ssl, judgeIndex()));
  if (by == nullptr || !believed(X509_STORE_CTX_get0_cert(chain), ok == 1, by->trust, by->host, by->why))
    return 0;
  X509_STORE_CTX_set_error(chain, X509_V_OK);
  return 1;
}

}  // namespace

Deadline::Deadline(unsigned seconds) : at_(systemClock().steady() + static_cast<Micros>(seconds) * kSecond) {}

bool Deadline::wait(int fd, short events) const {
  for (;;) {
    const Micros left = at_ - systemClock().steady();
    if (left <= 0) return false;
    pollfd one{fd, events, 0};
    const int ready = poll(&one, 1, static_cast<int>(std::min<Micros>(left / kMillisecond + 1, 60'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

Socket::~Socket() {
  if (fd_ >= 0) ::close(fd_);
}

Channel::Channel(Socket socket, const Deadline& deadline) : deadline_(deadline), socket_(std::move(socket)) {}

Result<Channel> Channel::open(const Url& url, const Trust& trust, const Deadline& deadline) {
  auto socket = connectTo(url, deadline);
  if (!socket) return tl::unexpected(socket.error());
  Channel channel(std::move(*socket), deadline);
  if (!url.secure()) return channel;
  if (auto ok = channel.shakeHands(url, trust); !ok) return tl::unexpected(ok.error());
  return channel;
}

Done Channel::shakeHands(const Url& url, const Trust& trust) {
  ERR_clear_error();
  context_.reset(SSL_CTX_new(TLS_client_method()));
  if (!context_) return fail(ErrorCode::kInternal, "TLS cannot be started: " + opensslReason());
  restrictTls(context_.get());
  if (trust.fingerprint.empty()) SSL_CTX_set_default_verify_paths(context_.get());
  ssl_.reset(SSL_new(context_.get()));
  Judge by{trust, url.host, {}};
  SSL_set_ex_data(ssl_.get(), judgeIndex(), &by);
  SSL_set_verify(ssl_.get(), SSL_VERIFY_PEER, judge);
  SSL_set_tlsext_host_name(ssl_.get(), url.host.c_str());
  SSL_set_fd(ssl_.get(), socket_.fd());
  const NoSigpipe quiet;
  int result = 0;
  while ((result = SSL_connect(ssl_.get())) != 1 && waitFor(result)) {
  }
  SSL_set_ex_data(ssl_.get(), judgeIndex(), nullptr);
  if (result == 1) return {};
  if (!by.why.empty())
    return fail(ErrorCode::kDenied, fmt::format("{}:{} is not believed: {}", url.host, url.port, by.why),
                fmt::format("không tin được {}:{}: khóa TLS hoặc chứng thư không đúng ({})", url.host,
                            url.port, by.why));
  return unreachable(url, "it does not answer with TLS: " + opensslReason(), "máy đó không trả lời bằng TLS");
}

// True: worth another try.
bool Channel::waitFor(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return deadline_.wait(socket_.fd(), POLLIN);
    case SSL_ERROR_WANT_WRITE:
      return deadline_.wait(socket_.fd(), POLLOUT);
    default:
      return false;
  }
}

bool Channel::sendAll(std::string_view bytes) {
  const NoSigpipe quiet;
  while (!bytes.empty()) {
    if (ssl_) {
      std::size_t sent = 0;
      ERR_clear_error();
      const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
      if (result == 1) {
        bytes.remove_prefix(sent);
      } else if (!waitFor(result)) {
        return false;
      }
      continue;
    }
    const ssize_t sent = ::send(socket_.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (sent >= 0 || (errno != EAGAIN && errno != EINTR) || !deadline_.wait(socket_.fd(), POLLOUT)) {
      return false;
    }
  }
  return true;
}

long Channel::read(char* into, std::size_t size) {
  const NoSigpipe quiet;
  for (;;) {
    if (ssl_) {
      std::size_t got = 0;
      ERR_clear_error();
      const int result = SSL_read_ex(ssl_.get(), into, size, &got);
      if (result == 1) return static_cast<long>(got);
      if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_ZERO_RETURN) return 0;
      if (!waitFor(result)) return -1;
      continue;
    }
    const ssize_t got = ::recv(socket_.fd(), into, size, 0);
    if (got >= 0) return got;
    if (errno != EAGAIN && errno != EINTR) return -1;
    if (!deadline_.wait(socket_.fd(), POLLIN)) return -1;
  }
}

}  // namespace diemcau::net
