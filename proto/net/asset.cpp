// Files of web pages, from memory.
#include "net/asset.hpp"

#include <algorithm>

namespace diemcau::net {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// "gzip;q=0" and "gzip;q=0.000" refuse it; every other weight admits it.
bool isRefused(std::string_view parameters) {
  const auto q = parameters.find("q=");
  if (q == std::string_view::npos) return false;
  const std::string_view weight = trimmed(parameters.substr(q + 2));
  return weight.starts_with('0') && weight.find_first_not_of("0.") == std::string_view::npos;
}

bool admitsGzip(const HttpRequest& request) {
  const auto found = request.headers.find("accept-encoding");
  if (found == request.headers.end()) return false;
  std::string_view rest = found->second;
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    const std::string_view one = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    const auto semicolon = std::min(one.find(';'), one.size());
    if (trimmed(one.substr(0, semicolon)) == "gzip") return !isRefused(one.substr(semicolon));
  }
  return false;
}

bool isKnown(const HttpRequest& request, std::string_view etag) {
  const auto found = request.headers.find("if-none-match");
  return found != request.headers.end() && found->second.find(etag) != std::string::npos;
}

}  // namespace

const Asset* findAsset(std::span<const Asset> assets, std::string_view path) {
  const auto found =
      std::find_if(assets.begin(), assets.end(), [&](const Asset& one) { return one.path == path; });
  return found == assets.end() ? nullptr : &*found;
}

HttpResponse serveAsset(const Asset& asset, const HttpRequest& request) {
  HttpResponse response;
  response.content_type = std::string(asset.content_type);
  response.headers = {
      {"ETag", std::string(asset.etag)},
      {"Cache-Control", asset.immutable ? "public, max-age=31536000, immutable" : "no-cache"},
  };
  if (!asset.gzip.empty()) response.headers.emplace_back("Vary", "Accept-Encoding");
  if (isKnown(request, asset.etag)) {
    response.status = 304;
  } else if (!asset.gzip.empty() && admitsGzip(request)) {
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.body = std::string(asset.gzip);
  } else {
    response.body = std::string(asset.content);
  }
  return response;
}

}  // namespace diemcau::net
