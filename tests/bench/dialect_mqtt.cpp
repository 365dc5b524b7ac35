// MQTT 3.1.1 (OASIS standard, chapters 2 and 3), QoS 0: the least that a broker can be asked for. Every site
// subscribes to "c"; the centre to the statuses "s/+" and the answers "a/+" of all; consoles to "e".
#include <fmt/format.h>

#include "tests/bench/dialects.hpp"

namespace diemcau::bench {
namespace {

constexpr char kConnect = 0x10, kPublish = 0x30;
constexpr unsigned char kConnAck = 0x20, kSubscribe = 0x82, kSubAck = 0x90;

void appendLength(std::string& out, std::size_t length) {
  do {
    const auto low = static_cast<unsigned char>(length % 128);
    length /= 128;
    out.push_back(static_cast<char>(length > 0 ? low | 128U : low));
  } while (length > 0);
}

void appendText(std::string& out, std::string_view text) {
  out.push_back(static_cast<char>(text.size() >> 8U));
  out.push_back(static_cast<char>(text.size() & 0xFFU));
  out.append(text);
}

void packet(std::string& out, char kind, std::string_view body) {
  out.push_back(kind);
  appendLength(out, body.size());
  out.append(body);
}

void publish(std::string& out, std::string_view topic, std::string_view bytes) {
  out.push_back(kPublish);
  appendLength(out, 2 + topic.size() + bytes.size());
  appendText(out, topic);
  out.append(bytes);
}

class MqttDialect final : public Dialect {
 public:
  explicit MqttDialect(const Sizes& sizes) : sizes_(sizes) {}

  void opened(Peer& peer, Crowd&) override {
    std::string body;
    appendText(body, "MQTT");
    body.append({4, 2, 0, 0});  // level, clean session, no keep-alive
    appendText(body, fmt::format("{}{}", static_cast<int>(peer.role), peer.number));
    packet(peer.line->out, kConnect, body);
  }

  std::size_t take(Peer& peer, Crowd& crowd) override {
    const std::string_view in = peer.in;
    std::size_t at = 0;
    while (in.size() - at >= 2) {
      std::size_t length = 0, head = 1, shift = 0;
      bool more = true;
      for (; more && at + head < in.size() && shift < 28; ++head, shift += 7) {
        const auto byte = static_cast<unsigned char>(in[at + head]);
        length |= static_cast<std::size_t>(byte & 127U) << shift;
        more = (byte & 128U) != 0;
      }
      if (more || in.size() - at - head < length) break;
      arrived(peer, crowd, static_cast<unsigned char>(in[at]), in.substr(at + head, length));
      at += head + length;
    }
    return at;
  }

  void tellStatus(Peer& site, std::uint64_t event) override {
    const std::string topic = event == 0 ? fmt::format("s/{}", site.number) : "e";
    publish(site.line->out, topic, payload(event, sizes_.status));
  }
  void command(Peer& centre, std::uint64_t revision) override {
    publish(centre.line->out, "c", payload(revision, sizes_.command));
  }

 private:
  void arrived(Peer& peer, Crowd& crowd, unsigned char kind, std::string_view body) {
    if (kind == kConnAck) return subscribe(peer);
    if (kind == kSubAck) return crowd.welcome(peer);
    if ((kind & 0xF0U) != static_cast<unsigned char>(kPublish) || body.size() < 2) return;
    const std::size_t topic_size =
        static_cast<unsigned char>(body[0]) * 256U + static_cast<unsigned char>(body[1]);
    const auto topic = body.substr(2, topic_size), bytes = body.substr(2 + topic_size);
    if (topic == "c") {
      crowd.commanded(bytes.size());
      publish(peer.line->out, fmt::format("a/{}", peer.number), payload(numberOf(bytes), sizes_.status));
    } else if (topic == "e") {
      if (crowd.seen.event) crowd.seen.event(peer.number, numberOf(bytes));
    } else if (topic.starts_with("a/")) {
      ++crowd.seen.answers;
      crowd.seen.last_answer = systemClock().steady();
    } else {
      ++crowd.seen.views;
    }
  }

  static void subscribe(Peer& peer) {
    std::string body{'\0', '\1'};
    const auto to = [&](const char* topic) {
      appendText(body, topic);
      body.push_back('\0');  // QoS 0
    };
    if (peer.role == Role::kSite) to("c");
    if (peer.role == Role::kCentre) to("s/+"), to("a/+");
    if (peer.role == Role::kConsole) to("e");
    packet(peer.line->out, static_cast<char>(kSubscribe), body);
  }

  const Sizes sizes_;
};

}  // namespace

std::unique_ptr<Dialect> mqttDialect(const Sizes& sizes) {
  return std::make_unique<MqttDialect>(sizes);
}

}  // namespace diemcau::bench
