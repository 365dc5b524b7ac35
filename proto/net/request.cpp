#include "net/request.hpp"

#include <arpa/inet.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/text.hpp"

namespace diemcau::net {
namespace {

constexpr std::size_t kMaxPath = 1024, kMaxPairs = 32;

struct Method {
  lws_token_indexes token;
  const char* name;
  bool served;
  bool lws_expects_body;  // libwebsockets waits for 100 MiB of body when there is no Content-Length
};
constexpr std::array<Method, 7> kMethods{{{WSI_TOKEN_GET_URI, "GET", true, false},
                                          {WSI_TOKEN_HEAD_URI, "HEAD", true, false},
                                          {WSI_TOKEN_POST_URI, "POST", true, true},
                                          {WSI_TOKEN_PUT_URI, "PUT", true, true},
                                          {WSI_TOKEN_DELETE_URI, "DELETE", true, false},
                                          {WSI_TOKEN_PATCH_URI, "PATCH", false, true},
                                          {WSI_TOKEN_OPTIONS_URI, "OPTIONS", false, false}}};

// Headers of ours that libwebsockets has no number for.
constexpr std::array<std::string_view, 5> kOwnHeaders{
    "x-diemcau-actor:", "x-diemcau-csrf:", "x-requested-with:", "idempotency-key:", "sec-fetch-site:"};

bool sameWord(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string tokenValue(lws* wsi, lws_token_indexes token) {
  const int length = lws_hdr_total_length(wsi, token);
  if (length <= 0) return {};
  std::string value(static_cast<std::size_t>(length) + 8, '\0');
  const int got = lws_hdr_copy(wsi, value.data(), static_cast<int>(value.size()), token);
  value.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return value;
}

bool isPlain(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// libwebsockets has taken out "//", "/./" and "/../" already; this does not trust it.
bool pathIsPlain(std::string_view path) {
  if (path.empty() || path.front() != '/' || !isPlain(path) || !validUtf8(path)) return false;
  for (std::size_t from = 0; from < path.size();) {
    const std::size_t slash = std::min(path.find('/', from), path.size());
    if (path.substr(from, slash - from) == "..") return false;
    from = slash + 1;
  }
  return path.find('\\') == std::string_view::npos;
}

Refusal badRequest(std::string en, std::string vi) {
  return {400, "invalid", std::move(en), std::move(vi)};
}

std::optional<Refusal> readQuery(lws* wsi, HttpRequest& request) {
  std::array<char, 2048> piece{};
  for (int index = 0;; ++index) {
    const int length = lws_hdr_copy_fragment(wsi, piece.data(), static_cast<int>(piece.size()),
                                             WSI_TOKEN_HTTP_URI_ARGS, index);
    if (length < 0) return std::nullopt;
    const std::string_view pair(piece.data(), static_cast<std::size_t>(length));
    if (pair.empty()) continue;
    if (request.query.size() >= kMaxPairs || index > 128) {
      return badRequest("the address has too many parameters", "địa chỉ có quá nhiều tham số");
    }
    if (!isPlain(pair) || !validUtf8(pair)) {
      return badRequest("a parameter in the address is not plain text",
                        "tham số trong địa chỉ không phải văn bản");
    }
    const std::size_t equals = std::min(pair.find('='), pair.size());
    request.query.emplace(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
  }
}

void readHeaders(lws* wsi, HttpRequest& request) {
  for (int index = 0; index < static_cast<int>(WSI_TOKEN_COUNT); ++index) {
    const auto token = static_cast<lws_token_indexes>(index);
    const auto* name = reinterpret_cast<const char*>(lws_token_to_string(token));
    if (name == nullptr || name[0] == ':') continue;
    std::string_view word(name);
    if (word.size() < 2 || word.back() != ':' || lws_hdr_total_length(wsi, token) <= 0) continue;
    word.remove_suffix(1);
    request.headers.emplace(word, tokenValue(wsi, token));
  }
  for (std::string_view name : kOwnHeaders) {
    const int length = lws_hdr_custom_length(wsi, name.data(), static_cast<int>(name.size()));
    if (length < 0) continue;
    std::string value(static_cast<std::size_t>(length) + 1, '\0');
    const int got = lws_hdr_custom_copy(wsi, value.data(), static_cast<int>(value.size()), name.data(),
                                        static_cast<int>(name.size()));
    value.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    name.remove_suffix(1);
    request.headers.emplace(name, trimmed(value));
  }
}

std::optional<Refusal> readLength(lws* wsi, const Method& method, std::size_t max_body, RequestHead& head) {
  if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0) {
    return badRequest("Transfer-Encoding is not accepted: send a Content-Length",
                      "không nhận Transfer-Encoding: hãy gửi Content-Length");
  }
  if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH) <= 0) {
    head.endless_for_lws = method.lws_expects_body;
    return std::nullopt;
  }
  const std::string text = tokenValue(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH);
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (text.empty() || !digits || error != std::errc() || end != text.data() + text.size()) {
    return badRequest("Content-Length is not a plain number", "Content-Length không phải là số");
  }
  if (length > max_body) {
    const std::string limit = std::to_string(max_body);
    return Refusal{413, "too_big", "the body is larger than " + limit + " bytes",
                   "nội dung lớn hơn " + limit + " byte"};
  }
  head.body_length = static_cast<std::size_t>(length);
  return std::nullopt;
}

// Splits "host", "host:port", "[v6]" and "[v6]:port".
bool splitHost(std::string_view value, std::string_view& host, std::string_view& port) {
  port = {};
  if (value.starts_with('[')) {
    const std::size_t end = value.find(']');
    if (end == std::string_view::npos) return false;
    host = value.substr(0, end + 1);
    value.remove_prefix(end + 1);
  } else {
    const std::size_t colon = std::min(value.find(':'), value.size());
    host = value.substr(0, colon);
    value.remove_prefix(colon);
  }
  if (value.empty()) return !host.empty();
  if (value.front() != ':') return false;
  port = value.substr(1);
  return !host.empty() && !port.empty() && port.size() <= 5 &&
         std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool loopbackName(std::string_view host) {
  if (sameWord(host, "localhost") || host == "[::1]") return true;
  in_addr address{};
  return inet_pton(AF_INET, std::string(host).c_str(), &address) == 1 &&
         (ntohl(address.s_addr) >> 24U) == 127;
}

}  // namespace

tl::expected<RequestHead, Refusal> readHead(lws* wsi, std::size_t max_body) {
  RequestHead head;
  const Method* method = nullptr;
  for (const Method& one : kMethods) {
    if (lws_hdr_total_length(wsi, one.token) > 0) method = &one;
  }
  if (method == nullptr || !method->served) {
    return tl::unexpected(Refusal{405, "invalid",
                                  "this method is not served here; GET, HEAD, POST, PUT, DELETE are",
                                  "không phục vụ phương thức này; chỉ có GET, HEAD, POST, PUT, DELETE"});
  }
  // An encoded line break in the address makes libwebsockets end the request line there, and read what
  // follows as headers. The version, at the end of the line, is missing then.
  const std::string version = tokenValue(wsi, WSI_TOKEN_HTTP);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return tl::unexpected(badRequest("the request line is not HTTP/1", "dòng yêu cầu không phải HTTP/1"));
  }
  head.request.method = method->name;
  if (lws_hdr_total_length(wsi, method->token) > static_cast<int>(kMaxPath)) {
    return tl::unexpected(Refusal{414, "too_big", "the address is too long", "địa chỉ quá dài"});
  }
  head.request.path = tokenValue(wsi, method->token);
  if (!pathIsPlain(head.request.path)) {
    return tl::unexpected(badRequest("the address is not a plain path", "địa chỉ không hợp lệ"));
  }
  if (auto refusal = readQuery(wsi, head.request)) return tl::unexpected(*refusal);
  if (auto refusal = readLength(wsi, *method, max_body, head)) return tl::unexpected(*refusal);
  readHeaders(wsi, head.request);
  const auto& headers = head.request.headers;
  const auto value = [&](const char* name) {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
  };
  head.upgrade = headers.contains("upgrade");
  head.keep_alive = version == "HTTP/1.1" && !listHas(value("connection"), "close");
  head.wants_continue = sameWord(trimmed(value("expect")), "100-continue");
  return head;
}

bool hostAllowed(std::string_view host, const std::vector<std::string>& allowed) {
  std::string_view name, port;
  if (!splitHost(trimmed(host), name, port)) return false;
  if (allowed.empty()) return loopbackName(name);
  return std::any_of(allowed.begin(), allowed.end(),
                     [&](const std::string& one) { return sameWord(one, name); });
}

bool originAllowed(std::string_view origin, const std::vector<std::string>& allowed, std::uint16_t port) {
  origin = trimmed(origin);
  std::string_view default_port;
  if (origin.starts_with("http://")) {
    default_port = "80";
    origin.remove_prefix(7);
  } else if (origin.starts_with("https://")) {
    default_port = "443";
    origin.remove_prefix(8);
  } else {
    return false;
  }
  std::string_view name, origin_port;
  if (!splitHost(origin, name, origin_port)) return false;
  if (origin_port.empty()) origin_port = default_port;
  return origin_port == std::to_string(port) && hostAllowed(name, allowed);
}

bool listHas(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (sameWord(trimmed(list.substr(0, comma)), word)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

}  // namespace diemcau::net
