// The bytes of one blocking connection with a deadline, plain or under TLS. Private to this folder.
#pragma once

#include <string_view>
#include <utility>

#include "base/time.hpp"
#include "net/openssl.hpp"
#include "net/url.hpp"

namespace diemcau::net {

class Deadline {
 public:
  explicit Deadline(unsigned seconds);
  // False when the time is over, or the wait failed.
  bool wait(int fd, short events) const;

 private:
  Micros at_;
};

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket();
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  Socket& operator=(Socket&&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

class Channel {
 public:
  // Connects to one address after the other, and for https:// shakes hands with an end that `trust` believes.
  static Result<Channel> open(const Url& url, const Trust& trust, const Deadline& deadline);

  bool sendAll(std::string_view bytes);
  // Above 0: so many bytes. 0: the other end has ended, properly. Below 0: fault, or out of time.
  long read(char* into, std::size_t size);

 private:
  Channel(Socket socket, const Deadline& deadline);
  Done shakeHands(const Url& url, const Trust& trust);
  bool waitFor(int result);

  Deadline deadline_;
  Socket socket_;
  SslCtxPtr context_;
  SslPtr ssl_;
};

}  // namespace diemcau::net
