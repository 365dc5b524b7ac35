// Each scheme has its own short reader; whatever it does not know, it refuses and says so.
#include "base/feed_address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace diemcau {
namespace {

constexpr std::size_t kMaxUri = 500;

tl::unexpected<Error> wrong(std::string_view uri, const std::string& en, const std::string& vi,
                            const char* example) {
  const std::string shown(uri.substr(0, 100));
  return fail(ErrorCode::kInvalid,
              fmt::format("feed address \"{}\": {}; an example is {}", shown, en, example),
              fmt::format("địa chỉ luồng \"{}\": {}; ví dụ đúng: {}", shown, vi, example));
}

constexpr const char* kSrtExample = "srt://203.0.113.5:9000?streamid=main";
constexpr const char* kUdpExample = "udp://239.1.1.1:5000";
constexpr const char* kRtpExample = "rtp://239.1.1.1:5004";
constexpr const char* kRtspExample = "rtsp://192.0.2.7/main";
constexpr std::uint16_t kRtspPort = 554;
constexpr const char* kRtmpExample = "rtmp://192.0.2.7/live/main";
constexpr std::uint16_t kRtmpPort = 1935;
constexpr const char* kHlsExample = "https://media.example.vn/main/index.m3u8";
constexpr const char* kFileExample = "file:///srv/diemcau/trial.ts";
constexpr const char* kPulseExample = "pulse://alsa_input.usb-hall.analog-stereo";
constexpr const char* kAlsaExample = "alsa://hw:1,0";
constexpr const char* kV4l2Example = "v4l2:///dev/video0";
constexpr std::size_t kMostDevice = 200;

bool alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool validName(std::string_view host) {
  if (host.empty() || host.size() > 253 || !alnum(host.front()) || !alnum(host.back())) return false;
  return std::all_of(host.begin(), host.end(), [](char c) { return alnum(c) || c == '-' || c == '.'; }) &&
         host.find("..") == std::string_view::npos;
}

bool numeric6(const std::string& host) {
  in6_addr out{};
  return inet_pton(AF_INET6, host.c_str(), &out) == 1;
}

std::optional<std::uint32_t> number(std::string_view text, std::uint32_t least, std::uint32_t most) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) return {};
  return value;
}

struct HostPort {
  std::string host;
  std::uint16_t port = 0;
};

// host:port; an IPv6 address in brackets. `port_needed` false: port 0 when there is none.
std::optional<HostPort> hostPort(std::string_view text, bool port_needed) {
  HostPort out;
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return {};
    out.host = text.substr(1, end - 1);
    if (!numeric6(out.host)) return {};
    rest = text.substr(end + 1);
  } else {
    const std::size_t colon = text.find(':');
    out.host = text.substr(0, colon);
    if (!validName(out.host)) return {};
    rest = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
  }
  if (rest.empty()) return port_needed ? std::nullopt : std::optional(out);
  const auto port = number(rest.substr(1), 1, 65535);
  if (rest.front() != ':' || !port) return {};
  out.port = static_cast<std::uint16_t>(*port);
  return out;
}

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// %xx decoded; nothing when an escape is broken or hides a control character.
std::optional<std::string> unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hexDigit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return {};
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return {};
    out += c;
  }
  return out;
}

Result<FeedAddress> srt(std::string_view uri, std::string_view rest) {
  FeedAddress out;
  out.kind = FeedKind::kSrt;
  const std::size_t mark = rest.find('?');
  std::string_view query = mark == std::string_view::npos ? std::string_view{} : rest.substr(mark + 1);
  const auto place = hostPort(rest.substr(0, mark), true);
  if (!place) return wrong(uri, "host:port is missing or wrong", "thiếu hoặc sai máy:cổng", kSrtExample);
  out.host = place->host;
  out.port = place->port;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const std::size_t equals = pair.find('=');
    const std::string_view key = pair.substr(0, equals);
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
    if (key == "streamid") {
      const auto id = unescape(value);
      if (!id || id->empty())
        return wrong(uri, "streamid is empty or broken", "streamid trống hoặc sai", kSrtExample);
      out.stream_id = *id;
    } else if (key == "latency") {
      const auto latency = number(value, 20, 8000);
      if (!latency) {
        return wrong(uri, "latency is 20-8000 (ms)", "latency phải từ 20 đến 8000 (ms)",
                     "srt://203.0.113.5:9000?latency=300");
      }
      out.latency_ms = *latency;
    } else if (key == "passphrase") {
      return wrong(uri, "a passphrase does not belong into the address, it has its own field",
                   "mật khẩu không ghi trong địa chỉ mà ở ô riêng", kSrtExample);
    } else {
      return wrong(uri, fmt::format("\"{}\" is not known; only streamid and latency are", key),
                   fmt::format("không có tham số \"{}\"; chỉ có streamid và latency", key), kSrtExample);
    }
  }
  return out;
}

// A network card's name as Linux allows it, without the characters that only look strange.
bool validInterface(std::string_view name) {
  return !name.empty() && name.size() <= 15 && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
  });
}

// Of UDP and RTP: the same but for what is in the datagrams.
Result<FeedAddress> datagrams(FeedKind kind, std::string_view uri, std::string_view rest) {
  FeedAddress out;
  out.kind = kind;
  constexpr std::string_view kInterface = "?iface=";
  const std::size_t mark = rest.find('?');
  if (mark != std::string_view::npos) {
    const std::string_view query = rest.substr(mark);
    if (!query.starts_with(kInterface) || !validInterface(query.substr(kInterface.size()))) {
      return wrong(
          uri, "after ? only iface= and the name of a network card can stand",
          "sau dấu ? chỉ được có iface= và tên card mạng",
          kind == FeedKind::kUdp ? "udp://239.1.1.1:5000?iface=eth0" : "rtp://239.1.1.1:5004?iface=eth0");
    }
    out.interface = query.substr(kInterface.size());
  }
  const auto place = hostPort(rest.substr(0, mark), true);
  if (!place)
    return wrong(uri, "host:port is missing or wrong", "thiếu hoặc sai máy:cổng",
                 kind == FeedKind::kUdp ? kUdpExample : kRtpExample);
  out.host = place->host;
  out.port = place->port;
  return out;
}

constexpr std::string_view kNeverInUrl = "\"'<>\\`{}|^#";

struct UrlParts {
  HostPort at;            // port 0: none is said
  std::string_view path;  // from its first slash, with the query; empty: there is none
};

Result<UrlParts> urlParts(std::string_view uri, std::string_view rest, const char* example) {
  const std::size_t slash = rest.find('/');
  const auto at = hostPort(rest.substr(0, slash), false);
  if (!at) return wrong(uri, "the host is missing or wrong", "thiếu hoặc sai tên máy", example);
  if (rest.find_first_of(kNeverInUrl) != std::string_view::npos)
    return wrong(uri, "it holds a character that must be escaped", "có ký tự phải viết dạng %xx", example);
  return UrlParts{*at, slash == std::string_view::npos ? std::string_view{} : rest.substr(slash)};
}

Result<FeedAddress> rtsp(std::string_view uri, std::string_view rest) {
  FeedAddress out;
  out.kind = FeedKind::kRtsp;
  const auto parts = urlParts(uri, rest, kRtspExample);
  if (!parts) return tl::unexpected(parts.error());
  if (parts->path.empty()) return wrong(uri, "the path is missing", "thiếu đường dẫn", kRtspExample);
  out.host = parts->at.host;
  out.port = parts->at.port == 0 ? kRtspPort : parts->at.port;
  out.url = uri;
  return out;
}

// Servers read the names as they stand, escapes and all: nothing is decoded here.
Result<FeedAddress> rtmp(std::string_view uri, std::string_view rest) {
  FeedAddress out;
  out.kind = FeedKind::kRtmp;
  const auto parts = urlParts(uri, rest, kRtmpExample);
  if (!parts) return tl::unexpected(parts.error());
  const std::string_view names = parts->path.empty() ? parts->path : parts->path.substr(1);
  const std::string_view path = names.substr(0, names.find('?'));
  const std::size_t last = path.rfind('/');
  if (last == std::string_view::npos || path.front() == '/' || path.back() == '/' ||
      path.find("//") != std::string_view::npos) {
    return wrong(uri, "after the host come an application and a stream",
                 "sau tên máy phải có tên ứng dụng và tên luồng", kRtmpExample);
  }
  out.host = parts->at.host;
  out.port = parts->at.port == 0 ? kRtmpPort : parts->at.port;
  out.app = names.substr(0, last);
  out.stream = names.substr(last + 1);
  out.url = uri;
  return out;
}

Result<FeedAddress> hls(std::string_view uri, std::string_view rest) {
  FeedAddress out;
  out.kind = FeedKind::kHls;
  const auto parts = urlParts(uri, rest, kHlsExample);
  if (!parts) return tl::unexpected(parts.error());
  if (!parts->path.substr(0, parts->path.find('?')).ends_with(".m3u8")) {
    return wrong(uri, "over http only a playlist that ends in .m3u8 can be received",
                 "qua http chỉ nhận danh sách phát có đuôi .m3u8", kHlsExample);
  }
  out.host = parts->at.host;
  out.port = parts->at.port;
  out.url = uri;
  return out;
}

Result<FeedAddress> file(std::string_view uri, std::string path) {
  FeedAddress out;
  out.kind = FeedKind::kFile;
  if (path.size() < 2 || path.front() != '/') {
    return wrong(uri, "the path must be absolute", "đường dẫn phải bắt đầu bằng /", kFileExample);
  }
  if ((path + "/").find("/../") != std::string::npos) {
    return wrong(uri, "the path must not hold \"..\"", "đường dẫn không được có \"..\"", kFileExample);
  }
  out.path = std::move(path);
  return out;
}

Result<FeedAddress> testSource(std::string_view uri, std::string_view rest) {
  FeedAddress out;
  out.kind = FeedKind::kTest;
  if (!rest.empty() && rest != "black" && rest != "frozen" && rest != "silent") {
    return wrong(uri, "test patterns are black, frozen, silent, or nothing",
                 "mẫu thử chỉ có black, frozen, silent, hoặc để trống", "test://black");
  }
  out.pattern = rest;
  return out;
}

bool deviceName(std::string_view name, std::string_view marks) {
  return name.size() <= kMostDevice && std::all_of(name.begin(), name.end(), [&](char c) {
           return alnum(c) || marks.find(c) != std::string_view::npos;
         });
}

Result<FeedAddress> pulse(std::string_view uri, std::string_view rest) {
  FeedAddress out;
  out.kind = FeedKind::kPulse;
  // A name that begins with @ stands for one: @DEFAULT_SOURCE@, @DEFAULT_MONITOR@.
  if (!deviceName(rest, "._-:+@")) {
    return wrong(uri, "a source's name has letters, digits and ._-:+@",
                 "tên nguồn tiếng chỉ có chữ, số và ._-:+@", kPulseExample);
  }
  out.device = rest;
  return out;
}

// ALSA takes a PCM's name apart, and some kinds of PCM write files: of those with arguments only what is a
// card.
Result<FeedAddress> alsa(std::string_view uri, std::string_view rest) {
  FeedAddress out;
  out.kind = FeedKind::kAlsa;
  const std::size_t colon = rest.find(':');
  const std::string_view name = rest.substr(0, colon);
  constexpr std::array<std::string_view, 6> kCards = {"hw",         "plughw", "dsnoop",
                                                      "sysdefault", "front",  "default"};
  const bool plain = !name.empty() && deviceName(name, "_-");
  const bool card = colon == std::string_view::npos ||
                    (std::find(kCards.begin(), kCards.end(), name) != kCards.end() &&
                     rest.size() > colon + 1 && deviceName(rest.substr(colon + 1), "_-,="));
  if (!plain || !card) {
    return wrong(uri, "a name, or a card as in hw:1,0 or plughw:CARD=PCH,DEV=0 must follow",
                 "phải là một tên, hoặc card như hw:1,0 hay plughw:CARD=PCH,DEV=0", kAlsaExample);
  }
  out.device = rest;
  return out;
}

Result<FeedAddress> v4l2(std::string_view uri, std::string_view rest) {
  FeedAddress out;
  out.kind = FeedKind::kV4l2;
  constexpr std::string_view kDevices = "/dev/";
  if (!rest.starts_with(kDevices) || rest.size() == kDevices.size() || !deviceName(rest, "/._-:+") ||
      rest.find("..") != std::string_view::npos) {
    return wrong(uri, "a device in /dev must follow", "phải là một thiết bị trong /dev", kV4l2Example);
  }
  out.device = rest;
  return out;
}

}  // namespace

bool capturesSound(FeedKind kind) {
  return kind == FeedKind::kPulse || kind == FeedKind::kAlsa;
}

bool capturesPictures(FeedKind kind) {
  return kind == FeedKind::kV4l2;
}

Result<FeedAddress> parseFeedAddress(std::string_view uri, bool allow_path) {
  if (uri.empty()) return wrong(uri, "it is empty", "đang để trống", kSrtExample);
  if (uri.size() > kMaxUri) return wrong(uri, "it is longer than 500 bytes", "dài quá 500 byte", kSrtExample);
  const bool bare_path = allow_path && uri.front() == '/';
  const auto bad = [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f || (!bare_path && byte == 0x20);
  };
  if (std::any_of(uri.begin(), uri.end(), bad)) {
    return wrong("", "it holds a blank or a control character", "có dấu cách hoặc ký tự điều khiển",
                 kSrtExample);
  }
  if (bare_path) return file(uri, std::string(uri));
  const auto after = [&](std::string_view scheme) { return uri.substr(scheme.size()); };
  if (uri.starts_with("srt://")) return srt(uri, after("srt://"));
  if (uri.starts_with("udp://")) return datagrams(FeedKind::kUdp, uri, after("udp://"));
  if (uri.starts_with("rtp://")) return datagrams(FeedKind::kRtp, uri, after("rtp://"));
  if (uri.starts_with("rtsp://")) return rtsp(uri, after("rtsp://"));
  if (uri.starts_with("rtmp://")) return rtmp(uri, after("rtmp://"));
  if (uri.starts_with("http://")) return hls(uri, after("http://"));
  if (uri.starts_with("https://")) return hls(uri, after("https://"));
  if (uri.starts_with("pulse://")) return pulse(uri, after("pulse://"));
  if (uri.starts_with("alsa://")) return alsa(uri, after("alsa://"));
  if (uri.starts_with("v4l2://")) return v4l2(uri, after("v4l2://"));
  if (uri.starts_with("test://")) return testSource(uri, after("test://"));
  if (uri.starts_with("file://")) {
    const auto path = unescape(after("file://"));
    if (!path) return wrong(uri, "an escape (%xx) is broken", "mã %xx bị sai", kFileExample);
    return file(uri, *path);
  }
  return wrong(
      uri,
      "it must begin with srt://, udp://, rtp://, rtsp://, rtmp://, http://, https://, file://, pulse://, "
      "alsa://, v4l2:// or test://",
      "phải bắt đầu bằng srt://, udp://, rtp://, rtsp://, rtmp://, http://, https://, file://, pulse://, "
      "alsa://, v4l2:// hoặc test://",
      kSrtExample);
}

}  // namespace diemcau
