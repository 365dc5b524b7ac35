// UDP and file: plain system calls, no pipeline.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "tests/studio/output.hpp"
#include "tests/studio/transport.hpp"

namespace diemcau::studio {

namespace {

class UdpOutput final : public Output {
 public:
  explicit UdpOutput(int socket) : socket_(socket) {}
  UdpOutput(const UdpOutput&) = delete;
  UdpOutput& operator=(const UdpOutput&) = delete;
  ~UdpOutput() override { ::close(socket_); }

  void send(std::string_view packets, Micros) override {
    waiting_ += packets;
    std::string_view rest = waiting_;
    // Nobody there, or a full buffer, is no error of ours: that is what UDP is like.
    for (; rest.size() >= kDatagram; rest.remove_prefix(kDatagram)) {
      (void)::send(socket_, rest.data(), kDatagram, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    waiting_.erase(0, waiting_.size() - rest.size());
  }

 private:
  int socket_;
  std::string waiting_;
};

class FileOutput final : public Output {
 public:
  explicit FileOutput(const std::string& path) : file_(path, std::ios::binary | std::ios::trunc) {}
  bool good() const { return file_.good(); }
  void send(std::string_view packets, Micros) override {
    file_.write(packets.data(), static_cast<std::streamsize>(packets.size()));
    file_.flush();  // a reader may follow the file as it grows
  }

 private:
  std::ofstream file_;
};

Result<int> connected(const std::string& host, std::uint16_t port) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &to.sin_addr) != 1) {
    return fail(ErrorCode::kInvalid,
                fmt::format("udp://{}:{} needs a numeric IPv4 address, for example 239.10.0.1", host, port));
  }
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0)
    return fail(ErrorCode::kUnavailable, fmt::format("no UDP socket: {}", std::strerror(errno)));
  if (IN_MULTICAST(ntohl(to.sin_addr.s_addr))) {
    const ip_mreqn loopback{{}, {}, static_cast<int>(::if_nametoindex("lo"))};
    const unsigned char hops = 0, loop = 1;
    ::setsockopt(socket, IPPROTO_IP, IP_MULTICAST_IF, &loopback, sizeof loopback);
    ::setsockopt(socket, IPPROTO_IP, IP_MULTICAST_TTL, &hops, sizeof hops);
    ::setsockopt(socket, IPPROTO_IP, IP_MULTICAST_LOOP, &loop, sizeof loop);
  }
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    const int reason = errno;
    ::close(socket);
    return fail(ErrorCode::kUnavailable,
                fmt::format("cannot send to udp://{}:{}: {}", host, port, std::strerror(reason)));
  }
  return socket;
}

}  // namespace

Result<std::unique_ptr<Output>> udpOutput(const std::string& host, std::uint16_t port) {
  auto socket = connected(host, port);
  if (!socket) return tl::unexpected<Error>(std::move(socket.error()));
  return std::make_unique<UdpOutput>(*socket);
}

Result<std::unique_ptr<Output>> fileOutput(const std::string& path) {
  auto output = std::make_unique<FileOutput>(path);
  if (!output->good()) {
    return fail(ErrorCode::kUnavailable, fmt::format("cannot write {}: {}", path, std::strerror(errno)));
  }
  return output;
}

}  // namespace diemcau::studio
