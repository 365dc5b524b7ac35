// Blocking HTTP/1.1, plain or under TLS, for command lines. One request, one answer, the connection ends.
#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "net/channel.hpp"
#include "net/client.hpp"
#include "net/url.hpp"

namespace diemcau::net {
namespace {

constexpr std::size_t kMaxAnswer = 256 * 1024 * 1024, kMaxHead = 64 * 1024;

tl::unexpected<Error> broken(const Url& url, std::string_view why) {
  return fail(ErrorCode::kUnavailable,
              fmt::format("the answer of {}:{} cannot be read: {}", url.host, url.port, why),
              fmt::format("không đọc được trả lời của {}:{}: {}", url.host, url.port, why));
}

// What came so far, and more on demand.
class Incoming {
 public:
  explicit Incoming(Channel& channel) : channel_(channel) {}

  // False at the end, on failure and when the time is over.
  bool more() {
    if (buffer_.size() > kMaxAnswer + kMaxHead) return false;
    std::array<char, 64 * 1024> piece{};
    const long got = channel_.read(piece.data(), piece.size());
    ended_ = got == 0;
    if (got > 0) buffer_.append(piece.data(), static_cast<std::size_t>(got));
    return got > 0;
  }
  std::optional<std::string> line() {
    for (;;) {
      const std::size_t end = buffer_.find("\r\n", at_);
      if (end != std::string::npos) {
        std::string text = buffer_.substr(at_, end - at_);
        at_ = end + 2;
        return text;
      }
      if (buffer_.size() - at_ > kMaxHead || !more()) return std::nullopt;
    }
  }
  bool take(std::size_t count, std::string& into) {
    if (count > kMaxAnswer || into.size() + count > kMaxAnswer) return false;
    while (buffer_.size() - at_ < count) {
      if (!more()) return false;
    }
    into.append(buffer_, at_, count);
    at_ += count;
    return true;
  }
  bool takeRest(std::string& into) {
    while (more()) {
    }
    into = buffer_.substr(at_);
    return ended_ && into.size() <= kMaxAnswer;
  }

 private:
  Channel& channel_;
  std::string buffer_;
  std::size_t at_ = 0;
  bool ended_ = false;
};

bool takeChunks(Incoming& in, std::string& body) {
  for (;;) {
    const auto line = in.line();
    if (!line) return false;
    std::size_t size = 0;
    const std::size_t digits = std::min(line->find(';'), line->size());
    const auto [end, error] = std::from_chars(line->data(), line->data() + digits, size, 16);
    if (error != std::errc() || end == line->data()) return false;
    if (size == 0) {
      for (auto trailer = in.line(); trailer && !trailer->empty();) trailer = in.line();
      return true;
    }
    std::string line_end;
    if (!in.take(size, body) || !in.take(2, line_end) || line_end != "\r\n") return false;
  }
}

struct Head {
  int status = 0;
  std::optional<std::size_t> length;
  bool chunked = false;
  std::string content_type, set_cookie;
};

std::optional<Head> readHead(Incoming& in) {
  const auto first = in.line();
  if (!first || !first->starts_with("HTTP/1.") || first->size() < 12) return std::nullopt;
  Head head;
  const auto [end, error] = std::from_chars(first->data() + 9, first->data() + 12, head.status);
  if (error != std::errc() || end != first->data() + 12) return std::nullopt;
  for (;;) {
    const auto line = in.line();
    if (!line) return std::nullopt;
    if (line->empty()) return head;
    const std::size_t colon = std::min(line->find(':'), line->size());
    const std::string name = line->substr(0, colon);
    std::string value = colon < line->size() ? line->substr(colon + 1) : "";
    value.erase(0, std::min(value.find_first_not_of(" \t"), value.size()));
    if (strcasecmp(name.c_str(), "content-length") == 0) {
      std::size_t length = 0;
      if (std::from_chars(value.data(), value.data() + value.size(), length).ec != std::errc())
        return std::nullopt;
      head.length = length;
    } else if (strcasecmp(name.c_str(), "transfer-encoding") == 0) {
      head.chunked = strcasecmp(value.c_str(), "chunked") == 0;
    } else if (strcasecmp(name.c_str(), "content-type") == 0) {
      head.content_type = value;
    } else if (strcasecmp(name.c_str(), "set-cookie") == 0) {
      head.set_cookie = value;
    }
  }
}

bool lineBreakIn(std::string_view text) {
  return text.find_first_of("\r\n") != std::string_view::npos;
}

}  // namespace

Result<HttpAnswer> httpRequest(const std::string& method, const std::string& url_text,
                               const std::string& body,
                               const std::vector<std::pair<std::string, std::string>>& headers,
                               unsigned timeout_s, const Trust& trust) {
  auto url = parseUrl(url_text);
  if (!url) return tl::unexpected(url.error());
  if (url->scheme != "http" && url->scheme != "https") {
    return fail(ErrorCode::kInvalid,
                fmt::format("\"{}\": only http:// and https:// are spoken here", url_text),
                fmt::format("\"{}\": chỉ dùng được http:// và https://", url_text));
  }
  std::string request =
      fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n", method,
                  url->path, url->hostHeader(), body.size());
  for (const auto& [name, value] : headers) {
    if (lineBreakIn(name) || lineBreakIn(value)) {
      return fail(ErrorCode::kInvalid, "a header has a line break in it", "phần đầu yêu cầu có xuống dòng");
    }
    request.append(name).append(": ").append(value).append("\r\n");
  }
  request.append("\r\n").append(body);

  const Deadline deadline(timeout_s);
  auto channel = Channel::open(*url, trust, deadline);
  if (!channel) return tl::unexpected(channel.error());
  // A server may answer before it has read everything, and close: what it said is worth more than the failed
  // write.
  const bool all_sent = channel->sendAll(request);
  Incoming in(*channel);
  auto head = readHead(in);
  for (int count = 0; head && head->status / 100 == 1 && count < 8; ++count) head = readHead(in);
  if (!head) return broken(*url, all_sent ? "no answer came in time" : "the connection ended");
  HttpAnswer answer{head->status, head->content_type, {}, head->set_cookie};
  if (method == "HEAD" || head->status == 204 || head->status == 304) return answer;
  bool whole = false;
  if (head->chunked) {
    whole = takeChunks(in, answer.body);
  } else if (head->length) {
    whole = in.take(*head->length, answer.body);
  } else {
    whole = in.takeRest(answer.body);
  }
  if (!whole) return broken(*url, "it is cut off, or larger than 256 MiB");
  return answer;
}

}  // namespace diemcau::net
