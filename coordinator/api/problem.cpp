// Errors of the API.
#include "coordinator/api/problem.hpp"

#include <nlohmann/json.hpp>

#include "net/http_status.hpp"

namespace diemcau::api {
namespace {

const char* titleOf(int status) {
  switch (status) {
    case 400:
      return "Bad request";
    case 401:
      return "Not signed in";
    case 403:
      return "Not allowed";
    case 404:
      return "Not found";
    case 405:
      return "Method not allowed";
    case 409:
      return "Does not fit the present state";
    case 413:
      return "Too big";
    case 415:
      return "Unsupported media type";
    case 422:
      return "Not accepted";
    case 429:
      return "Too many attempts";
    case 503:
      return "Not available now";
    default:
      return "Internal error";
  }
}

// "too many attempts: wait 8 s" -> "8"
std::string secondsIn(const std::string& text) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return digits.empty() || digits.size() > 4 ? "60" : digits;
}

}  // namespace

net::HttpResponse problem(int status, const std::string& code, const Error& error,
                          const std::string& extra_name, const std::string& extra_json) {
  nlohmann::ordered_json body = {{"type", "urn:diemcau:problem:" + code},
                                 {"title", titleOf(status)},
                                 {"status", status},
                                 {"detail", error.text},
                                 {"detail_vi", error.vi.empty() ? error.text : error.vi},
                                 {"code", code}};
  net::HttpResponse response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.headers.emplace_back("Cache-Control", "no-store");
  if (status == 503) response.headers.emplace_back("Retry-After", "2");
  if (status == 429) response.headers.emplace_back("Retry-After", secondsIn(error.text));
  // What a client sent may be in the text: never fail on its bytes.
  response.body = body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  if (!extra_name.empty()) {
    response.body.pop_back();
    response.body += ",\"" + extra_name + "\":" + extra_json + "}";
  }
  return response;
}

net::HttpResponse problem(const Error& error, const std::string& extra_name, const std::string& extra_json) {
  return problem(net::httpStatus(error.code), errorWord(error.code), error, extra_name, extra_json);
}

}  // namespace diemcau::api
