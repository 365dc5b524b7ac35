// See desk_answers.hpp.
#include "agent/desk/desk_answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "net/http_status.hpp"

namespace diemcau::agent {

net::HttpResponse secured(net::HttpResponse response) {
  response.headers.emplace_back(
      "content-security-policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'; "
      "img-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  response.headers.emplace_back("x-content-type-options", "nosniff");
  response.headers.emplace_back("referrer-policy", "no-referrer");
  const bool kept = std::any_of(response.headers.begin(), response.headers.end(),
                                [](const auto& header) { return header.first == "Cache-Control"; });
  if (!kept) response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

net::HttpResponse problem(int status, const Error& error) {
  const nlohmann::ordered_json body = {{"title", errorWord(error.code)},
                                       {"status", status},
                                       {"detail", error.text},
                                       {"detail_vi", error.vi.empty() ? error.text : error.vi}};
  return {.status = status,
          .content_type = "application/problem+json",
          .body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
          .headers = {}};
}

net::HttpResponse problem(const Error& error) {
  return problem(net::httpStatus(error.code), error);
}

net::HttpResponse wrongMethod(std::string_view allowed) {
  auto response = problem(405, {ErrorCode::kInvalid, fmt::format("only {} is allowed here", allowed), {}});
  response.headers.emplace_back("allow", std::string(allowed));
  return response;
}

net::HttpResponse json(std::string body) {
  return {.status = 200, .content_type = "application/json", .body = std::move(body), .headers = {}};
}

}  // namespace diemcau::agent
