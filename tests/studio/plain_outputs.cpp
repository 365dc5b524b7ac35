// UDP, RTP and file: plain system calls, no pipeline.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <tuple>

#include "tests/studio/output.hpp"
#include "tests/studio/transport.hpp"

namespace diemcau::studio {

namespace {

class DatagramOutput final : public Output {
 public:
  DatagramOutput(int socket, bool rtp) : socket_(socket), rtp_(rtp) {}
  DatagramOutput(const DatagramOutput&) = delete;
  DatagramOutput& operator=(const DatagramOutput&) = delete;
  ~DatagramOutput() override { ::close(socket_); }

  void send(std::string_view packets, Micros wall) override {
    waiting_ += packets;
    std::string_view rest = waiting_;
    // Nobody there, or a full buffer, is no error of ours: that is what UDP is like.
    for (; rest.size() >= kDatagram; rest.remove_prefix(kDatagram)) {
      datagram_.clear();
      if (rtp_) head(wall);
      datagram_ += rest.substr(0, kDatagram);
      (void)::send(socket_, datagram_.data(), datagram_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    waiting_.erase(0, waiting_.size() - rest.size());
  }

 private:
  // RFC 3550, 5.1: version 2; payload type 33 is a transport stream, with a clock of 90 kHz.
  void head(Micros wall) {
    const auto put = [this](std::uint64_t value, int bytes) {
      for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        datagram_ += static_cast<char>(value >> shift);
    };
    put(0x80, 1);
    put(33, 1);
    put(++number_, 2);
    put(static_cast<std::uint64_t>(wall) * 9 / 100, 4);
    put(kSource, 4);
  }

  static constexpr std::uint32_t kSource = 0x4469656d;
  int socket_;
  const bool rtp_;
  std::uint16_t number_ = 0;
  std::string waiting_, datagram_;
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

Result<int> connected(const FeedAddress& feed) {
  const auto& [host, port] = std::tie(feed.host, feed.port);
  const char* scheme = feed.kind == FeedKind::kRtp ? "rtp" : "udp";
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &to.sin_addr) != 1) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("{}://{}:{} needs a numeric IPv4 address, for example 239.10.0.1", scheme, host, port));
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
                fmt::format("cannot send to {}://{}:{}: {}", scheme, host, port, std::strerror(reason)));
  }
  return socket;
}

}  // namespace

Result<std::unique_ptr<Output>> datagramOutput(const FeedAddress& to) {
  auto socket = connected(to);
  if (!socket) return tl::unexpected<Error>(std::move(socket.error()));
  return std::make_unique<DatagramOutput>(*socket, to.kind == FeedKind::kRtp);
}

Result<std::unique_ptr<Output>> fileOutput(const std::string& path) {
  auto output = std::make_unique<FileOutput>(path);
  if (!output->good()) {
    return fail(ErrorCode::kUnavailable, fmt::format("cannot write {}: {}", path, std::strerror(errno)));
  }
  return output;
}

}  // namespace diemcau::studio
