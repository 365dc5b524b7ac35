// NATS's client protocol 1.0 (docs.nats.io): every site subscribes to "c"; the centre to the statuses "s.*"
// and the answers "a.*" of all; consoles to "e". Messages of the core, without JetStream.
#include <fmt/format.h>

#include <cstdlib>

#include "tests/bench/dialects.hpp"

namespace diemcau::bench {
namespace {

class NatsDialect final : public Dialect {
 public:
  explicit NatsDialect(const Sizes& sizes) : sizes_(sizes) {}

  bool tlsAfterGreeting() const override { return true; }

  void opened(Peer& peer, Crowd&) override {
    auto& out = peer.line->out;
    out += R"(CONNECT {"verbose":false,"pedantic":false,"lang":"c","version":"1","protocol":1})";
    out += "\r\n";
    if (peer.role == Role::kSite) out += "SUB c 1\r\n";
    if (peer.role == Role::kCentre) out += "SUB s.* 1\r\nSUB a.* 2\r\n";
    if (peer.role == Role::kConsole) out += "SUB e 1\r\n";
    out += "PING\r\n";
  }

  std::size_t take(Peer& peer, Crowd& crowd) override {
    const std::string_view in = peer.in;
    std::size_t at = 0;
    while (true) {
      const auto end = in.find("\r\n", at);
      if (end == std::string_view::npos) return at;
      const auto line = in.substr(at, end - at);
      if (!line.starts_with("MSG ")) {
        at = end + 2;
        if (line == "PING") peer.line->out += "PONG\r\n";
        if (line == "PONG") crowd.welcome(peer);
        if (line.starts_with("-ERR")) crowd.seen.trouble = std::string(line);
        continue;
      }
      const auto size =
          static_cast<std::size_t>(std::atoll(std::string(line.substr(line.rfind(' ') + 1)).c_str()));
      if (in.size() < end + 2 + size + 2) return at;
      arrived(peer, crowd, line.substr(4, line.find(' ', 4) - 4), in.substr(end + 2, size));
      at = end + 2 + size + 2;
    }
  }

  void tellStatus(Peer& site, std::uint64_t event) override {
    const std::string subject = event == 0 ? fmt::format("s.{}", site.number) : "e";
    publish(site, subject, payload(event, sizes_.status));
  }
  void command(Peer& centre, std::uint64_t revision) override {
    publish(centre, "c", payload(revision, sizes_.command));
  }

 private:
  static void publish(Peer& peer, std::string_view subject, std::string_view bytes) {
    fmt::format_to(std::back_inserter(peer.line->out), "PUB {} {}\r\n{}\r\n", subject, bytes.size(), bytes);
  }

  void arrived(Peer& peer, Crowd& crowd, std::string_view subject, std::string_view bytes) {
    if (subject == "c") {
      crowd.commanded(bytes.size());
      publish(peer, fmt::format("a.{}", peer.number), payload(numberOf(bytes), sizes_.status));
    } else if (subject == "e") {
      if (crowd.seen.event) crowd.seen.event(peer.number, numberOf(bytes));
    } else if (subject.starts_with("a.")) {
      ++crowd.seen.answers;
      crowd.seen.last_answer = systemClock().steady();
    } else {
      ++crowd.seen.views;
    }
  }

  const Sizes sizes_;
};

}  // namespace

std::unique_ptr<Dialect> natsDialect(const Sizes& sizes) {
  return std::make_unique<NatsDialect>(sizes);
}

}  // namespace diemcau::bench
