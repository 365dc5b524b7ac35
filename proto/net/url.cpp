#include "net/url.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <charconv>

namespace diemcau::net {
namespace {

tl::unexpected<Error> notAUrl(std::string_view text) {
  return fail(ErrorCode::kInvalid,
              fmt::format("\"{}\" is not an address; an example: http://127.0.0.1:7680", text),
              fmt::format("\"{}\" không phải là địa chỉ; ví dụ: http://127.0.0.1:7680", text));
}

std::uint16_t defaultPort(std::string_view scheme) {
  return scheme == "https" || scheme == "wss" ? 443 : 80;
}

}  // namespace

bool Url::local() const {
  return strcasecmp(host.c_str(), "localhost") == 0;
}

std::string Url::hostHeader() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == defaultPort(scheme) ? name : fmt::format("{}:{}", name, port);
}

Result<Url> parseUrl(std::string_view text) {
  const bool plain = std::none_of(text.begin(), text.end(),
                                  [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
  const std::size_t colon = text.find("://");
  if (!plain || colon == std::string_view::npos || colon == 0 || text.size() > 4096) return notAUrl(text);
  Url url;
  url.scheme = text.substr(0, colon);
  std::string_view rest = text.substr(colon + 3);
  const std::size_t slash = std::min(rest.find_first_of("/?"), rest.size());
  url.path = rest.substr(slash);
  if (url.path.empty() || url.path.front() != '/') url.path.insert(0, "/");
  std::string_view where = rest.substr(0, slash);
  if (where.find('@') != std::string_view::npos) return notAUrl(text);
  if (where.starts_with('[')) {  // IPv6, and nothing else
    const std::size_t end = where.find(']');
    if (end == std::string_view::npos) return notAUrl(text);
    url.host = where.substr(1, end - 1);
    if (url.host.find(':') == std::string::npos) return notAUrl(text);
    where.remove_prefix(end + 1);
  } else {
    const std::size_t end = std::min(where.find(':'), where.size());
    url.host = where.substr(0, end);
    where.remove_prefix(end);
  }
  url.port = defaultPort(url.scheme);
  if (!where.empty()) {
    where.remove_prefix(1);
    const auto [end, error] = std::from_chars(where.data(), where.data() + where.size(), url.port);
    if (error != std::errc() || end != where.data() + where.size() || url.port == 0) return notAUrl(text);
  }
  if (url.host.empty() || url.host.find_first_of("[]") != std::string::npos) return notAUrl(text);
  return url;
}

}  // namespace diemcau::net
