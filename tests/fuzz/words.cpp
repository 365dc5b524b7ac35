// What is decided on short texts alone. The first letter says what the rest is: a Host, an Origin, an address
// of a server, of a feed or to listen on, a list, a time, a text that somebody typed, a path.
#include <algorithm>

#include "base/feed_address.hpp"
#include "base/settings.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "net/answer.hpp"
#include "net/request.hpp"
#include "net/url.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace diemcau;

namespace {

void host(std::string_view text) {
  if (!net::hostAllowed(text, {})) return;
  // Nothing but a name of this machine, and perhaps a port.
  const auto first = text.find_first_not_of(" \t");
  MUST(first != std::string_view::npos);
  const char c = text[first];
  MUST(c == '[' || c == '1' || c == 'l' || c == 'L');
  MUST(text.find('@') == std::string_view::npos && text.find('/') == std::string_view::npos);
}

void origin(std::string_view text) {
  MUST(!net::originAllowed(text, {"cau.example.vn"}, 443) || text.find("cau.example.vn") != text.npos ||
       std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; }));
  (void)net::originAllowed(text, {}, 80);
}

void url(std::string_view text) {
  const auto url = net::parseUrl(text);
  if (!url) return MUST(!url.error().text.empty() && !url.error().vi.empty());
  MUST(!url->host.empty() && url->port != 0 && url->path.starts_with('/'));
  const auto again = net::parseUrl(url->scheme + "://" + url->hostHeader() + url->path);
  MUST(again && again->host == url->host && again->port == url->port && again->path == url->path);
}

void feed(std::string_view text) {
  const auto feed = parseFeedAddress(text, true);
  if (!feed) return MUST(!feed.error().text.empty() && !feed.error().vi.empty());
  if (feed->kind == FeedKind::kSrt || feed->kind == FeedKind::kUdp || feed->kind == FeedKind::kRtp ||
      feed->kind == FeedKind::kRtsp || feed->kind == FeedKind::kRtmp) {
    MUST(feed->port != 0 && !feed->host.empty());
    MUST(feed->host.find_first_of("/?&# \"'`$") == std::string::npos);
  }
  if (feed->kind == FeedKind::kRtmp) {
    MUST(!feed->app.empty() && !feed->stream.empty());
    MUST(feed->app.find('?') == std::string::npos && !feed->stream.starts_with('?'));
    MUST(feed->url.ends_with("/" + feed->app + "/" + feed->stream));
  }
  if (feed->kind == FeedKind::kFile) MUST(feed->path.starts_with('/'));
  if (feed->kind == FeedKind::kV4l2) MUST(feed->device.starts_with("/dev/"));
  MUST(feed->device.find_first_of("'\"{}\\ ?&#") == std::string::npos);
  MUST(feed->device.find("..") == std::string::npos || !capturesPictures(feed->kind));
  MUST(feed->path.find('\0') == std::string::npos);
}

void listen(std::string_view text) {
  const auto at = parseListen(text);
  if (at) MUST(!at->host.empty());
}

void time(std::string_view text) {
  for (const char* zone : {"UTC", "Asia/Ho_Chi_Minh"}) {
    const auto at = parseTime(text, zone);
    if (!at) continue;
    const auto again = parseTime(formatUtc(*at));
    MUST(again && *again / kMillisecond == *at / kMillisecond);
    MUST(!formatLocal(*at, zone).empty());
  }
}

void typed(std::string_view text) {
  (void)displayWidth(text);
  (void)fold(text);
  const auto clean = cleanText(text, 100, "text");
  if (!clean) return;
  const auto again = cleanText(*clean, 100, "text");
  MUST(again && *again == *clean);
  MUST(std::none_of(clean->begin(), clean->end(), [](char c) { return c >= 0 && c < ' '; }));
}

// Each line of an answer's head is one that we wrote: nothing from outside starts a header of its own.
void answer(std::string_view text) {
  net::HttpResponse response;
  response.status = 200;
  while (!text.empty()) {
    const auto name = fuzz::take(text, "\t");
    response.headers.emplace_back(name, fuzz::take(text, "\t"));
  }
  response.content_type = response.headers.empty() ? "" : response.headers.front().second;
  response.body = "body";
  const auto bytes = net::answerBytes(response, false, true);
  const auto head = std::string_view(bytes).substr(0, bytes.find("\r\n\r\n"));
  MUST(bytes.ends_with("\r\n\r\nbody"));
  const auto breaks = static_cast<std::size_t>(std::count(head.begin(), head.end(), '\n'));
  MUST(breaks <= response.headers.size() + 5);
  MUST(head.find("\r\nContent-Length: 4\r\n") != head.npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = fuzz::asText(data, size);
  if (text.empty()) return 0;
  const char kind = text.front();
  text.remove_prefix(1);
  switch (kind) {
    case 'h':
      host(text);
      break;
    case 'o':
      origin(text);
      break;
    case 'u':
      url(text);
      break;
    case 'f':
      feed(text);
      break;
    case 'l':
      listen(text);
      break;
    case 'c':
      MUST(!net::listHas(text, "close") || text.size() >= 5);
      break;
    case 't':
      time(text);
      break;
    case 'x':
      typed(text);
      break;
    case 'a':
      answer(text);
      break;
    default:
      break;
  }
  return 0;
}
