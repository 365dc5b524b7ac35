// A table of routes.
#include "coordinator/api/router.hpp"

#include <algorithm>
#include <set>

#include "coordinator/api/problem.hpp"

namespace diemcau::api {
namespace {

std::string_view takeSegment(std::string_view& rest) {
  rest.remove_prefix(1);  // the slash
  const std::size_t end = std::min(rest.find('/'), rest.size());
  const std::string_view segment = rest.substr(0, end);
  rest.remove_prefix(end);
  return segment;
}

bool declaresJson(const net::HttpRequest& request) {
  auto found = request.headers.find("content-type");
  if (found == request.headers.end()) return false;
  std::string type = found->second.substr(0, found->second.find(';'));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return type == "application/json";
}

net::HttpResponse wrongMethod(const net::HttpRequest& request, const std::set<std::string>& allowed) {
  std::string list;
  for (const auto& method : allowed) list += (list.empty() ? "" : ", ") + method;
  auto response =
      problem(405, "method_not_allowed",
              Error{ErrorCode::kInvalid, request.method + " is not possible here; possible: " + list,
                    "Không dùng được " + request.method + " ở đây; dùng được: " + list});
  response.headers.emplace_back("Allow", list);
  return response;
}

}  // namespace

const std::string& Call::param(const std::string& name) const {
  auto found = params.find(name);
  DIEMCAU_INVARIANT(found != params.end());
  return found->second;
}

std::string Call::query(const std::string& name) const {
  auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

bool matchPattern(std::string_view pattern, std::string_view path,
                  std::map<std::string, std::string>& params) {
  while (!pattern.empty() && !path.empty()) {
    if (pattern.front() != '/' || path.front() != '/') return false;
    const std::string_view want = takeSegment(pattern);
    const std::string_view have = takeSegment(path);
    if (want.size() > 2 && want.front() == '{' && want.back() == '}') {
      if (have.empty()) return false;
      params[std::string(want.substr(1, want.size() - 2))] = std::string(have);
    } else if (want != have) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

Router::Router(std::vector<Route> routes, Gate gate) : routes_(std::move(routes)), gate_(std::move(gate)) {}

void Router::handle(net::HttpRequest request, net::Respond respond) const {
  // What answers GET answers HEAD; the server leaves the body out.
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  std::set<std::string> allowed;
  for (const auto& route : routes_) {
    std::map<std::string, std::string> params;
    if (!matchPattern(route.pattern, request.path, params)) continue;
    if (route.method != method) {
      allowed.insert(route.method);
      continue;
    }
    Call call{std::move(request), std::move(params), std::move(respond), {}, {}};
    if (gate_ && !gate_(route, call)) return;
    if (!call.request.body.empty() && !declaresJson(call.request)) {
      return call.respond(
          problem(415, "unsupported_media_type",
                  Error{ErrorCode::kInvalid, "send the body as Content-Type: application/json",
                        "Gửi nội dung với Content-Type: application/json"}));
    }
    return route.handle(std::move(call));
  }
  if (!allowed.empty()) return respond(wrongMethod(request, allowed));
  respond(problem(
      Error{ErrorCode::kNotFound, "there is nothing at " + request.path, "Không có gì tại " + request.path}));
}

}  // namespace diemcau::api
