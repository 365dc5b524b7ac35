#include "net/answer.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>

namespace diemcau::net {
namespace {

const char* reasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return status < 400 ? "OK" : "Error";
  }
}

// A line break in a value would start a header of the sender's own.
bool safe(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool isHeader(std::string_view name, std::string_view other) {
  return name.size() == other.size() && strncasecmp(name.data(), other.data(), name.size()) == 0;
}

}  // namespace

std::string answerBytes(const HttpResponse& response, bool head_only, bool keep_alive) {
  const bool bodiless = response.status == 204 || response.status == 304 || response.status < 200;
  std::string out = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reasonPhrase(response.status));
  bool caches = false;
  for (const auto& [name, value] : response.headers) {
    if (!safe(name) || !safe(value)) continue;
    // Ours to say: the length, and whether the connection goes on.
    if (isHeader(name, "content-length") || isHeader(name, "connection") ||
        isHeader(name, "transfer-encoding"))
      continue;
    caches = caches || isHeader(name, "cache-control");
    out.append(name).append(": ").append(value).append("\r\n");
  }
  if (!bodiless && !response.content_type.empty() && safe(response.content_type)) {
    out.append("Content-Type: ").append(response.content_type).append("\r\n");
  }
  if (!bodiless) out += fmt::format("Content-Length: {}\r\n", response.body.size());
  out += "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n";
  if (!caches) out += "Cache-Control: no-store\r\n";
  if (!keep_alive) out += "Connection: close\r\n";
  out += "\r\n";
  if (!bodiless && !head_only) out += response.body;
  return out;
}

HttpResponse problem(const Refusal& refusal) {
  HttpResponse response;
  response.status = refusal.status;
  response.content_type = "application/problem+json";
  // The sentences are this folder's own: nothing in them needs escaping.
  response.body = fmt::format(
      R"({{"type":"about:blank","title":"{}","status":{},"detail":"{}","detail_vi":"{}","code":"{}"}})",
      reasonPhrase(refusal.status), refusal.status, refusal.en, refusal.vi, refusal.code);
  if (refusal.status == 405) response.headers.emplace_back("Allow", "GET, HEAD, POST, PUT, DELETE");
  return response;
}

}  // namespace diemcau::net
